package evaluate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
)

// Sample is a part of the customers whose rows are copied into the in-memory
// database, source by source when a question first needs one. Rows of all times
// are in it, so any as-of can be asked for. It may be used by several goroutines.
type Sample struct {
	// Customers are those that the source has at any moment, and Share is the part
	// of them that is in the sample, 1 for all.
	Customers int64
	Share     float64

	base *Evaluator
	keys string

	mu     sync.Mutex
	copies map[string]string
	sizes  map[time.Time]int64
	made   []string
}

// SampleSize says how many customers a sample has: a share of them, but at least
// and at most so many.
type SampleSize struct {
	Share       float64
	Least, Most int64
}

// share is the part of so many customers.
func (s SampleSize) share(customers int64) float64 {
	if customers <= s.Least {
		return 1
	}
	n := float64(customers)
	return min(1, max(s.Share, float64(s.Least)/n), float64(s.Most)/n)
}

// Sample picks the customers. Close drops what is copied.
func (e *Evaluator) Sample(ctx context.Context, size SampleSize) (*Sample, error) {
	options, err := e.sourceOptions(ctx, ForRunning)
	if err != nil {
		return nil, err
	}
	compiler := compile.New(e.program, options)
	s := &Sample{base: e, copies: map[string]string{}, sizes: map[time.Time]int64{}}
	statement, err := compiler.KeyCount()
	if err != nil {
		return nil, err
	}
	if err := e.db.Row(ctx, []any{&s.Customers}, statement.SQL, statement.Args...); err != nil {
		return nil, fmt.Errorf("count customers: %w", err)
	}
	if s.Share = size.share(s.Customers); s.Share >= 1 {
		return s, nil
	}
	if statement, err = compiler.FewKeys(s.Share); err != nil {
		return nil, err
	}
	s.keys = scratch(fmt.Sprintf("strata sample %d", e.db.Number()))
	if err := s.take(ctx, s.keys, statement); err != nil {
		return nil, errors.Join(fmt.Errorf("pick customers: %w", err), s.Close(ctx))
	}
	return s, nil
}

// take makes a table of a statement's rows.
func (s *Sample) take(ctx context.Context, table string, statement compile.Statement) error {
	s.made = append(s.made, table)
	_, err := s.base.db.Exec(ctx, statement.As(table).SQL, statement.Args...)
	return err
}

// Close drops the copies, also when the context has ended.
func (s *Sample) Close(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var failed []error
	for _, table := range s.made {
		_, err := s.base.db.Exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+table)
		failed = append(failed, err)
	}
	s.made = nil
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("drop the sample: %w", err)
	}
	return nil
}

// On returns an evaluator that sees the customers of the sample alone, for
// definitions of a program whose sources are those that the sample was made of.
// Forget frees what it evaluates. What is given by sql has no meaning there and
// must not be asked.
func (s *Sample) On(ctx context.Context, e *Evaluator, definitions []check.Definition) (*Evaluator, error) {
	if s.Share >= 1 {
		return e.Apart(), nil
	}
	return s.reading(ctx, e, e.sourcesOf(definitions))
}

// Warm copies the rows of all sources, so that no question waits for them.
func (s *Sample) Warm(ctx context.Context, e *Evaluator) error {
	if s.Share >= 1 {
		return nil
	}
	_, err := s.reading(ctx, e, e.program.Sources)
	return err
}

// Ready returns an evaluator like On, for one source, if its rows are copied.
func (s *Sample) Ready(e *Evaluator, source *catalog.Source) (*Evaluator, bool) {
	if s.Share >= 1 || !s.mu.TryLock() {
		return nil, false
	}
	defer s.mu.Unlock()
	if _, ok := s.copies[source.Name]; !ok {
		return nil, false
	}
	return s.onCopies(e), true
}

func (s *Sample) reading(ctx context.Context, e *Evaluator, sources []*catalog.Source) (*Evaluator, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, source := range sources {
		if _, ok := s.copies[source.Name]; ok {
			continue
		}
		if err := s.copy(ctx, e, source); err != nil {
			return nil, fmt.Errorf("read some of %s: %w", source.Name, err)
		}
	}
	return s.onCopies(e), nil
}

// onCopies reads the copies in the place of sources. The lock is held.
func (s *Sample) onCopies(e *Evaluator) *Evaluator {
	own := e.onCopies()
	own.copies = maps.Clone(s.copies)
	return own
}

// copy reads a source once. The lock is held.
func (s *Sample) copy(ctx context.Context, e *Evaluator, source *catalog.Source) error {
	options, err := e.sourceOptions(ctx, ForRunning)
	if err != nil {
		return err
	}
	statement, err := compile.New(e.program, options).RowsAmong(source, s.keys)
	if err != nil {
		return err
	}
	table := scratch(fmt.Sprintf("strata sample %d %s", e.db.Number(), source.Name))
	if err := s.take(ctx, table, statement); err != nil {
		return err
	}
	s.copies[source.Name] = table
	return nil
}

// Population is the number of all customers at an as-of, which is counted once.
func (s *Sample) Population(ctx context.Context, e *Evaluator, asOf time.Time) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asOf = asOf.UTC()
	if n, ok := s.sizes[asOf]; ok {
		return n, nil
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return 0, err
	}
	statement, err := compiler.PopulationSize()
	if err != nil {
		return 0, err
	}
	var n int64
	if err := e.db.Row(ctx, []any{&n}, statement.SQL, statement.Args...); err != nil {
		return 0, fmt.Errorf("count customers: %w", err)
	}
	s.sizes[asOf] = n
	return n, nil
}

// CountFew counts a segment among the customers of a sample, whose keys are known
// to be unique.
func (e *Evaluator) CountFew(ctx context.Context, s *check.Segment, asOf time.Time) (result.Count, error) {
	count := result.Count{Name: s.DefinitionName(), AsOf: asOf}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return count, err
	}
	statement, err := compiler.Count(s, nil)
	if err != nil {
		return count, err
	}
	if err := e.db.Row(ctx, []any{&count.Members, &count.Contactable, &count.Customers}, statement.SQL, statement.Args...); err != nil {
		return count, fmt.Errorf("count %s in a sample: %w", s.DefinitionName(), err)
	}
	return count, nil
}
