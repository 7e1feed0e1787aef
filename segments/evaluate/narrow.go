package evaluate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
)

// Narrow is an evaluator that sees one customer alone. It reads copies in memory
// of that customer's rows, so that each source of the warehouse was read once and
// every question after that costs next to nothing. What compares customers with
// each other (percentile, rank) or is given by sql has no meaning here and must
// not be asked.
type Narrow struct {
	*Evaluator

	customer string
	// made are the tables that Close drops.
	made []string
}

// Narrow copies the rows of one customer, by the key as text, of the customers
// source and of the sources that definitions read. Rows at or after the as-of are
// left out, so that it is the last one of which anything is known. Close drops the
// copies.
func (e *Evaluator) Narrow(ctx context.Context, customer string, definitions []check.Definition, asOf time.Time) (*Narrow, error) {
	options, err := e.sourceOptions(ctx, ForRunning)
	if err != nil {
		return nil, err
	}
	options.AsOf = asOf
	compiler := compile.New(e.program, options)
	n := e.narrowed(customer)
	for _, source := range e.sourcesOf(definitions) {
		statement, err := compiler.RowsOf(source, customer)
		if err != nil {
			return nil, errors.Join(err, n.Close(ctx))
		}
		if err := n.take(ctx, source, statement); err != nil {
			return nil, errors.Join(fmt.Errorf("read the rows of customer %s in %s: %w", customer, source.Name, err), n.Close(ctx))
		}
	}
	return n, nil
}

// narrowed is the evaluator without copies yet.
func (e *Evaluator) narrowed(customer string) *Narrow {
	return &Narrow{Evaluator: e.onCopies(), customer: customer}
}

// onCopies is an evaluator that reads other relations in the place of sources,
// none so far, and shares nothing that was evaluated.
func (e *Evaluator) onCopies() *Evaluator {
	own := *e
	own.last, own.live, own.overTime, own.copies = &lastRun{}, &live{}, newOverTime(), map[string]string{}
	return &own
}

// take makes a copy of what a statement says of a source.
func (n *Narrow) take(ctx context.Context, source *catalog.Source, statement compile.Statement) error {
	table := scratch(fmt.Sprintf("strata narrow %d %s", n.db.Number(), source.Name))
	if _, err := n.db.Exec(ctx, statement.As(table).SQL, statement.Args...); err != nil {
		return err
	}
	n.made = append(n.made, table)
	n.copies[source.Name] = table
	return nil
}

// Close drops the copies, also when the context has ended.
func (n *Narrow) Close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	err := n.overTime.release(ctx, n.Evaluator)
	for _, table := range n.made {
		_, dropped := n.db.Exec(ctx, "DROP TABLE IF EXISTS "+table)
		err = errors.Join(err, dropped)
	}
	n.made = nil
	if err != nil {
		return fmt.Errorf("drop the rows of customer %s: %w", n.customer, err)
	}
	return nil
}

// sourcesOf are the customers source and those that definitions read, with all
// that they need, in the order of the program.
func (e *Evaluator) sourcesOf(definitions []check.Definition) []*catalog.Source {
	used := map[*catalog.Source]bool{e.program.Customers: true}
	seen := map[check.Definition]bool{}
	var visit func(d check.Definition)
	look := func(x check.Expr) bool {
		for _, rows := range check.RowsOf(x) {
			used[rows.Stream.Source] = true
		}
		if ref, ok := x.(*check.Ref); ok {
			visit(ref.Target)
		}
		return true
	}
	visit = func(d check.Definition) {
		if seen[d] {
			return
		}
		seen[d] = true
		for _, x := range check.ExpressionsOf(d) {
			check.Walk(x, look)
		}
		for _, gate := range check.GatesOf(d) {
			visit(gate)
		}
	}
	for _, d := range definitions {
		visit(d)
	}
	var list []*catalog.Source
	for _, source := range e.program.Sources {
		if used[source] {
			list = append(list, source)
		}
	}
	return list
}

// Suppose returns an evaluator on the same copies with rows added that were made
// up. Closing it leaves this one as it is.
func (n *Narrow) Suppose(ctx context.Context, rows []compile.Supposed) (*Narrow, error) {
	other := n.narrowed(n.customer)
	maps.Copy(other.copies, n.copies)
	for _, row := range rows {
		if err := other.add(ctx, n.copies[row.Stream.Source.Name], row); err != nil {
			return nil, errors.Join(fmt.Errorf("make up a row of %s: %w", row.Stream.Name, err), other.Close(ctx))
		}
	}
	return other, nil
}

// add adds a row to a table of this evaluator's own, which begins as a copy of
// the original.
func (n *Narrow) add(ctx context.Context, original string, row compile.Supposed) error {
	source := row.Stream.Source
	row.Key = n.customer
	if n.copies[source.Name] == original {
		if err := n.take(ctx, source, compile.Statement{SQL: "SELECT * FROM " + original}); err != nil {
			return err
		}
	}
	statement, err := compile.New(n.program, compile.Options{KnownAt: n.knownAt}).Suppose(n.copies[source.Name], row)
	if err != nil {
		return err
	}
	_, err = n.db.Exec(ctx, statement.SQL, statement.Args...)
	return err
}

// Beginning is when there is first something to say of the customer: at the
// creation or, for who always was there, at the earliest row of those that
// definitions read; nil where there is neither.
func (n *Narrow) Beginning(ctx context.Context, definitions []check.Definition) (*time.Time, error) {
	compiler, err := n.Compiler(ctx, endOfTime, ForRunning)
	if err != nil {
		return nil, err
	}
	statement, err := compiler.Created(n.customer)
	if err != nil {
		return nil, err
	}
	first, err := n.moment(ctx, statement)
	if first != nil || err != nil {
		return first, err
	}
	for _, source := range n.sourcesOf(definitions) {
		if source.At == nil {
			continue
		}
		statement, err := compiler.FirstRow(source, n.customer)
		if err != nil {
			return nil, err
		}
		at, err := n.moment(ctx, statement)
		if err != nil {
			return nil, err
		}
		if at != nil && (first == nil || at.Before(*first)) {
			first = at
		}
	}
	return first, nil
}

// moment is what a statement of one time returns.
func (n *Narrow) moment(ctx context.Context, statement compile.Statement) (*time.Time, error) {
	var at *time.Time
	if err := n.db.Row(ctx, []any{&at}, statement.SQL, statement.Args...); err != nil {
		return nil, fmt.Errorf("find the first moment of customer %s: %w", n.customer, err)
	}
	return at, nil
}

// Counting returns the customer's rows before an as-of that pass a question's
// filter and window, newest first.
func (n *Narrow) Counting(ctx context.Context, question compile.Evidence, asOf time.Time) ([]result.Row, error) {
	compiler, err := n.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	question.Key, question.Limit = n.customer, allRows
	statement, err := compiler.Rows(question)
	if err != nil {
		return nil, err
	}
	var list []result.Row
	err = n.query(ctx, statement, func(row []any) error {
		if counts, _ := row[5].(bool); !counts {
			return nil
		}
		at, ok := row[2].(time.Time)
		if !ok {
			return fmt.Errorf("a row of %s has no time", question.Rows.Stream.Name)
		}
		list = append(list, result.Row{At: at, ID: text(row[3]), Value: plain(row[4]), Counts: true})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the rows of %s: %w", question.Rows.Stream.Name, err)
	}
	return list, nil
}

// allRows is more rows than a customer has.
const allRows = 1 << 40
