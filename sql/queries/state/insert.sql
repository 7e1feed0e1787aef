INSERT INTO store.main.state VALUES ($run, $fingerprint, $marks)
