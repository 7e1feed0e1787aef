package diagnose

// Status says how bad a finding is.
type Status string

// The statuses, from harmless to harmful.
const (
	// OK is said of what was looked at and is right.
	OK Status = "ok"
	// Note is worth knowing and needs nobody to act.
	Note Status = "note"
	// Warning makes numbers differ from what people think they mean.
	Warning Status = "warning"
	// Error stops commands, or makes numbers wrong.
	Error Status = "error"
)

// The checks, in the order in which their findings are listed.
const (
	Files     = "files"
	Zone      = "zone"
	Opening   = "warehouse"
	Schema    = "schema"
	Mapping   = "mapping"
	Freshness = "freshness"
	Values    = "values"
	History   = "history"
	Streams   = "streams"
	Lists     = "lists"
	Store     = "store"
	Temporary = "temporary"
	Display   = "terminal"
)

// checks are all checks in their order.
var checks = []string{Files, Zone, Opening, Schema, Mapping, Freshness, Values, History, Streams, Lists, Store, Temporary, Display}

// Finding is one thing that was looked at.
type Finding struct {
	// Check is the area, one of the constants above.
	Check string
	// Code names the finding within its check and is never renamed, so that a
	// script can wait for it.
	Code   string
	Status Status
	// Subject is the source, list or file it is about, "" for the project.
	Subject string
	// Count is the number of rows, keys or places it is about, nil where
	// nothing was counted.
	Count *int64
	// Detail says what was found and Hint what to do; the latter may be empty.
	Detail, Hint string
}

// about returns the finding with its subject.
func (f Finding) about(subject string) Finding {
	f.Subject = subject
	return f
}

// counted returns the finding with its number.
func (f Finding) counted(n int64) Finding {
	f.Count = &n
	return f
}

// failed is the finding that something could not be done.
func failed(check, code string, err error) Finding {
	message, hint := explained(err)
	return Finding{Check: check, Code: code, Status: Error, Detail: message, Hint: hint}
}

// Worst returns the most harmful status of the findings, OK where there is
// none.
func Worst(findings []Finding) Status {
	worst := OK
	for _, f := range findings {
		if rank(f.Status) > rank(worst) {
			worst = f.Status
		}
	}
	return worst
}

// rank orders the statuses.
func rank(s Status) int {
	switch s {
	case Error:
		return 3
	case Warning:
		return 2
	case Note:
		return 1
	case OK:
	}
	return 0
}
