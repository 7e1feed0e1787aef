package evaluate_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
)

func randomLayout(r *rand.Rand) layout {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	l := layout{
		zone: pick("Europe/Berlin", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"),
		key:  pick("VARCHAR", "BIGINT", "UUID"), time: pick("TIMESTAMPTZ", "TIMESTAMP"),
		id: pick("BIGINT", "VARCHAR"), amount: pick("DECIMAL(12,2)", "DECIMAL(12,2)", "DOUBLE", "INTEGER"),
		history: r.IntN(4) == 0,
	}
	l.eventAt, l.orderAt = pick("TIMESTAMPTZ", "TIMESTAMPTZ", "TIMESTAMP"), pick("TIMESTAMPTZ", "TIMESTAMP", "TIMESTAMP", "DATE")
	if r.IntN(3) == 0 {
		l.sourceZone = "UTC"
	}
	return l.described()
}

// randomAsOf prefers midnights, ends of months and days on which the clock
// changes, its second pass included.
func randomAsOf(r *rand.Rand, zoneName string) time.Time {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		panic(err)
	}
	at := time.Date(2024+r.IntN(3), time.Month(1+r.IntN(12)), 1+r.IntN(28), r.IntN(24), r.IntN(60), 0, 1000*r.IntN(1_000_000), zone)
	switch r.IntN(10) {
	case 0, 1:
		at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone)
	case 2, 3:
		at = time.Date(at.Year(), at.Month()+1, 0, 12, 0, 0, 0, zone)
	case 4:
		at = time.Date(at.Year(), time.February, 27+r.IntN(3), at.Hour(), 0, 0, 0, zone)
	case 5, 6, 7:
		if _, change := at.ZoneBounds(); !change.IsZero() {
			at = change.Add(time.Duration(r.IntN(30)-6) * 30 * time.Minute)
		}
	}
	return at.UTC()
}

func keys(physical string) []string {
	var list []string
	for i := range 12 {
		switch physical {
		case "BIGINT":
			list = append(list, strconv.Itoa(7*i-7))
		case "UUID":
			list = append(list, fmt.Sprintf("0000000%x-abcd-4000-8000-00000000000%x", i, (5*i)%12))
		default:
			list = append(list, []string{"a", "B", "c c", "o'k", "Ü", "", "k6", "k7", "k8", "k9", "10", "9"}[i])
		}
	}
	return list
}

// data fills the tables of a batch.
type data struct {
	*rand.Rand
	*batch
	// moments are what times are drawn from: edges of the windows of the rules
	// and what lies beside them, as-of, midnights, and any time before.
	moments []time.Time
	spans   []calendar.Duration
	nextID  int64
}

func randomData(r *rand.Rand, b *batch) tables {
	d := &data{Rand: r, batch: b}
	d.collect()
	out := tables{}
	all := keys(b.key)
	for _, key := range all[:5+r.IntN(8)] {
		versions := 1
		if b.history {
			versions += r.IntN(3)
		}
		created := d.orNil(d.fitting(d.moment(), b.time))
		seen := map[string]bool{}
		for range versions {
			customer := d.customer(key)
			customer["created_at"] = created
			if b.history {
				from := d.fitting(d.moment(), b.time)
				if seen[literal(from, "")] {
					continue
				}
				seen[literal(from, "")] = true
				customer["valid_from"], customer["valid_to"] = from, d.time(b.time)
			}
			out["customers"] = append(out["customers"], customer)
		}
		d.rowsOf(out, d.rawKey(key))
	}
	d.rowsOf(out, d.rawKey(all[len(all)-1]))
	d.rowsOf(out, nil)
	return out
}

func (d *data) rawKey(key string) any {
	if d.key == "BIGINT" {
		n := new(big.Int)
		n.SetString(key, 10)
		return n.Int64()
	}
	return key
}

// rowsOf adds events and orders of a customer.
func (d *data) rowsOf(out tables, key any) {
	for range d.IntN(8) {
		r := d.event()
		r["customer_id"] = key
		d.tie(r, "ts", out["events"])
		out["events"] = append(out["events"], r)
	}
	for range d.IntN(7) {
		r := d.order()
		r["customer_id"] = key
		d.tie(r, "ordered_at", out["orders"])
		out["orders"] = append(out["orders"], r)
	}
}

// tie often gives a row the time of the one before it.
func (d *data) tie(r record, at string, before []record) {
	if n := len(before); n > 0 && d.IntN(4) == 0 {
		r[at] = before[n-1][at]
	}
}

// collect gathers the moments that matter to the rules.
func (d *data) collect() {
	zone := d.program.Zone
	add := func(at time.Time) {
		d.moments = append(d.moments, at, at, at.Add(time.Microsecond), at.Add(-time.Microsecond))
	}
	for _, w := range windowsOf(d.program) {
		r := calendar.Bounds(w, d.asOf, zone)
		for _, end := range []*time.Time{r.From, r.To} {
			if end != nil {
				add(*end)
			}
		}
	}
	add(d.asOf)
	if d.knownAt != nil {
		add(*d.knownAt)
	}
	for _, definition := range d.program.Order {
		eachExpr(definition, func(e check.Expr) {
			switch e := e.(type) {
			case *check.Sequence:
				for _, step := range e.Steps {
					d.spans = append(d.spans, step.Within)
				}
			case *check.Shift:
				d.spans = append(d.spans, e.By)
			}
		})
	}
	for _, days := range []int{3, 3, 40, 40, 40, 400} {
		at := d.asOf.Add(-time.Duration(d.Int64N(int64(days) * 24 * int64(time.Hour)))).Truncate(time.Microsecond)
		d.moments = append(d.moments, at, calendar.StartOf(at, calendar.Day, 0, zone), calendar.StartOf(at, calendar.Month, 0, zone))
	}
}

// windowsOf lists the windows of a program.
func windowsOf(p *check.Program) []calendar.Window {
	var list []calendar.Window
	for _, definition := range p.Order {
		eachExpr(definition, func(e check.Expr) {
			switch e := e.(type) {
			case *check.Aggregate:
				list = append(list, e.Window.Calendar)
			case *check.Periods:
				list = append(list, e.Window.Calendar)
			case *check.Sequence:
				list = append(list, e.Window.Calendar)
			case *check.InWindow:
				list = append(list, e.Window.Calendar)
			}
		})
	}
	return list
}

// moment draws a time: often one that was drawn before or one that a span of
// the rules, or nearly so, lies away from one.
func (d *data) moment() time.Time {
	at := d.moments[d.IntN(len(d.moments))]
	switch d.IntN(10) {
	case 0, 1:
		at = at.Add(time.Duration(d.IntN(600)-300) * time.Minute)
	case 2, 3, 4, 5:
		if len(d.spans) > 0 {
			by := d.spans[d.IntN(len(d.spans))]
			if d.IntN(2) == 0 {
				by = by.Negative()
			}
			at = calendar.Step(at, by, d.program.Zone).Add(time.Duration(d.IntN(3)-1) * time.Microsecond)
		}
	}
	if len(d.moments) < 400 {
		d.moments = append(d.moments, at)
	}
	return at
}

// orNil leaves a cell empty in one of five cases.
func (d *data) orNil(v any) any {
	if d.IntN(5) == 0 {
		return nil
	}
	return v
}

func (d *data) number(list ...int64) any { return d.orNil(list[d.IntN(len(list))]) }

func (d *data) text(list ...string) any { return d.orNil(list[d.IntN(len(list))]) }

func (d *data) decimal(list ...string) any {
	exact, _ := new(big.Rat).SetString(list[d.IntN(len(list))])
	return d.orNil(exact)
}

func (d *data) double() any {
	list := []float64{0, 0.5, 1, 2.25, -1.5, 3, 100, 12.5, math.NaN(), math.Inf(1)}
	return d.orNil(list[d.IntN(len(list))])
}

func (d *data) time(physical string) any { return d.orNil(d.fitting(d.moment(), physical)) }

func (d *data) flag() any { return d.orNil(d.IntN(2) == 0) }

func (d *data) customer(key string) record {
	r := record{
		"customer_id": d.rawKey(key), "country": d.text("DE", "AT", "", "  ", "T_1", "Ünï"), "grade": d.text("a", "b", "c"),
		"age": d.number(0, 1, 2, 3, 5, 10, math.MaxInt32, math.MinInt32), "balance": d.decimal("0", "0.10", "12.50", "99.99", "-1", "100"), "ratio": d.double(),
		"vip": d.flag(), "birth": d.birth(), "renews_on": d.time("DATE"), "seen_at": d.time(d.layout.time),
		"tags":  d.orNil([]any{d.text("x", "y", "DE"), d.text("x", "it's")}),
		"codes": d.orNil([]any{d.number(1, 2, 3), d.number(5)}),
		"prefs": d.orNil(record{"lang": d.text("DE", "x"), "level": d.number(1, 2)}), "odd name": d.text("x", "pro", "", "D_", `\`, "("),
		"props": d.json(map[string][]string{
			"plan": {`"pro"`, `"x"`, `""`, `5`, `null`}, "seats": {`1`, `3`, `"3"`, `2.5`, `"many"`, `null`}, "fee": {`2.5`, `0`, `"a"`},
			"active": {`true`, `false`, `"perhaps"`}, "until": {d.dayText(), d.dayText(), `"soon"`, `"infinity"`},
		}),
	}
	return r
}

// birth is a day whose yearly return is often near.
func (d *data) birth() any {
	at, ok := d.fitting(d.moment(), "DATE").(day)
	if !ok {
		return nil
	}
	if d.IntN(4) == 0 {
		return day{time.Date(2020, time.February, 29, 0, 0, 0, 0, time.UTC)}
	}
	return d.orNil(day{at.AddDate(-d.IntN(4), 0, d.IntN(3)-1)})
}

func (d *data) dayText() string {
	return `"` + d.moment().Format(time.DateOnly) + `"`
}

// json writes an object of some of the parts.
func (d *data) json(parts map[string][]string) any {
	var text []string
	for _, name := range []string{"plan", "seats", "fee", "active", "until", "source", "points"} {
		if list := parts[name]; len(list) > 0 && d.IntN(4) > 0 {
			text = append(text, fmt.Sprintf("%q: %s", name, list[d.IntN(len(list))]))
		}
	}
	return d.orNil(jsonText("{" + strings.Join(text, ", ") + "}"))
}

func (d *data) event() record {
	d.nextID++
	return record{
		"event_id": d.nextID * 389 % 1009, "ts": d.time(d.eventAt), "event_type": d.text("view", "view", "cart", "cart", "other"),
		"item": d.text("x", "x", "y", ""), "category": d.text("DE", "x", "Z"), "qty": d.number(0, 1, 2, 3), "price": d.double(),
		"flag": d.flag(), "due": d.time("DATE"), "loaded_at": d.time(d.layout.time), "info": d.orNil(record{"page": d.text("a", "b"), "depth": d.number(1, 2)}),
		"props": d.json(map[string][]string{"source": {`"x"`, `"DE"`, `1`}, "points": {`1`, `2`, `"x"`}}),
	}
}

func (d *data) order() record {
	d.nextID++
	r := record{
		"order_id": d.nextID * 389 % 1009, "ordered_at": d.time(d.orderAt), "status": d.text("paid", "paid", "cancelled", "x"),
		"item": d.text("x", "x", "y", ""), "qty": d.number(0, 1, 2, 3, math.MinInt32), "discount": d.decimal("0", "0.125", "2.5"), "weight": d.double(),
		"shipped_on": d.time("DATE"), "paid_at": d.time(d.layout.time), "gift": d.flag(),
	}
	if d.id == "VARCHAR" {
		r["order_id"] = fmt.Sprint(r["order_id"])
	}
	switch d.amount {
	case "INTEGER":
		r["amount"] = d.number(0, 1, 10, 100)
	case "DOUBLE":
		r["amount"] = d.double()
	default:
		r["amount"] = d.decimal("0", "0.10", "10", "12.50", "99.99", "-5")
	}
	return r
}

// rangeOf is a window at the batch's moment.
func (b *batch) rangeOf(w calendar.Window) limits {
	r := calendar.Rows(w, b.asOf, b.program.Zone)
	return limits{r.From, r.To}
}
