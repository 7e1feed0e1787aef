INSERT INTO temp.moved SELECT customer, $stage, $arrived FROM temp.picked
