SELECT run, fingerprint, marks FROM store.main.state
