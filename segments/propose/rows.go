package propose

import (
	"context"
	"slices"
	"strings"

	"strata/segments/catalog"
)

// rows is a table whose rows happened to customers.
type rows struct {
	from     *profile
	customer candidate
	at       candidate
	id       *column
	kind     *column
	amount   candidate
	status   *column
	loaded   *column
	// lines is set where the rows are lines of something, an order say.
	lines *lines
	// parts are sums over another table that are the amount of a row.
	parts *child
	// product is the money of a row that has a price and a quantity alone.
	product string
}

// skip is a table that is not used, and why.
type skip struct {
	from   *profile
	reason string
}

// rowsOf finds out what the rows of a table are. The reason says why they are
// nothing that rules could count.
func (l *looker) rowsOf(ctx context.Context, p *profile, m *people) (found *rows, reason string, err error) {
	customer, reason, err := l.customerOf(ctx, p, m)
	if err != nil || reason != "" {
		return nil, reason, err
	}
	at, ok, err := l.timeOf(ctx, p, customer.column)
	switch {
	case err != nil:
		return nil, "", err
	case !ok:
		return nil, "no column says when its rows happened", nil
	}
	found = &rows{from: p, customer: customer, at: at, kind: typeOf(p), loaded: loadTime(p, at.column)}
	found.lines = linesOf(p, customer.column)
	found.id = ownKey(p, customer.column)
	if found.lines != nil && found.id == found.lines.group {
		found.id = nil
	}
	if found.id != nil && !found.id.unique() {
		found.id = nil
	}
	found.amount, _ = amountOf(p)
	if found.kind != nil && found.amount.column != nil && has(found.amount.column.words, "price", "value", "net", "gross", "sum") {
		// Of an event a price says what something costs, not what was paid.
		found.amount = candidate{}
	}
	if found.status = statusOf(p); found.status == found.kind {
		found.status = nil
	}
	return found, "", nil
}

// customerOf chooses the column that names the customer of a row: of those
// that could, the one whose values are customers.
func (l *looker) customerOf(ctx context.Context, p *profile, m *people) (chosen candidate, reason string, err error) {
	list := customerColumns(p)
	if m == nil {
		if len(list) == 0 {
			return candidate{}, "no column names a customer", nil
		}
		return list[0], "", nil
	}
	list = append(list, foreignKeys(p, m, list)...)
	if len(list) == 0 {
		return candidate{}, "no column names a customer", nil
	}
	share := 0.0
	for _, c := range list {
		known, err := l.known(ctx, m, c.column)
		if err != nil {
			return candidate{}, "", err
		}
		if known > share {
			chosen, share = c, known
		}
	}
	switch {
	case share > 0:
		chosen.known = share
		return chosen, "", nil
	case len(list[0].column.texts()) == 0:
		return list[0], "", nil
	}
	return candidate{}, "the customers that " + list[0].column.name + " names are not in " + m.from.label(), nil
}

// foreignKeys are the columns named like the key of the customers, or like
// their table, that are not in a list already.
func foreignKeys(p *profile, m *people, not []candidate) []candidate {
	var list []candidate
	table := tableWords(m.from.table.Name)
	for _, c := range p.columns {
		known := slices.ContainsFunc(not, func(other candidate) bool { return other.column == c })
		r, ok := asKey(c)
		if known || !ok || len(c.words) < 2 {
			continue
		}
		sameName := slices.Equal(c.words, m.key.words)
		ofTable := isKeyName(c.words) && singular(c.words[len(c.words)-2]) == table[len(table)-1]
		if sameName || ofTable {
			list = append(list, candidate{column: c, reading: r})
		}
	}
	return list
}

// target is the type that all keys of customers have.
func target(m *people, all []*rows) catalog.Kind {
	if m != nil {
		return kindAfter(m.key, m.reading)
	}
	for _, r := range all {
		if kindAfter(r.customer.column, r.customer.reading) != catalog.Integer {
			return catalog.Text
		}
	}
	return catalog.Integer
}

func kindAfter(c *column, r reading) catalog.Kind {
	if r.make == nil {
		return c.kind
	}
	t, _ := catalog.FromDuckDB(r.physical)
	return t.Kind
}

// asTarget reads a column of customer keys as the type that all of them have.
func asTarget(c candidate, kind catalog.Kind) reading {
	r := c.reading
	if kindAfter(c.column, r) == kind {
		return r
	}
	inner := r
	if kind == catalog.Integer {
		return reading{
			make: func(name string) string { return tryCast + inner.sql(name) + " AS " + wholeType + ")" }, physical: wholeType,
			reason: "customers are numbers elsewhere",
		}
	}
	return reading{
		make: func(name string) string { return "CAST(" + inner.sql(name) + " AS " + textType + ")" }, physical: textType,
		reason: "customers are texts elsewhere",
	}
}

// lines says that the rows of a table are lines of something with an id.
type lines struct {
	group           *column
	quantity, price candidate
}

// linesOf finds the column that several rows share because they are lines of
// one order.
func linesOf(p *profile, customer *column) *lines {
	for _, c := range p.columns {
		if c == customer || len(c.words) < 2 || !isKeyName(c.words) || !anyOf(c.words, groupWords) || c.kind != catalog.Integer && c.kind != catalog.Text {
			continue
		}
		if len(c.distinct())*10 > 9*len(c.texts()) || !determines(c, customer) {
			continue
		}
		found := &lines{group: c}
		found.quantity, found.price = priced(p, c, customer)
		if found.quantity.column != nil || hasProduct(p) {
			return found
		}
	}
	return nil
}

// priced finds the quantity and the price of one piece of what a row is about.
func priced(p *profile, not ...*column) (quantity, price candidate) {
	for _, c := range p.columns {
		r, ok := asAmount(c)
		switch {
		case !ok || slices.Contains(not, c):
		case quantity.column == nil && has(c.words, "quantity", "qty", "units", "pieces"):
			quantity = candidate{column: c, reading: r}
		case price.column == nil && has(c.words, "price") && !has(c.words, "total"):
			price = candidate{column: c, reading: r}
		}
	}
	return quantity, price
}

func hasProduct(p *profile) bool {
	return slices.ContainsFunc(p.columns, func(c *column) bool { return has(c.words, "product", "sku", "article", "item", "stock", "isbn") })
}

// determines reports whether equal values of one column go with equal values
// of the other in nearly all sampled rows.
func determines(a, b *column) bool {
	first := map[string]string{}
	rows, broken := 0, 0
	for i, value := range a.values {
		if value == nil || i >= len(b.values) {
			continue
		}
		key, other := textOfValue(value), textOfValue(b.values[i])
		before, known := first[key]
		if !known {
			first[key] = other
			continue
		}
		rows++
		if before != other {
			broken++
		}
	}
	return broken*50 <= rows
}

// child is a table whose rows belong to rows of another, such as the payments
// of orders.
type child struct {
	from   *profile
	parent *rows
	// link is its column that holds the parent's id.
	link *column
	// amount is its money: a column, or price times quantity.
	amount          candidate
	quantity, price candidate
}

// childOf finds the table of rows that another table's rows belong to.
func (l *looker) childOf(ctx context.Context, p *profile, all []*rows) (*child, error) {
	for _, parent := range all {
		if parent.id == nil || parent.lines != nil {
			continue
		}
		table := tableWords(parent.from.table.Name)
		for _, c := range p.columns {
			if len(c.words) < 2 || !isKeyName(c.words) || singular(c.words[len(c.words)-2]) != table[len(table)-1] {
				continue
			}
			name := quotedName(parent.id)
			share, err := l.found(ctx, parent.from, name, c)
			if err != nil {
				return nil, err
			}
			if share >= 0.5 {
				return newChild(p, parent, c), nil
			}
		}
	}
	return nil, nil //nolint:nilnil // Without a parent there is no child.
}

func newChild(p *profile, parent *rows, link *column) *child {
	found := &child{from: p, parent: parent, link: link}
	found.quantity, found.price = priced(p, link)
	if amount, ok := amountOf(p); ok && (amount.column != found.price.column || found.quantity.column == nil) {
		found.amount = amount
	}
	return found
}

// hasAmount reports whether the child's rows are worth money.
func (c *child) hasAmount() bool {
	return c.amount.column != nil || c.price.column != nil && c.quantity.column != nil
}

// money is the money of a row of the child, its columns behind a prefix.
func (c *child) money(prefix string) string {
	if c.amount.column != nil {
		return exact(prefix, c.amount)
	}
	return product(prefix, c.price, c.quantity)
}

// product is a price times a quantity.
func product(prefix string, price, quantity candidate) string {
	return tryCast + price.reading.sql(prefix+quotedName(price.column)) + " AS " + moneyType + ") * " + exact(prefix, quantity)
}

// exact is a column as a number whose sums do not depend on the order of rows
// and that fits into a product: floating and very wide numbers become
// decimals.
func exact(prefix string, c candidate) string {
	name := c.reading.sql(prefix + quotedName(c.column))
	whole := c.column.kind == catalog.Integer && !strings.Contains(strings.ToUpper(c.column.physical), "HUGEINT")
	if whole || c.reading.make != nil {
		return name
	}
	return tryCast + name + " AS " + moneyType + ")"
}

// streamName is the name of a source with its last word in the singular.
func streamName(name string) string {
	words := strings.Split(name, "_")
	words[len(words)-1] = singular(words[len(words)-1])
	return strings.Join(words, "_")
}
