package ask

import (
	"context"
	"time"

	"strata/reports"
	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/result"
	"strata/segments/source"
)

// Backend answers the screens.
type Backend interface {
	Projects
	Segments
	Rules
	Customers
	Analyses
	Campaigns
	Runs
}

// Projects are questions about files and time.
type Projects interface {
	// Project reads and checks the definitions as they are now. Wrong definitions
	// are no error: Problems has them, and Program is the last one that was right,
	// nil where none was. The error is ErrNoProject, or that a file cannot be read.
	Project(ctx context.Context) (*Project, error)
	// Stamp tells whether files have changed, without opening any.
	Stamp(ctx context.Context) (Stamp, error)
	// Moment reads a moment as --at takes it, "" being the project's own as-of. An
	// offset such as -7d counts from the given moment.
	Moment(ctx context.Context, text string, from time.Time) (time.Time, error)
	// Doctor looks for what is wrong with project, data and machine.
	Doctor(ctx context.Context) ([]Finding, error)
	// Rest lets go of all files at once, before the program is put to sleep. The next
	// question opens them again.
	Rest(ctx context.Context) error
	// Progress is that of the query that started last, false where nobody knows.
	Progress() (Progress, bool)
}

// ErrNoProject says that there is no project here.
var ErrNoProject = constError("there is no project here")

type constError string

// Error returns the text.
func (e constError) Error() string { return string(e) }

// Project is a project as the screens see it.
type Project struct {
	// Dir is its folder, Warehouse what the data is called.
	Dir, Warehouse string
	Program        *check.Program
	// Problems are what is wrong or doubtful in the files now.
	Problems source.List
	// Stamp is what the files were when they were read.
	Stamp Stamp
}

// Stamp changes when what it stands for does.
type Stamp struct{ Files, Store, Warehouse string }

// Progress is how far a query is.
type Progress struct {
	// Percent is 0 to 100 and may stop short of it.
	Percent     float64
	Done, Total uint64
}

// Finding is something that the doctor looked at.
type Finding struct {
	// Status is ok, note, warning or error.
	Status, Check, Subject, Detail, Hint string
}

// Segments are questions about all segments.
type Segments interface {
	// Stored are the sizes of the newest run that is not later than at, without
	// evaluating anything; an empty store has none.
	Stored(ctx context.Context, at time.Time) (Stored, error)
	// Sizes evaluates all segments and stages at once.
	Sizes(ctx context.Context, at time.Time) ([]Size, error)
	// Courses follows all segments and stages through the weeks before at, and
	// judges what stands out in the last days.
	Courses(ctx context.Context, at time.Time) ([]Course, error)
	// Course does so for one, with its spells.
	Course(ctx context.Context, word string, at time.Time) (Course, error)
	// Forecast is what the clock alone does to it in so many days.
	Forecast(ctx context.Context, word string, days int, at time.Time) (result.Forecast, error)
}

// Stored is what the store knows of sizes.
type Stored struct {
	// Run is nil where there is none.
	Run *StoredRun
	// Sizes are by name of segment or partition.stage.
	Sizes map[string]int64
	// Changed says that files of the definitions or data are newer than the run.
	Changed bool
}

// StoredRun is a run that numbers were read from.
type StoredRun struct {
	ID            int64
	AsOf, TakenAt time.Time
}

// Size is the size of a segment or stage. Skipped is why it has none.
type Size struct {
	Name                            string
	Members, Contactable, Customers int64
	Skipped                         string
}

// Course is a segment or stage over time.
type Course struct {
	Name string
	// Points are a day apart and end at the as-of.
	Points []reports.SizePoint
	// Drift is the verdict on the last 30 days, with its reason.
	Drift reports.SizeDrift
	// Spells is how long members stay, nil where nobody asked.
	Spells *result.Spells
	// Skipped is why it cannot be followed, "" where it can.
	Skipped string
}

// Rules are questions about one rule.
type Rules interface {
	// Count counts members.
	Count(ctx context.Context, word string, at time.Time) (result.Count, error)
	// Counts counts several rules in one evaluation.
	Counts(ctx context.Context, words []string, at time.Time) ([]result.Count, error)
	// Warm readies the sample that estimates are made of, so that the first does not
	// wait for it.
	Warm(ctx context.Context) error
	// Estimate counts in a sample of the customers.
	Estimate(ctx context.Context, word string, at time.Time) (Estimate, error)
	// Funnel counts leaf by leaf. Leaves whose place is in off are left out, which
	// needs no scan where the rule was counted before.
	Funnel(ctx context.Context, word string, off []int, at time.Time) (result.Funnel, error)
	// Statement is the SQL for a shell.
	Statement(ctx context.Context, word string, at time.Time) (string, error)
	// Compare says who joins and who leaves when one rule takes the place of
	// another, with at most n customers of each.
	Compare(ctx context.Context, draft, saved string, n int, at time.Time) (Comparison, error)
	// Values are values of a text field that begin with a prefix, the most frequent
	// first; the field is written as in a rule, such as country or order.status.
	Values(ctx context.Context, field, prefix string, n int, at time.Time) ([]string, error)
	// Save writes a rule into the file of its definition, formatted and with its
	// comments kept; a name that is not there yet becomes a new segment in file.
	// base is the text that the edit began with: a file that says something else by
	// now is not overwritten, the error is a *ConflictError.
	Save(ctx context.Context, edit Edit) (Saved, error)
	// Members is a page of members.
	Members(ctx context.Context, page MembersPage, at time.Time) (MembersList, error)
}

// Estimate is a count from a sample.
type Estimate struct {
	// Members is the estimate and Low and High its interval at 95%.
	Members, Low, High int64
	// Sampled are the customers of the sample, of Customers in all.
	Sampled, Customers int64
}

// Comparison is the difference of two rules.
type Comparison struct {
	Draft, Saved, Joins, Leaves, Stays int64
	// Joining and Leaving are keys of some of them.
	Joining, Leaving []string
}

// Edit is a rule to be saved.
type Edit struct {
	Name string
	// Text is the rule and Base what it was when the edit began, "" for a new one.
	Text, Base string
	// File is where a new segment goes, relative to the project.
	File string
}

// Saved says where a rule was written.
type Saved struct {
	File string
	Line int
}

// ConflictError says that a file was changed by somebody else.
type ConflictError struct {
	File string
	// Theirs is the rule as it stands in the file now.
	Theirs string
}

// Error names the file.
func (e *ConflictError) Error() string { return e.File + " was changed in the meantime" }

// MembersPage asks for some of the members.
type MembersPage struct {
	Word string
	// Columns are fields, traits or expressions.
	Columns []string
	// Sort is one of the columns, "" for the key; Down turns the order.
	Sort string
	Down bool
	// Find is the beginning of a key, "" for all.
	Find   string
	Offset int64
	Limit  int64
}

// MembersList is a page of members: the key, then the columns.
type MembersList struct {
	Table render.Table
	Total int64
}
