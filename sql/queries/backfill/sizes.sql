SELECT stage, count(*), count(*) FILTER (contactable) FROM "now" GROUP BY stage
