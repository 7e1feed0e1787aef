package evaluate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
	"strata/sql/dialect"
)

// Still is an evaluator for which nothing happened from a moment on: it does not
// see rows, customers and versions of customers that came then or later, whatever
// the as-of. What it finds at a later as-of is what the clock alone does. It reads
// views of the sources, so nothing is copied.
type Still struct {
	evaluator *Evaluator
	views     []string
}

// Still makes an evaluator that stands still at a moment. Close drops its views.
func (e *Evaluator) Still(ctx context.Context, at time.Time) (*Still, error) {
	options, err := e.sourceOptions(ctx, ForRunning)
	if err != nil {
		return nil, err
	}
	options.AsOf = at
	compiler := compile.New(e.program, options)
	s := &Still{evaluator: e.onCopies()}
	for _, source := range e.program.Sources {
		if err := s.view(ctx, compiler, at, source); err != nil {
			return nil, errors.Join(err, s.Close(ctx))
		}
	}
	return s, nil
}

// view makes the view of a source. A view takes no arguments, so they are
// written into its text.
func (s *Still) view(ctx context.Context, compiler *compile.Compiler, at time.Time, source *catalog.Source) error {
	statement, err := compiler.Until(source, at)
	if err != nil {
		return err
	}
	text, err := dialect.Render(statement.SQL, statement.Args)
	if err != nil {
		return fmt.Errorf("write the rows of %s until %s: %w", source.Name, at.Format(time.RFC3339), err)
	}
	view := scratch(fmt.Sprintf("strata still %d %s", s.evaluator.db.Number(), source.Name))
	if _, err := s.evaluator.db.Exec(ctx, "CREATE OR REPLACE VIEW "+view+" AS "+text); err != nil {
		return fmt.Errorf("hide the rows of %s since %s: %w", source.Name, at.Format(time.RFC3339), err)
	}
	s.views = append(s.views, view)
	s.evaluator.copies[source.Name] = view
	return nil
}

// Close drops the views, also when the context has ended.
func (s *Still) Close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	err := s.evaluator.overTime.release(ctx, s.evaluator)
	for _, view := range s.views {
		_, dropped := s.evaluator.db.Exec(ctx, "DROP VIEW IF EXISTS "+view)
		err = errors.Join(err, dropped)
	}
	s.views = nil
	return err
}

// GivenBySQL reports whether a definition is given by sql or needs one that is,
// so that rows cannot be hidden from it.
func GivenBySQL(d check.Definition) bool {
	if s, ok := d.(*check.Segment); ok && s.SQL != "" {
		return true
	}
	return slices.ContainsFunc(d.Needs(), GivenBySQL)
}

// Words evaluates definitions as Evaluator.Words does. Those that need a text of
// sql are refused with an error, since nothing can be hidden from that.
func (s *Still) Words(ctx context.Context, definitions []check.Definition, asOf time.Time) (*Words, error) {
	for _, d := range definitions {
		if GivenBySQL(d) {
			return nil, fmt.Errorf("%s is given by sql, which sees all rows", d.DefinitionName())
		}
	}
	return s.evaluator.Words(ctx, definitions, asOf)
}

// MembersByKey does what Evaluator.MembersByKey does, with the refusal of Words.
func (s *Still) MembersByKey(ctx context.Context, d check.Definition, asOf time.Time, into KeyTable) error {
	if GivenBySQL(d) {
		return fmt.Errorf("%s is given by sql, which sees all rows", d.DefinitionName())
	}
	return s.evaluator.MembersByKey(ctx, d, asOf, into)
}

// Bits returns the statement of (key, bits) of all customers for formulas over
// the words' conditions.
func (w *Words) Bits(formulas []*plan.Formula) (compile.Statement, error) {
	return w.shared.Bits(formulas)
}
