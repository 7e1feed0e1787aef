package edit

import (
	"regexp"
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
)

// Kind says what a candidate is.
type Kind string

// The kinds.
const (
	FieldKind     Kind = "field"
	TraitKind     Kind = "trait"
	SegmentKind   Kind = "segment"
	PartitionKind Kind = "partition"
	ListKind      Kind = "list"
	StreamKind    Kind = "stream"
	ColumnKind    Kind = "column"
	FunctionKind  Kind = "function"
	WordKind      Kind = "word"
	WindowKind    Kind = "window"
	ParamKind     Kind = "param"
	StageKind     Kind = "stage"
	ValueKind     Kind = "value"
)

// Candidate is a text that can be written.
type Candidate struct {
	Text string
	Kind Kind
	// Type is that of its value, "" where it has none.
	Type string
	// Title says what it is, "" where nobody wrote it down.
	Title string
}

// Completion is what can be written at a cursor.
type Completion struct {
	// Start and End are the range that a candidate replaces.
	Start, End int
	Items      []Candidate
	// Values asks for values of a field, nil where none are wanted.
	Values *Values
}

// Values are wanted of a text field, which is written as in a rule. They begin
// with a prefix.
type Values struct{ Field, Prefix string }

// most is how many candidates there are at most.
const most = 300

var (
	wordAtEnd  = regexp.MustCompile(`\$?[A-Za-z_][\w.]*$|\$$`)
	wordAhead  = regexp.MustCompile(`^\w*`)
	comparedTo = regexp.MustCompile(`(?i)([a-z_][\w.]*)\s*(?:=|<>|!=|\b(?:not\s+)?(?:like|ilike|matches)|\b(?:not\s+)?in\s*\((?:[^()']|'(?:[^']|'')*')*)\s*$`)
	inAtEnd    = regexp.MustCompile(`(?i)([a-z_][\w.]*)\s+(?:not\s+)?in\s*$`)
)

// Complete says what can be written at a cursor. explicit asks for everything
// that fits; otherwise nothing is offered before a word has begun, but where
// something must follow.
func Complete(program *check.Program, text string, cursor int, explicit bool) Completion {
	start, entry := expressionStart(text, cursor)
	none := Completion{Start: cursor, End: cursor}
	if start < 0 {
		return none
	}
	q := &question{program: program, explicit: explicit, entry: entry, text: text, from: start, cursor: cursor}
	before := text[start:cursor]
	if at := openText(before); at >= 0 {
		return q.insideText(start + at)
	}
	word := wordAtEnd.FindString(before)
	q.word = word
	q.before = before[:len(before)-len(word)]
	done := q.complete()
	if len(done.Items) == 1 && done.Values == nil && strings.TrimSpace(done.Items[0].Text) == text[done.Start:done.End] {
		done.Items = nil
	}
	return done
}

// ValueItems are candidates of values that came, to be written with their quotes.
func ValueItems(values []string) []Candidate {
	items := make([]Candidate, 0, len(values))
	for _, v := range values {
		items = append(items, Candidate{Text: quoted(v), Kind: ValueKind})
	}
	return items
}

func quoted(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }

// expressionStart is where the expression around the cursor begins, -1 where
// there is none. In a tree that is behind the key of the line; entry says that
// the line has none.
func expressionStart(text string, cursor int) (start int, entry bool) {
	if !definition.IsTree(text) {
		return 0, false
	}
	line := lineStart(text, cursor)
	p := pieceOf(text[line:cursor])
	if p.comment >= 0 || p.key == "" && !p.dash {
		return -1, false
	}
	group := p.key == "all" || p.key == "any"
	if group {
		return -1, false
	}
	return line + p.start, p.key == "" || p.key == "not"
}

// openText is where a text begins that is not closed, -1 where none is.
func openText(before string) int {
	at := -1
	for i := range len(before) {
		if before[i] == '\'' {
			if at < 0 {
				at = i
			} else {
				at = -1
			}
		}
	}
	return at
}

// question is what is asked while a completion is made.
type question struct {
	program  *check.Program
	explicit bool
	// entry says that only a name can stand here.
	entry  bool
	text   string
	from   int
	cursor int
	// word is the begun word, before what stands before it.
	word, before string
}

// insideText offers values for a text that is not closed.
func (q *question) insideText(open int) Completion {
	done := Completion{Start: open, End: q.cursor}
	q.before = q.text[q.from:open]
	if q.cursor < len(q.text) && q.text[q.cursor] == '\'' {
		done.End++
	}
	q.values(&done, strings.ReplaceAll(q.text[open+1:q.cursor], "''", "'"))
	return done
}

// values fills in what a name in front is compared with; false where it is not
// compared.
func (q *question) values(done *Completion, prefix string) bool {
	match := comparedTo.FindStringSubmatch(q.before)
	if match == nil {
		return false
	}
	name := strings.ToLower(match[1])
	place := placeOf(q.program, q.before)
	if place.stream != nil && place.where {
		rest, isCustomer := strings.CutPrefix(name, "customer.")
		if !isCustomer {
			return q.columnValues(done, place.stream, name, prefix)
		}
		name = rest
	}
	return q.customerValues(done, name, prefix)
}

// complete offers what fits behind what was written.
func (q *question) complete() Completion {
	done := Completion{Start: q.cursor - len(q.word), End: q.cursor}
	if q.word != "" {
		done.End += len(wordAhead.FindString(q.text[q.cursor:]))
	}
	if strings.HasPrefix(q.word, "$") {
		q.add(&done, q.params())
		return done
	}
	if q.entry {
		q.add(&done, q.entries())
		return done
	}
	place := placeOf(q.program, q.before)
	if place.call >= 0 && q.windows(&done, place.call) {
		return done
	}
	switch place.want {
	case wantStream:
		q.add(&done, q.streams(place))
	case wantDuration:
		q.durations(&done)
	case wantValue:
		q.value(&done, place)
	case wantMore:
		if q.word != "" || q.explicit {
			q.add(&done, more(place))
		}
	}
	return done
}

// value offers what a value can begin with.
func (q *question) value(done *Completion, place place) {
	if match := inAtEnd.FindStringSubmatch(q.before); match != nil && q.temporal(place, match[1]) {
		q.add(done, timeWindows())
		return
	}
	if q.word == "" && q.values(done, "") {
		return
	}
	if q.word != "" || q.explicit {
		q.add(done, q.valuesAt(place))
	}
}

// add takes the candidates that fit the begun word, best first.
func (q *question) add(done *Completion, items []Candidate) {
	type ranked struct {
		Candidate

		rank int
	}
	var fit []ranked
	for _, item := range items {
		if rank, ok := fits(item.Text, q.word); ok {
			fit = append(fit, ranked{item, rank})
		}
	}
	slices.SortStableFunc(fit, func(a, b ranked) int { return a.rank - b.rank })
	for _, item := range fit[:min(len(fit), most)] {
		done.Items = append(done.Items, item.Candidate)
	}
}

// fits reports whether a candidate may be meant by a begun word, and how nearly:
// it begins with it, a part of it does, or it holds it.
func fits(text, word string) (rank int, ok bool) {
	text, word = strings.ToLower(text), strings.ToLower(word)
	switch {
	case strings.HasPrefix(text, word):
		return 0, true
	case strings.Contains(text, "_"+word), strings.Contains(text, "."+word):
		return 1, true
	case len(word) > 1 && strings.Contains(text, word):
		return 2, true //nolint:mnd // The third rank.
	}
	return 0, false
}
