package propose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
)

// derive makes the source of customers out of the rows that name them, where
// no table holds them.
func (l *looker) derive(ctx context.Context, all []*rows) (*draft, error) {
	kind := target(nil, all)
	main := all[0]
	for _, r := range all {
		if r.size() > main.size() {
			main = r
		}
	}
	s := &draft{name: "customers", from: main.from, taken: map[string]bool{}}
	key := asTarget(main.customer, kind)
	l.reads(s, "key", main.customer.column, key)
	if len(all) > 1 {
		l.union(s, all, kind)
		return s, nil
	}
	name := key.sql(quotedName(main.customer.column))
	at := main.at.reading.sql(quotedName(main.at.column))
	id := &output{name: main.customer.column.name, sql: name, read: true}
	s.columns = append(s.columns, id)
	s.roles = append(s.roles, role{"key", id})
	s.roles = append(s.roles, role{"created_at", s.compute("first_seen", "min("+at+")")})
	attributes, err := l.attributes(ctx, main, name)
	if err != nil {
		return nil, err
	}
	for _, a := range attributes {
		sql := "max(" + quotedName(a.column) + ")"
		if a.moved > 0 {
			sql = "arg_max(" + quotedName(a.column) + ", (" + at + ", " + quotedName(a.column) + "))"
			l.add(Unsure, subject(s.name, "query"), a.column.name, fmt.Sprintf("%d of %d customers have more than one; the latest is taken", a.moved, a.of))
		}
		s.columns = append(s.columns, &output{name: a.column.name, sql: sql, read: true})
	}
	s.body = "FROM " + main.from.quoted() + "\nWHERE " + name + " IS NOT NULL\nGROUP BY ALL"
	l.add(Unsure, subject(s.name), main.from.label(), "no table holds the customers, so they are those that its rows name, from their first row on")
	return s, nil
}

// size is how many rows a table has, as far as that is known.
func (r *rows) size() int64 { return max(r.from.rows, int64(r.from.sampled())) }

// union makes customers of the keys of several tables.
func (l *looker) union(s *draft, all []*rows, kind catalog.Kind) {
	physical := all[0].atType()
	same := !slices.ContainsFunc(all, func(r *rows) bool { return r.atType() != physical })
	parts := make([]string, 0, len(all))
	labels := make([]string, 0, len(all))
	for _, r := range all {
		key := asTarget(r.customer, kind)
		name := key.sql(quotedName(r.customer.column))
		if kind == catalog.Text && !strings.EqualFold(key.physical, textType) {
			// A UUID here and a text there would be taken for UUIDs.
			name = "CAST(" + name + " AS " + textType + ")"
		}
		columns := name + ` AS "customer_id"`
		if same {
			columns += ", " + r.at.reading.sql(quotedName(r.at.column)) + ` AS "seen"`
		}
		parts = append(parts, "  SELECT "+columns+" FROM "+r.from.quoted()+" WHERE "+name+" IS NOT NULL")
		labels = append(labels, r.from.label())
	}
	id := &output{name: "customer_id", sql: `"customer_id"`, read: true}
	s.columns = append(s.columns, id)
	s.roles = append(s.roles, role{"key", id})
	if same {
		s.roles = append(s.roles, role{"created_at", s.compute("first_seen", `min("seen")`)})
	}
	s.body = "FROM (\n" + strings.Join(parts, "\n  UNION ALL\n") + "\n)\nGROUP BY ALL"
	l.add(Unsure, subject(s.name), strings.Join(labels, ", "), "no table holds the customers, so they are those that rows name")
}

func (r *rows) atType() string { return strings.ToUpper(r.at.reading.physical) }

// attribute is a column whose value hardly ever changes for a customer.
type attribute struct {
	column *column
	// moved customers, of all that were looked at, have more than one value.
	moved, of int64
}

// maxMoved is the share of customers that may have more than one value of
// what is taken for an attribute, as one in so many.
const maxMoved = 50

// attributes finds the columns of rows that say something about the customer
// rather than the row.
func (l *looker) attributes(ctx context.Context, r *rows, key string) ([]attribute, error) {
	var found []attribute
	for _, c := range r.from.columns {
		if !r.mayDescribe(c) {
			continue
		}
		a := attribute{column: c}
		name := quotedName(c)
		err := l.db.Row(ctx, []any{&a.of, &a.moved}, "SELECT count(*) AS n, count(*) FILTER (WHERE v > 1) AS m FROM (SELECT k, count(DISTINCT x) AS v FROM (SELECT "+
			key+" AS k, "+name+" AS x FROM "+r.from.relation()+" LIMIT ?) WHERE k IS NOT NULL GROUP BY k)", int64(counted))
		if err != nil {
			return nil, fmt.Errorf("look at column %s of table %s: %w", c.name, r.from.label(), err)
		}
		if a.moved*maxMoved <= a.of {
			found = append(found, a)
		}
	}
	return found, nil
}

// mayDescribe reports whether a column can say something about the customer: it
// has no role, few values, and the sampled rows of a customer agree in it.
func (r *rows) mayDescribe(c *column) bool {
	taken := []*column{r.customer.column, r.at.column, r.kind, r.status, r.id}
	if r.lines != nil {
		taken = append(taken, r.lines.group)
	}
	different := len(c.distinct())
	usable := c.kind == catalog.Text || c.kind == catalog.Boolean
	return usable && !slices.Contains(taken, c) && different > 0 && different <= maxTypes && determines(r.customer.column, c)
}
