-- Arms in file order, and those that hold customers without being planned behind them.
SELECT
    coalesce(a.arm, m.arm), coalesce(a.from_number, 0), coalesce(a.to_number, 0), coalesce(a.holdout, false),
    coalesce(m.customers, 0)
FROM (FROM store.main.freeze_arm WHERE campaign = $campaign) a
    FULL JOIN (
        SELECT arm, count(*) AS customers FROM store.main.freeze_member WHERE campaign = $campaign GROUP BY arm
    ) m ON m.arm = a.arm
ORDER BY a.place NULLS LAST, 1
