package warehouse

// Running tells tests how many statements run. Progress does not do: DuckDB cannot always say.
func (db *DB) Running() int {
	db.running.mu.Lock()
	defer db.running.mu.Unlock()
	return len(db.running.handles)
}
