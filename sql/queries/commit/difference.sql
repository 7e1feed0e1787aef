-- The new members against the newest ones that are stored, all units at once. Members become bits of 64 units per
-- customer first, which makes the join six times smaller than one of pairs. Units without a past have no other side.
CREATE TEMP TABLE difference AS
WITH unit_place AS (
    SELECT u.unit, u.segment, p.newest_at IS NULL AS fresh FROM temp.run_unit u JOIN temp.place p USING (segment)
), now_member AS NOT MATERIALIZED (
    SELECT m.key, u.segment, u.fresh FROM "run_members" m JOIN unit_place u USING (unit)
    UNION ALL
    SELECT p.key, 0, u.fresh FROM "run_population" p CROSS JOIN unit_place u WHERE u.segment = 0
), now_word AS NOT MATERIALIZED (
    SELECT c.id AS customer, w.word, w.bits
    FROM (
        SELECT key, segment // 64 AS word, bit_or(1::UBIGINT << (segment % 64)) AS bits
        FROM now_member
        WHERE NOT fresh
        GROUP BY ALL
    ) w JOIN store.main.customer c USING (key)
), past_word AS NOT MATERIALIZED (
    SELECT customer, segment // 64 AS word, bit_or(1::UBIGINT << (segment % 64)) AS bits
    FROM store.main.membership SEMI JOIN temp.run_unit USING (segment)
    GROUP BY ALL
), flipped AS NOT MATERIALIZED (
    SELECT
        customer, word,
        coalesce(n.bits, 0) AS bits,
        xor(coalesce(n.bits, 0), coalesce(p.bits, 0)) AS flips
    FROM now_word n FULL JOIN past_word p USING (customer, word)
    WHERE n.bits IS DISTINCT FROM p.bits
)
SELECT (word * 64 + bit)::USMALLINT AS segment, customer, (bits >> bit) & 1 = 1 AS entered
FROM flipped CROSS JOIN range(64) AS b(bit)
WHERE (flips >> bit) & 1 = 1
UNION ALL
SELECT n.segment, c.id, true
FROM now_member n JOIN store.main.customer c USING (key)
WHERE n.fresh
