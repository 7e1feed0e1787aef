package propose

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/sql/warehouse"
)

// Proposal is a project for a warehouse.
type Proposal struct {
	// Warehouse is the path that strata.yaml names the warehouse by; the caller
	// sets it.
	Warehouse string
	// Guesses are the decisions of the proposal, in the order of strata.yaml.
	Guesses []Guess

	sources  []*draft
	streams  []stream
	skipped  []skip
	zone     string
	currency string
	starter  []starter
}

// ErrEmpty says that a warehouse has no tables to look at.
var ErrEmpty = errors.New("the warehouse holds no tables")

// UnusableError says that no table could be taken for customers or for rows
// about them.
type UnusableError struct {
	// Reasons say for each table what it lacks.
	Reasons []string
}

// Error names the tables and what they lack.
func (e *UnusableError) Error() string {
	return "no table holds customers, or rows that name a customer and a time: " + strings.Join(e.Reasons, "; ")
}

// Look looks at the tables of a warehouse and proposes a project. The error is
// ErrEmpty or an *UnusableError where there is nothing to propose.
func Look(ctx context.Context, db *warehouse.DB) (Proposal, error) {
	l := &looker{db: db}
	tables, err := db.Tables(ctx)
	if err != nil {
		return Proposal{}, err
	}
	if len(tables) == 0 {
		return Proposal{}, ErrEmpty
	}
	profiles := make([]*profile, 0, len(tables))
	var broken []skip
	for _, table := range tables {
		p, err := look(ctx, db, table)
		switch {
		case err == nil:
			profiles = append(profiles, p)
		case ctx.Err() != nil:
			return Proposal{}, err
		default:
			// A view can be broken without anything else being wrong.
			broken = append(broken, skip{&profile{table: table}, "it cannot be read: " + shortened(err.Error())})
		}
	}
	found, err := l.arrange(ctx, profiles)
	if err != nil {
		return Proposal{}, err
	}
	found.skipped = append(found.skipped, broken...)
	if found.people == nil && len(found.rows) == 0 {
		unusable := &UnusableError{}
		for _, s := range found.skipped {
			unusable.Reasons = append(unusable.Reasons, s.from.label()+": "+s.reason)
		}
		return Proposal{}, unusable
	}
	p, err := l.build(ctx, found)
	if err != nil {
		return Proposal{}, fmt.Errorf("propose a project: %w", err)
	}
	return p, nil
}

// Unsure lists what somebody has to confirm, a line each, in the order of
// strata.yaml.
func (p Proposal) Unsure() []string {
	var list []string
	for _, g := range p.Guesses {
		if g.Confidence == Unsure {
			list = append(list, g.String())
		}
	}
	return list
}

// sorted is what each table was taken for.
type sorted struct {
	people   *people
	rows     []*rows
	children []*child
	skipped  []skip
}

// arrange finds out what each table holds. Where no rows name the customers of
// the table that was taken for them, but there are rows, the customers are
// those that the rows name.
func (l *looker) arrange(ctx context.Context, profiles []*profile) (*sorted, error) {
	people, err := l.customersOf(ctx, profiles)
	if err != nil {
		return nil, err
	}
	found, err := l.sort(ctx, profiles, people)
	if err != nil || people == nil || len(found.rows) > 0 {
		return found, err
	}
	others := slices.DeleteFunc(slices.Clone(profiles), func(p *profile) bool { return p == people.from })
	without, err := l.sort(ctx, others, nil)
	if err != nil || len(without.rows) == 0 {
		return found, err
	}
	without.skipped = append(without.skipped, skip{people.from, "no rows name its customers"})
	return without, nil
}

// sort finds out what tables hold beside the customers.
func (l *looker) sort(ctx context.Context, profiles []*profile, m *people) (*sorted, error) {
	found := &sorted{people: m}
	for _, p := range profiles {
		if m != nil && p == m.from {
			continue
		}
		r, reason, err := l.rowsOf(ctx, p, m)
		if err != nil {
			return nil, err
		}
		if r == nil {
			found.skipped = append(found.skipped, skip{p, reason})
			continue
		}
		found.rows = append(found.rows, r)
	}
	return found, l.adopt(ctx, found)
}

// adopt finds tables that hold parts of other tables' rows. The first one with
// money gives its parent an amount, where it has none.
func (l *looker) adopt(ctx context.Context, found *sorted) error {
	var left []skip
	for _, s := range found.skipped {
		c, err := l.childOf(ctx, s.from, found.rows)
		if err != nil {
			return err
		}
		if c == nil {
			left = append(left, s)
			continue
		}
		found.children = append(found.children, c)
		if c.hasAmount() && c.parent.amount.column == nil && c.parent.parts == nil {
			c.parent.parts = c
		}
	}
	found.skipped = left
	return nil
}

// build makes sources and streams of what was found.
func (l *looker) build(ctx context.Context, found *sorted) (Proposal, error) {
	customers, err := l.buildCustomers(ctx, found)
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{sources: []*draft{customers}, skipped: found.skipped}
	kind := target(found.people, found.rows)
	used := map[string]bool{definition.CustomersSource: true, "customer": true}
	type pair struct {
		source *draft
		rows   *rows
	}
	var pairs []pair
	take := func(s *draft, r *rows) {
		pairs = append(pairs, pair{s, r})
		p.sources = append(p.sources, s)
	}
	for _, r := range found.rows {
		if r.lines != nil {
			take(l.buildOrders(sourceName("orders", used), r, kind), r)
			own := *r
			own.lines, own.product = nil, r.productOfLine()
			take(l.buildRows(sourceName("order_lines", used), &own, kind), &own)
			continue
		}
		take(l.buildRows(sourceName(plainTable(r.from.table.Name), used), r, kind), r)
	}
	for _, c := range found.children {
		take(l.buildChild(sourceName(plainTable(c.from.table.Name), used), c, kind), &rows{from: c.from})
	}
	for _, s := range p.sources {
		s.settle()
	}
	taken := customers.fieldNames()
	for _, pair := range pairs {
		list, err := l.streams(ctx, pair.source, pair.rows, taken)
		if err != nil {
			return Proposal{}, err
		}
		p.streams = append(p.streams, list...)
	}
	if err := l.describe(ctx, p.sources); err != nil {
		return Proposal{}, err
	}
	l.zones(&p)
	l.money(&p)
	p.starter = starters(p, taken)
	for _, s := range p.skipped {
		l.add(Unsure, "tables", s.from.label(), "not used: "+s.reason)
	}
	p.Guesses = inOrder(l.guesses)
	return p, nil
}

// inOrder sorts guesses as what they are about stands in strata.yaml.
func inOrder(list guesses) []Guess {
	place := func(g Guess) int {
		start, _, _ := strings.Cut(g.Subject, ".")
		return slices.Index([]string{"timezone", "currency", "sources", "streams", "tables"}, start)
	}
	slices.SortStableFunc(list, func(a, b Guess) int { return place(a) - place(b) })
	return list
}

func (l *looker) buildCustomers(ctx context.Context, found *sorted) (*draft, error) {
	if found.people == nil {
		return l.derive(ctx, found.rows)
	}
	return l.buildPeople(ctx, found.people)
}

// sourceName is a free name for a source.
func sourceName(name string, used map[string]bool) string {
	if name == "" {
		name = "rows"
	}
	name = unused(name, used)
	used[name] = true
	return name
}

// fieldNames are the names that rules know values of a customer by.
func (s *draft) fieldNames() names {
	taken := names{"customer": true}
	for _, o := range s.columns {
		taken[strings.ToLower(o.name)] = true
	}
	for _, f := range s.fields {
		taken[f.name] = true
	}
	for _, role := range []string{"key", "email", "phone", "consent", "created_at", "valid_from", "valid_to"} {
		taken[role] = true
	}
	return taken
}

// zones says what is not known of time zones: no table tells when a day begins,
// and times without a zone could be those of any.
func (l *looker) zones(p *Proposal) {
	p.zone = "UTC"
	l.add(Unsure, "timezone", p.zone, "no table says when a day begins: name the zone of the business, such as Europe/Berlin")
	for _, s := range p.sources {
		var local []string
		for _, r := range s.roles {
			t, _ := catalog.FromDuckDB(r.output.physical)
			if t.Kind == catalog.Timestamp && !catalog.Zoned(r.output.physical) {
				local = append(local, s.ruleName(r.output))
			}
		}
		if len(local) > 0 {
			l.add(Unsure, subject(s.name, "zone"), "", "times without a zone ("+strings.Join(local, ", ")+
				") are read in the project's zone; write zone: UTC below it if they are UTC")
		}
	}
}

// money says which currency amounts are in.
func (l *looker) money(p *Proposal) {
	paid := false
	for _, s := range p.sources {
		amount := s.role("amount")
		if amount == nil {
			continue
		}
		paid = true
		if amount.from != nil {
			for word, currency := range map[string]string{"eur": "EUR", "euros": "EUR", "usd": "USD", "dollars": "USD", "gbp": "GBP", "chf": "CHF"} {
				if slices.Contains(amount.from.words, word) {
					p.currency = currency
					l.add(Likely, "currency", currency, "by the name of "+amount.from.name)
					return
				}
			}
		}
		if currency := currencyOf(s.from); currency != "" {
			p.currency = currency
			l.add(Likely, "currency", currency, "it is the only one in "+s.from.label())
			return
		}
	}
	if paid {
		l.add(Unsure, "currency", "", "no column says which one amounts are in")
	}
}

// currencyOf is the only currency that a table's sample has.
func currencyOf(p *profile) string {
	for _, c := range p.columns {
		values := c.distinct()
		if has(c.words, "currency") && len(values) == 1 && len(values[0]) == 3 && strings.Trim(values[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
			return values[0]
		}
	}
	return ""
}
