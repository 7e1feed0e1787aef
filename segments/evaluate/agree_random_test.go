package evaluate_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// setting reads a whole number from the environment.
func setting(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

// TestSQLAgreesWithNaive holds the compiled SQL against the naive evaluator on
// random definitions and data. STRATA_CASES is the number of definitions,
// STRATA_SEED where they begin.
func TestSQLAgreesWithNaive(t *testing.T) {
	t.Parallel()
	cases, seed := setting(t, "STRATA_CASES", 1_500), setting(t, "STRATA_SEED", 1)
	t.Logf("STRATA_CASES=%d STRATA_SEED=%d", cases, seed)
	db := oneThread(t)
	done, batches, shares, held := uint64(0), 0, map[string]int{}, map[string]int{}
	var reports []string
	for ; done < cases && len(reports) < 5; batches++ {
		b := newBatch(rand.New(rand.NewPCG(seed, uint64(batches))))
		b.load(t, db, b.data)
		n := b.naive(b.data)
		e := b.evaluator(db)
		for _, d := range b.asked() {
			done++
			eachExpr(d, func(x check.Expr) {
				for _, name := range constructs(x) {
					held[name]++
				}
			})
			if diff := difference(n, e, d, b.asOf); diff != "" {
				reports = append(reports, fmt.Sprintf("STRATA_SEED=%d, batch %d, %s", seed, batches, b.smallest(t, db, d)))
				b.load(t, db, b.data)
				break
			}
		}
		if len(reports) == 0 {
			if s := b.together(n, batches%5 == 0); s.difference(db, b.data) != "" {
				reports = append(reports, fmt.Sprintf("STRATA_SEED=%d, batch %d, %s", seed, batches, s.smallest(t, db)))
			}
		}
		b.count(n, shares)
		b.countPlan(shares)
	}
	require.Empty(t, strings.Join(reports, "\n\n"))
	for what, n := range shares {
		t.Logf("%s: %d of %d", what, n, batches)
	}
	for _, what := range append([]string{"missing values", "equal times", "rows on an edge", "ends of months", "days of change"}, worthPlanning...) {
		require.GreaterOrEqual(t, 10*shares[what], batches, "too few cases with %s", what)
	}
	if cases < 1_000 {
		return // Too few to hold everything.
	}
	for _, name := range everything() {
		require.NotZero(t, held[name], "no random definition has: %s", name)
	}
	t.Log(held)
}

// count notes what a batch holds that rules often get wrong.
func (b *batch) count(n *naive, shares map[string]int) {
	edges := map[int64]bool{}
	for _, w := range windowsOf(b.program) {
		for _, end := range []*time.Time{b.rangeOf(w).from, b.rangeOf(w).to} {
			if end != nil {
				edges[end.UnixMicro()] = true
			}
		}
	}
	found := map[string]bool{}
	for _, people := range n.rows {
		for _, rows := range people {
			seen := map[int64]bool{}
			for _, r := range rows {
				at := r.at.UnixMicro()
				found["equal times"] = found["equal times"] || seen[at]
				found["rows on an edge"] = found["rows on an edge"] || edges[at]
				seen[at] = true
				for _, v := range r.record {
					found["missing values"] = found["missing values"] || v == nil
				}
			}
		}
	}
	local := b.asOf.In(n.zone)
	found["ends of months"] = local.AddDate(0, 0, 1).Day() == 1
	_, before := local.Add(-24 * time.Hour).Zone()
	_, now := local.Zone()
	found["days of change"] = before != now
	for what, ok := range found {
		if ok {
			shares[what]++
		}
	}
}

// smallest leaves out of the data what the disagreement does not need, and
// writes everything that shows it.
func (b *batch) smallest(t *testing.T, db *warehouse.DB, d check.Definition) string {
	t.Helper()
	data := b.smallestData(func(try tables) bool {
		b.load(t, db, try)
		return difference(b.naive(try), b.evaluator(db), d, b.asOf) != ""
	})
	b.load(t, db, data)
	diff := difference(b.naive(data), b.evaluator(db), d, b.asOf)
	var text strings.Builder
	fmt.Fprintf(&text, "%s at %s (%s, key %s, history %v)\n%s\n", d.DefinitionName(), b.asOf.Format(time.RFC3339Nano), b.zone, b.key, b.history, diff)
	for _, need := range needed(d) {
		text.WriteString("\n" + b.definitions[need.DefinitionName()])
	}
	text.WriteString("\n" + strings.Join(b.statements(data), ";\n") + ";\n")
	text.WriteString("\n" + b.sql(db, d))
	return text.String()
}

// smallestData leaves out of the data what a disagreement does not need.
func (b *batch) smallestData(differs func(tables) bool) tables {
	data := maps.Clone(b.data)
	for _, source := range []string{"events", "orders", "customers"} {
		for i := 0; i < len(data[source]); {
			try := maps.Clone(data)
			try[source] = slices.Delete(slices.Clone(data[source]), i, i+1)
			if differs(try) {
				data = try
			} else {
				i++
			}
		}
	}
	return data
}

// needed are a definition and all that it needs.
func needed(d check.Definition) []check.Definition {
	list := []check.Definition{d}
	for _, need := range d.Needs() {
		list = append(list, needed(need)...)
	}
	return list
}

// sql is the statement that answers for a definition.
func (b *batch) sql(db *warehouse.DB, d check.Definition) string {
	compiler, err := b.evaluator(db).Compiler(context.Background(), b.asOf, evaluate.ForShell)
	if err != nil {
		return err.Error()
	}
	question := compiler.Members
	switch d.(type) {
	case *check.Trait, *check.Partition:
		question = compiler.Values
	}
	statement, err := question(d)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s\n%v", statement.SQL, statement.Args)
}
