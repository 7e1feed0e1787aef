package evaluate_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// batch is a random project at a moment: several definitions that are
// evaluated on the same data.
type batch struct {
	layout
	asOf        time.Time
	knownAt     *time.Time
	definitions map[string]string
	program     *check.Program
	data        tables
}

// constants are the params and the list of every project.
const constants = `params:
  n: 3
  words: [DE, x, '', pro]
  launch: 2026-01-31
lists:
  chosen: {file: lists/chosen.csv, column: customer_id}
`

// newBatch makes a project whose definitions pass the check, and data for it.
func newBatch(r *rand.Rand) *batch { return newBatchWith(r, overTime) }

// newBatchWith is newBatch with, or without, definitions that look at more than
// one moment.
func newBatchWith(r *rand.Rand, overTime bool) *batch {
	b := &batch{layout: randomLayout(r)}
	b.asOf = randomAsOf(r, b.zone)
	g := &gen{Rand: r, asOf: b.asOf, overTime: overTime}
	b.definitions = map[string]string{
		"constants": constants,
		listFile:    "customer_id\n" + strings.Join(keys(b.key)[:4], "\n") + "\n",
	}
	for i := range 3 {
		g.trait(b.definitions, i)
	}
	var common pool
	common.addOfRows(g)
	for i := range 2 {
		g.segment(b.definitions, i, common)
	}
	g.partition(b.definitions, 0, common)
	common.addOfCustomers(g)
	for i := range 3 {
		g.segment(b.definitions, 2+i, common)
	}
	g.partition(b.definitions, 1, common)
	g.score(b.definitions)
	for i, test := range []string{g.test(2), common.test(g, 2), g.counted()} {
		name := fmt.Sprintf("gate_%d", i)
		b.definitions[name] = fmt.Sprintf("gates:\n  %s:\n    where: %s\n", name, g.yaml(test))
	}
	b.settle()
	b.addGates(g)
	if r.IntN(4) == 0 {
		known := b.asOf.AddDate(0, 0, -r.IntN(3))
		b.knownAt = &known
	}
	b.data = randomData(r, b)
	return b
}

// naive is the naive evaluator of the batch on some data.
func (b *batch) naive(data tables) *naive { return newNaive(b.program, data, b.knownAt) }

// evaluator is the evaluator of the batch in a database.
func (b *batch) evaluator(db *warehouse.DB) *evaluate.Evaluator {
	e := evaluate.New(db, b.program)
	if b.knownAt != nil {
		return e.KnownAt(*b.knownAt)
	}
	return e
}

// settle drops the definitions that the check refuses, such as a negative step
// that can never be decided, with all that need them.
func (b *batch) settle() {
	for {
		program, list := checked(b.layout, b.definitions)
		if program != nil {
			b.program = program
			return
		}
		dropped := false
		for _, d := range list {
			if d.Span.File == nil {
				continue
			}
			name := strings.TrimSuffix(strings.TrimPrefix(d.Span.File.Name, "segments/"), ".yaml")
			if _, ok := b.definitions[name]; ok && name != "constants" {
				delete(b.definitions, name)
				dropped = true
			}
		}
		if !dropped {
			panic(fmt.Sprintf("the project itself is wrong: %v", list))
		}
	}
}

// yaml writes an expression as a scalar, in one of the ways YAML has.
func (g *gen) yaml(text string) string {
	switch g.IntN(3) {
	case 0:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case 1:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	return ">-\n          " + text
}

func (g *gen) trait(definitions map[string]string, i int) {
	name := fmt.Sprintf("trait_%d", i)
	text := ""
	switch g.IntN(5) {
	case 0:
		text = g.text(2)
		defer func() { g.named.texts = append(g.named.texts, name) }()
	case 1:
		text = g.time(2)
		defer func() { g.named.times = append(g.named.times, name) }()
	default:
		text = g.number(2)
		defer func() { g.named.numbers = append(g.named.numbers, name) }()
	}
	definitions[name] = fmt.Sprintf("traits:\n  %s:\n    value: %s\n", name, g.yaml(text))
}

func (g *gen) segment(definitions map[string]string, i int, common pool) {
	name := fmt.Sprintf("segment_%d", i)
	where := g.yaml(common.test(g, 3))
	switch g.IntN(4) {
	case 0:
		where = fmt.Sprintf("\n      all:\n        - one: %s\n        - any: [two: %s, three: %s]\n        - not: {four: %s}\n",
			g.yaml(common.test(g, 2)), g.quoted(common.test(g, 1)), g.quoted(g.test(1)), g.quoted(g.test(1)))
	case 1:
		where = fmt.Sprintf("\n      any:\n        - one: %s\n        - group: {all: [two: %s, three: %s]}\n",
			g.yaml(common.test(g, 2)), g.quoted(g.test(2)), g.quoted(common.test(g, 1)))
	}
	definitions[name] = fmt.Sprintf("segments:\n  %s:\n    where: %s\n", name, where)
	if g.chance(8) {
		definitions[name] = fmt.Sprintf("segments:\n  %s:\n    sql: %s\n", name, g.yaml(g.pick([]string{sqlOfOrders, sqlOfTime})))
	}
	g.named.segments = append(g.named.segments, name)
}

func (g *gen) quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func (g *gen) partition(definitions map[string]string, i int, common pool) {
	name := fmt.Sprintf("partition_%d", i)
	if g.chance(50) {
		definitions[name] = fmt.Sprintf("partitions:\n  %s:\n    stages:\n      - one: %s\n      - two: %s\n      - rest: else\n",
			name, g.yaml(common.test(g, 2)), g.yaml(common.test(g, 2)))
	} else {
		definitions[name] = fmt.Sprintf("partitions:\n  %s:\n    over: %s\n    bands: [one: '>= %s', none: missing, two: 'between %s and %s', rest: else]\n",
			name, g.yaml(g.number(2)), g.pick(numberPool), g.pick(numberPool), g.pick(numberPool))
	}
	g.named.partitions = append(g.named.partitions, name)
}

func (g *gen) score(definitions map[string]string) {
	var text strings.Builder
	text.WriteString("traits:\n  points_0:\n    range: " + g.pick([]string{"0..100", "-10..10", "0..5.5", "-50..1000"}) + "\n    score:\n")
	for range 1 + g.IntN(3) {
		fmt.Fprintf(&text, "      - {points: %s", g.pick([]string{"1", "2.5", "-3", "10", "0.1"}))
		stream := g.anyStream()
		switch g.IntN(4) {
		case 0:
			fmt.Fprintf(&text, ", of: %s, half_life: %s", g.quoted(fmt.Sprintf("count(%s%s) %s", stream, g.whereOf(stream, 1), g.rowWindow())), g.pick([]string{"14 days", "24 hours", "1 week", "90 minutes"}))
		case 1:
			fmt.Fprintf(&text, ", of: %s, half_life: %s", g.quoted(fmt.Sprintf("sum(%s.qty) %s", stream, g.rowWindow())), g.pick([]string{"14 days", "10 hours"}))
		case 2:
			fmt.Fprintf(&text, ", of: %s", g.quoted(g.test(1)))
		default:
			fmt.Fprintf(&text, ", of: %s", g.quoted(g.number(1)))
		}
		if g.chance(60) {
			fmt.Fprintf(&text, ", cap: %s", g.pick([]string{"1", "10", "0.5", "30"}))
		}
		text.WriteString("}\n")
	}
	definitions["points_0"] = text.String()
}

// atOneMoment are those of the definitions that look at one moment alone: a
// plan evaluates only these together.
func atOneMoment(list []check.Definition) []check.Definition {
	return slices.DeleteFunc(list, func(d check.Definition) bool {
		return needsTime(d) || slices.ContainsFunc(check.GatesOf(d), func(gate *check.Gate) bool { return needsTime(gate) })
	})
}

// asked are the definitions that are compared, in the order of their names.
func (b *batch) asked() []check.Definition {
	var list []check.Definition
	for _, name := range slices.Sorted(maps.Keys(b.definitions)) {
		if d := find(b.program, name); d != nil && (overTime || !needsTime(d)) {
			list = append(list, d)
		}
	}
	return list
}
