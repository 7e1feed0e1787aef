package propose

import (
	"context"
	"fmt"
	"strings"

	"strata/segments/catalog"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

func quotedName(c *column) string { return dialect.Ident(c.name) }

func textOfValue(v any) string { return warehouse.Text(v) }

// subject is how guesses speak of a source, or of a part of it.
func subject(source string, part ...string) string {
	return strings.Join(append([]string{"sources", source}, part...), ".")
}

// reads notes why a column is not read as it is.
func (l *looker) reads(s *draft, role string, c *column, r reading) {
	if r.reason != "" {
		l.add(Likely, subject(s.name, role), c.name, r.reason+", so it is read as "+r.physical)
	}
	if r.doubt != "" {
		l.add(Unsure, subject(s.name, role), c.name, r.doubt)
	}
}

// buildPeople makes the source of customers from their table.
func (l *looker) buildPeople(ctx context.Context, m *people) (*draft, error) {
	p := m.from
	s := newSource("customers", p)
	confidence := Likely
	if !m.named {
		confidence = Unsure
	}
	l.add(confidence, subject(s.name), p.label(), m.why())
	s.give("key", m.key, m.reading)
	l.reads(s, "key", m.key, m.reading)
	for _, r := range []role{{name: "email"}, {name: "phone"}, {name: "consent"}} {
		c := map[string]*column{"email": emailOf(p), "phone": phoneOf(p), "consent": consentOf(p)}[r.name]
		if c != nil && c != m.key {
			s.give(r.name, c, reading{physical: c.physical})
			l.add(Likely, subject(s.name, r.name), c.name, "by its name")
		}
	}
	if c := s.role("consent"); c != nil {
		l.add(Unsure, subject(s.name, "consent"), c.name, "which of its values mean yes? Seen: "+some(c.from.distinct()))
	}
	if created, ok, err := l.joinedOf(ctx, p); err != nil {
		return nil, err
	} else if ok && created.column != m.validFrom {
		s.give("created_at", created.column, created.reading)
		l.add(Likely, subject(s.name, "created_at"), created.column.name, "by its name")
		l.reads(s, "created_at", created.column, created.reading)
	}
	if m.validFrom != nil {
		s.give("valid_from", m.validFrom, reading{physical: m.validFrom.physical})
		if m.validTo != nil {
			s.give("valid_to", m.validTo, reading{physical: m.validTo.physical})
		}
		l.add(Unsure, subject(s.name, "valid_from"), m.validFrom.name,
			fmt.Sprintf("%d rows have a key that occurred before, so the table seems to keep history", m.repeated))
	} else if m.repeated > 0 {
		l.firstOfKey(s, m)
	}
	return s, nil
}

// why says why a table was taken for the customers.
func (m *people) why() string {
	reason := "its columns are those of people"
	if m.named {
		reason = "by its name"
	}
	if m.repeated == 0 {
		return reason + "; " + m.key.name + " is another one in each row"
	}
	return reason
}

// firstOfKey keeps one row for each key of a table that repeats keys without
// history: the first in the order of all columns that have one.
func (l *looker) firstOfKey(s *draft, m *people) {
	var order []string
	for _, o := range s.columns {
		if kind, ok := catalog.FromDuckDB(o.physical); ok && kind.Kind != catalog.List && o.from != m.key {
			order = append(order, quotedName(o.from))
		}
	}
	rest := ""
	if len(order) > 0 {
		rest = " ORDER BY " + strings.Join(order, ", ")
	}
	key := m.reading.sql(quotedName(m.key))
	s.body = "FROM " + m.from.quoted() + "\nQUALIFY row_number() OVER (PARTITION BY " + key + rest + ") = 1"
	l.add(Unsure, subject(s.name, "query"), "", fmt.Sprintf("%d rows have a key that occurred before; only one row of each key is kept", m.repeated))
}

// some writes a few values.
func some(values []string) string {
	const few = 8
	shown := make([]string, 0, few)
	for _, v := range values[:min(len(values), few)] {
		shown = append(shown, shortened(v))
	}
	if len(values) > few {
		shown = append(shown, "…")
	}
	if len(shown) == 0 {
		return "none"
	}
	return strings.Join(shown, ", ")
}

// longest is how many letters of a value are shown.
const longest = 80

// shortened is a value on one line, cut where it is long.
func shortened(text string) string {
	letters := []rune(strings.Join(strings.Fields(text), " "))
	if len(letters) > longest {
		return string(letters[:longest-1]) + "…"
	}
	return string(letters)
}

// buildRows makes a source of a table's rows as they are.
func (l *looker) buildRows(name string, r *rows, kind catalog.Kind) *draft {
	s := newSource(name, r.from)
	if r.parts != nil {
		s.prefix = "o."
	}
	key := asTarget(r.customer, kind)
	l.add(Likely, subject(name), r.from.label(), r.customer.column.name+" names a customer and "+r.at.column.name+" a time")
	s.give("customer", r.customer.column, key)
	l.reads(s, "customer", r.customer.column, key)
	if known := r.customer.known; known > 0 && known < 1 {
		of := min(len(r.customer.column.distinct()), probes)
		l.add(Unsure, subject(name, "customer"), r.customer.column.name,
			fmt.Sprintf("of %d sampled values %d are no customers; their rows count nowhere", of, of-int(known*float64(of)+0.5)))
	}
	s.give("at", r.at.column, r.at.reading)
	l.reads(s, "at", r.at.column, r.at.reading)
	if r.at.score < 10 {
		l.add(Unsure, subject(name, "at"), r.at.column.name, "it may not be when the rows happened")
	}
	if r.kind != nil {
		s.give("type", r.kind, reading{physical: r.kind.physical})
	}
	if r.id != nil {
		s.give("id", r.id, reading{physical: r.id.physical})
	}
	l.buildAmount(s, r)
	if r.status != nil {
		s.give("status", r.status, reading{physical: r.status.physical})
	}
	if r.loaded != nil {
		s.give("loaded_at", r.loaded, reading{physical: r.loaded.physical})
		l.add(Likely, subject(name, "loaded_at"), r.loaded.name, "by its name")
	}
	return s
}

// buildAmount maps the money of a row: a column, or a sum over its parts.
func (l *looker) buildAmount(s *draft, r *rows) {
	switch {
	case r.parts != nil:
		o := s.compute("amount", "c.amount")
		s.roles = append(s.roles, role{name: "amount", output: o})
		s.body = "FROM " + r.from.quoted() + " AS o\nLEFT JOIN (\n  SELECT " + quotedName(r.parts.link) + " AS link, sum(" + r.parts.money("") +
			") AS amount\n  FROM " + r.parts.from.quoted() + "\n  GROUP BY ALL\n) AS c ON c.link = o." + quotedName(r.id)
		l.add(Unsure, subject(s.name, "amount"), "amount", "the table has none, so it is the sum over the rows of "+r.parts.from.label()+cents(r.parts.amount))
	case r.product != "":
		s.roles = append(s.roles, role{"amount", s.compute("amount", r.product)})
	case r.amount.column != nil:
		s.give("amount", r.amount.column, r.amount.reading)
		l.add(Likely, subject(s.name, "amount"), r.amount.column.name, "by its name")
		l.reads(s, "amount", r.amount.column, r.amount.reading)
		if doubt := cents(r.amount); doubt != "" {
			l.add(Unsure, subject(s.name, "amount"), r.amount.column.name, strings.TrimPrefix(doubt, "; "))
		}
	}
}

// cents is the doubt about an amount of whole numbers.
func cents(amount candidate) string {
	if amount.column == nil || amount.column.kind != catalog.Integer {
		return ""
	}
	return "; its numbers are whole: perhaps they are cents"
}

// buildChild makes a source of rows that have their customer and time from
// those they belong to.
func (l *looker) buildChild(name string, c *child, kind catalog.Kind) *draft {
	s := newSource(name, c.from)
	s.prefix = "c."
	parent := c.parent
	key := asTarget(parent.customer, kind)
	customer := s.compute(parent.customer.column.name, key.sql("o."+quotedName(parent.customer.column)))
	at := s.compute(parent.at.column.name, parent.at.reading.sql("o."+quotedName(parent.at.column)))
	s.roles = append(s.roles, role{"customer", customer}, role{"at", at})
	if id := ownKey(c.from, nil); id != nil && id != c.link && id.unique() {
		s.give("id", id, reading{physical: id.physical})
	}
	if c.amount.column != nil {
		s.give("amount", c.amount.column, c.amount.reading)
		if doubt := cents(c.amount); doubt != "" {
			l.add(Unsure, subject(name, "amount"), c.amount.column.name, strings.TrimPrefix(doubt, "; "))
		}
	} else if c.hasAmount() {
		s.roles = append(s.roles, role{"amount", s.compute("amount", c.money("c."))})
	}
	s.body = "FROM " + c.from.quoted() + " AS c\nJOIN " + parent.from.quoted() + " AS o ON o." + quotedName(parent.id) + " = c." + quotedName(c.link)
	l.add(Likely, subject(name), c.from.label(), c.link.name+" names a row of "+parent.from.label()+", which has the customer and the time")
	return s
}

// buildOrders makes a source of orders whose lines are a table's rows.
func (l *looker) buildOrders(name string, r *rows, kind catalog.Kind) *draft {
	s := &draft{name: name, from: r.from, taken: map[string]bool{}}
	key := asTarget(r.customer, kind)
	customer := key.sql(quotedName(r.customer.column))
	add := func(c *column, sql string) *output {
		o := &output{name: c.name, sql: sql, read: true}
		s.columns = append(s.columns, o)
		return o
	}
	s.roles = append(s.roles,
		role{"customer", add(r.customer.column, customer)},
		role{"at", add(r.at.column, "min("+r.at.reading.sql(quotedName(r.at.column))+")")},
		role{"id", add(r.lines.group, quotedName(r.lines.group))})
	l.reads(s, "customer", r.customer.column, key)
	l.reads(s, "at", r.at.column, r.at.reading)
	if money := r.money(); money != "" {
		s.roles = append(s.roles, role{"amount", s.compute("amount", tryCast+"sum("+money+") AS "+moneyType+")")})
	}
	if q := r.lines.quantity; q.column != nil {
		s.compute("quantity", "sum("+exact("", q)+")")
	}
	s.compute("lines", "count(*)")
	for _, c := range r.from.columns {
		if c.kind == catalog.Text && c != r.lines.group && c != r.customer.column && c != r.at.column && len(c.distinct()) <= maxTypes && determines(r.lines.group, c) {
			add(c, "max("+quotedName(c)+")")
		}
	}
	s.body = "FROM " + r.from.quoted() + "\nWHERE " + customer + " IS NOT NULL\nGROUP BY ALL"
	l.add(Unsure, subject(name), r.from.label(), "its rows look like lines that share "+r.lines.group.name+", so they are summed to one row each")
	return s
}

// money is the money of a line: a column, or price times quantity.
func (r *rows) money() string {
	if text := r.productOfLine(); text != "" {
		return text
	}
	if r.amount.column != nil {
		return exact("", r.amount)
	}
	return ""
}

// productOfLine is the price of a line times its quantity, "" where the line
// has an amount of its own.
func (r *rows) productOfLine() string {
	price, quantity := r.lines.price, r.lines.quantity
	if price.column == nil || quantity.column == nil || r.amount.column != nil && r.amount.column != price.column {
		return ""
	}
	return product("", price, quantity)
}
