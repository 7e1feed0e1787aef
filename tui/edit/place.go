package edit

import (
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/rule"
	"strata/segments/source"
)

// want is what has to follow at a place.
type want uint8

const (
	wantValue want = iota
	wantMore
	wantStream
	wantDuration
)

// place says what an expression means where it was cut off.
type place struct {
	want want
	// function is the call around the place, "" outside of any.
	function string
	// stream is what the call counts, nil before it is named; where says that the
	// place is in its filter.
	stream *check.Stream
	where  bool
	// call is the end of a call over rows whose window is due, -1 without one.
	call int
	// numbered says that a number stands before the place.
	numbered bool
}

// level is a bracket that is open.
type level struct {
	function string
	stream   *check.Stream
	where    bool
}

// overRows are the calls that read rows of streams.
var overRows = append(rule.Aggregates(), "periods", "sequence", "times", "days_since", "days_until")

// windowed are those that need a window behind them.
var windowed = append(rule.Aggregates(), "periods", "sequence", "times")

// placeOf reads an expression up to a place.
func placeOf(program *check.Program, before string) place {
	file := source.NewFile("rule", before)
	w := &walker{program: program, levels: []level{{}}, call: -1}
	for _, t := range rule.Tokens(source.WholeFile(file)) {
		w.token(t)
	}
	top := w.top()
	return place{want: w.want, function: top.function, stream: top.stream, where: top.where, call: w.call, numbered: w.last.Kind == rule.NumberToken}
}

// walker goes over the tokens before a place.
type walker struct {
	program *check.Program
	levels  []level
	last    rule.Token
	want    want
	call    int
}

func (w *walker) top() *level { return &w.levels[len(w.levels)-1] }

func (w *walker) token(t rule.Token) {
	word := strings.ToLower(t.Text)
	if top := w.top(); top.where && endsFilter(top.function, word) {
		top.where = false
	}
	switch {
	case word == "(":
		w.open()
	case word == ")":
		w.close(t)
	case word == "." || w.last.Text == "." && w.last.Span.End == t.Span.Start:
		w.want = wantMore
	case w.inCall() && w.streamToken(word):
	default:
		w.plain(t, word)
	}
	w.last = t
}

// plain reads a token that means the same everywhere.
func (w *walker) plain(t rule.Token, word string) {
	switch {
	case slices.Contains([]string{"within", "for", "per", "last", "next", "previous"}, word):
		w.want = wantDuration
	case t.Kind == rule.OperatorToken, slices.Contains(joining, word):
		w.want, w.call = wantValue, -1
	case t.Kind == rule.NumberToken && w.want == wantDuration:
	default:
		w.want = wantMore
	}
}

// endsFilter reports whether a word of a call stands behind the filter of a step.
func endsFilter(function, word string) bool {
	switch function {
	case "sequence", "times":
		return word == "then" || word == "within" || word == ","
	case "periods":
		return word == "per"
	}
	return false
}

// joining are words behind which a value follows.
var joining = []string{"and", "or", "not", "in", "between", "like", "ilike", "matches", "where", "among", "of"}

func (w *walker) open() {
	word := strings.ToLower(w.last.Text)
	next := level{}
	if slices.Contains(rule.Calls(), word) {
		next.function = word
	}
	if around := w.top(); around.where { // The filter's rows are meant inside its brackets too.
		next.stream, next.where = around.stream, true
	}
	w.levels = append(w.levels, next)
	w.want, w.call = wantValue, -1
	if slices.Contains(overRows, next.function) && !next.where {
		w.want = wantStream
	}
}

func (w *walker) close(t rule.Token) {
	closed := *w.top()
	if len(w.levels) > 1 {
		w.levels = w.levels[:len(w.levels)-1]
	}
	w.want, w.call = wantMore, -1
	if slices.Contains(windowed, closed.function) && !w.top().where {
		w.call = t.Span.End
	}
}

// inCall reports whether the place is in a call over rows, not in its filter.
func (w *walker) inCall() bool {
	top := w.top()
	return !top.where && slices.Contains(overRows, top.function)
}

// streamToken reads a token of a call outside of its filter; false where it is
// none of its own.
func (w *walker) streamToken(word string) bool {
	top := w.top()
	switch {
	case word == "where":
		top.where, w.want = true, wantValue
	case word == "then", word == "not", word == ",", word == "first", word == "last":
		top.stream, w.want = nil, wantStream
	case word == "within", word == "per":
		w.want = wantDuration
	case w.want == wantStream:
		i := slices.IndexFunc(w.program.Streams, func(s *check.Stream) bool { return strings.EqualFold(s.Name, word) })
		if i >= 0 {
			top.stream = w.program.Streams[i]
		}
		w.want = wantMore
	default:
		return false
	}
	return true
}
