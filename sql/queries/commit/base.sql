INSERT INTO store.main.membership_base
SELECT $run, segment, customer FROM store.main.membership SEMI JOIN temp.outgrown USING (segment) ORDER BY ALL
