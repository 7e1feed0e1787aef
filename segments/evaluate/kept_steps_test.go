package evaluate_test

import (
	"time"

	"strata/segments/catalog"
)

// customersChange lets customers go, come, come back and change between two
// runs.
func (d *living) customersChange(step int) {
	if d.IntN(10) < 3 {
		return
	}
	all := keys(d.key)
	for range 1 + d.IntN(3) {
		key := all[d.IntN(len(all))]
		there := d.there(key, step)
		for _, item := range there {
			item.gone = step
		}
		if len(there) == 0 || d.IntN(3) > 0 {
			d.newCustomer(key, step)
		}
	}
}

// there are the rows of a customer at a step.
func (d *living) there(key string, step int) []*keptItem {
	var list []*keptItem
	raw := d.rawKey(key)
	for _, item := range d.script.items {
		if item.source == "customers" && item.row["customer_id"] == raw && item.born <= step && item.gone > step {
			list = append(list, item)
		}
	}
	return list
}

// rowsChange seldom deletes or replaces rows that were there.
func (d *living) rowsChange(step int) {
	if d.IntN(12) > 0 {
		return
	}
	item := d.script.items[d.IntN(len(d.script.items))]
	if item.source == "customers" || item.gone <= step || item.born == step {
		return
	}
	item.gone = step
	if d.IntN(2) == 0 && d.source(item.source).LoadedAt != nil {
		row := d.row(item.source, item.row["customer_id"])
		row[d.atColumn(item.source)] = item.row[d.atColumn(item.source)]
		row["loaded_at"] = d.load(item.source)
		d.add(item.source, row, step)
	}
}

// append adds the rows that came since the run before.
func (d *living) append(step int) {
	all := keys(d.key)
	for _, source := range []string{"events", "orders"} {
		// Some loads are against the rules that a source follows.
		wrong := d.IntN(12) == 0
		load := d.load(source)
		for range d.IntN(9) {
			key := d.rawKey(all[d.IntN(len(all))])
			if d.IntN(10) == 0 {
				key = nil
			}
			row := d.row(source, key)
			if d.IntN(3) == 0 {
				load = d.load(source)
			}
			if !wrong || d.IntN(2) == 0 {
				row["loaded_at"] = load
			}
			if !wrong && d.source(source).LoadedAt == nil {
				d.notLate(row, source, step)
			}
			d.add(source, row, step)
		}
	}
}

// source is a source by name.
func (d *living) source(name string) *catalog.Source {
	for _, s := range d.program.Sources {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// load is a moment after all loads of a source before it, as its column has
// it: a clock that shows times twice does not show one that is later at once.
func (d *living) load(name string) any {
	source := d.source(name)
	by := []time.Duration{time.Microsecond, time.Second, time.Hour, 24 * time.Hour}
	last := d.loads[name]
	if last.IsZero() {
		last = d.script.asOfs[0]
	}
	for at := last.Add(by[d.IntN(len(by))]); ; at = at.Add(time.Hour) {
		raw := d.fitting(at, d.layout.time)
		if source.LoadedAt == nil {
			return raw
		}
		if d.reader.instant(d.reader.plain(source, source.LoadedAt, raw)).After(last) {
			return raw
		}
	}
}

// notLate gives a row a time that the run before did not reach.
func (d *living) notLate(row record, name string, step int) {
	source, column, physical := d.source(name), d.atColumn(name), d.eventAt
	if name == "orders" {
		physical = d.orderAt
	}
	before := d.script.asOfs[step-1]
	for tries := 0; ; tries++ {
		v := d.reader.read(source, source.At, row)
		if v == nil || !d.reader.instant(v).Before(before) {
			return
		}
		at := d.moment()
		if tries > 20 {
			at = before.Add(time.Duration(tries-20) * 90 * time.Minute)
		}
		row[column] = d.fitting(at, physical)
	}
}
