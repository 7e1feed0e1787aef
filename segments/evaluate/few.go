package evaluate

import (
	"context"
	"time"

	"strata/segments/compile"
	"strata/segments/result"
	"strata/sql/warehouse"
)

// ListSize is the number of rows that a listing has without its limits.
func (e *Evaluator) ListSize(ctx context.Context, l compile.Listing, asOf time.Time) (int64, error) {
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return 0, err
	}
	statement, err := compiler.ListSize(l)
	if err != nil {
		return 0, err
	}
	var n int64
	err = e.db.Row(ctx, []any{&n}, statement.SQL, statement.Args...)
	return n, err
}

// Frequent returns values of a text before an as-of, the most frequent first.
func (e *Evaluator) Frequent(ctx context.Context, q compile.Frequent, asOf time.Time) ([]string, error) {
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return nil, err
	}
	statement, err := compiler.Frequent(q)
	if err != nil {
		return nil, err
	}
	values := []string{}
	err = e.query(ctx, statement, func(row []any) error {
		values = append(values, warehouse.Text(row[0]))
		return nil
	})
	return values, err
}

// ListFew returns rows of customers like List, but does not look whether keys are
// unique: for questions that come with every key that somebody types.
func (e *Evaluator) ListFew(ctx context.Context, l compile.Listing, asOf time.Time) (result.Listing, error) {
	listing := result.Listing{AsOf: asOf, Columns: []string{e.program.Customers.Key.Column}, Rows: [][]any{}}
	for _, output := range l.Outputs {
		listing.Columns = append(listing.Columns, output.Name)
	}
	compiler, err := e.Compiler(ctx, asOf, ForRunning)
	if err != nil {
		return listing, err
	}
	statement, err := compiler.List(l)
	if err != nil {
		return listing, err
	}
	err = e.query(ctx, statement, func(row []any) error {
		listing.Rows = append(listing.Rows, row)
		return nil
	})
	return listing, err
}

// Later returns nil for a customer who is created at or after an as-of, and
// ErrNoSuchCustomer for who is not known at any moment.
func (e *Evaluator) Later(ctx context.Context, customer string) error {
	_, err := e.unknown(ctx, result.Why{Customer: customer})
	return err
}
