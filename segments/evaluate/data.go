package evaluate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
	"strata/sql/warehouse"
)

// DuplicateKeyError says that keys of the customers source occur more than
// once although it keeps no history.
type DuplicateKeyError struct {
	Source   string
	Keys     int64
	Examples []string
}

// Error names some of the keys and what to do.
func (e *DuplicateKeyError) Error() string {
	return fmt.Sprintf("%d keys of source %s occur more than once (%s): map valid_from if it keeps history, or give it a query that returns each key once",
		e.Keys, e.Source, strings.Join(e.Examples, ", "))
}

// examples is how many keys an error names.
const examples = 3

// UniqueKeys returns a *DuplicateKeyError when a customer key occurs twice in a
// source without history.
func (e *Evaluator) UniqueKeys(ctx context.Context) error {
	if e.program.Customers.ValidFrom != nil {
		return nil
	}
	options, err := e.sourceOptions(ctx, ForRunning)
	if err != nil {
		return err
	}
	statement, err := compile.New(e.program, options).RepeatedKeys(examples)
	if err != nil {
		return err
	}
	duplicates := &DuplicateKeyError{Source: e.program.Customers.Name}
	err = e.query(ctx, statement, func(row []any) error {
		duplicates.Keys, _ = row[1].(int64)
		duplicates.Examples = append(duplicates.Examples, warehouse.Text(row[0]))
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for repeated keys: %w", err)
	}
	if duplicates.Keys > 0 {
		return duplicates
	}
	return nil
}

// ErrNoRows says that no source has a row before the clock, so that there is no
// latest moment.
var ErrNoRows = errors.New("no source has a row up to now, so there is no latest moment: give --at")

// Latest returns the first whole second after the newest row of any source of
// rows that is not later than the clock.
func (e *Evaluator) Latest(ctx context.Context, clock time.Time) (time.Time, error) {
	compiler, err := e.Compiler(ctx, clock, ForRunning)
	if err != nil {
		return time.Time{}, err
	}
	var newest time.Time
	for _, source := range e.program.Sources {
		if source.At == nil {
			continue
		}
		mark, err := e.mark(ctx, compiler, compile.MarkOf{Source: source, Until: clock.Add(time.Microsecond)})
		if err != nil {
			return time.Time{}, err
		}
		if mark.LastAt != nil && mark.LastAt.After(newest) {
			newest = *mark.LastAt
		}
	}
	if newest.IsZero() {
		return time.Time{}, ErrNoRows
	}
	return newest.Truncate(time.Second).Add(time.Second), nil
}

// Marks returns how far the data of each source reaches before as-of.
func (e *Evaluator) Marks(ctx context.Context, asOf time.Time) ([]SourceMark, error) {
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	return e.marks(ctx, compiler, asOf)
}

func (e *Evaluator) marks(ctx context.Context, compiler *compile.Compiler, asOf time.Time) ([]SourceMark, error) {
	var marks []SourceMark
	for _, source := range e.program.Sources {
		mark, err := e.mark(ctx, compiler, compile.MarkOf{Source: source, Until: asOf})
		if err != nil {
			return nil, err
		}
		marks = append(marks, mark)
	}
	return marks, nil
}

func (e *Evaluator) mark(ctx context.Context, compiler *compile.Compiler, of compile.MarkOf) (SourceMark, error) {
	mark := SourceMark{Source: of.Source.Name}
	statement, err := compiler.Mark(of)
	if err != nil {
		return mark, err
	}
	err = e.db.Row(ctx, []any{&mark.Rows, &mark.LastAt, &mark.LastLoadedAt}, statement.SQL, statement.Args...)
	if err != nil {
		return mark, fmt.Errorf("look at source %s: %w", of.Source.Name, err)
	}
	return mark, nil
}

// MarkSeries returns how far the data of each source reaches before each of
// several as-ofs in order. It reads every source once.
func (e *Evaluator) MarkSeries(ctx context.Context, moments []time.Time) ([][]SourceMark, error) {
	compiler, err := e.Compiler(ctx, moments[len(moments)-1], ForRunning)
	if err != nil {
		return nil, err
	}
	all := make([][]SourceMark, len(moments))
	for _, source := range e.program.Sources {
		statement, err := compiler.MarkSeries(source, moments)
		if err != nil {
			return nil, err
		}
		parts := make([]SourceMark, len(moments))
		rows, err := e.db.Query(ctx, statement.SQL, statement.Args...)
		if err != nil {
			return nil, fmt.Errorf("look at source %s: %w", source.Name, err)
		}
		for rows.Next() {
			var i int
			var part SourceMark
			if err := rows.Scan(&i, &part.Rows, &part.LastAt, &part.LastLoadedAt); err != nil {
				return nil, errors.Join(fmt.Errorf("look at source %s: %w", source.Name, err), rows.Close())
			}
			parts[i] = part
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("look at source %s: %w", source.Name, err)
		}
		mark := SourceMark{Source: source.Name}
		for i, part := range parts {
			mark.Rows += part.Rows
			mark.LastAt, mark.LastLoadedAt = later(mark.LastAt, part.LastAt), later(mark.LastLoadedAt, part.LastLoadedAt)
			all[i] = append(all[i], mark)
		}
	}
	return all, nil
}

// later is the later of two moments that may not be there.
func later(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}

// dropped counts what a sql: segment returned that is no member.
func (e *Evaluator) dropped(ctx context.Context, compiler *compile.Compiler, s *check.Segment) (result.Dropped, error) {
	var dropped result.Dropped
	if s.SQL == "" {
		return dropped, nil
	}
	statement, err := compiler.Dropped(s)
	if err != nil {
		return dropped, err
	}
	dest := []any{&dropped.Duplicates, &dropped.Missing, &dropped.Unknown}
	if err := e.db.Row(ctx, dest, statement.SQL, statement.Args...); err != nil {
		return dropped, fmt.Errorf("count what the sql of %s returned: %w", s.DefinitionName(), err)
	}
	return dropped, nil
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
