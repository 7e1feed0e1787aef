SELECT source, rows, last_at, last_loaded_at FROM store.main.source_mark WHERE run = $run ORDER BY source
