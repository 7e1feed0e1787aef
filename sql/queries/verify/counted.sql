-- How much there is to look at.
SELECT
    (SELECT count(*) FROM store.main.run) AS runs,
    (SELECT count(*) FROM store.main.segment WHERE id <> 0) AS units,
    (SELECT count(*) FROM store.main.segment_run) AS unit_runs,
    (SELECT count(*) FROM store.main.segment_run WHERE previous_run IS NOT NULL) AS differences,
    (SELECT count(*) FROM store.main.membership) AS members,
    (SELECT count(*) FROM store.main.membership_change) AS changes,
    (SELECT count(*) FROM store.main.segment_run WHERE based) AS copies,
    (SELECT count(*) FROM store.main.customer) AS customers,
    (SELECT count(*) FROM store.main.definition) AS definitions,
    (SELECT count(*) FROM store.main.source_mark) + (SELECT count(*) FROM store.main.profile)
        + (SELECT count(*) FROM store.main.freeze_member) + (SELECT count(*) FROM store.main.state) AS belongings,
    (SELECT count(*) FROM store.main.freeze_member) AS frozen
