package diagnose

import (
	"context"
	"fmt"
	"slices"
	"time"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// Options say what is looked at.
type Options struct {
	// Start is the folder in which the search for a project began.
	Start string
	// Set is what could be read of the project, nil where there is none, and
	// Problems is what the files and the checker said about it.
	Set      *definition.Set
	Problems source.List
	// Engine says how to open the warehouse and the store; its paths are
	// resolved.
	Engine warehouse.Config
	// DB, where set, is a database of these files that is open already and stays
	// so; otherwise one is opened and closed.
	DB *warehouse.DB
	// Clock is what ages and dates in the future are measured against.
	Clock time.Time
	// Deep also reads all of the store.
	Deep     bool
	Terminal Terminal
	// Progress, where set, is told what is looked at next.
	Progress func(doing string)
}

// examination is one look at a project.
type examination struct {
	Options
	zone     *time.Location
	findings []Finding

	// db is nil where neither database can be opened; whether the warehouse is
	// among those that could is in opened.
	db     *warehouse.DB
	opened bool
	tables []warehouse.Table
	// relations are the sources as the warehouse has them.
	relations map[string]relation
	// program has the sources, without what is wrong with them; nil where
	// their columns are not known.
	program  *check.Program
	compiler *compile.Compiler
}

// Examine looks at everything it can and returns what it found, in the
// order of the checks. The error is that of a context that ended, and nothing else.
func Examine(ctx context.Context, options Options) ([]Finding, error) {
	e := &examination{Options: options, zone: time.UTC, relations: map[string]relation{}}
	e.files()
	// Opening a database removes what other processes left, so it is counted
	// before.
	left := e.leftovers()
	if e.Set != nil {
		e.zones()
		e.project(ctx)
	}
	e.add(left, e.Terminal.finding())
	slices.SortStableFunc(e.findings, func(a, b Finding) int {
		return slices.Index(checks, a.Check) - slices.Index(checks, b.Check)
	})
	if err := context.Cause(ctx); err != nil {
		return e.findings, fmt.Errorf("look at the project: %w", err)
	}
	return e.findings, nil
}

// project looks at what strata.yaml speaks of.
func (e *examination) project(ctx context.Context) {
	e.open(ctx)
	defer e.close()
	e.look(ctx)
	e.schema()
	e.mapped()
	if e.program != nil {
		for _, s := range e.program.Sources {
			e.source(ctx, s)
		}
		e.lists(ctx)
	}
	e.store(ctx)
}

// source looks at one source: first at what its mapping alone says, then at the
// rows.
func (e *examination) source(ctx context.Context, s *catalog.Source) {
	var rows *health
	if e.opened {
		e.doing("looking at " + s.Name)
		var err error
		if rows, err = e.health(ctx, s); err != nil {
			e.fail(ctx, failed(Mapping, "unreadable", err).about(s.Name))
		}
	}
	customers := s == e.program.Customers
	if rows != nil {
		e.rows(s, rows)
		if customers {
			e.keys(ctx, s, rows)
		} else {
			e.owners(s, rows)
			e.freshness(s, rows)
		}
		e.values(s, rows)
	}
	if customers {
		e.people(s, rows)
	} else {
		e.mapping(s, rows)
	}
	e.times(s)
	e.numbers(s)
	e.inPlace(s)
	if rows != nil && rows.count(compile.HealthRows) > 0 {
		e.kinds(ctx, s)
	}
}

// add notes findings.
func (e *examination) add(findings ...Finding) { e.findings = append(e.findings, findings...) }

// fail notes that something could not be done, unless that is only because the
// context ended.
func (e *examination) fail(ctx context.Context, f Finding) {
	if ctx.Err() == nil {
		e.add(f)
	}
}

// doing tells the caller what comes next.
func (e *examination) doing(what string) {
	if e.Progress != nil {
		e.Progress(what)
	}
}
