package compile

import (
	"fmt"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/plan"
	"strata/sql/dialect"
)

// A shared evaluation answers for all definitions of a plan at once. Its tables
// live in the in-memory database: the population; one table per pass over a
// source and per trait that is computed by itself, with the values that others
// need and with the pass's conditions as bits; and the words, a row per
// customer with all conditions as bits of 64-bit words. What a definition asks
// is then a test of those bits (shared_words.go).
//
// What both ways to SQL have in common: how a column, a date or a constant is
// read, scalar functions and comparisons, and the steps of sequences, periods
// and most_frequent. Which rows count, aggregates, rankings, references
// between definitions and membership are written by code of their own here,
// so that each way is a check of the other.

// Shared is the SQL of a shared evaluation.
type Shared struct {
	// Steps make the tables, in order.
	Steps []SharedStep
	// Words is the relation of (id UINTEGER, key, words…), one row per customer
	// of the population. The id is the row id in Population. While statements are
	// written it is that of the rounds that are done, "" before the first.
	Words string
	// Population is the relation of the customers' keys and fields.
	Population string

	// Kept are the tables whose rows the next run can continue from; none where
	// the plan keeps nothing.
	Kept []KeptTable

	plan    *plan.Plan
	prefix  string
	past    *Past
	places  map[int]place
	columns []string
	key     string
}

// Continued reports whether the evaluation continues that of a run before.
func (s *Shared) Continued() bool { return s.past != nil }

// SharedStep makes one table.
type SharedStep struct {
	// Name says what it does, in the words of the plan.
	Name string
	// Table is the relation that Statement makes.
	Table     string
	Statement Statement
	// Most, where set, returns the largest number of rows of one customer; above
	// Bound the counters of the step were too small.
	Most  *Statement
	Bound int64
	// Temporary tables are dropped when the words are there.
	Temporary bool
	// Stored steps read the store, which is attached for them.
	Stored bool
}

// place is where a condition's bit stands.
type place struct {
	column string
	bit    int
}

// SharedOptions are what a shared evaluation depends on besides the plan.
type SharedOptions struct {
	// Prefix begins the names of its tables.
	Prefix string
	// Wide gives every counter a column of its own, for customers with more
	// rows than three counters of one column can count.
	Wide bool
	// Past, where set, is the run whose kept values are brought up to date; the
	// plan's passes must be the same.
	Past *Past
	// Only, where set, is the key as text of the one customer that is asked for.
	// The others are left out unless the plan ranks customers.
	Only *string
}

// Shared returns the statements of a plan's evaluation.
func (c *Compiler) Shared(p *plan.Plan, options SharedOptions) (*Shared, error) {
	s := &sharing{
		builder: c.builder(), plan: p, options: options, homes: map[int]home{},
		out: &Shared{plan: p, prefix: options.Prefix, past: options.Past, places: map[int]place{}, key: c.key()},
	}
	s.shared = s
	if !slices.ContainsFunc(p.Traits, func(t *plan.Trait) bool { return t.Kind == plan.Ranked }) {
		s.only = options.Only
	}
	s.out.Population = s.table("population")
	for round := range max(p.Rounds, 1) {
		if err := s.round(round); err != nil {
			return nil, err
		}
	}
	population, err := s.populationStep()
	if err != nil {
		return nil, err
	}
	s.out.Steps = append([]SharedStep{population}, s.out.Steps...)
	s.keepWords()
	return s.out, nil
}

// sharing writes the statements of a shared evaluation. Its builder collects
// what one statement needs; the fields of the population are those of all
// statements.
type sharing struct {
	*builder
	plan    *plan.Plan
	options SharedOptions
	out     *Shared
	// homes are the tables in which traits have their values.
	homes map[int]home
}

// home is a column of a table.
type home struct{ alias, column string }

// asOf is the moment of the evaluation.
func (s *sharing) asOf() time.Time { return s.Compiler.options.AsOf }

// table is the relation of a table of the evaluation.
func (s *Shared) table(name string) string {
	return dialect.Qualified("memory", "main", s.prefix+" "+name)
}

func (s *sharing) table(name string) string { return s.out.table(name) }

// fresh is a builder of the next statement. It shares the population's fields
// with the others.
func (s *sharing) fresh() *builder {
	b := s.Compiler.builder()
	b.shared, b.only = s, s.only
	return b
}

// finish writes a statement of the evaluation: its steps and the question. The
// fields that it read become columns of the population.
func (s *sharing) finish(b *builder, main sq.Sqlizer) (Statement, error) {
	for _, field := range b.fields {
		s.need(field)
	}
	return b.bare(main)
}

// add makes a table of a question's rows.
func (s *sharing) add(step SharedStep, b *builder, main sq.Sqlizer) error {
	statement, err := s.finish(b, main)
	if err != nil {
		return err
	}
	step.Statement = statement.As(step.Table)
	s.out.Steps = append(s.out.Steps, step)
	return nil
}

// populationStep makes the table of all customers with the fields that the
// other statements read.
func (s *sharing) populationStep() (SharedStep, error) {
	b := s.Compiler.builder()
	b.fields, b.only = s.fields, s.only
	question := sq.Select("*").From(dialect.Ident(populationStep))
	statement, err := b.statement(question)
	if err != nil {
		return SharedStep{}, err
	}
	return SharedStep{Name: "population", Table: s.out.Population, Statement: statement.As(s.out.Population)}, nil
}

// round adds the tables of the traits of a round, and the words with its
// conditions.
func (s *sharing) round(round int) error {
	passes := make([]*passWords, 0, len(s.plan.Passes))
	if round == 0 {
		if s.options.Past != nil {
			if err := s.continued(); err != nil {
				return err
			}
		}
		for _, p := range s.plan.Passes {
			words, err := s.pass(p)
			if err != nil {
				return err
			}
			passes = append(passes, words)
		}
	}
	for _, t := range s.plan.Traits {
		if t.Round != round || t.Pass >= 0 {
			continue
		}
		if err := s.separate(t); err != nil {
			return err
		}
	}
	sets, err := s.sets(round)
	if err != nil {
		return err
	}
	return s.wordsOf(round, append(passes, sets...))
}

// separate makes the table of a trait that is computed by itself.
func (s *sharing) separate(t *plan.Trait) error {
	b := s.fresh()
	name, err := b.separateStep(t.X)
	if err != nil {
		return err
	}
	table := fmt.Sprintf("trait %d", t.ID+1)
	s.homes[t.ID] = home{alias: table, column: valueColumn}
	value := sq.Sqlizer(ident(valueColumn))
	if sequence, ok := t.X.(*check.Sequence); ok && !sequence.Times {
		value = raw("TRUE")
	}
	question := ex("SELECT ?, ? AS ? FROM ?", ident(b.key()), value, ident(valueColumn), ident(name))
	return s.add(SharedStep{Name: t.Text, Table: s.table(table), Temporary: true}, b, question)
}

// separateStep adds the steps of a trait that is computed by itself.
func (b *builder) separateStep(e check.Expr) (string, error) {
	switch x := e.(type) {
	case *check.Aggregate:
		return b.aggregate(x)
	case *check.Periods:
		return b.periods(x)
	case *check.Sequence:
		return b.sequence(x)
	case *check.Ranking:
		return b.sharedRanking(x)
	}
	return "", fmt.Errorf("compile %s: no trait", check.Text(e))
}

// value is a trait's value in a frame of a shared evaluation: a column of the
// table that holds it.
func (s *sharing) value(f *frame, e check.Expr) (sq.Sqlizer, error) {
	t, ok := s.plan.TraitOf(e)
	if !ok {
		return nil, fmt.Errorf("compile %s: the plan has no such trait", check.Text(e))
	}
	if f.inPass != nil {
		return f.inPass(t)
	}
	home, ok := s.homes[t.ID]
	if !ok {
		return nil, fmt.Errorf("compile %s: it is needed before it is computed", t.Text)
	}
	f.customers = true
	f.joinTable(home.alias, s.table(home.alias))
	value := sq.Sqlizer(column(home.alias, home.column))
	if sequence, ok := e.(*check.Sequence); ok && !sequence.Times {
		return ex("? IS NOT NULL", value), nil
	}
	if zeroWhenEmpty(e) {
		return ex("coalesce(?, 0)", value), nil
	}
	return value, nil
}

// reference is the value of a definition in a frame of a shared evaluation,
// read from the words.
func (s *sharing) reference(f *frame, r *check.Ref) (sq.Sqlizer, error) {
	f.customers = true
	if p, ok := r.Target.(*check.Partition); ok {
		f.joinTable(wordsAlias, s.out.Words)
		return s.out.stage(s.plan.StagesOf(p), "w", func(i int) any { return p.Stages[i].Name }), nil
	}
	formula, ok := s.plan.MembersOf(r.Target)
	if !ok {
		return nil, fmt.Errorf("compile %s: the plan has no such definition", r.Target.DefinitionName())
	}
	if s.out.Words != "" {
		f.joinTable(wordsAlias, s.out.Words)
	}
	return s.out.test(formula), nil
}

// emptyValue is a trait's value for a customer without rows, in its own type so
// that functions find the one that is meant.
func emptyValue(t *plan.Trait) sq.Sqlizer {
	if zeroWhenEmpty(t.X) {
		return raw("0")
	}
	kind := t.X.Type()
	name := map[catalog.Kind]string{
		catalog.Integer: "HUGEINT", catalog.Number: "DOUBLE", catalog.Text: "VARCHAR", catalog.Boolean: "BOOLEAN",
		catalog.Date: "DATE", catalog.Timestamp: "TIMESTAMPTZ", catalog.List: "VARCHAR[]", catalog.Decimal: decimalType(kind.Scale),
	}[kind.Kind]
	return ex("CAST(NULL AS ?)", raw(name))
}
