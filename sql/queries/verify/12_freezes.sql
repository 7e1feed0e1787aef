-- A frozen campaign holds customers, each in one of its arms, and the same moment stands everywhere.
SELECT NULL, p.campaign, p.problem
FROM (
    SELECT f.campaign, 'the frozen campaign holds nobody' AS problem
    FROM store.main.freeze f ANTI JOIN store.main.freeze_member m USING (campaign)
    UNION ALL
    SELECT m.campaign, 'customers are frozen in an arm that the campaign does not have: ' || m.arm || ', ' || count(*)
    FROM store.main.freeze_member m
        SEMI JOIN store.main.freeze_arm known ON known.campaign = m.campaign
        ANTI JOIN store.main.freeze_arm a ON a.campaign = m.campaign AND a.arm = m.arm
    GROUP BY m.campaign, m.arm
    UNION ALL
    SELECT a.campaign, 'an arm is stored for a campaign that is not frozen: ' || a.arm
    FROM store.main.freeze_arm a ANTI JOIN store.main.freeze f USING (campaign)
    UNION ALL
    SELECT s.campaign, 'how far a source reached is stored for a campaign that is not frozen: ' || s.source
    FROM store.main.freeze_mark s ANTI JOIN store.main.freeze f USING (campaign)
) p
ORDER BY ALL
