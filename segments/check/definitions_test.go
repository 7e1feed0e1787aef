package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

func lookup[D check.Definition](t *testing.T, program *check.Program, name string) D {
	t.Helper()
	d, ok := program.Lookup(name)
	require.True(t, ok, name)
	typed, ok := d.(D)
	require.True(t, ok, name)
	return typed
}

func defined(list []check.Definition) []string {
	var names []string
	for _, d := range list {
		names = append(names, d.DefinitionName())
	}
	return names
}

const connected = `
params: {n: 3}
lists: {friends: {file: friends.csv, column: id}}
segments:
  top: {where: base and friends and not (base) and count(order where customer.worth > 2) since first_at > $n, gate: mail}
  base: {where: stage = 'a' and worth > 1}
  plain: {where: visits > 1}
traits:
  worth: {value: sum(order.total) ever}
  first_at: {value: min(order.at) ever}
partitions:
  stage: {stages: [{a: worth > 3}, {b: else}]}
gates:
  mail: {where: plain and worth > 0}
`

func TestNeedsAndOrder(t *testing.T) {
	program, list := load(t, files("segments/a.yaml", connected, "friends.csv", "id\n7\n9\n7\n"))
	require.NoError(t, list.Err())
	top := lookup[*check.Segment](t, program, "top")
	require.Equal(t, []string{"base", "friends", "worth", "first_at"}, defined(top.Needs()))
	require.Equal(t, []string{"stage", "worth"}, defined(lookup[*check.Segment](t, program, "base").Needs()))
	require.Equal(t, []string{"plain", "worth"}, defined(lookup[*check.Gate](t, program, "mail").Needs()))
	require.Equal(t, []string{"7", "9"}, lookup[*check.List](t, program, "friends").Keys)
	require.Same(t, program.Gates[0], top.Gates[0])
	require.Equal(t, "3", program.Params["n"].Values[0].Number)

	seen := map[check.Definition]bool{}
	for _, d := range program.Order {
		for _, need := range d.Needs() {
			require.True(t, seen[need], "%s stands before %s", d.DefinitionName(), need.DefinitionName())
		}
		seen[d] = true
	}
	require.Len(t, seen, 8)
}

// A chain of definitions may be long, forwards and backwards in the file.
func TestDepthIsNotLimited(t *testing.T) {
	const depth = 10_000
	var b strings.Builder
	b.WriteString("traits:\n  t0: {value: visits}\n")
	for i := 1; i < depth; i++ {
		fmt.Fprintf(&b, "  t%d: {value: t%d + 1}\n", i, i-1)
	}
	for i := range depth {
		fmt.Fprintf(&b, "  b%d: {value: b%d + 1}\n", i, i+1)
	}
	fmt.Fprintf(&b, "  b%d: {value: visits}\n", depth)
	program := shop(t, b.String())
	require.Len(t, program.Order, 2*depth+1)
	list, err := program.Select([]string{"+b0"})
	require.NoError(t, err)
	require.Len(t, list, depth+1)
}

func TestTreeKeepsItsNames(t *testing.T) {
	program := shop(t, `
segments:
  a: {where: visits > 1}
  s:
    where:
      all:
        - a
        - one: weight > 1
        - group: {any: [{two: bounced}, {not: [{three: country = 'DE'}]}]}
  single: {where: visits > 1 and (bounced and weight > 2) and a}
`)
	s := lookup[*check.Segment](t, program, "s")
	var leaves []string
	for _, leaf := range s.Where.Leaves() {
		leaves = append(leaves, leaf.Name+": "+check.Text(leaf.X))
	}
	require.Equal(t, []string{"a: a", "one: weight > 1", "two: bounced", "three: country = 'DE'"}, leaves)
	require.Equal(t, "group", s.Where.Children[2].Name)
	require.Equal(t, definition.Any, s.Where.Children[2].Kind)
	require.Equal(t, definition.None, s.Where.Children[2].Children[1].Kind)

	single := lookup[*check.Segment](t, program, "single")
	leaves = nil
	for _, leaf := range single.Where.Leaves() {
		leaves = append(leaves, leaf.Name+": "+check.Text(leaf.X))
	}
	require.Equal(t, []string{"c1: visits > 1", "c2: bounced and weight > 2", "c3: a"}, leaves)
}

func TestBandsCompareOver(t *testing.T) {
	program := shop(t, `
partitions:
  tier:
    over: percentile(weight)
    bands: [top: '>= 75', middle: between 25 and 75, even: 'in (1, 2)', none: missing, rest: else]
`)
	tier := lookup[*check.Partition](t, program, "tier")
	var stages []string
	for _, s := range tier.Stages {
		stages = append(stages, s.Name+": "+check.Text(s.X))
	}
	require.Equal(t, []string{
		"top: percentile(weight) >= 75", "middle: percentile(weight) between 25 and 75", "even: percentile(weight) in (1, 2)",
		"none: percentile(weight) is missing", "rest: ",
	}, stages)
	require.Nil(t, tier.Stages[4].X)
	compare, ok := tier.Stages[0].X.(*check.Compare)
	require.True(t, ok)
	require.Same(t, tier.Over, compare.X)
}

func TestSequenceParts(t *testing.T) {
	program := shop(t, "")
	x, list := program.Expression(typed(
		"sequence(add_to_cart x 2 then not order where total > 5 within 24 hours then product_view within 3 days, same cart_id, anchor last) last 30 days"))
	require.NoError(t, list.Err())
	s, ok := x.(*check.Sequence)
	require.True(t, ok)
	require.False(t, s.Times)
	require.Equal(t, rule.AnchorLast, s.Anchor)
	require.Equal(t, 2, s.Steps[0].Repeat)
	require.Zero(t, s.Steps[0].Within)
	require.True(t, s.Steps[1].Not)
	require.Equal(t, "total > 5", check.Text(s.Steps[1].Rows.Where))
	require.Equal(t, calendar.Duration{N: 24, Unit: calendar.Hour}, s.Steps[1].Within)
	for _, step := range s.Steps {
		require.Equal(t, step.Rows.Stream.Columns["cart_id"].Field, step.Same.Field)
	}
}

// The first and last row of a stream are its smallest and largest time.
func TestElapsedSinceRows(t *testing.T) {
	program := shop(t, "")
	for text, op := range map[string]rule.AggregateOp{"days_since(first order where total > 5)": rule.Min, "days_since(last order where total > 5)": rule.Max} {
		x, list := program.Expression(typed(text))
		require.NoError(t, list.Err())
		e, ok := x.(*check.Elapsed)
		require.True(t, ok)
		a, ok := e.X.(*check.Aggregate)
		require.True(t, ok)
		require.Equal(t, op, a.Op)
		require.Equal(t, "ever", a.Window.Text)
		require.Equal(t, calendar.Window{}, a.Window.Calendar)
		require.Equal(t, text, check.Text(x))
	}
}

// With history the same rules that need it are right.
func TestHistoryAllowsFields(t *testing.T) {
	program := historic(t)
	for _, text := range []string{"country as of 30 days ago = 'DE'", "(country = 'DE') for 7 days", "vip as of date '2026-01-01'"} {
		_, list := program.Rule(typed(text))
		require.NoError(t, list.Err(), text)
	}
}

// Everything wrong in all files is reported in one run, in order.
func TestAllProblemsAtOnce(t *testing.T) {
	fs := files(
		"segments/b.yaml", "segments:\n  b1: {where: nothing > 1}\n  b2: {where: b1 and visits = 'x'}\n",
		"segments/a.yaml", "segments:\n  a1: {where: count(ordr) ever > 1}\n  a2: {where: a1 and b1 and lost}\n",
	)
	program, list := load(t, fs)
	require.Nil(t, program)
	var found []string
	for _, d := range list {
		found = append(found, fmt.Sprintf("%s:%d %s", d.Span.File.Name, d.Span.File.Position(d.Span.Start).Line, d.Code))
	}
	require.Equal(t, []string{"segments/a.yaml:2 E204", "segments/a.yaml:3 E200", "segments/b.yaml:2 E200", "segments/b.yaml:3 E230"}, found)
}

// A long circle is shown by its ends.
func TestLongCircle(t *testing.T) {
	const length = 5_000
	var b strings.Builder
	b.WriteString("traits:\n")
	for i := range length {
		fmt.Fprintf(&b, "  t%d: {value: t%d + 1}\n", i, (i+1)%length)
	}
	_, list := load(t, files("segments/a.yaml", b.String()))
	require.Len(t, list, 1)
	require.Equal(t, `"t0" needs itself: t0 -> t1 -> t2 -> t3 -> t4 -> t5 -> t6 -> t7 -> … -> t4998 -> t4999 -> t0`, list[0].Message)
}
