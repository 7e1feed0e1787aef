package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"strata/reports"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
)

// CampaignQuestion asks for the post-mortem of a campaign.
type CampaignQuestion struct {
	Campaign *check.Campaign
	// Reach is the moment up to which the data are looked at.
	Reach time.Time
	// By are segments and partitions to look at in place of the campaign's own; nil
	// leaves it to the campaign.
	By []check.Definition
	// Frozen is what the store kept of the freeze, nil where there is none. Its
	// customers are read from the store.
	Frozen *snapshot.Freeze
	// Changed is a sentence saying how the definition differs from the frozen one, ""
	// where it does not.
	Changed string
	// inText says that only a statement is asked for, which reads the store itself.
	inText bool
}

// CampaignAnswer is the post-mortem.
type CampaignAnswer struct {
	Report reports.CampaignReport
	// Said are sentences about what was found odd in the data and is in no number.
	Said []string
}

// NotFrozenError says that a campaign that is divided here was never frozen, so
// that nobody knows who was in which arm.
type NotFrozenError struct{ Name string }

// Error says it.
func (e *NotFrozenError) Error() string {
	return e.Name + " divides its audience itself and was never frozen, so nobody knows who is in which arm"
}

// NothingSentError says that a campaign has neither arms nor messages.
type NothingSentError struct{ Name string }

// Error says it.
func (e *NothingSentError) Error() string {
	return e.Name + " has neither arms nor messages that were sent, so nobody knows whom it reached"
}

// NotSentError says that the data are looked at up to a moment before the campaign
// was sent, so that there is nothing to report.
type NotSentError struct {
	Name        string
	Send, Reach time.Time
}

// Error says it.
func (e *NotSentError) Error() string {
	const form = "2006-01-02 15:04 MST"
	return fmt.Sprintf("%s is sent at %s and the data are looked at up to %s, so there is nothing to report yet", e.Name, e.Send.Format(form), e.Reach.Format(form))
}

const (
	// campaignBeforeDays is the length of the period before sending that arms are
	// compared in, and that explains outcomes.
	campaignBeforeDays = 30
	// campaignMostPeriods is how many periods before sending recipients are followed.
	campaignMostPeriods = 6
	// campaignMostDays is into how many steps a long window is cut at most.
	campaignMostDays = 31
	// campaignMostValues is how many single values are handed over at most.
	campaignMostValues = 200_000
)

// Campaign makes the post-mortem of a campaign. Nothing stays in the database.
func Campaign(ctx context.Context, db *warehouse.DB, e *evaluate.Evaluator, q CampaignQuestion) (*CampaignAnswer, error) {
	c, err := countCampaign(ctx, db, e, q)
	if err != nil {
		return nil, err
	}
	return c.answer(), nil
}

// countCampaign counts all that the post-mortem is made of.
func countCampaign(ctx context.Context, db *warehouse.DB, e *evaluate.Evaluator, q CampaignQuestion) (c *campaigning, err error) {
	c, err = newCampaigning(db, e, q)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.forget(context.WithoutCancel(ctx), 0)) }()
	for _, step := range []func(context.Context) error{
		c.currencies, c.reached, c.assign, c.lists, c.outcomes, c.days, c.groups, c.credits, c.overlaps, c.late, c.panel,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// answer makes the post-mortem of what was counted.
func (c *campaigning) answer() *CampaignAnswer {
	return &CampaignAnswer{Report: reports.Campaign(c.counts), Said: c.said}
}

// campaigning is such a question on its way.
type campaigning struct {
	CampaignQuestion
	scratch
	evaluator *evaluate.Evaluator
	program   *check.Program
	// end is where outcomes end: the window's end, or that of the data.
	end     time.Time
	metrics []*check.Metric
	tables  compile.CampaignTables
	counts  reports.CampaignCounts
	said    []string
	// after are the values in the window, with where they were cut.
	after string
	// mixed says that orders are in several currencies.
	mixed bool
}

func newCampaigning(db *warehouse.DB, e *evaluate.Evaluator, q CampaignQuestion) (*campaigning, error) {
	if q.Frozen != nil {
		then := *q.Campaign
		then.Freeze = q.Frozen.AsOf
		q.Campaign = &then
	}
	k := q.Campaign
	c := &campaigning{CampaignQuestion: q, scratch: scratch{db: db, of: "campaign"}, evaluator: e, program: e.Program(), end: k.End, metrics: k.Metrics()}
	if q.Reach.Before(c.end) {
		c.end = q.Reach
	}
	if err := q.Missing(c.program.Zone); err != nil {
		return nil, err
	}
	c.counts = reports.CampaignCounts{
		Name: k.Name, Title: k.Title, Audience: k.AudienceName(), Freeze: c.local(k.Freeze), Send: c.local(k.Send),
		WindowEnd: c.local(k.End), Reach: c.local(q.Reach), Window: k.Window.String(), Zone: c.program.ZoneName, Assignment: campaignAssignment(k),
		Randomised: k.Split != nil || k.Assignment != nil, Conditioned: c.conditioned(),
	}
	if s, ok := k.Audience.(*check.Segment); ok {
		c.counts.AudienceText = s.About().Title
	}
	if q.Frozen != nil {
		c.counts.Changed, c.counts.Plan = q.Changed, reports.CampaignPlanned
		if q.Frozen.FrozenAt.After(k.Send) {
			c.counts.Plan = reports.CampaignAfter
		}
	}
	c.roles()
	return c, nil
}

// Missing is what a post-mortem is refused for before anything is measured: a
// *NotSentError, *NotFrozenError or *NothingSentError; nil where it can be made.
// Moments in the words are of the zone.
func (q CampaignQuestion) Missing(zone *time.Location) error {
	switch k := q.Campaign; {
	case !q.Reach.After(k.Send):
		return &NotSentError{Name: k.Name, Send: k.Send.In(zone), Reach: q.Reach.In(zone)}
	case k.Split != nil && q.Frozen == nil && !q.inText:
		return &NotFrozenError{Name: k.Name}
	case k.Split == nil && k.Assignment == nil && k.Messages.Sent == nil:
		return &NothingSentError{Name: k.Name}
	}
	return nil
}

// local is a moment as people of the project read it.
func (c *campaigning) local(at time.Time) time.Time { return at.In(c.program.Zone) }

// campaignAssignment says in words where the arms come from.
func campaignAssignment(k *check.Campaign) string {
	switch a := k.Assignment; {
	case k.Split != nil:
		return "split by the hash of the key with the salt " + k.Split.Salt
	case a == nil:
		return ""
	case a.Field != nil:
		return "the customer's field " + a.Field.Field.Name
	case a.FromSource:
		return "the source " + a.Stream.Name
	default:
		return "rows of the stream " + a.Stream.Name
	}
}

// conditioned says how the rule of the audience asks for the outcome itself: a
// period before sending in which nobody could have one is followed by one in which
// some do, whatever was sent.
func (c *campaigning) conditioned() string {
	k := c.Campaign
	if k.Audience == nil {
		return ""
	}
	from := c.periods()[0]
	list := []check.Definition{k.Audience}
	for _, gate := range k.Gates {
		list = append(list, gate)
	}
	for _, d := range list {
		switch c.program.CircleOf(d, k.Freeze, k.Primary, from, k.Freeze) {
		case check.Circular:
			return fmt.Sprintf("the rule of %s asks for the same rows that %s counts, in the time before sending: what recipients did before was decided by being chosen, and would have changed without any message",
				d.DefinitionName(), k.Primary.Name)
		case check.Opaque:
			return fmt.Sprintf("%s is given by SQL, so that nobody can tell whether it asks for what %s counts", d.DefinitionName(), k.Primary.Name)
		case check.Past, check.Independent:
		}
	}
	return ""
}

// roles gives metrics their parts, each to the first that fits.
func (c *campaigning) roles() {
	taken := map[string]bool{}
	for i, m := range kpiMetrics(c.metrics, c.program.Metrics) {
		role := campaignRole(c.metrics[i], c.program.KPI)
		if taken[role] {
			role = ""
		}
		taken[role] = role != ""
		c.counts.Metrics = append(c.counts.Metrics, reports.CampaignMetric{KPIMetric: m, Role: role})
		c.counts.Outcomes = append(c.counts.Outcomes, nil)
	}
}

func campaignRole(m *check.Metric, roles *check.KPIRoles) string {
	switch {
	case m.BuiltIn && m.Name == "conversion":
		return reports.CampaignConversion
	case m.BuiltIn && m.Name == "orders":
		return reports.CampaignOrders
	case m.Of == nil && m.Gap == nil && m.Unit == check.UnitMoney:
		return reports.CampaignRevenue
	}
	if a, ok := m.X.(*check.Aggregate); ok && m.Counts() && roles != nil && roles.Orders != nil && a.Rows.Stream == roles.Orders.Stream {
		return reports.CampaignOrders
	}
	return ""
}

// currencies refuses a metric that would add up money of several of them.
func (c *campaigning) currencies(ctx context.Context) error {
	q := KPIQuestion{KPIPeriod: KPIPeriod{From: c.before(), To: c.end}}
	found, err := kpiCurrencies(ctx, c.evaluator, q)
	if err != nil || len(found) == 0 {
		return err
	}
	c.mixed = true
	return kpiRefused(c.program, c.metrics, found)
}

// before is the start of the period before sending.
func (c *campaigning) before() time.Time {
	return calendar.Step(c.Campaign.Send, calendar.Duration{N: -campaignBeforeDays, Unit: calendar.Day}, c.program.Zone).UTC()
}

// fill makes a new table of a statement's rows.
func (c *campaigning) fill(ctx context.Context, what string, statement compile.Statement) (string, error) {
	table := c.table(what)
	if err := c.into(ctx, table, statement); err != nil {
		return "", fmt.Errorf("find out %s: %w", what, err)
	}
	return table, nil
}

// rows hands each row of a statement to a function, as plain values.
func (c *campaigning) rows(ctx context.Context, statement compile.Statement, each func(row []any)) error {
	take := func(row []any) error {
		each(row)
		return nil
	}
	return c.db.Each(ctx, take, statement.SQL, statement.Args...)
}

// at is a compiler of statements at a moment.
func (c *campaigning) at(ctx context.Context, moment time.Time) (*compile.Compiler, error) {
	return c.evaluator.Compiler(ctx, moment, evaluate.ForRunning)
}

func campaignInt(v any) int64 { return int64(warehouse.Float(v)) }
