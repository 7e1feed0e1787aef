package warehouse

// Kind classes errors by what the user can do about them.
type Kind int

// The kinds of errors.
const (
	Failed       Kind = iota // Anything else DuckDB says, such as a conversion that failed.
	Missing                  // The file or folder is not there.
	Locked                   // Another program holds the file.
	NotDatabase              // The file is no DuckDB file, or damaged.
	NewerVersion             // The file was written by a newer DuckDB.
	Unreadable               // The file system refuses: rights, a full disk, a read error.
	NoTable                  // A table that does not exist.
	NoColumn                 // A column that does not exist.
	OutOfMemory              // The memory limit was reached.
	Interrupted              // The context was cancelled or ran out of time.
	Refused                  // The guard or the engine does not allow it.
)

// Error is a failure in words for the user. Path is the file it is about, if any; Hint says what to do, if known.
type Error struct {
	Kind    Kind
	Path    string
	Message string
	Hint    string
	Offset  *int // Where in a user's statement the guard found it, in bytes; nil where that is not known.
	Err     error
}

// Error returns the message and the hint in one line.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " (" + e.Hint + ")"
}

// Unwrap returns the cause: DuckDB's error, or the context's.
func (e *Error) Unwrap() error { return e.Err }
