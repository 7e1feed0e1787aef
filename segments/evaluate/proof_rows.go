package evaluate

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/result"
	"strata/segments/rule"
	"strata/sql/warehouse"
)

// rowsShown is how many rows a proof shows of each value.
const rowsShown = 5

// evidence adds the rows behind the values of a test. Values of traits are
// opened: their rows are the trait's.
func (w *prover) evidence(node *result.Node) error {
	var failed error
	var visit func(e check.Expr) bool
	visit = func(e check.Expr) bool {
		switch x := e.(type) {
		case *check.Aggregate:
			failed = errors.Join(failed, w.rows(node, x, compile.Evidence{Rows: x.Rows, Window: x.Window, Column: x.Column}))
			return false
		case *check.Periods:
			failed = errors.Join(failed, w.rows(node, x, compile.Evidence{Rows: x.Rows, Window: x.Window}))
			return false
		case *check.Sequence:
			for _, step := range x.Steps {
				failed = errors.Join(failed, w.rows(node, x, compile.Evidence{Rows: step.Rows, Window: w.compiler.StepWindow(x, step)}))
			}
			return false
		case *check.Ref:
			if trait, ok := x.Target.(*check.Trait); ok {
				check.Walk(trait.Value, visit)
			}
		}
		return true
	}
	if ref, ok := w.tests[node].(*check.Ref); !ok || ref.Target.DefinitionKind() == "trait" {
		check.Walk(w.tests[node], visit)
	}
	return failed
}

func (w *prover) rows(node *result.Node, e check.Expr, question compile.Evidence) error {
	question.Key, question.Limit = w.customer, rowsShown
	if c, ok := question.Column.(*check.Column); ok && c.Derived == catalog.At {
		question.Column = nil // The time of a row is shown in any case.
	}
	statement, err := w.compiler.Rows(question)
	if err != nil {
		return err
	}
	window := calendar.Rows(question.Window.Calendar, w.asOf, w.program.Zone)
	evidence := result.Evidence{
		Rule: written(e), Stream: question.Rows.Stream.Name, From: window.From, To: window.To, Rows: []result.Row{},
	}
	err = w.query(w.ctx, statement, func(row []any) error {
		counted, _ := row[0].(int64)
		all, _ := row[1].(int64)
		at, ok := row[2].(time.Time)
		if !ok {
			return fmt.Errorf("a row of %s has no time", evidence.Stream)
		}
		counts, _ := row[5].(bool)
		evidence.Counted, evidence.Excluded = counted, all-counted
		evidence.Rows = append(evidence.Rows, result.Row{At: at, ID: text(row[3]), Value: plain(row[4]), Counts: counts})
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the rows behind %s: %w", evidence.Rule, err)
	}
	node.Evidence = append(node.Evidence, evidence)
	return nil
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return warehouse.Text(v)
}

func outputName(n int) string { return fmt.Sprintf("o%d", n) }

// short says how much a number is short of the bound it is compared with.
func short(e check.Expr, values []result.Value) string {
	compare, ok := e.(*check.Compare)
	if !ok || len(values) != 2 || !compare.X.Type().Numeric() {
		return ""
	}
	x, okX := number(values[0].Value)
	y, okY := number(values[1].Value)
	if !okX || !okY {
		return ""
	}
	gap := new(big.Rat).Sub(y, x)
	size := new(big.Rat).Abs(gap)
	amount := decimalText(size)
	switch compare.Op { //nolint:exhaustive // Only comparisons of order have a side.
	case rule.GreaterEqual:
		return amount + " short"
	case rule.Greater:
		if gap.Sign() == 0 {
			return "exactly at the bound, which is excluded"
		}
		return amount + " short, and the bound is excluded"
	case rule.LessEqual:
		return amount + " too many"
	case rule.Less:
		if gap.Sign() == 0 {
			return "exactly at the bound, which is excluded"
		}
		return amount + " too many, and the bound is excluded"
	}
	return ""
}

// number reads a plain value exactly.
func number(v any) (*big.Rat, bool) {
	switch x := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(x), true
	case *big.Int:
		return new(big.Rat).SetInt(x), true
	case float64:
		r := new(big.Rat).SetFloat64(x)
		return r, r != nil
	case bool, nil:
		return nil, false
	}
	return new(big.Rat).SetString(warehouse.Text(v))
}

// decimalText writes a number with the decimals it needs, six at most.
func decimalText(r *big.Rat) string {
	if r.IsInt() {
		return r.RatString()
	}
	for places := 1; places < 6; places++ {
		text := r.FloatString(places)
		if back, ok := new(big.Rat).SetString(text); ok && back.Cmp(r) == 0 {
			return text
		}
	}
	return r.FloatString(6)
}
