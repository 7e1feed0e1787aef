DROP TABLE "state_table"
