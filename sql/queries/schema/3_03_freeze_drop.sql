DROP TABLE store.main.freeze
