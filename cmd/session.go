package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/snapshot"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// session is what a command that asks the data works with: the open warehouse,
// the program, and the moment it speaks of.
type session struct {
	*factory
	db        *warehouse.DB
	program   *check.Program
	evaluator *evaluate.Evaluator
	// asOf is in the project's zone, so that it is shown as people there read it.
	asOf    time.Time
	knownAt *time.Time
}

// The years of an as-of: windows of some centuries stay inside the calendar.
const (
	earliestYear = 1500
	latestYear   = 3000
)

// session opens the warehouse and decides on the as-of.
func (f *factory) session(ctx context.Context) (*session, error) {
	program, err := f.Program()
	if err != nil {
		return nil, err
	}
	lent := f.db != nil
	db, err := f.Warehouse(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{factory: f, db: db, program: program, evaluator: evaluate.New(db, program)}
	if lent { // Whose database it is goes on with it.
		f.onClose(func() error { return s.evaluator.Forget(ctx) })
	}
	if err := s.sayImpure(ctx); err != nil {
		return nil, err
	}
	notes, err := s.evaluator.Preflight(ctx)
	if err != nil {
		return nil, answerable(err)
	}
	for _, note := range notes {
		f.say("%s", note)
	}
	look := s.lookups()
	if s.knownAt, err = f.KnownAt(ctx, look); err != nil {
		return nil, err
	}
	if s.knownAt != nil { // From here on, so that "latest" is the newest row that was known.
		s.evaluator = s.evaluator.KnownAt(*s.knownAt)
	}
	asOf, err := f.AsOf(ctx, look)
	if err != nil {
		return nil, err
	}
	if asOf, err = inCalendar(asOf); err != nil {
		return nil, err
	}
	s.asOf = asOf.In(program.Zone)
	return s, nil
}

// inCalendar refuses an as-of that no window could be counted from.
func inCalendar(asOf time.Time) (time.Time, error) {
	if year := asOf.Year(); year < earliestYear || year > latestYear {
		return asOf, usage("the as-of %s is out of range", asOf.Format(time.DateOnly)).advise("it lies between %d and %d", earliestYear, latestYear)
	}
	return asOf, nil
}

// lookups answer what a moment can ask of the data.
func (s *session) lookups() lookups {
	return lookups{
		latest: func(ctx context.Context) (time.Time, error) { return s.evaluator.Latest(ctx, s.env.Now()) },
		run:    s.runAsOf,
	}
}

// sayImpure names views of the warehouse that read the clock or a file: what
// reads them is not a function of the as-of alone.
func (s *session) sayImpure(ctx context.Context) error {
	views, err := s.db.ImpureViews(ctx)
	if err != nil {
		return err
	}
	for _, view := range views {
		if !s.reads(view.Schema, view.Name) {
			continue
		}
		s.say("view %s.%s: %s, so what reads it does not depend on the as-of alone", view.Schema, view.Name, view.Reason)
	}
	return nil
}

// reads reports whether a source reads a table or view, by its own name or in
// its query.
func (s *session) reads(schema, name string) bool {
	for _, source := range s.program.Sources {
		own := strings.EqualFold(source.Table, name) && (source.Schema == "" || strings.EqualFold(source.Schema, schema))
		if own || strings.Contains(strings.ToLower(source.Query), strings.ToLower(name)) {
			return true
		}
	}
	return false
}

// runAsOf is the as-of of a snapshot.
func (s *session) runAsOf(ctx context.Context, id int64) (time.Time, error) {
	detail, err := snapshot.Show(ctx, s.db, id, nil)
	if err != nil {
		return time.Time{}, missingRun(err)
	}
	return detail.AsOf, nil
}

// meta says what an answer of this session is about.
func (s *session) meta() render.Meta {
	asOf := s.asOf
	return render.Meta{AsOf: &asOf, KnownAt: s.knownAt}
}

// segment finds the segment that a word of the command line means: a name, a
// rule, or - for a rule on standard input.
func (s *session) segment(ctx context.Context, word string) (*check.Segment, error) {
	if d, ok := s.program.Lookup(word); ok {
		segment, ok := d.(*check.Segment)
		if !ok {
			return nil, notSegment(d)
		}
		return segment, nil
	}
	if rule, ok := s.stageRule(word); ok {
		return s.rule(rule)
	}
	if word == "-" {
		text, err := s.readInput(ctx)
		if err != nil {
			return nil, err
		}
		word = strings.TrimSpace(text)
	} else if isName(word) {
		return nil, s.noDefinition(word)
	}
	return s.rule(word)
}

// stageRule is the rule for one stage of a partition, which runs and histories
// name "partition.stage".
func (s *session) stageRule(word string) (string, bool) {
	name, stage, ok := strings.Cut(word, ".")
	if !ok {
		return "", false
	}
	d, _ := s.program.Lookup(name)
	partition, ok := d.(*check.Partition)
	if !ok {
		return "", false
	}
	for _, known := range partition.Stages {
		if known.Name == stage {
			return name + " = '" + stage + "'", true
		}
	}
	return "", false
}

// notSegment says what to write where a segment is asked for.
func notSegment(d check.Definition) error {
	name, kind := d.DefinitionName(), d.DefinitionKind()
	e := usage("%s is a %s, not a segment", name, kind)
	switch x := d.(type) {
	case *check.Partition:
		return e.advise("name a stage, such as %s.%s", name, x.Stages[0].Name)
	case *check.Trait:
		return e.advise("write a rule, such as '%s is not missing'", name)
	}
	return e.advise("a %s has no members", kind)
}

// rule reads a rule that was typed: an expression, or the YAML of a tree.
func (s *session) rule(text string) (*check.Segment, error) {
	file := source.NewFile("rule", text)
	segment, problems := s.program.RuleText(source.WholeFile(file))
	if problems.HasErrors() {
		return nil, &invalid{list: problems}
	}
	return segment, nil
}

// noDefinition says that there is no such name, and which one is near.
func (s *session) noDefinition(name string) error {
	_, err := s.program.Select([]string{name})
	if err == nil {
		err = fmt.Errorf("nothing is called %q", name)
	}
	return notFound("%w", err).advise("'strata list --all' shows what there is; a rule needs more than a name")
}

// isName reports whether a word can only be meant as a name.
func isName(word string) bool {
	for i, r := range word {
		switch {
		case r >= 'a' && r <= 'z', r == '_', r >= '0' && r <= '9' && i > 0:
		default:
			return false
		}
	}
	return word != ""
}

// expression reads a value that was typed: a field, trait or expression.
func (s *session) expression(text string) (check.Expr, error) {
	file := source.NewFile("value", text)
	e, problems := s.program.Expression(source.WholeFile(file))
	if problems.HasErrors() {
		return nil, &invalid{list: problems}
	}
	return e, nil
}

// answerable turns errors of an evaluation into what the user can act on.
func answerable(err error) error {
	var later *compile.LaterError
	var repeated *evaluate.DuplicateKeyError
	var mapping *evaluate.MappingError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &later):
		return refused("%w", err).advise("write it without %q, or ask for a definition that does not use it", later.What)
	case errors.As(err, &mapping):
		return environment("%w", err).advise("%s", mapping.Hint)
	case errors.As(err, &repeated):
		return environment("%w", err)
	case errors.Is(err, evaluate.ErrNoSuchCustomer):
		return notFound("%w", err)
	}
	return err
}

// isLater reports whether an evaluation needs what is not there yet.
func isLater(err error) bool { return errors.Is(err, compile.ErrLater) }
