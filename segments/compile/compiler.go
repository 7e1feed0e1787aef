package compile

import (
	"errors"
	"fmt"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/sql/dialect"
)

// ErrLater is wrapped by errors about constructs that no statement can express
// at a single moment, where nobody has evaluated them before.
var ErrLater = errors.New("looks at more than one moment, which a statement alone cannot")

// Statement is SQL with its arguments in the order of its placeholders.
type Statement struct {
	SQL  string
	Args []any
}

// Literal returns the statement with its values written into it, laid out for
// people: the DuckDB shell runs it as it stands.
func (s Statement) Literal() (string, error) {
	text, err := dialect.Render(s.SQL, s.Args)
	if err != nil {
		return "", fmt.Errorf("write values into the statement: %w", err)
	}
	return Pretty(text), nil
}

// Options are what a statement depends on besides the program.
type Options struct {
	// AsOf is the moment of the evaluation: rows at or after it do not exist.
	AsOf time.Time
	// KnownAt, where set, hides rows that were loaded later.
	KnownAt *time.Time
	// Relation returns the SQL a source is read from; nil means its quoted
	// schema and table.
	Relation func(*catalog.Source) string
	// Queries holds the checked text of sources given by a query, by source
	// name, and SQL that of sql: segments, by segment name.
	Queries map[string]string
	SQL     map[string]string
	// Loaded holds the relations of sources that were read into memory once, by
	// source name.
	Loaded map[string]string
	// Refused says which sql: segments may not run, and why, by name.
	Refused map[string]error
	// OverTime, where set, evaluates what looks at more than one moment and
	// returns a relation of it: for a test ("x for 7 days") the keys of those for
	// whom it is true, for a value ("x as of 30 days ago") keys and values in the
	// columns key and value. Only, where set, is the one customer that is asked
	// for.
	OverTime func(e check.Expr, only *string) (relation string, err error)
}

// Compiler makes statements of one program at one as-of.
type Compiler struct {
	program *check.Program
	options Options
	// zones are those that sources and the project read local times in.
	zones map[string]zone
}

// New returns a compiler.
func New(program *check.Program, options Options) *Compiler {
	options.AsOf = options.AsOf.UTC()
	c := &Compiler{program: program, options: options, zones: map[string]zone{}}
	c.zones[""] = newZone(program.Zone, program.ZoneName, options.AsOf)
	for _, source := range program.Sources {
		location, err := time.LoadLocation(source.Zone)
		if err == nil && source.Zone != "" { // The checker has loaded the zone before.
			c.zones[source.Zone] = newZone(location, source.Zone, options.AsOf)
		}
	}
	return c
}

// builder collects the named steps of one statement.
type builder struct {
	*Compiler
	steps []cte
	// byBody finds a step again by its text and arguments, so that two leaves
	// over the same rows share one.
	byBody map[string]string
	used   map[string]bool
	// fields are the columns the population carries, in order of first use.
	fields []string
	// done holds the step of each definition that was compiled.
	done map[check.Definition]string
	// prefix stands before the names of leaves: those of a definition that the
	// question's rule names carry its name.
	prefix string
	// only, where set, is the key as text of the one customer the statement is
	// about; ranked says that it reads the others all the same.
	only   *string
	ranked bool
	// queries are the sources given by a query that the statement reads.
	queries []*catalog.Source
	// shared is set for the statements of a shared evaluation, customersTable for
	// those of a timeline.
	shared         *sharing
	customersTable string
}

func (c *Compiler) builder() *builder {
	return &builder{
		Compiler: c,
		byBody:   map[string]string{},
		used:     map[string]bool{populationStep: true},
		done:     map[check.Definition]string{},
	}
}

// step adds a named step unless an equal one is there, and returns its name.
func (b *builder) step(name string, body sq.Sqlizer) string {
	sql, args := textOf(body)
	// Quoted, so that the texts ("a b", "c") are not the texts ("a", "b c").
	key := fmt.Sprintf("%s\x00%#v", sql, args)
	if found, ok := b.byBody[key]; ok {
		return found
	}
	unique := name
	for n := 2; b.used[unique]; n++ {
		unique = fmt.Sprintf("%s %d", name, n)
	}
	b.used[unique] = true
	b.byBody[key] = unique
	b.steps = append(b.steps, cte{name: unique, body: body})
	return unique
}

// statement writes the population, the collected steps and the question.
func (b *builder) statement(main sq.Sqlizer) (Statement, error) {
	return b.over(b.population(), main)
}

// over writes the sources given by a query that the statement reads, the steps
// of the population, if any, the collected ones and the question.
func (b *builder) over(population []cte, main sq.Sqlizer) (Statement, error) {
	steps := append(b.querySteps(), population...)
	sql, args, err := with{steps: append(steps, b.steps...), main: main}.ToSql()
	if err != nil {
		return Statement{}, fmt.Errorf("write statement: %w", err)
	}
	return Statement{SQL: sql, Args: args}, nil
}

// key is the name of the customer key's column in every step.
func (c *Compiler) key() string { return c.program.Customers.Key.Column }
