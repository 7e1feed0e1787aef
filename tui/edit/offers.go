package edit

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/rule"
)

// params are the project's constants.
func (q *question) params() []Candidate {
	var items []Candidate
	for _, name := range slices.Sorted(maps.Keys(q.program.Params)) {
		p := q.program.Params[name]
		var values []string
		for _, v := range p.Values {
			values = append(values, check.Text(v))
		}
		items = append(items, Candidate{Text: "$" + name, Kind: ParamKind, Type: p.Type.Kind.String(), Title: strings.Join(values, ", ")})
	}
	return items
}

// entries are what an entry of a tree can be without a name of its own.
func (q *question) entries() []Candidate {
	var items []Candidate
	for _, s := range q.program.Segments {
		items = append(items, defined(s, SegmentKind))
	}
	for _, l := range q.program.Lists {
		items = append(items, defined(l, ListKind))
	}
	for _, word := range []string{"all: []", "any: []", "not: "} {
		items = append(items, Candidate{Text: word, Kind: WordKind, Title: groupTitles[word]})
	}
	return items
}

var groupTitles = map[string]string{"all: []": "every entry holds", "any: []": "at least one entry holds", "not: ": "the entry does not hold"}

func defined(d check.Definition, kind Kind) Candidate {
	return Candidate{Text: d.DefinitionName(), Kind: kind, Type: d.Type().Kind.String(), Title: d.About().Title}
}

// streams are what a call counts; behind the stream's dot its columns.
func (q *question) streams(p place) []Candidate {
	if name, _, dotted := strings.Cut(q.word, "."); dotted {
		for _, s := range q.program.Streams {
			if strings.EqualFold(s.Name, name) {
				return columns(s, s.Name+".")
			}
		}
		return nil
	}
	var items []Candidate
	for _, s := range q.program.Streams {
		items = append(items, Candidate{Text: s.Name, Kind: StreamKind, Title: "rows of " + s.Source.Name})
	}
	if p.function == "days_since" || p.function == "days_until" {
		items = append(items, Candidate{Text: "last ", Kind: WordKind, Title: "the latest row of a stream"}, Candidate{Text: "first ", Kind: WordKind, Title: "the earliest row of a stream"})
		items = append(items, q.fields("")...)
	}
	return items
}

func columns(s *check.Stream, prefix string) []Candidate {
	var items []Candidate
	for _, name := range slices.Sorted(maps.Keys(s.Columns)) {
		items = append(items, Candidate{Text: prefix + name, Kind: ColumnKind, Type: s.Columns[name].T.Kind.String(), Title: "of " + s.Name})
	}
	return items
}

// fields are the customer's own values.
func (q *question) fields(prefix string) []Candidate {
	var items []Candidate
	for _, name := range slices.Sorted(maps.Keys(q.program.Customers.Fields)) {
		items = append(items, Candidate{Text: prefix + name, Kind: FieldKind, Type: q.program.Customers.Fields[name].Type.Kind.String()})
	}
	for _, t := range q.program.Traits {
		items = append(items, prefixed(defined(t, TraitKind), prefix))
	}
	for _, s := range q.program.Segments {
		items = append(items, prefixed(defined(s, SegmentKind), prefix))
	}
	for _, p := range q.program.Partitions {
		items = append(items, prefixed(defined(p, PartitionKind), prefix))
	}
	return items
}

func prefixed(c Candidate, prefix string) Candidate {
	c.Text = prefix + c.Text
	return c
}

// valuesAt is what a value can begin with.
func (q *question) valuesAt(p place) []Candidate {
	if p.where && p.stream != nil {
		items := columns(p.stream, "")
		if strings.HasPrefix(strings.ToLower(q.word), "customer.") {
			return q.fields("customer.")
		}
		items = append(items, Candidate{Text: "customer.", Kind: WordKind, Title: "a value of the customer"})
		return append(items, functions(false)...)
	}
	items := q.fields("")
	for _, l := range q.program.Lists {
		items = append(items, defined(l, ListKind))
	}
	items = append(items, functions(true)...)
	for _, word := range []string{"not ", "true", "false", "date '", "timestamp '"} {
		items = append(items, Candidate{Text: word, Kind: WordKind})
	}
	return items
}

// functions are the calls, with those over rows where these may stand.
func functions(rows bool) []Candidate {
	var items []Candidate
	for _, name := range rule.Calls() {
		if rows || !slices.Contains(overRows, name) && !slices.Contains([]string{"percentile", "rank", "sample"}, name) {
			items = append(items, Candidate{Text: name + "(", Kind: FunctionKind, Title: callTitles[name]})
		}
	}
	return items
}

var callTitles = map[string]string{
	"count": "how many rows", "sum": "sum of a column", "avg": "mean of a column", "min": "smallest value", "max": "largest value",
	"median": "middle value", "distinct": "how many different values", "first": "value of the earliest row", "last": "value of the latest row",
	"most_frequent": "value that occurs most", "periods": "how many periods have rows", "sequence": "rows in this order", "times": "how often rows in this order",
	"days_since": "whole days since", "days_until": "whole days until", "percentile": "place among others, 0 to 100", "rank": "1 is the largest",
	"sample": "a fixed share of customers", "round": "to whole numbers", "floor": "down to a whole number", "ceil": "up to a whole number",
	"abs": "without its sign", "ln": "natural logarithm", "least": "smallest of several", "greatest": "largest of several",
	"coalesce": "first that is not missing", "lower": "in small letters", "upper": "in capitals", "length": "number of characters",
	"contains": "text holds a text", "starts_with": "text begins with a text", "has": "list holds a value", "anniversary": "yearly return of a date",
}

// more are words that can follow a value.
func more(p place) []Candidate {
	words := []string{"and ", "or ", "in (", "not in (", "between ", "is missing", "is not missing", "is blank", "like '", "matches '", "for 7 days", "as of 30 days ago"}
	if p.function != "" && !p.where {
		words = []string{"where ", "then ", "within ", "among ", "per ", "same ", "early"}
	}
	var items []Candidate
	for _, word := range words {
		items = append(items, Candidate{Text: word, Kind: WordKind})
	}
	return items
}

// rowWindows are windows that rows are often counted in.
var rowWindows = []string{
	"last 30 days", "last 7 days", "last 90 days", "last 6 months", "last 12 months", "last 24 hours", "ever", "today", "yesterday", "this week", "this month",
	"this year", "previous week", "previous month", "previous quarter", "previous year", "since date '2026-01-01'", "between 30 days and 60 days ago",
}

func timeWindows() []Candidate {
	var items []Candidate
	for _, text := range append([]string{"next 7 days", "next 30 days", "next month"}, rowWindows...) {
		if text != "ever" {
			items = append(items, Candidate{Text: text, Kind: WindowKind})
		}
	}
	return items
}

var begunWindow = regexp.MustCompile(`^(?i)(last|previous) ([0-9]+) ?([a-z]*)$`)

var unitWords = []string{"days", "hours", "minutes", "weeks", "months", "quarters", "years"}

// windows offers windows behind a call that needs one, whose end is at an offset
// of what was read; false where one is there already.
func (q *question) windows(done *Completion, end int) bool {
	tail := q.text[q.from+end : q.cursor]
	begun := strings.TrimLeft(tail, " ")
	var items []Candidate
	texts := rowWindows
	if match := begunWindow.FindStringSubmatch(begun); match != nil {
		texts = nil
		for _, unit := range unitWords {
			texts = append(texts, match[1]+" "+match[2]+" "+unit)
		}
	}
	for _, text := range texts {
		if len(text) > len(begun) && strings.EqualFold(text[:len(begun)], begun) {
			items = append(items, Candidate{Text: text, Kind: WindowKind})
		}
	}
	if len(items) == 0 {
		return false
	}
	done.Start = q.cursor - len(begun)
	if len(begun) == len(tail) {
		for i := range items {
			items[i].Text = " " + items[i].Text
		}
	}
	done.Items = items
	return true
}

// durations offers lengths of time.
func (q *question) durations(done *Completion) {
	words := strings.Fields(q.before)
	var items []Candidate
	if last := words[len(words)-1]; last[0] >= '0' && last[0] <= '9' {
		for _, unit := range unitWords {
			items = append(items, Candidate{Text: unit, Kind: WordKind})
		}
	} else if q.word == "" && q.explicit {
		for _, text := range []string{"7 days", "30 days", "24 hours", "6 months"} {
			items = append(items, Candidate{Text: text, Kind: WordKind})
		}
	}
	if q.word != "" || q.explicit || strings.HasSuffix(q.before, " ") {
		q.add(done, items)
	}
}

// temporal reports whether a name is a date or a moment where it stands.
func (q *question) temporal(p place, name string) bool {
	name = strings.ToLower(name)
	if p.where && p.stream != nil {
		c, ok := p.stream.Columns[name]
		return ok && c.T.Temporal()
	}
	if f, ok := q.program.Customers.Fields[name]; ok {
		return f.Type.Temporal()
	}
	d, ok := q.program.Lookup(name)
	return ok && d.Type().Temporal()
}

// columnValues wants values of a text column of a stream.
func (q *question) columnValues(done *Completion, s *check.Stream, name, prefix string) bool {
	c, ok := s.Columns[name]
	if !ok || c.T.Kind != catalog.Text {
		return false
	}
	done.Values = &Values{Field: s.Name + "." + name, Prefix: prefix}
	return true
}

// customerValues wants values of a text field or trait, or offers the stages of a
// partition.
func (q *question) customerValues(done *Completion, name, prefix string) bool {
	if f, ok := q.program.Customers.Fields[name]; ok {
		if f.Type.Kind != catalog.Text {
			return false
		}
		done.Values = &Values{Field: name, Prefix: prefix}
		return true
	}
	d, _ := q.program.Lookup(name)
	switch x := d.(type) {
	case *check.Partition:
		for _, stage := range x.Stages {
			if strings.HasPrefix(stage.Name, strings.ToLower(prefix)) {
				done.Items = append(done.Items, Candidate{Text: quoted(stage.Name), Kind: StageKind, Title: "of " + name})
			}
		}
		return true
	case *check.Trait:
		if a, ok := x.Value.(*check.Aggregate); ok && x.Type().Kind == catalog.Text {
			if c, ok := a.Column.(*check.Column); ok && c.Derived == "" {
				done.Values = &Values{Field: a.Rows.Stream.Name + "." + c.Field.Name, Prefix: prefix}
				return true
			}
		}
	}
	return false
}
