UPDATE store.main.meta SET version = $version
