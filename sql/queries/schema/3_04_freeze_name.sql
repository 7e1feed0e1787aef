ALTER TABLE store.main.freeze_made RENAME TO "freeze"
