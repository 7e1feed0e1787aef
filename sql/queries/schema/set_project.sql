UPDATE store.main.meta SET key_type = $key_type, zone = $zone
