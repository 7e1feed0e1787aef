package evaluate_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/plan"
)

// crowd adds customers with so many events each: a microsecond apart, back from
// a day before noon, the odd ones of category a and the even ones of b.
func crowd(t *testing.T, rows ...int) tiny {
	t.Helper()
	s := edgeShop(t, nil, "BIGINT", "VARCHAR", strconv.Itoa)
	for i, n := range rows {
		exec(t, s.db, fmt.Sprintf("INSERT INTO customers VALUES (%d)", i+1))
		exec(t, s.db, fmt.Sprintf(`INSERT INTO events SELECT i, %d, TIMESTAMPTZ '2026-01-14 11:00:00+00' - to_microseconds(i), 'open',
			['b', 'a'][1 + i %% 2], 'x', NULL FROM range(1, %d) AS t(i)`, i+1, n+1))
	}
	return s
}

// TestSharedCountersAreExact counts about as many rows as a small counter holds,
// in several counts that share a sum, below, at and above that number.
func TestSharedCountersAreExact(t *testing.T) {
	t.Parallel()
	const most = 1<<17 - 1
	for _, c := range []struct {
		name    string
		rows    []int
		guarded bool
	}{
		{"as many as fit", []int{most, 1, most - 1, 2}, true},
		{"one more than fits", []int{most, most + 1, 3}, false},
		{"many more than fit", []int{140_000, most + 1, 2 * most, most, 5}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := crowd(t, c.rows...)
			texts, want := countersOf(c.rows, most)
			definitions := make([]check.Definition, len(texts))
			for i, text := range texts {
				definitions[i] = s.segment(t, text)
			}
			words := s.words(t, tinyNoon, definitions...)
			require.Equal(t, c.guarded, words.Guarded())
			require.True(t, slices.ContainsFunc(words.Plan.Passes, func(p *plan.Pass) bool { return len(p.Traits) > 1 }))
			found, err := s.Run(t.Context(), evaluate.RunOptions{AsOf: tinyNoon, Definitions: definitions, Now: clockwork()})
			require.NoError(t, err)
			for i, text := range texts {
				unit, ok := words.Unit(definitions[i])
				require.True(t, ok)
				require.Equal(t, want[text], s.keys(t, words, unit.Members), text)
				require.Equal(t, int64(len(want[text])), found.Units[i].Size, text)
			}
			require.Equal(t, c.guarded, found.Words.Guarded())
			require.NoError(t, s.Release(t.Context()))
		})
	}
}

// countersOf are rules about the numbers of rows that customers have, each with
// its members; the first customer is the one without rows.
func countersOf(rows []int, most int) (texts []string, want map[string][]string) {
	want = map[string][]string{}
	counted := map[string]func(int) int{
		"count(event) ever":                      func(n int) int { return n },
		"count(event) last 7 days":               func(n int) int { return n },
		"count(event where category = 'a') ever": func(n int) int { return (n + 1) / 2 },
		"count(event where category = 'b') ever": func(n int) int { return n / 2 },
		// The first thousand rows lie behind the bound.
		"count(event) before timestamp '2026-01-14T10:59:59.999Z'": func(n int) int { return max(n-1000, 0) },
		"count(event) yesterday":                                   func(n int) int { return n },
		"count(event) previous month":                              func(int) int { return 0 },
	}
	for text, number := range counted {
		for _, bound := range []int{1, 2, most / 2, most/2 + 1, most - 1000, most - 1, most, most + 1, most + 2, 140_000, 140_001, 2 * most} {
			for op, holds := range map[string]bool{">=": true, "=": false} {
				rule := fmt.Sprintf("%s %s %d", text, op, bound)
				texts = append(texts, rule)
				want[rule] = []string{}
				for i, n := range rows {
					if number(n) == bound || holds && number(n) > bound {
						want[rule] = append(want[rule], strconv.Itoa(i+1))
					}
				}
			}
		}
	}
	slices.Sort(texts)
	return texts, want
}

// ladder is a shop whose customer n has n events with the numbers 1 to n, of
// categories k1 to kn.
func ladder(t *testing.T, customers int) tiny {
	t.Helper()
	s := edgeShop(t, nil, "BIGINT", "VARCHAR", strconv.Itoa)
	exec(t, s.db, "DELETE FROM customers")
	exec(t, s.db, fmt.Sprintf("INSERT INTO customers SELECT i FROM range(1, %d) AS t(i)", customers+1))
	exec(t, s.db, fmt.Sprintf(`INSERT INTO events SELECT j, i, TIMESTAMPTZ '2026-01-14 11:00:00+00' - to_minutes(j), 'open', 'k' || j, 'x', NULL
		FROM range(1, %d) AS t(i), range(1, %d) AS u(j) WHERE j <= i`, customers+1, customers+1))
	return s
}

// from are the customers from one on.
func from(first, last int) []string {
	keys := []string{}
	for i := first; i <= last; i++ {
		keys = append(keys, strconv.Itoa(i))
	}
	return keys
}

// TestSharedWordsAreFull asks for more conditions than a word holds, and for
// just as many, of a pass, of another one and of the customer.
func TestSharedWordsAreFull(t *testing.T) {
	t.Parallel()
	const customers = 70
	s := ladder(t, customers)
	for _, c := range []struct{ counted, summed, fields int }{
		{64, 0, 0}, {65, 0, 0}, {0, 0, 130}, {40, 0, 24}, {24, 20, 20}, {1, 63, 64}, {70, 70, 70},
	} {
		var texts []string
		want := map[string][]string{}
		ask := func(text string, keys []string) {
			texts = append(texts, text)
			want[text] = keys
		}
		for n := range c.counted {
			ask(fmt.Sprintf("count(event) ever >= %d", n+1), from(n+1, customers))
		}
		for n := range c.summed {
			ask(fmt.Sprintf("max(viax.event_id) ever >= %d", n+1), from(n+1, customers))
		}
		for n := range c.fields {
			ask(fmt.Sprintf("customer_id >= %d", n+1), from(n+1, customers))
		}
		got := s.sharedOnly(t, tinyNoon, texts...)
		for _, text := range texts {
			require.Equal(t, want[text], got[text], "%v: %s", c, text)
		}
	}
}

// TestSharedPassesAreFull asks for more aggregates than one pass takes, and for
// longer lists of values than rows are looked up by.
func TestSharedPassesAreFull(t *testing.T) {
	t.Parallel()
	const customers = 110
	s := ladder(t, customers)
	var texts []string
	want := map[string][]string{}
	ask := func(text string, keys []string) {
		texts = append(texts, text)
		want[text] = keys
	}
	for n := 1; n <= 40; n++ { // Customer n has the numbers 1 to n: those above m sum up to more than it once there are two.
		ask(fmt.Sprintf("sum(event.event_id where event_id >= %d) ever > %d", n, n), from(n+1, customers))
	}
	for n := 1; n <= 100; n++ {
		ask(fmt.Sprintf("count(event where category = 'k%d') ever >= 1", n), from(n, customers))
	}
	for n := 1; n <= 100; n++ {
		ask(fmt.Sprintf("count(event where via = 'x') last %d minutes > 0", 1440+n), from(1, customers))
	}
	for _, n := range []int{63, 64, 65, 100} {
		var values []string
		for i := range n {
			values = append(values, fmt.Sprintf("'k%d'", i+1))
		}
		ask(fmt.Sprintf("count(event where category in (%s)) ever = %d", strings.Join(values, ", "), n), from(n, customers))
		ask(fmt.Sprintf("count(event where category in (%s) and via in ('x', 'y', 'z')) last %d days >= %d", strings.Join(values, ", "), n, n), from(n, customers))
	}
	got := s.sharedOnly(t, tinyNoon, texts...)
	for _, text := range texts {
		require.Equal(t, want[text], got[text], text)
	}
}

// TestSharedStepsAreTimed tells the steps of an evaluation and drops the tables
// on the way, and all of them in the end.
func TestSharedStepsAreTimed(t *testing.T) {
	t.Parallel()
	s := ladder(t, 3)
	definitions := []check.Definition{s.segment(t, "count(event) ever >= 2"), s.segment(t, "percentile(count(event) ever) > 50")}
	words, err := s.Words(t.Context(), definitions, tinyNoon)
	require.NoError(t, err)
	kept, all := words.Tables()
	require.Len(t, words.Stages, len(all))
	require.Less(t, len(kept), len(all))
	there := func(table string) bool {
		var n int64
		return s.db.Row(t.Context(), []any{&n}, "SELECT count(*) FROM "+table) == nil
	}
	for _, table := range all {
		require.Equal(t, slices.Contains(kept, table), there(table), table)
	}
	require.NoError(t, words.Close(t.Context()))
	require.NoError(t, words.Close(t.Context()))
	for _, table := range all {
		require.False(t, there(table), table)
	}
	for _, stage := range words.Stages {
		require.NotEmpty(t, stage.Name)
		require.GreaterOrEqual(t, stage.Duration, time.Duration(0))
	}
}
