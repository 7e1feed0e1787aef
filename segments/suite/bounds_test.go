package suite_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/suite"
)

// bounded has one segment with the given bounds, and a partition with them.
func bounded(t *testing.T, expect string) *check.Program {
	t.Helper()
	return load(t, `segments:
  few:
    where: points > 0
    expect: `+expect+`
  free: {where: points > 1}
partitions:
  halves:
    stages: [{some: points > 0}, {rest: else}]
    expect: `+expect+`
`)
}

// sized is the result of a run in which the segment has a size.
func sized(size int64) *evaluate.Result {
	return &evaluate.Result{AsOf: time.Date(2026, 1, 15, 11, 0, 0, 0, time.UTC), Units: []evaluate.Unit{
		{Kind: evaluate.SegmentUnit, Name: "few", Hash: "h", Size: size},
		{Kind: evaluate.SegmentUnit, Name: "free", Hash: "h", Size: size},
	}}
}

// before is an earlier run of the given size, some hours before the result.
func before(size int64, hours float64) suite.Previous {
	return func(name, hash string) (int64, time.Time, bool) {
		at := time.Date(2026, 1, 15, 11, 0, 0, 0, time.UTC).Add(-time.Duration(hours * float64(time.Hour)))
		return size, at, name == "few" && hash == "h"
	}
}

func never(string, string) (int64, time.Time, bool) { return 0, time.Time{}, false }

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		expect  string
		size    int64
		message string
	}{
		{"{size: 20..400}", 20, ""},
		{"{size: 20..400}", 400, ""},
		{"{size: 20..400}", 19, "expected a size of 20..400, got 19"},
		{"{size: 20..400}", 401, "expected a size of 20..400, got 401"},
		{"{size: 20..}", 1 << 40, ""},
		{"{size: 20..}", 0, "expected a size of 20.., got 0"},
		{"{size: ..5}", 5, ""},
		{"{size: ..5}", 6, "expected a size of ..5, got 6"},
		{"{size: 0}", 0, ""},
		{"{size: 0}", 1, "expected a size of 0, got 1"},
	} {
		program := bounded(t, c.expect)
		outcomes := suite.Bounds(sized(c.size), never, program.Order)
		require.Len(t, outcomes, 1, "the partition was not evaluated, and the other segment has no bounds")
		o := outcomes[0]
		require.Equal(t, []any{"few", "size", c.message, c.message == ""}, []any{o.Definition, o.Test, o.Message, o.Passed}, c.expect)
		require.Equal(t, "segments/a.yaml", o.File)
		require.Equal(t, 4, o.Line)
	}
}

func TestChanges(t *testing.T) {
	for _, c := range []struct {
		old     int64
		hours   float64
		size    int64
		message string
	}{
		{100, 24, 130, ""},
		{100, 24, 70, ""},
		{100, 24, 131, "expected a change of at most 30% in a day, got 31%: from 100 to 131"},
		{100, 24, 69, "expected a change of at most 30% in a day, got -31%: from 100 to 69"},
		{100, 1, 130, ""},
		{100, 1, 131, "expected a change of at most 30% in a day, got 31%: from 100 to 131"},
		{100, 0, 130, ""},
		{100, 48, 160, ""},
		{100, 48, 161, "expected a change of at most 60% in 2 days, got 61%: from 100 to 161"},
		{100, 36, 145, ""},
		{100, 36, 146, "expected a change of at most 45% in 1.5 days, got 46%: from 100 to 146"},
		{3, 24, 4, "expected a change of at most 30% in a day, got 33.3%: from 3 to 4"},
		{100, -24, 131, "expected a change of at most 30% in a day, got 31%: from 100 to 131"},
	} {
		outcomes := suite.Bounds(sized(c.size), before(c.old, c.hours), bounded(t, "{change_per_day: 30%}").Order)
		require.Len(t, outcomes, 1)
		require.Equal(t, c.message, outcomes[0].Message)
		require.Equal(t, c.message == "", outcomes[0].Passed)
		require.False(t, outcomes[0].Skipped)
	}
}

// A first run and a run after an empty one are not checked, and say so.
func TestNothingToCompare(t *testing.T) {
	program := bounded(t, "{size: 1.., change_per_day: 10%}")
	for message, previous := range map[string]suite.Previous{
		"not checked: there is no earlier run of this definition": never,
		"not checked: the run before found no members":            before(0, 24),
	} {
		outcomes := suite.Bounds(sized(5), previous, program.Order)
		require.Len(t, outcomes, 2)
		require.Equal(t, []string{"size", "change_per_day"}, []string{outcomes[0].Test, outcomes[1].Test})
		require.True(t, outcomes[1].Passed)
		require.True(t, outcomes[1].Skipped)
		require.Equal(t, message, outcomes[1].Message)
	}
}

// The bounds of a partition hold for each of its stages.
func TestStages(t *testing.T) {
	result := sized(50)
	result.Units = append(result.Units,
		evaluate.Unit{Kind: evaluate.StageUnit, Name: "halves.some", Size: 50}, evaluate.Unit{Kind: evaluate.StageUnit, Name: "halves.rest", Size: 5})
	found := map[string]string{}
	for _, o := range suite.Bounds(result, never, bounded(t, "{size: 20..60}").Order) {
		found[o.Definition] = o.Message
	}
	require.Equal(t, map[string]string{"few": "", "halves.some": "", "halves.rest": "expected a size of 20..60, got 5"}, found)
}

// Bounds agree with the definition of the bound in whole numbers: with hours h
// since the run before, |new - old| x 100 x 24 <= share x old x max(24, h).
func TestChangeLaw(t *testing.T) {
	programs := map[int64]*check.Program{}
	for _, share := range []int64{0, 1, 10, 30, 33, 70, 100, 250} {
		programs[share] = bounded(t, fmt.Sprintf("{change_per_day: %d%%}", share))
	}
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.SampledFrom([]int64{0, 1, 10, 30, 33, 70, 100, 250}).Draw(t, "share")
		old := rapid.Int64Range(1, 1000).Draw(t, "old")
		size := rapid.Int64Range(0, 4000).Draw(t, "new")
		hours := rapid.Int64Range(0, 200).Draw(t, "hours")
		outcomes := suite.Bounds(sized(size), before(old, float64(hours)), programs[share].Order)
		require.Len(t, outcomes, 1)
		moved := max(size-old, old-size)
		require.Equal(t, moved*100*24 <= share*old*max(24, hours), outcomes[0].Passed, outcomes[0].Message)
	})
}

// A real run gives the sizes that the bounds are held against.
func TestBoundsOfRun(t *testing.T) {
	program := bounded(t, "{size: 1..}")
	db := scratch(t,
		"CREATE SCHEMA crm",
		"CREATE TABLE crm.people (customer_id BIGINT, points INTEGER, created_at TIMESTAMPTZ)",
		"INSERT INTO crm.people SELECT i, i - 3, NULL FROM range(5) AS r(i)",
		"CREATE TABLE events (customer_id BIGINT, ts TIMESTAMPTZ)",
		"CREATE TABLE raw_orders (order_id INTEGER, customer_id BIGINT, ordered_at TIMESTAMP, total DECIMAL(12,2), status VARCHAR)")
	var defs []check.Definition
	for _, d := range program.Order {
		if d.DefinitionKind() == "segment" || d.DefinitionKind() == "partition" {
			defs = append(defs, d)
		}
	}
	e := evaluate.New(db, program)
	result, err := e.Run(t.Context(), evaluate.RunOptions{AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Definitions: defs, Now: ticking()})
	require.NoError(t, err)
	outcomes := suite.Bounds(result, never, defs)
	require.Len(t, outcomes, 3)
	for _, o := range outcomes {
		require.True(t, o.Passed, "%s: %s", o.Definition, o.Message)
	}
}
