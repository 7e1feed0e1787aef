package evaluate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/plan"
)

// keptLayout is a random layout of which sources tell what is new: by when it
// was loaded, by saying that rows are only added, or not at all.
func keptLayout(r *rand.Rand) layout {
	l := randomLayout(r)
	for i, t := range l.tables {
		switch t.source {
		case "events":
			if r.IntN(10) < 3 {
				l.tables[i].mapping = strings.Replace(t.mapping, "loaded_at: loaded_at", "append_only: true", 1)
			}
		case "orders":
			mapped := strings.TrimSuffix(t.mapping, "}")
			switch n := r.IntN(10); {
			case n < 4:
				l.tables[i].mapping = mapped + ", append_only: true}"
			case n < 8:
				l.tables[i].mapping = mapped + ", loaded_at: loaded_at}"
				l.tables[i].columns = append(slices.Clone(t.columns), columnOf{"loaded_at", l.time})
			}
		}
	}
	return l
}

// newKeptScript makes a project with many additive traits, and a warehouse that
// lives on between the as-ofs of a few runs.
func newKeptScript(r *rand.Rand, steps int) keptScript {
	for {
		b := &batch{layout: keptLayout(r)}
		b.asOf = randomAsOf(r, b.zone)
		b.defineKept(r)
		s := keptScript{batch: b, definitions: segmentsAndPartitions(atOneMoment(b.asked()))}
		if s.keeps() {
			s.live(r, steps)
			return s
		}
	}
}

// keeps reports whether a run of the definitions leaves something to continue
// from.
func (s keptScript) keeps() bool {
	p := plan.BuildFor(s.program, s.definitions, plan.Options{Keep: true})
	return p.Together() && slices.ContainsFunc(p.Passes, func(p *plan.Pass) bool { return p.Kept })
}

// defineKept writes the definitions of a batch.
func (b *batch) defineKept(r *rand.Rand) {
	g := &gen{Rand: r, asOf: b.asOf}
	b.batchDefinitions()
	for i := range 2 {
		g.trait(b.definitions, i)
	}
	var common pool
	common.addOfRows(g)
	for range 5 {
		common = append(common, g.additive())
	}
	segment := func(i int) {
		for g.segment(b.definitions, i, common); ; g.segment(b.definitions, i, common) {
			if !strings.Contains(b.definitions[fmt.Sprintf("segment_%d", i)], "    sql: ") || g.chance(20) {
				return
			}
		}
	}
	segment(0)
	g.partition(b.definitions, 0, common)
	common.addOfCustomers(g)
	segment(1)
	g.partition(b.definitions, 1, common)
	g.score(b.definitions)
	for i := range 4 {
		g.additiveSegment(b.definitions, i, common)
	}
	g.additivePartition(b.definitions)
	b.definitions["gate_0"] = "gates:\n  gate_0:\n    where: " + g.yaml(g.additive()) + "\n"
	b.definitions["gate_1"] = "gates:\n  gate_1:\n    where: " + g.yaml(common.test(g, 1)) + "\n"
	b.settle()
	b.addGates(g)
}

// batchDefinitions are what every project has.
func (b *batch) batchDefinitions() {
	b.definitions = map[string]string{
		"constants": constants,
		listFile:    "customer_id\n" + strings.Join(keys(b.key)[:4], "\n") + "\n",
	}
}

// additive writes a test of numbers of rows and of sums.
func (g *gen) additive() string {
	return g.one(g.counted, g.counted, func() string {
		return g.sumOfRows() + g.pick([]string{" > 1", " >= 2.5", " < 3", " <> 0", " = 0", " between 0 and 3"})
	},
		func() string { return g.rowsCounted() + " > " + g.rowsCounted() },
		func() string { return g.sumOfRows() + " >= " + g.sumOfRows() },
		func() string { return g.rowsCounted() + " * 2 - " + g.rowsCounted() + " >= 1" },
		func() string { return g.rowsCounted() + g.pick([]string{" >= age", " > seats", " + age < 4"}) },
		func() string { return g.rowsCounted() + " >= days_since(" + g.momentLiteral() + ")" },
	)
}

func (g *gen) rowsCounted() string {
	text, _, _ := strings.Cut(g.counted(), ") ")
	return text + ") " + g.rowWindow()
}

func (g *gen) sumOfRows() string {
	stream := g.anyStream()
	filter := g.pick([]string{"", " where item = 'x'", " where item in ('x', 'y')", " where qty > 1", " where item = 'x' and qty is not missing", " where due in last 7 days"})
	column := g.pick([]string{"qty", "qty", "price", "points"})
	if slices.Contains(orderStreams, stream) {
		column = g.pick([]string{"amount", "amount", "qty", "discount", "weight"})
		filter = strings.Replace(filter, "due", "shipped_on", 1)
	}
	return fmt.Sprintf("sum(%s.%s%s) %s", stream, column, filter, g.rowWindow())
}

// additiveSegment writes a segment that mostly needs additive traits alone.
func (g *gen) additiveSegment(definitions map[string]string, i int, common pool) {
	name := fmt.Sprintf("segment_additive_%d", i)
	where := g.additive()
	switch g.IntN(4) {
	case 0:
		where = fmt.Sprintf("%s and not (%s)", where, g.additive())
	case 1:
		where = fmt.Sprintf("%s or %s", where, g.additive())
	case 2:
		where = fmt.Sprintf("%s and %s", where, common.test(g, 1))
	}
	definitions[name] = fmt.Sprintf("segments:\n  %s:\n    where: %s\n", name, g.yaml(where))
}

// additivePartition writes a partition over numbers of rows.
func (g *gen) additivePartition(definitions map[string]string) {
	definitions["partition_additive"] = fmt.Sprintf("partitions:\n  partition_additive:\n    stages:\n      - one: %s\n      - two: %s\n      - rest: else\n",
		g.yaml(g.additive()), g.yaml(g.additive()))
	if g.chance(50) {
		definitions["partition_additive"] = fmt.Sprintf("partitions:\n  partition_additive:\n    over: %s\n    bands: [one: '>= 3', two: 'between 1 and 2', rest: else]\n",
			g.yaml(g.rowsCounted()))
	}
}

// living fills the warehouse of a script, step by step.
type living struct {
	*data
	script *keptScript
	reader *naive
	// loads is, by source, the newest load of all rows.
	loads map[string]time.Time
}

// live writes the script.
func (s *keptScript) live(r *rand.Rand, steps int) {
	d := &living{data: &data{Rand: r, batch: s.batch}, script: s, reader: newNaive(s.program, nil, nil), loads: map[string]time.Time{}}
	d.collect()
	d.moves(steps)
	for _, asOf := range s.asOfs {
		s.asOf = asOf
		d.collect()
	}
	d.begin()
	for step := 1; step < steps; step++ {
		d.customersChange(step)
		d.rowsChange(step)
		d.append(step)
	}
}

// moves chooses the as-ofs.
func (d *living) moves(steps int) {
	back := []time.Duration{0, time.Hour, 24 * time.Hour, 48 * time.Hour, 30 * 24 * time.Hour}
	at := d.asOf.Add(-back[d.IntN(len(back))])
	for range steps {
		d.script.asOfs = append(d.script.asOfs, at)
		at = d.next(at)
	}
}

// next is a later as-of; seldom it is the same or an earlier one.
func (d *living) next(at time.Time) time.Time {
	zone := d.program.Zone
	lengths := []time.Duration{time.Microsecond, time.Second, 30 * time.Minute, time.Hour, 90 * time.Minute, 6 * time.Hour, 24 * time.Hour, 48 * time.Hour}
	switch n := d.IntN(20); {
	case n == 0:
		return at.Add(-lengths[d.IntN(len(lengths))] * time.Duration(d.IntN(2)))
	case n < 9:
		return at.Add(lengths[d.IntN(len(lengths))])
	case n < 12:
		return calendar.Step(at, calendar.Duration{N: 1, Unit: []calendar.Unit{calendar.Day, calendar.Week, calendar.Month}[d.IntN(3)]}, zone)
	case n < 15:
		return calendar.StartOf(at, []calendar.Unit{calendar.Hour, calendar.Day, calendar.Week, calendar.Month}[d.IntN(4)], 1, zone)
	}
	for range 20 {
		later := d.moments[d.IntN(len(d.moments))]
		if later.After(at) && later.Before(at.AddDate(0, 0, 40)) {
			return later
		}
	}
	return at.Add(time.Duration(1 + d.Int64N(int64(72*time.Hour)))).Truncate(time.Microsecond)
}

// add puts a row into the script and notes when it was loaded.
func (d *living) add(source string, row record, born int) {
	d.script.items = append(d.script.items, &keptItem{source: source, row: row, born: born, gone: forever})
	for _, s := range d.program.Sources {
		if s.Name != source || s.LoadedAt == nil {
			continue
		}
		if v := d.reader.read(s, s.LoadedAt, row); v != nil && d.reader.instant(v).After(d.loads[source]) {
			d.loads[source] = d.reader.instant(v)
		}
	}
}

// begin makes what the first run sees.
func (d *living) begin() {
	all := keys(d.key)
	for _, key := range all[:4+d.IntN(6)] {
		d.newCustomer(key, 0)
	}
	for _, key := range all {
		if d.IntN(5) > 0 {
			d.beginRows(d.rawKey(key))
		}
	}
	d.beginRows(nil)
}

func (d *living) beginRows(key any) {
	for range d.IntN(8) {
		d.add("events", d.row("events", key), 0)
	}
	for range d.IntN(7) {
		d.add("orders", d.row("orders", key), 0)
	}
}

// row draws a row of a source.
func (d *living) row(source string, key any) record {
	r := d.event()
	if source == "orders" {
		r = d.order()
		r["loaded_at"] = d.time(d.layout.time)
	}
	r["customer_id"] = key
	var before []record
	for _, item := range d.script.items[max(0, len(d.script.items)-2):] {
		if item.source == source {
			before = append(before, item.row)
		}
	}
	d.tie(r, d.atColumn(source), before)
	return r
}

func (d *living) atColumn(source string) string {
	if source == "orders" {
		return "ordered_at"
	}
	return "ts"
}

// newCustomer adds a customer, in versions where history is mapped.
func (d *living) newCustomer(key string, born int) {
	created := d.orNil(d.fitting(d.moment(), d.layout.time))
	versions := 1
	if d.history {
		versions += d.IntN(3)
	}
	seen := map[string]bool{}
	for range versions {
		row := d.customer(key)
		row["created_at"] = created
		if d.history {
			from := d.fitting(d.moment(), d.layout.time)
			if seen[literal(from, "")] {
				continue
			}
			seen[literal(from, "")] = true
			row["valid_from"], row["valid_to"] = from, d.time(d.layout.time)
		}
		d.add("customers", row, born)
	}
}
