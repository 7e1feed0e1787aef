UPDATE store.main.segment SET name = $name, was = $was WHERE id = $id
