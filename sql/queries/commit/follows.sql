-- Whether the run stands right behind the base: for every unit the base is the newest run, and it had the same definition.
SELECT bool_and(coalesce(
    p.previous = $base AND p.same IS NULL AND p.following IS NULL AND (u.segment = 0 OR b.definition = u.definition),
    false))
FROM temp.run_unit u
    JOIN temp.place p USING (segment)
    LEFT JOIN store.main.segment_run b ON b.run = $base AND b.segment = u.segment
