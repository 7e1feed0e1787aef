INSERT INTO store.main.freeze_mark VALUES ($campaign, $source, $rows, $last_at, $last_loaded_at)
