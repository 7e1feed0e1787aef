DELETE FROM store.main.state
