SELECT key_type, zone, last_run FROM store.main.meta
