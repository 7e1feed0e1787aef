package propose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/sql/warehouse"
)

// stream is a stream of the proposal.
type stream struct {
	name, from string
	// kind is the exact value of the type column, nil where rows of all types
	// count; where is a rule, "" for none.
	kind  *string
	where string
	// money says that its rows have an amount, whole that they are orders
	// rather than events or parts.
	money, whole bool
}

// maxStreams is how many types of one source become streams, the most frequent
// first.
const maxStreams = 60

// streams proposes what rules can count of a source's rows.
func (l *looker) streams(ctx context.Context, s *draft, r *rows, taken names) ([]stream, error) {
	money := s.role("amount") != nil
	if s.role("type") != nil {
		return l.typed(ctx, s, r, taken)
	}
	base := streamName(s.name)
	name := taken.take(base, base+"_row")
	where, err := l.counting(ctx, s, r, name)
	if err != nil {
		return nil, err
	}
	list := []stream{{name: name, from: s.name, where: where, money: money, whole: r.from == s.from}}
	if where != "" {
		list = append(list, stream{name: taken.take("any_" + base), from: s.name, money: money})
	}
	return list, nil
}

// typed makes a stream of each type of event.
func (l *looker) typed(ctx context.Context, s *draft, r *rows, taken names) ([]stream, error) {
	var list []stream
	var values []string
	more, missing := 0, int64(0)
	err := each(ctx, l.db, func(row []any) {
		value := warehouse.Text(row[0])
		switch n, _ := row[1].(int64); {
		case row[0] == nil || strings.TrimSpace(value) == "":
			missing += n
		case len(values) == maxStreams:
			more++
		default:
			values = append(values, value)
		}
	}, "SELECT CAST("+quotedName(r.kind)+" AS VARCHAR) AS kind, count(*) AS n FROM "+r.from.relation()+" GROUP BY 1 ORDER BY n DESC, kind LIMIT ?", int64(maxTypes*5))
	if err != nil {
		return nil, fmt.Errorf("count the types of %s: %w", r.from.label(), err)
	}
	slices.Sort(values)
	for _, value := range values {
		list = append(list, stream{
			name: taken.take(snake(value), snake(value)+"_event", streamName(s.name)+"_"+snake(value)), from: s.name, kind: &value,
			money: s.role("amount") != nil,
		})
	}
	if more > 0 {
		l.add(Unsure, "streams", "", fmt.Sprintf("%s has %d more values than the %d most frequent ones that became streams", subject(s.name, "type"), more, maxStreams))
	}
	if missing > 0 {
		l.add(Unsure, "streams", "", fmt.Sprintf("%d rows of %s have no type and belong to no stream", missing, s.name))
	}
	if len(list) == 0 {
		return []stream{{name: taken.take(streamName(s.name), streamName(s.name)+"_row"), from: s.name}}, nil
	}
	return list, nil
}

// counting is the rule of a stream that leaves out rows that were taken back, ""
// where all rows count.
func (l *looker) counting(ctx context.Context, s *draft, r *rows, stream string) (string, error) {
	var terms []string
	if status := s.role("status"); status != nil && r.status != nil {
		values, err := l.states(ctx, r)
		if err != nil {
			return "", err
		}
		name := s.ruleName(status)
		if bad := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !isUndone(v) }); len(bad) > 0 {
			quoted := make([]string, len(bad))
			for i, v := range bad {
				quoted[i] = ruleText(v)
			}
			terms = append(terms, name+" not in ("+strings.Join(quoted, ", ")+")")
			l.add(Unsure, "streams."+stream, "", fmt.Sprintf("rows whose %s is %s do not count; its values are %s", name, strings.Join(bad, " or "), some(values)))
		}
	}
	for _, o := range s.columns {
		if term, said := undoneColumn(s, o); term != "" {
			terms = append(terms, term)
			l.add(Unsure, "streams."+stream, "", "rows "+said+" do not count")
		}
	}
	if id := s.role("id"); id != nil && r.lines != nil {
		start, err := l.oddStart(ctx, r)
		if err != nil {
			return "", err
		}
		if start != "" {
			name := s.ruleName(id)
			terms = append(terms, "not starts_with("+name+", "+ruleText(start)+")")
			l.add(Unsure, "streams."+stream, "", fmt.Sprintf("rows whose %s starts with %s look like cancellations and do not count", name, start))
		}
	}
	return strings.Join(terms, " and "), nil
}

// states are the values of a status, all of them.
func (l *looker) states(ctx context.Context, r *rows) ([]string, error) {
	var values []string
	err := each(ctx, l.db, func(row []any) { values = append(values, warehouse.Text(row[0])) },
		"SELECT DISTINCT CAST("+quotedName(r.status)+" AS VARCHAR) AS v FROM "+r.from.relation()+" WHERE v IS NOT NULL ORDER BY v LIMIT ?", int64(4*maxStates))
	if err != nil {
		return nil, fmt.Errorf("list the states of %s: %w", r.from.label(), err)
	}
	return values, nil
}

// undoneColumn recognises a column that by itself says that a row does not
// count, and returns the rule for those that do.
func undoneColumn(s *draft, o *output) (term, said string) {
	if o.from == nil || s.ruleName(o) == "" {
		return "", ""
	}
	words := o.from.words
	undoneWord := has(words, "cancelled", "canceled", "refunded", "returned", "voided", "test", "deleted")
	name := s.ruleName(o)
	switch {
	case !undoneWord || s.role("at") == o || s.role("loaded_at") == o:
		return "", ""
	case o.from.kind == catalog.Boolean:
		return "not " + name, "that are " + name
	case o.from.temporal() && has(words, "at", "on", "date", "time") && len(words) == 2:
		return name + " is missing", "with a " + name
	}
	return "", ""
}

// cancelStarts are letters that stand before the number of a cancellation.
var cancelStarts = []string{"C", "CN", "R", "RF", "X"}

// oddStart is the letter before the digits of some ids, where most ids are
// digits alone: C536379 beside 536365. It is "" where there is none.
func (l *looker) oddStart(ctx context.Context, r *rows) (string, error) {
	counts := map[string]int64{}
	err := each(ctx, l.db, func(row []any) {
		n, _ := row[1].(int64)
		counts[warehouse.Text(row[0])] = n
	}, "SELECT regexp_extract(x, '^([A-Z]*)[0-9]+$', 1) AS start, count(*) AS n FROM (SELECT CAST("+quotedName(r.lines.group)+
		" AS VARCHAR) AS x FROM "+r.from.relation()+" LIMIT ?) WHERE regexp_matches(x, '^[A-Z]*[0-9]+$') GROUP BY 1", int64(counted))
	if err != nil {
		return "", fmt.Errorf("look at the ids of %s: %w", r.from.label(), err)
	}
	for _, start := range cancelStarts {
		if n := counts[start]; n > 0 && counts[""] > 2*n {
			return start, nil
		}
	}
	return "", nil
}

// ruleText writes a text as rules do.
func ruleText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
