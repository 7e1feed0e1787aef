package draw

// List is the place in a list that is longer than the screen.
type List struct {
	// Cursor is the selected row, Len how many there are.
	Cursor, Len int
	// top is the first row that is shown.
	top int
}

// Resize tells how many rows there are now; the cursor stays in range.
func (l *List) Resize(n int) {
	l.Len = max(0, n)
	l.Cursor = max(0, min(l.Cursor, l.Len-1))
}

// Move moves the cursor by rows and stops at the ends.
func (l *List) Move(by int) { l.To(l.Cursor + by) }

// To puts the cursor on a row.
func (l *List) To(row int) { l.Cursor = max(0, min(row, l.Len-1)) }

// Visible are the rows from..to of a window of a height that holds the cursor.
func (l *List) Visible(height int) (from, to int) {
	height = max(1, height)
	if l.Cursor < l.top {
		l.top = l.Cursor
	}
	if l.Cursor >= l.top+height {
		l.top = l.Cursor - height + 1
	}
	l.top = max(0, min(l.top, l.Len-height))
	return l.top, min(l.Len, l.top+height)
}

// Key moves by the name of a key, page being the height of the window, and
// reports whether it was one that moves.
func (l *List) Key(key string, page int) bool {
	switch key {
	case "up", "k":
		l.Move(-1)
	case "down", "j":
		l.Move(1)
	case "pgup", "ctrl+u":
		l.Move(-max(1, page-1))
	case "pgdown", "ctrl+d":
		l.Move(max(1, page-1))
	case "home", "g":
		l.To(0)
	case "end", "G":
		l.To(l.Len - 1)
	default:
		return false
	}
	return true
}
