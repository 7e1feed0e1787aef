package render

// Cell is a value as people read it in a column; what is unknown is a dash.
func Cell(v any, c Column) string { return forEyes(v, c) }

// RightAligned reports whether cells of the column stand to the right.
func (c Column) RightAligned() bool { return c.right() }
