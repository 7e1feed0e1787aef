package evaluate_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
)

// plainly and otherwise say the same in different words: the order of terms and
// values, params in place of what they stand for, names of traits in place of
// their values, units, bounds, and the sides of comparisons.
const (
	plainly = `
params: {two: 2, span: 7, start: 2025-12-01, chosen_ones: [a, b]}
segments:
  recent:  {where: count(open) last 48 hours >= 1}
  regular: {where: count(event) last 7 days between 1 and 3}
  liked:   {where: "count(event where category in ('a', 'b') and via = 'x') ever >= 2 or customer_id > 70"}
  late:    {where: max(event.event_id) since date '2025-12-01' before date '2026-01-01' >= 960}
  ranked:  {where: "percentile(count(event) ever among recent within customer_id) >= 50"}
  summed:  {where: "sum(event.event_id where category = 'a' and via = 'x') last 12 months + customer_id * 2 > 900"}
  both:    {where: "recent and not liked"}
  walked:  {where: "sequence(open where category = 'a' then not event within 24 hours, early) last 14 days"}
  off:     {where: "not (count(event) last 60 days <= 0) and count(viax) ever < 1"}
partitions:
  kind:
    stages: [{fresh: count(open) last 48 hours >= 1}, {known: count(event) last 7 days >= 2}, {rest: else}]
`
	otherwise = `
params: {two: 2, span: 7, start: 2025-12-01, chosen_ones: [b, a]}
traits:
  counts: {value: count(event) last $span days}
  likes:  {value: "count(event where 'x' = via and category in $chosen_ones) ever"}
  newest: {value: "max(event.event_id) since $start before date '2026-01-01'"}
  place:  {value: percentile(number among recent within customer_id)}
  number: {value: count(event) ever}
  sum_of: {value: sum(event.event_id where via = 'x' and category in ('a')) last 4 quarters}
segments:
  recent:  {where: 0 < count(open) last 2880 minutes}
  regular: {where: counts >= 1 and counts < 4}
  liked:   {where: "70 < customer_id or likes > 1"}
  late:    {where: 960.0 <= newest}
  ranked:  {where: "50 <= place"}
  summed:  {where: 2 * customer_id + sum_of > 900}
  both:
    where:
      all:
        - recent
        - not: [liked]
  walked:  {where: "sequence(open where category in ('a') then not event within 1440 minutes, early) last 2 weeks"}
  off:     {where: "not (count(viax) ever >= 1) and count(event) last 60 days > 0"}
partitions:
  kind:
    stages: [{fresh: recent}, {known: not (counts < $two)}, {rest: else}]
`
)

// TestSharedSpelling evaluates two programs that differ in spelling alone: their
// plans are of one size and their members the same.
func TestSharedSpelling(t *testing.T) {
	t.Parallel()
	s := edgeShop(t, edgeRows(t), "BIGINT", "VARCHAR", strconv.Itoa)
	exec(t, s.db, "INSERT INTO events SELECT event_id + 2000, customer_id, ts - INTERVAL 1 HOUR, event_type, category, via, loaded_at FROM events WHERE customer_id % 3 = 0")
	type answer struct {
		traits, conditions, passes, rounds int
		members                            map[string][]string
	}
	var answers []answer
	for _, text := range []string{plainly, otherwise} {
		spelled := tinyOn(t, s.db, map[string]string{"strata.yaml": edgeProject, "strata.schema.yaml": edgeColumns("BIGINT", "VARCHAR"), "segments/all.yaml": text})
		words := spelled.words(t, tinyNoon, spelled.all(t)...)
		a := answer{len(words.Plan.Traits), len(words.Plan.Conditions), len(words.Plan.Passes), words.Plan.Rounds, map[string][]string{}}
		for _, unit := range words.Plan.Units {
			name := unit.Definition.DefinitionName()
			if p, ok := unit.Definition.(*check.Partition); ok {
				for i, stage := range p.Stages {
					a.members[stage.Name] = spelled.keys(t, words, unit.InStage(i))
				}
				spelled.stagesIn(t, words, name)
				continue
			}
			a.members[name] = spelled.keys(t, words, unit.Members)
			alone, err := spelled.StandaloneMembers(t.Context(), unit.Definition, tinyNoon)
			require.NoError(t, err)
			require.Equal(t, alone, a.members[name], name)
			require.NotEmpty(t, alone, name)
		}
		answers = append(answers, a)
	}
	require.Equal(t, answers[0], answers[1])
}
