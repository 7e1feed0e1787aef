package evaluate_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/source"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// scratch opens a database in memory.
func scratch(tb testing.TB) *warehouse.DB {
	tb.Helper()
	db, err := warehouse.Scratch(context.Background())
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

// oneThread opens a database in memory that is quick with a few rows.
func oneThread(tb testing.TB) *warehouse.DB {
	tb.Helper()
	db, err := warehouse.Open(context.Background(), warehouse.Config{Threads: 1})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

// checked loads and checks a project.
func checked(l layout, definitions map[string]string) (*check.Program, source.List) {
	set, list := definition.Load(l.files(definitions), "")
	if list.HasErrors() {
		return nil, list
	}
	return check.Check(set)
}

// find returns a definition by its name.
func find(p *check.Program, name string) check.Definition {
	for _, d := range p.Order {
		if d.DefinitionName() == name {
			return d
		}
	}
	return nil
}

// asked is what SQL says of a definition: the value for every customer by key.
// A segment, gate or list is true for its members and false for the others.
func asked(ctx context.Context, e *evaluate.Evaluator, d check.Definition, asOf time.Time) (map[string]value, error) {
	values := map[string]value{}
	switch d.(type) {
	case *check.Trait, *check.Partition:
		found, err := e.Values(ctx, d, asOf)
		for key, v := range found {
			values[key] = meant(v, d.Type())
		}
		return values, err
	}
	keys, err := e.Members(ctx, d, asOf)
	for _, key := range keys {
		if _, twice := values[key]; twice {
			return values, fmt.Errorf("%s occurs twice", key)
		}
		values[key] = true
	}
	return values, err
}

// meant is a value that the database returned as one of the naive evaluator.
func meant(v any, t catalog.Type) value {
	switch v := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(v)
	case uint64:
		return new(big.Rat).SetInt(new(big.Int).SetUint64(v))
	case *big.Int:
		return new(big.Rat).SetInt(v)
	case dialect.Decimal:
		if exact, ok := new(big.Rat).SetString(string(v)); ok {
			return exact
		}
	case dialect.Date:
		return day{time.Date(v.Year, v.Month, v.Day, 0, 0, 0, 0, time.UTC)}
	case time.Time:
		if t.Kind == catalog.Date {
			return day{v}
		}
	}
	return v
}

// difference says where the naive evaluator and SQL disagree, or nothing.
func difference(n *naive, e *evaluate.Evaluator, d check.Definition, asOf time.Time) string {
	got, err := asked(context.Background(), e, d, asOf)
	if cannotFollow(err) {
		return ""
	}
	if err != nil {
		return "SQL fails: " + err.Error()
	}
	want := n.values(d, asOf)
	var lines []string
	for key, v := range want {
		w := got[key]
		if _, ok := got[key]; !ok && v == false {
			w = false
		}
		if !n.agree(v, w) {
			lines = append(lines, fmt.Sprintf("customer %s: naive %s, SQL %s", key, show(v), show(w)))
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			lines = append(lines, fmt.Sprintf("customer %s: not in the population, SQL %s", key, show(got[key])))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// agree compares exact values exactly, and doubles to twelve digits: the
// logarithm's last digit is the library's.
func (n *naive) agree(x, y value) bool {
	if x == nil || y == nil {
		return x == nil && y == nil
	}
	if fmt.Sprintf("%T", x) != fmt.Sprintf("%T", y) {
		return false
	}
	if x, ok := x.(float64); ok {
		return math.Abs(x-y.(float64)) <= 1e-12*math.Abs(x)
	}
	return n.order(x, y) == 0
}

// show writes a value for people.
func show(v value) string {
	switch v := v.(type) {
	case nil:
		return "missing"
	case *big.Rat:
		if v.IsInt() {
			return v.RatString()
		}
		return strings.TrimRight(v.FloatString(15), "0")
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case day:
		return v.Format(time.DateOnly)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprint(v)
}

// overTime says that "for" and "as of" are evaluated and compared.
const overTime = true

// cannotFollow reports whether an evaluation was refused because what "for" looks
// at can only be evaluated at dated points; the reason is one of those that the
// timeline gives.
func cannotFollow(err error) bool {
	var later *compile.LaterError
	return errors.As(err, &later) && later.What == "for" &&
		slices.ContainsFunc(datedOnly, func(words string) bool { return strings.Contains(later.Reason, words) })
}

// needsTime reports whether a definition, or one it needs, speaks of another
// moment than as-of.
func needsTime(d check.Definition) bool {
	found := false
	eachExpr(d, func(e check.Expr) {
		switch e.(type) {
		case *check.Held, *check.AsOf:
			found = true
		}
	})
	for _, need := range d.Needs() {
		found = found || needsTime(need)
	}

	return found
}

// eachExpr visits all expressions of a definition.
func eachExpr(d check.Definition, visit func(check.Expr)) {
	walk := func(e check.Expr) {
		check.Walk(e, func(x check.Expr) bool {
			visit(x)
			return true
		})
	}
	var leaves []*check.Tree
	switch d := d.(type) {
	case *check.Trait:
		walk(d.Value)
	case *check.Segment:
		leaves = d.Where.Leaves()
	case *check.Gate:
		leaves = d.Where.Leaves()
	case *check.Partition:
		for _, stage := range d.Stages {
			walk(stage.X)
		}
	}
	for _, leaf := range leaves {
		walk(leaf.X)
	}
}
