INSERT INTO store.main.source_mark VALUES ($run, $source, $rows, $last_at, $last_loaded_at)
