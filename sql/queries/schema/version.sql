SELECT version FROM store.main.meta
