INSERT INTO store.main.segment
SELECT unnest($ids::USMALLINT[]), unnest($kinds::VARCHAR[]), unnest($names::VARCHAR[]), NULL, NULL
