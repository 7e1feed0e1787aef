-- The tables of the store without their rows.
COPY FROM DATABASE store TO fresh (SCHEMA)
