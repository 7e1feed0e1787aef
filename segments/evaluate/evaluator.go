package evaluate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// Evaluator answers questions about one program on one warehouse. It may be
// used by several goroutines.
type Evaluator struct {
	db      *warehouse.DB
	program *check.Program
	knownAt *time.Time
	guarded *guarded
	last    *lastRun
	live    *live
	// overTime holds what definitions look at besides as-of.
	overTime *overTime
	// copies, where set, are the tables in memory that sources are read from, by
	// the source's name (narrow.go).
	copies map[string]string
}

// lastRun holds the words that the last run left; ran says that there was one.
type lastRun struct {
	ran   atomic.Bool
	mu    sync.Mutex
	words *Words
}

// New returns an evaluator.
func New(db *warehouse.DB, program *check.Program) *Evaluator {
	return &Evaluator{db: db, program: program, guarded: &guarded{texts: map[guardedText]verdictOnText{}}, last: &lastRun{}, live: &live{}, overTime: newOverTime()}
}

// KnownAt returns an evaluator that does not see rows loaded after t.
func (e *Evaluator) KnownAt(t time.Time) *Evaluator {
	hidden := *e
	hidden.knownAt, hidden.live, hidden.overTime = &t, &live{}, newOverTime()
	return &hidden
}

// Program returns what is evaluated.
func (e *Evaluator) Program() *check.Program { return e.program }

// Form says who a statement is for.
type Form uint8

// The forms of a statement.
const (
	// ForRunning reads sources through the attached warehouse.
	ForRunning Form = iota
	// ForShell reads sources as a DuckDB shell does that has opened the
	// warehouse.
	ForShell
)

// Compiler returns a compiler of the program at an as-of, with the SQL of
// users checked and ready.
func (e *Evaluator) Compiler(ctx context.Context, asOf time.Time, form Form) (*compile.Compiler, error) {
	options, err := e.compileOptions(ctx, asOf, form)
	if err != nil {
		return nil, err
	}
	return compile.New(e.program, options), nil
}

// compileOptions are what statements at an as-of depend on.
func (e *Evaluator) compileOptions(ctx context.Context, asOf time.Time, form Form) (compile.Options, error) {
	options, err := e.sourceOptions(ctx, form)
	if err != nil {
		return options, err
	}
	options.AsOf = asOf
	if form == ForRunning {
		options.OverTime = func(x check.Expr, only *string) (string, error) {
			return e.overTime.table(ctx, e, overTimeOf{x, asOf.UTC(), only})
		}
	}
	for _, segment := range e.program.Segments {
		if segment.SQL == "" || e.copies != nil { // Copies hold no other customers.
			continue
		}
		checked, err := e.guarded.check(guardedText{text: segment.SQL, asOf: asOf.UTC()}, func() (warehouse.Checked, error) {
			return e.oneColumn(ctx, segment.SQL, asOf)
		})
		if err != nil {
			// Only who asks for the segment is refused.
			options.Refused[segment.DefinitionName()] = fmt.Errorf("check the sql of segment %s: %w", segment.DefinitionName(), err)
		}
		options.SQL[segment.DefinitionName()] = form.text(checked)
	}
	return options, nil
}

// sourceOptions are what statements that read sources alone depend on.
func (e *Evaluator) sourceOptions(ctx context.Context, form Form) (compile.Options, error) {
	options := compile.Options{
		KnownAt: e.knownAt, Queries: map[string]string{}, SQL: map[string]string{}, Refused: map[string]error{}, Loaded: e.copies,
	}
	options.Relation = func(s *catalog.Source) string {
		if form == ForShell {
			return e.db.Relation(s.SchemaName(), s.Table)
		}
		// With the catalog's name a schema that is called like a catalog is no
		// ambiguous reference.
		return dialect.Qualified("warehouse", s.SchemaName(), s.Table)
	}
	for _, source := range e.program.Sources {
		if source.Query == "" {
			continue
		}
		checked, err := e.guarded.check(guardedText{text: source.Query}, func() (warehouse.Checked, error) {
			return e.db.Guard(ctx, source.Query, warehouse.Allowed{Tables: e.allTables(ctx)})
		})
		if err != nil {
			return options, fmt.Errorf("check the query of source %s: %w", source.Name, err)
		}
		options.Queries[source.Name] = form.text(checked)
	}
	return options, nil
}

// text is a checked text in a form.
func (form Form) text(c warehouse.Checked) string {
	if form == ForShell {
		return c.Shell
	}
	return c.SQL
}

// Guarded checks the SQL of a sql: segment: one SELECT over the declared
// sources, with $as_of and the params as its parameters.
func (e *Evaluator) Guarded(ctx context.Context, text string, asOf time.Time) (warehouse.Checked, error) {
	return e.db.Guard(ctx, text, AllowedSQL(e.program, asOf))
}

// oneColumn also demands that the SQL returns the column customer_id and no
// other.
func (e *Evaluator) oneColumn(ctx context.Context, text string, asOf time.Time) (warehouse.Checked, error) {
	checked, err := e.Guarded(ctx, text, asOf)
	if err != nil {
		return checked, err
	}
	rows, err := e.db.Query(ctx, "SELECT * FROM ("+checked.SQL+") LIMIT 0")
	if err != nil {
		return checked, err
	}
	columns, err := rows.Columns()
	err = errors.Join(err, rows.Err(), rows.Close())
	if err == nil && (len(columns) != 1 || !strings.EqualFold(columns[0], "customer_id")) {
		err = &warehouse.Error{
			Kind: warehouse.Refused, Message: "it returns " + strings.Join(columns, ", "),
			Hint: "a sql: segment returns one column customer_id",
		}
	}
	return checked, err
}

// AllowedSQL is what the SQL of a sql: segment may name.
func AllowedSQL(program *check.Program, asOf time.Time) warehouse.Allowed {
	e := &Evaluator{program: program}
	return warehouse.Allowed{Tables: e.sourceTables(), Params: e.params(asOf)}
}

// sourceTables are the tables of the declared sources, by the names a user may
// write: the source's, the table's, and the table's with its schema.
func (e *Evaluator) sourceTables() map[string]string {
	tables := map[string]string{}
	for _, source := range e.program.Sources {
		if source.Query != "" {
			continue
		}
		schema := source.SchemaName()
		relation := schema + "." + source.Table
		for _, name := range []string{relation, source.Table, source.Name} {
			if _, taken := tables[strings.ToLower(name)]; !taken {
				tables[strings.ToLower(name)] = relation
			}
		}
	}
	return tables
}

// allTables are all tables of the warehouse: a source's query makes a source
// out of tables that are none.
func (e *Evaluator) allTables(ctx context.Context) map[string]string {
	tables := e.sourceTables()
	found, err := e.db.Tables(ctx)
	if err != nil { // The statement that needs the tables says what is wrong.
		return tables
	}
	for _, table := range found {
		relation := table.Schema + "." + table.Name
		tables[strings.ToLower(relation)] = relation
		if table.Schema == "main" {
			tables[strings.ToLower(table.Name)] = relation
		}
	}
	return tables
}

// params are the parameters a user's SQL may name.
func (e *Evaluator) params(asOf time.Time) map[string]any {
	params := map[string]any{"as_of": asOf.UTC()}
	for name, param := range e.program.Params {
		var values []any
		for _, value := range param.Values {
			values = append(values, compile.Argument(value))
		}
		if param.IsList {
			params[name] = values
		} else if len(values) == 1 {
			params[name] = values[0]
		}
	}
	return params
}

// query runs a statement and hands each row, as plain values, to a function.
func (e *Evaluator) query(ctx context.Context, s compile.Statement, each func([]any) error) error {
	return e.db.Each(ctx, each, s.SQL, s.Args...)
}
