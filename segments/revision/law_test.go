package revision_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/revision"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// crowd is a warehouse of 97 customers whose values come in many combinations.
func crowd(tb testing.TB) *warehouse.DB {
	tb.Helper()
	db, err := warehouse.Scratch(context.Background())
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	for _, statement := range []string{
		`CREATE TABLE customers AS SELECT c AS customer_id, ['DE', 'AT', 'FR', NULL][c * 5 % 4 + 1] AS country, [true, false, NULL][c * 7 % 3 + 1] AS consent FROM range(1, 98) AS r(c)`,
		`CREATE TABLE orders AS SELECT c AS order_id, c AS customer_id, TIMESTAMPTZ '2026-01-10 00:00:00+00' AS ordered_at, CAST(c * 37 % 11 * 10 AS DECIMAL(12,2)) AS amount
			FROM range(1, 98) AS r(c) WHERE c * 31 % 7 > 0`,
		`CREATE TABLE events AS SELECT c * 10 + i AS event_id, c AS customer_id, TIMESTAMPTZ '2026-01-14 00:00:00+00' AS ts, 'open' AS event_type
			FROM range(1, 98) AS r(c), range(0, 5) AS n(i) WHERE i < c * 13 % 5`,
	} {
		_, err := db.Exec(context.Background(), statement)
		require.NoError(tb, err)
	}
	return db
}

// shape is a segment: its kind, and the rules of its leaves by name; some of them
// may stand in a group of their own.
type shape struct {
	kind, inner string
	rules       map[string]string
	inside      map[string]bool
}

// leafRules are the names of leaves, each with the rules that it can have. REF
// stands for a segment that is named.
var leafRules = [][]string{
	{"spends", "spent >= $bound", "spent >= 30", "spent >= 60", "spent < 50"},
	{"opens", "count(open) last 7 days >= 1", "count(open) last 7 days >= 3"},
	{"country", "country = 'DE'", "country <> 'AT'", "country is missing"},
	{"other", "REF", "not REF", "consent = true"},
}

// drawShape draws a segment over some of the names; where there is one before,
// it is mostly like that.
func drawShape(t *rapid.T, label, reference string, before *shape) shape {
	s := shape{rules: map[string]string{}, inside: map[string]bool{}}
	same := func(what string) bool {
		return before != nil && rapid.IntRange(0, 3).Draw(t, label+" same "+what) > 0
	}
	if s.kind = rapid.SampledFrom([]string{"all", "any"}).Draw(t, label+" kind"); same("kind") {
		s.kind = before.kind
	}
	if s.inner = rapid.SampledFrom([]string{"all", "any"}).Draw(t, label+" inner"); same("inner") {
		s.inner = before.inner
	}
	flat := rapid.Bool().Draw(t, label+" flat")
	for _, leaf := range leafRules {
		name, rules := leaf[0], leaf[1:]
		there := rapid.IntRange(0, 4).Draw(t, label+" with "+name) > 0
		s.inside[name] = !flat && rapid.Bool().Draw(t, label+" inside "+name)
		if same(name) {
			_, there = before.rules[name]
			s.inside[name] = before.inside[name]
		}
		if there {
			s.rules[name] = strings.ReplaceAll(rapid.SampledFrom(rules).Draw(t, label+" "+name), "REF", reference)
		}
	}
	if len(s.rules) == 0 {
		s.rules["spends"] = "spent > 0"
	}
	return s
}

// flat reports whether all leaves stand beside each other.
func (s shape) flat() bool {
	for name := range s.rules {
		if s.inside[name] {
			return false
		}
	}
	return true
}

// yaml writes the segment.
func (s shape) yaml() string {
	var outside, inside []string
	for _, name := range slices.Sorted(maps.Keys(s.rules)) {
		entry := fmt.Sprintf("{%s: \"%s\"}", name+"_leaf", s.rules[name])
		if s.inside[name] {
			inside = append(inside, entry)
		} else {
			outside = append(outside, entry)
		}
	}
	if len(inside) > 0 {
		outside = append(outside, fmt.Sprintf("{%s: [%s]}", s.inner, strings.Join(inside, ", ")))
	}
	return fmt.Sprintf("{where: {%s: [%s]}}", s.kind, strings.Join(outside, ", "))
}

// drawn is a version that was drawn: its program and the shapes of its segments.
type drawn struct {
	program       *check.Program
	first, second shape
}

// drawVersion draws a version; where there is one before, it is mostly like that.
func drawVersion(tb testing.TB, t *rapid.T, label string, before *drawn) drawn {
	tb.Helper()
	var first, second *shape
	if before != nil {
		first, second = &before.first, &before.second
	}
	d := drawn{first: drawShape(t, label+" first", "consent = false", first), second: drawShape(t, label+" second", "alpha", second)}
	bound := rapid.SampledFrom([]int{20, 40, 70}).Draw(t, label+" bound")
	stages := rapid.SampledFrom([]string{
		"[big: spent >= $bound, small: spent > 0, none: else]", "[reader: count(open) last 7 days >= 2, big: spent >= $bound, none: else]",
	}).Draw(t, label+" stages")
	text := fmt.Sprintf("params: {bound: %d}\ntraits: {spent: {value: sum(order.amount) last 30 days}}\nsegments:\n  alpha: %s\n  beta: %s\n"+
		"partitions: {worth: {stages: %s}}\n", bound, d.first.yaml(), d.second.yaml(), stages)
	d.program = version(tb, map[string]string{"segments/all.yaml": text})
	return d
}

// members are the keys that the segment's own statement finds.
func members(t *rapid.T, db *warehouse.DB, p *check.Program, d check.Definition) map[string]bool {
	keys, err := evaluate.New(db, p).Members(context.Background(), d, noon)
	require.NoError(t, err)
	set := map[string]bool{}
	for _, key := range keys {
		set[key] = true
	}
	return set
}

// TestLaws draws two versions and demands what must hold whatever they are; the
// members are compared with those that statements of their own find.
func TestLaws(t *testing.T) {
	t.Parallel()
	db := crowd(t)
	flat := 0
	rapid.Check(t, func(r *rapid.T) {
		before := drawVersion(t, r, "before", nil)
		after := drawVersion(t, r, "after", &before)
		there := compare(t, db, before.program, after.program, revision.Options{})
		back := compare(t, db, after.program, before.program, revision.Options{})
		require.Empty(r, compare(t, db, after.program, after.program, revision.Options{}).Changes)
		require.Equal(r, names(there), names(back))
		require.Equal(r, 3, len(there.Changes)+there.Unchanged)
		for i := range there.Changes {
			c, mirror := &there.Changes[i], &back.Changes[i]
			require.Equal(r, c.After.Members, c.Joined+c.Stayed+c.Moved)
			require.Equal(r, c.Before.Members, c.Left+c.Stayed+c.Moved)
			require.Equal(r, [4]int64{c.Joined, c.Left, c.Stayed, c.Moved}, [4]int64{mirror.Left, mirror.Joined, mirror.Stayed, mirror.Moved})
			require.Equal(r, c.Before, mirror.After)
			if c.Kind == "partition" {
				checkMoves(r, c, mirror)
				continue
			}
			checkCauses(r, c, mirror)
		}
		for _, name := range []string{"alpha", "beta"} {
			checkMembers(r, db, before.program, after.program, there, name)
		}
		programs := [2]*check.Program{before.program, after.program}
		flat += checkFlat(r, db, programs, [2]shape{before.first, after.first}, there, "alpha")
		flat += checkFlat(r, db, programs, [2]shape{before.second, after.second}, there, "beta")
	})
	require.Positive(t, flat, "explanations were compared with a second way to find them")
}

// checkMembers compares a segment's numbers with sets of members.
func checkMembers(t *rapid.T, db *warehouse.DB, before, after *check.Program, r *revision.Report, name string) {
	old, _ := before.Lookup(name)
	now, _ := after.Lookup(name)
	was, is := members(t, db, before, old), members(t, db, after, now)
	var joined, left int64
	for key := range is {
		if !was[key] {
			joined++
		}
	}
	for key := range was {
		if !is[key] {
			left++
		}
	}
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Name == name {
			require.Equal(t, [2]int64{joined, left}, [2]int64{c.Joined, c.Left}, name)
			require.Equal(t, int64(len(is)), c.After.Members)
			return
		}
	}
	require.Zero(t, joined+left, "%s is said to be unchanged", name)
}

// checkMoves demands that moves lead from the sizes before to those after, and
// back.
func checkMoves(t *rapid.T, c, mirror *revision.Change) {
	sizes := map[string]int64{}
	for _, stage := range c.Stages {
		if stage.Before != nil {
			sizes[stage.Name] = stage.Before.Members
		}
	}
	var all int64
	there, back := map[[2]string]int64{}, map[[2]string]int64{}
	for _, move := range c.Moves {
		sizes[move.From] -= move.Customers
		sizes[move.To] += move.Customers
		all += move.Customers
		there[[2]string{move.From, move.To}] = move.Customers
	}
	for _, move := range mirror.Moves {
		back[[2]string{move.To, move.From}] = move.Customers
	}
	require.Equal(t, there, back)
	require.Equal(t, c.Moved, all)
	for _, stage := range c.Stages {
		if stage.After == nil {
			require.Zero(t, sizes[stage.Name])
			continue
		}
		require.Equal(t, stage.After.Members, sizes[stage.Name], stage.Name)
	}
}

// checkCauses demands that every move has one explanation, the same one in both
// directions.
func checkCauses(t *rapid.T, c, mirror *revision.Change) {
	var joined, left int64
	there, back := map[string][2]int64{}, map[string][2]int64{}
	for _, cause := range c.Causes {
		joined, left = joined+cause.Joined, left+cause.Left
		there[cause.Name] = [2]int64{cause.Joined, cause.Left}
	}
	for _, set := range c.Together {
		joined, left = joined+set.Joined, left+set.Left
		there[inOrder(set.Causes)] = [2]int64{set.Joined, set.Left}
	}
	require.Equal(t, [2]int64{c.Joined, c.Left}, [2]int64{joined, left})
	for _, cause := range mirror.Causes {
		back[cause.Name] = [2]int64{cause.Left, cause.Joined}
	}
	for _, set := range mirror.Together {
		back[inOrder(set.Causes)] = [2]int64{set.Left, set.Joined}
	}
	require.Equal(t, there, back)
}

func inOrder(causes []string) string {
	return strings.Join(slices.Sorted(slices.Values(causes)), " + ")
}

// checkFlat explains the moves of a segment whose leaves stand beside each other
// in both versions and have the same names, in another way: with all, those who
// joined needed each leaf that became true; with any, each of them would do, and
// so together they do; and the other way round for those who left. It returns
// how many explanations it compared.
func checkFlat(t *rapid.T, db *warehouse.DB, programs [2]*check.Program, shapes [2]shape, r *revision.Report, name string) int {
	if !shapes[0].flat() || !shapes[1].flat() || shapes[0].kind != shapes[1].kind ||
		!slices.Equal(slices.Sorted(maps.Keys(shapes[0].rules)), slices.Sorted(maps.Keys(shapes[1].rules))) {
		return 0
	}
	truth := [2]map[string]map[string]bool{{}, {}}
	for i, program := range programs {
		for leaf, text := range shapes[i].rules {
			rule, problems := program.Rule(source.WholeFile(source.NewFile("rule", text)))
			require.False(t, problems.HasErrors(), problems.Error())
			truth[i][leaf] = members(t, db, program, rule)
		}
	}
	want := map[string][2]int64{}
	for key := range 97 {
		customer := strconv.Itoa(key + 1)
		var turned [2][]string // On and off.
		count := [2]int{}
		for leaf := range shapes[0].rules {
			was, is := truth[0][leaf][customer], truth[1][leaf][customer]
			for i, holds := range []bool{was, is} {
				if holds {
					count[i]++
				}
			}
			switch {
			case is && !was:
				turned[0] = append(turned[0], leaf+"_leaf")
			case was && !is:
				turned[1] = append(turned[1], leaf+"_leaf")
			}
		}
		least := len(shapes[0].rules)
		if shapes[0].kind == "any" {
			least = 1
		}
		was, is := count[0] >= least, count[1] >= least
		switch {
		case is && !was:
			n := want[inOrder(turned[0])]
			want[inOrder(turned[0])] = [2]int64{n[0] + 1, n[1]}
		case was && !is:
			n := want[inOrder(turned[1])]
			want[inOrder(turned[1])] = [2]int64{n[0], n[1] + 1}
		}
	}
	got := map[string][2]int64{}
	for i := range r.Changes {
		c := &r.Changes[i]
		if c.Name != name {
			continue
		}
		for _, cause := range c.Causes {
			if cause.Joined+cause.Left > 0 {
				got[cause.Name] = [2]int64{cause.Joined, cause.Left}
			}
		}
		for _, set := range c.Together {
			got[inOrder(set.Causes)] = [2]int64{set.Joined, set.Left}
		}
	}
	require.Equal(t, want, got, name)
	return len(want)
}
