SELECT source, rows, last_at, last_loaded_at FROM store.main.freeze_mark WHERE campaign = $campaign ORDER BY source
