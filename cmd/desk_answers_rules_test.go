package cmd

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/sql/warehouse"
	"strata/tui/ask"
)

// demoRules are rules of every way of evaluation: by words, over time, by
// comparison, by sql.
func demoRules() []string {
	return []string{
		"vip", "lifecycle.inactive", "count(order) last 30 days >= 2", "steady_spenders", "newly_inactive", "top_tenth", "best_of_region",
		"shared_address", "vip and not lapsed_30_days", "luxury_cart_abandoners", "count(order) last 30 days >= 2",
	}
}

// counted is the only row that a command prints.
func (q demoQuestions) counted(t *testing.T, args ...string) map[string]any {
	t.Helper()
	rows, ok := q.printed(t, args...).([]any)
	require.True(t, ok)
	require.Len(t, rows, 1)
	row, ok := rows[0].(map[string]any)
	require.True(t, ok)
	return row
}

func (q demoQuestions) counts(t *testing.T) {
	all, err := q.d.Counts(t.Context(), demoRules(), q.at)
	require.NoError(t, err)
	require.Len(t, all, len(demoRules()))
	for i, word := range demoRules() {
		want := q.counted(t, "count", word)
		alone, err := q.d.Count(t.Context(), word, q.at)
		require.NoError(t, err, word)
		for _, count := range []result.Count{alone, all[i]} {
			require.Equal(t, want["name"], count.Name)
			require.Equal(t, wholeOf(t, want["members"]), count.Members, word)
			require.Equal(t, wholeOf(t, want["contactable"]), count.Contactable, word)
			require.Equal(t, wholeOf(t, want["customers"]), count.Customers, word)
		}
	}
	earlier := q.at.AddDate(0, -3, 0)
	count, err := q.d.Count(t.Context(), "vip", earlier)
	require.NoError(t, err)
	want := q.counted(t, "count", "vip", "--at", earlier.Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, wholeOf(t, want["members"]), count.Members)
	empty, err := q.d.Counts(t.Context(), nil, q.at)
	require.NoError(t, err)
	require.Empty(t, empty)
}

func (q demoQuestions) funnel(t *testing.T) {
	for _, word := range []string{"luxury_cart_abandoners", "steady_spenders", "top_tenth", "count(order) ever >= 1 and country = 'DE' and not vip"} {
		funnel, err := q.d.Funnel(t.Context(), word, nil, q.at)
		require.NoError(t, err, word)
		rows, ok := q.printed(t, "funnel", word).([]any)
		require.True(t, ok)
		require.Len(t, rows, len(funnel.Leaves)+1)
		for i, leaf := range funnel.Leaves {
			row, ok := rows[i+1].(map[string]any)
			require.True(t, ok)
			require.Equal(t, row["leaf"], leaf.Name)
			require.Equal(t, []int64{wholeOf(t, row["alone"]), wholeOf(t, row["so_far"]), wholeOf(t, row["left_out"])},
				[]int64{leaf.Alone, leaf.SoFar, leaf.Without}, word)
		}
	}
	_, err := q.d.Funnel(t.Context(), "shared_address", nil, q.at)
	require.ErrorContains(t, err, "given by sql")
	require.NotEmpty(t, hintOfError(err))
}

// funnelWithout compares rules with leaves left out with rules that were written
// without them, for one that is in the words and one that has statements.
func (q demoQuestions) funnelWithout(t *testing.T) {
	for _, last := range []string{"count(order) last 365 days >= 1", "high_spenders for 3 days"} {
		rule := "country = 'DE' and count(order) ever >= 2 and " + last
		whole, err := q.d.Funnel(t.Context(), rule, nil, q.at)
		require.NoError(t, err)
		got, err := q.d.Funnel(t.Context(), rule, []int{1}, q.at)
		require.NoError(t, err)
		want, err := q.d.Funnel(t.Context(), "country = 'DE' and "+last, nil, q.at)
		require.NoError(t, err)
		require.Equal(t, want.Members, got.Members)
		require.Equal(t, whole.Leaves[1].Alone, got.Leaves[1].Alone)
		require.Equal(t, want.Members, got.Leaves[1].Without)
		require.Equal(t, got.Leaves[0].SoFar, got.Leaves[1].SoFar)
		for i, j := range []int{0, 2} {
			left, wanted := got.Leaves[j], want.Leaves[i]
			left.Name, wanted.Name = "", ""
			require.Equal(t, wanted, left)
		}
		none, err := q.d.Funnel(t.Context(), rule, []int{0, 1, 2}, q.at)
		require.NoError(t, err)
		require.Equal(t, none.Customers, none.Members, "without leaves the rule holds for everybody")
	}
}

func (q demoQuestions) statement(t *testing.T) {
	for _, word := range []string{"vip", "lifecycle", "ltv", "country = 'DE'"} {
		text, err := q.d.Statement(t.Context(), word, q.at)
		require.NoError(t, err)
		require.Equal(t, commandOutput(t, q.env, "sql", word), text)
	}
}

// keysOf are the keys of members as a command prints them.
func (q demoQuestions) keysOf(t *testing.T, rule string) []string {
	t.Helper()
	lines := strings.Fields(commandOutput(t, q.env, "members", rule, "-o", "plain", "--limit", "0"))
	return lines
}

func (q demoQuestions) compare(t *testing.T) {
	for _, pair := range [][2]string{{"high_spenders", "vip"}, {"top_tenth", "vip"}, {"steady_spenders", "vip"}, {"shared_address", "vip"}, {"vip", "vip"}} {
		found, err := q.d.Compare(t.Context(), pair[0], pair[1], 5, q.at)
		require.NoError(t, err)
		draft, saved := q.keysOf(t, pair[0]), q.keysOf(t, pair[1])
		in := map[string]bool{}
		for _, key := range saved {
			in[key] = true
		}
		joining := []string{}
		for _, key := range draft {
			if !in[key] {
				joining = append(joining, key)
			}
		}
		stays := int64(len(draft) - len(joining))
		require.Equal(t, ask.Comparison{
			Draft: int64(len(draft)), Saved: int64(len(saved)), Stays: stays,
			Joins: int64(len(joining)), Leaves: int64(len(saved)) - stays,
			Joining: joining[:min(5, len(joining))], Leaving: found.Leaving,
		}, found, pair)
		require.Len(t, found.Leaving, int(min(5, found.Leaves)))
		for _, key := range found.Leaving {
			require.True(t, in[key])
			require.NotContains(t, draft, key)
		}
	}
}

func (q demoQuestions) members(t *testing.T) {
	page := ask.MembersPage{Word: "vip", Columns: []string{"country", "ltv", "count(order) last 30 days"}, Offset: 20, Limit: 10}
	found, err := q.d.Members(t.Context(), page, q.at)
	require.NoError(t, err)
	printed := commandOutput(t, q.env, "members", "vip", "--columns", "country,ltv", "--columns", "count(order) last 30 days", "--limit", "10", "--offset", "20", "-o", "json")
	require.Equal(t, dataIn(t, printed), q.table(t, found.Table))
	require.Equal(t, int64(len(q.keysOf(t, "vip"))), found.Total)
	require.True(t, found.Table.Meta.Truncated)

	all := ask.MembersPage{Word: "vip", Columns: []string{"ltv", "region"}, Sort: "ltv", Down: true, Limit: 1000}
	down, err := q.d.Members(t.Context(), all, q.at)
	require.NoError(t, err)
	require.Len(t, down.Table.Rows, int(down.Total))
	all.Down = false
	up, err := q.d.Members(t.Context(), all, q.at)
	require.NoError(t, err)
	value := func(row []any) float64 {
		var v float64
		require.NoError(t, json.Unmarshal([]byte(warehouse.Text(row[1])), &v))
		return v
	}
	for i := 1; i < len(up.Table.Rows); i++ {
		require.GreaterOrEqual(t, value(up.Table.Rows[i]), value(up.Table.Rows[i-1]))
		require.LessOrEqual(t, value(down.Table.Rows[i]), value(down.Table.Rows[i-1]))
	}
	all.Sort = "region" // Some have none.
	for _, all.Down = range []bool{false, true} {
		sorted, err := q.d.Members(t.Context(), all, q.at)
		require.NoError(t, err)
		missing := false
		for _, row := range sorted.Table.Rows {
			require.False(t, missing && row[2] != nil, "missing values come last")
			missing = row[2] == nil
		}
	}

	keys := q.keysOf(t, "vip")
	last, err := q.d.Members(t.Context(), ask.MembersPage{Word: "vip", Down: true, Sort: "customer_id", Limit: 3}, q.at)
	require.NoError(t, err)
	for i, row := range last.Table.Rows {
		require.Equal(t, keys[len(keys)-1-i], warehouse.Text(row[0]))
	}
	prefix := keys[len(keys)/2][:3]
	var with []string
	for _, key := range keys {
		if strings.HasPrefix(key, prefix) {
			with = append(with, key)
		}
	}
	some, err := q.d.Members(t.Context(), ask.MembersPage{Word: "vip", Find: prefix, Limit: 2}, q.at)
	require.NoError(t, err)
	require.Equal(t, int64(len(with)), some.Total)
	require.Len(t, some.Table.Rows, min(2, len(with)))
	require.Equal(t, with[0], warehouse.Text(some.Table.Rows[0][0]))
	_, err = q.d.Members(t.Context(), ask.MembersPage{Word: "vip", Sort: "ltv", Limit: 1}, q.at)
	require.ErrorContains(t, err, "none of the columns")
}

func (q demoQuestions) why(t *testing.T) {
	key := q.keysOf(t, "vip")[0]
	for _, word := range []string{"vip", "lifecycle", "top_tenth", "shared_address", "count(order) last 90 days >= 3"} {
		why, err := q.d.Why(t.Context(), key, word, q.at)
		require.NoError(t, err, word)
		require.Equal(t, q.printed(t, "why", key, word), asJSON(t, []result.Why{why}), word)
	}
	_, err := q.d.Why(t.Context(), "nobody", "vip", q.at)
	require.ErrorIs(t, err, evaluate.ErrNoSuchCustomer)
	require.Equal(t, exitNotFound, codeOf(err, nil))
	_, err = q.d.Why(t.Context(), key, "ltv", q.at)
	require.ErrorContains(t, err, "no members to explain")
}

func (q demoQuestions) memberships(t *testing.T) {
	key := q.keysOf(t, "vip")[0]
	found, err := q.d.Memberships(t.Context(), key, q.at)
	require.NoError(t, err)
	require.Equal(t, q.printed(t, "why", key), asJSON(t, found.All))
	require.Empty(t, found.Skipped)
	_, err = q.d.Memberships(t.Context(), "nobody", q.at)
	require.ErrorIs(t, err, evaluate.ErrNoSuchCustomer)
}

func (q demoQuestions) customers(t *testing.T) {
	all := q.keysOf(t, "customer_id is not missing")
	prefix := all[len(all)-1][:2]
	want := []string{}
	for _, key := range all {
		if strings.HasPrefix(key, prefix) && len(want) < 7 {
			want = append(want, key)
		}
	}
	found, err := q.d.Find(t.Context(), prefix, 7, q.at)
	require.NoError(t, err)
	require.Equal(t, want, found)
	none, err := q.d.Find(t.Context(), "no such key", 7, q.at)
	require.NoError(t, err)
	require.Empty(t, none)
}

func (q demoQuestions) profile(t *testing.T) {
	key := q.keysOf(t, "vip")[0]
	profile, err := q.d.Profile(t.Context(), key, q.at)
	require.NoError(t, err)
	require.True(t, profile.Record)
	require.Len(t, profile.Rows, 1)
	require.Len(t, profile.Rows[0], len(profile.Columns))
	names := []string{}
	for _, column := range profile.Columns[1:] {
		names = append(names, column.Name)
	}
	require.Contains(t, names, "ltv")
	require.Contains(t, names, "country")
	listed := dataIn(t, commandOutput(t, q.env, "members", "customer_id = "+key, "--columns", strings.Join(names, ","), "-o", "json"))
	require.Equal(t, listed, q.table(t, profile))
	_, err = q.d.Profile(t.Context(), "nobody", q.at)
	require.ErrorIs(t, err, evaluate.ErrNoSuchCustomer)
}
