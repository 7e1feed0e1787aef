SELECT id, kind, name FROM store.main.segment ORDER BY id
