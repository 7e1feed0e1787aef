package ask

import (
	"context"
	"time"

	"strata/reports"
	"strata/reports/render"
	"strata/segments/result"
)

// Customers are questions about one customer.
type Customers interface {
	// Why proves that a customer is in a segment or stage, or is not, and tells
	// since when and until when.
	Why(ctx context.Context, customer, word string, at time.Time) (result.Why, error)
	// Memberships are all segments and partitions of a customer, without proofs.
	Memberships(ctx context.Context, customer string, at time.Time) (Memberships, error)
	// Find are keys of customers that begin with a text.
	Find(ctx context.Context, prefix string, n int, at time.Time) ([]string, error)
	// Profile are the fields and traits of a customer.
	Profile(ctx context.Context, customer string, at time.Time) (render.Table, error)
}

// Memberships are where a customer is.
type Memberships struct {
	All []result.Why
	// Skipped are the definitions that cannot be told, with the reason.
	Skipped []Skipped
}

// Skipped is a definition that was left out.
type Skipped struct{ Name, Reason string }

// Analyses are questions about how segments compare.
type Analyses interface {
	// Overlap compares segments; no names are all segments without stages.
	Overlap(ctx context.Context, words []string, at time.Time) (*reports.Overlap, error)
	// Drift compares the as-of with so many days before. A single word has all
	// parts; many have size and membership, and causes where why is asked.
	Drift(ctx context.Context, q DriftQuestion, at time.Time) ([]reports.Drift, error)
	// KPI measures segments in the 30 days before.
	KPI(ctx context.Context, q KPIQuestion, at time.Time) (KPIAnswer, error)
}

// DriftQuestion is what to compare.
type DriftQuestion struct {
	// Words are names; none are all segments and stages.
	Words []string
	// Days is how far back, 30 where it is 0.
	Days int
	// Composition and Why ask for the costly parts.
	Composition, Why bool
}

// KPIQuestion is what to measure.
type KPIQuestion struct {
	// Words are names; none are all segments and stages.
	Words []string
	// Metrics are names; none are all.
	Metrics []string
	// Days is the length of the period before the as-of, 30 where it is 0.
	Days int
}

// KPIAnswer is metrics with their period.
type KPIAnswer struct {
	reports.KPIReport

	From, To time.Time
	// Members says at which moment members are those of the segments.
	Members time.Time
	// Notes say what is missing or doubtful.
	Notes []string
}

// Campaigns are questions about campaigns.
type Campaigns interface {
	// Campaigns lists campaigns with how far each is.
	Campaigns(ctx context.Context, at time.Time) ([]CampaignLine, error)
	// Campaign is the post-mortem of one that was sent.
	Campaign(ctx context.Context, name string, at time.Time) (reports.CampaignReport, error)
	// Power is what one that is planned could show.
	Power(ctx context.Context, name string, at time.Time) (reports.PowerReport, error)
	// Freeze writes the arms of a planned one down for good.
	Freeze(ctx context.Context, name string, at time.Time) (string, error)
}

// CampaignLine is a campaign of the list.
type CampaignLine struct {
	Name, Title, Owner, Audience, Primary string
	// Stage says how far it is, such as planned, frozen, sent or measured.
	Stage string
	// Sent is when it goes out.
	Sent time.Time
	// Measurable says that the post-mortem can be asked for; otherwise Why says
	// what is missing.
	Measurable bool
	Why        string
}

// Runs are questions about the store, and what writes to it.
type Runs interface {
	// Runs lists the runs of the store, newest first.
	Runs(ctx context.Context) ([]Run, error)
	// RunDetail is a run with its segments.
	RunDetail(ctx context.Context, id int64) (RunDetail, error)
	// Run evaluates selectors, all without any, and commits a run. say is told what
	// is done, from any goroutine.
	Run(ctx context.Context, selectors []string, at time.Time, say func(text string)) (Run, error)
	// Export writes an answer to a file. The text is that of the command.
	Export(ctx context.Context, command []string, path string) (string, error)
	// Keep writes a text to a new file, such as a picture of a screen. The text is
	// what to say.
	Keep(ctx context.Context, path, text string) (string, error)
}

// Run is a run of the store.
type Run struct {
	ID            int64
	AsOf, TakenAt time.Time
	Kind          string
	Customers     int64
	Units         int
	Took          time.Duration
	Supersedes    *int64
	Version       string
}

// RunDetail is a run and what it found.
type RunDetail struct {
	Run

	Fingerprint string
	Units       []RunUnit
}

// RunUnit is a segment or stage of a run. Entered and Exited are nil on a first
// run.
type RunUnit struct {
	Name            string
	Size            int64
	Entered, Exited *int64
	Contactable     int64
}
