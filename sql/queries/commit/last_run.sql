UPDATE store.main.meta SET last_run = $run
