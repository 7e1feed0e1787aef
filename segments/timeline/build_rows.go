package timeline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"strata/segments/calendar"
	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
	"strata/segments/rule"
)

// rowsOf are the rows of an aggregate and the window over them.
func (b *builder) rowsOf(a *check.Aggregate) (*rowset, *window, error) {
	set, err := b.rowset(a.Rows, a.Window, a.Column)
	if err != nil {
		return nil, nil, err
	}
	return set, b.window(a.Window), nil
}

// window is how a window of rows moves.
func (b *builder) window(w check.Window) *window {
	key := fmt.Sprintf("%+v", w.Calendar)
	if known, ok := b.windows[key]; ok {
		return known
	}
	v := &window{whole: b.whole}
	from, to := b.whole.From, b.whole.To-1
	if lower, ok := calendar.LowerCourse(w.Calendar, from, to, b.zone); ok {
		v.lower = lower
	}
	ends := w.Calendar.To
	if ends.Anchor != calendar.Open && (ends.Anchor != calendar.AsOf || ends.By.N != 0 || w.Calendar.Swap) {
		v.upper = calendar.UpperCourse(w.Calendar, from, to, b.zone)
	}
	b.windows[key] = v
	return v
}

// rowset is the set of rows of a stream that pass a filter and lie within the
// ends of a window that differ per customer. Column, where there is one, is what
// is read of them.
func (b *builder) rowset(rows check.Rows, w check.Window, column check.Expr) (*rowset, error) {
	ordered, err := b.fit(rows, w, column)
	if err != nil {
		return nil, err
	}
	f := b.feed(rows.Stream, ordered)
	b.widen(f, w)
	equal, rest := plan.Split(rows)
	if rows.Stream.Where != nil {
		rest = append([]check.Expr{rows.Stream.Where}, rest...)
	}
	codes := map[int][]int{}
	for _, e := range equal {
		column, ok := f.code(e)
		if !ok {
			rest = append(rest, asTest(e))
			continue
		}
		codes[column.place] = column.values
	}
	return f.set(codes, f.bit(rest, w)), nil
}

// fit says whether rows can be told apart by what they say themselves and by
// what never changes of their customer.
func (b *builder) fit(rows check.Rows, w check.Window, column check.Expr) (ordered bool, err error) {
	look := func(e check.Expr) bool {
		switch x := e.(type) {
		case *check.Elapsed:
			err = cannot("the rows of %s that count change with the moment", rows.Stream.Name)
		case *check.InWindow:
			for _, end := range []calendar.Bound{x.Window.Calendar.From, x.Window.Calendar.To} {
				if end.Anchor == calendar.AsOf || end.Anchor == calendar.Start {
					err = cannot("the rows of %s that count change with the moment", rows.Stream.Name)
				}
			}
		case *check.Ref, *check.Aggregate, *check.Periods, *check.Sequence, *check.Ranking, *check.AsOf, *check.Held:
			err = cannot("which rows of %s count depends on other values of the customer", rows.Stream.Name)
		case *check.Field:
			if b.tables.HasVersions() {
				err = cannot("which rows of %s count depends on a field that changes", rows.Stream.Name)
			}
		case *check.Column:
			ordered = ordered || x.Derived == catalog.Nth || x.Derived == catalog.Gap
			if x.Derived == catalog.NthLast {
				err = cannot("nth_last changes with every new row")
			}
		}
		return err == nil
	}
	for _, e := range []check.Expr{rows.Where, rows.Stream.Where, w.FromValue, w.ToValue, column} {
		check.Walk(e, look)
	}
	return ordered, err
}

// feed is the read of a stream's source. Where the place of rows in order
// matters, all rows of a read are those of one stream.
func (b *builder) feed(stream *check.Stream, ordered bool) *feed {
	for _, f := range b.feeds {
		if f.spec.Stream.Source == stream.Source && f.spec.Ordered == ordered && (!ordered || f.spec.Stream == stream) {
			return f
		}
	}
	f := &feed{spec: compile.Feed{
		Name: strconv.Itoa(len(b.feeds) + 1), Stream: stream, Ordered: ordered, Tie: false, To: &b.before,
	}, place: len(b.feeds), narrow: true}
	b.feeds = append(b.feeds, f)
	return f
}

// widen makes a feed read the rows that a window passes over.
func (b *builder) widen(f *feed, w check.Window) {
	from := calendar.Rows(w.Calendar, Moment(b.whole.From), b.zone).From
	switch {
	case from == nil:
		f.narrow, f.spec.From = false, nil
	case f.narrow && (f.spec.From == nil || from.Before(*f.spec.From)):
		f.spec.From = from
	}
}

// coded is a column of codes and the places of some of its values.
type coded struct {
	place  int
	values []int
}

// mostCodes bounds how many values columns may make together.
const mostCodes = 50_000

// code finds, or makes, the codes of a column's values; false where there would
// be too many.
func (f *feed) code(e plan.Equal) (coded, bool) {
	place := slices.IndexFunc(f.spec.Codes, func(c compile.FeedCode) bool { return c.Field.Column == e.Column.Column })
	texts := []string{}
	if place >= 0 {
		texts = f.spec.Codes[place].Values
	}
	all := slices.Clone(texts)
	out := coded{place: place}
	for _, v := range e.Values {
		i := slices.Index(all, v.Text)
		if i < 0 {
			i = len(all)
			all = append(all, v.Text)
		}
		out.values = append(out.values, i)
	}
	product := len(all) + 1
	for i, c := range f.spec.Codes {
		if i != place {
			product *= len(c.Values) + 1
		}
	}
	if product > mostCodes {
		return out, false
	}
	if place < 0 {
		out.place = len(f.spec.Codes)
		f.spec.Codes = append(f.spec.Codes, compile.FeedCode{Field: e.Column, Values: all})
		return out, true
	}
	f.spec.Codes[place].Values = all
	return out, true
}

// asTest is the test that a column has one of some values.
func asTest(e plan.Equal) check.Expr {
	column := &check.Column{Field: e.Column}
	column.T = e.Column.Type
	in := &check.In{X: column}
	in.T = catalog.Type{Kind: catalog.Boolean}
	for _, v := range e.Values {
		in.Values = append(in.Values, v)
	}
	return in
}

// bit finds, or makes, the test of rows; -1 where nothing is tested.
func (f *feed) bit(rest []check.Expr, w check.Window) int {
	if len(rest) == 0 && w.FromValue == nil && w.ToValue == nil {
		return -1
	}
	points := check.Window{FromValue: w.FromValue, ToValue: w.ToValue, FromBy: w.FromBy, ToBy: w.ToBy}
	words := []string{}
	for _, e := range append(slices.Clone(rest), w.FromValue, w.ToValue) {
		text := ""
		if e != nil {
			text = check.Text(e)
		}
		words = append(words, text)
	}
	key := fmt.Sprintf("%s\x00%v\x00%v", strings.Join(words, "\x00"), w.FromBy, w.ToBy)
	if i := slices.Index(f.bits, key); i >= 0 {
		return i
	}
	f.bits = append(f.bits, key)
	f.spec.Bits = append(f.spec.Bits, compile.FeedBit{Where: rest, Window: points})
	return len(f.bits) - 1
}

// set finds, or makes, the set of rows with some codes and a bit.
func (f *feed) set(codes map[int][]int, bit int) *rowset {
	key := fmt.Sprintf("%v\x00%d", codes, bit)
	if i := slices.Index(f.keys, key); i >= 0 {
		return f.sets[i]
	}
	set := &rowset{feed: f, place: f.place, set: len(f.sets), codes: codes, bit: bit}
	f.keys, f.sets = append(f.keys, key), append(f.sets, set)
	return set
}

// value finds, or makes, the place of a value of rows among those that are read.
func (b *builder) value(r *rowset, e check.Expr, form compile.FeedForm) (int, error) { //nolint:unparam // Its callers return what it returns.
	f := r.feed
	key := fmt.Sprintf("%d\x00%s", form, check.Text(e))
	if i := slices.Index(f.values, key); i >= 0 {
		return f.places[i], nil
	}
	place := -1
	if form != compile.Hidden {
		for _, p := range f.places {
			place = max(place, p)
		}
		place++
	}
	f.values, f.places = append(f.values, key), append(f.places, place)
	f.spec.Values = append(f.spec.Values, compile.FeedValue{X: e, Form: form})
	return place, nil
}

// finish settles what depends on all sets of a feed.
func (f *feed) finish() {
	for i := range f.spec.Codes {
		f.spec.Codes[i].Only = !slices.ContainsFunc(f.sets, func(s *rowset) bool { return s.codes[i] == nil })
	}
	total := 1
	for _, c := range f.spec.Codes {
		total *= len(c.Values) + 1
	}
	f.byCode = make([][]match, total)
	for code := range total {
		for _, s := range f.sets {
			if s.takes(code, f.spec.Codes) {
				m := match{set: s.set, column: -1}
				if s.bit >= 0 {
					m.column, m.bit = compile.BitPlace(s.bit)
				}
				f.byCode[code] = append(f.byCode[code], m)
			}
		}
	}
}

// takes reports whether rows of a code may belong to a set.
func (s *rowset) takes(code int, columns []compile.FeedCode) bool {
	for i, c := range columns {
		place := code % (len(c.Values) + 1)
		code /= len(c.Values) + 1
		if wanted, ok := s.codes[i]; ok && !slices.Contains(wanted, place) {
			return false
		}
	}
	return true
}

// periods is a number of periods with enough rows.
func (b *builder) periods(p *check.Periods) (quantity, error) {
	rows, err := b.rowset(p.Rows, p.Window, nil)
	if err != nil {
		return nil, err
	}
	q := &periods{memo: b.amountMemo(0), of: rows, atLeast: p.AtLeast}
	for n := p.Count; n >= 1; n-- {
		w := calendar.Window{From: periodEdge(p, n), To: periodEdge(p, n-1)}
		if n == 1 {
			w.To = p.Window.Calendar.To
		}
		q.windows = append(q.windows, b.window(check.Window{Calendar: w}))
	}
	return q, nil
}

// periodEdge is the beginning of the nth period back from as-of.
func periodEdge(p *check.Periods, n int) calendar.Bound {
	if p.CalendarUnits {
		return calendar.Bound{Anchor: calendar.Start, Unit: p.Per.Unit, Shift: -n}
	}
	return calendar.Bound{Anchor: calendar.AsOf, By: calendar.Duration{N: -n * p.Per.N, Unit: p.Per.Unit}}
}

// sequence is whether a sequence holds.
func (b *builder) sequence(s *check.Sequence) (flag, error) {
	p, sets, err := b.pattern(s)
	if err != nil {
		return nil, err
	}
	return &followed{memo: b.flagMemo(0), pattern: p, sets: sets}, nil
}

// times is the number of first rows that satisfy a sequence.
func (b *builder) times(s *check.Sequence) (quantity, error) {
	p, sets, err := b.pattern(s)
	if err != nil {
		return nil, err
	}
	return &followedTimes{memo: b.amountMemo(0), pattern: p, sets: sets}, nil
}

// stepSet is the rows of a step of a sequence, and the column that rows agree
// in, -1 for none.
type stepSet struct {
	of   *rowset
	same int
}

func (b *builder) pattern(s *check.Sequence) (*pattern, []stepSet, error) {
	win := b.window(s.Window)
	p := &pattern{anchor: s.Anchor, early: s.Early, times: s.Times, enter: win.in, leave: win.out}
	var sets []stepSet
	for i, st := range s.Steps {
		w := s.Window
		if st.Not { // Such rows may pass the window's end, and its end differs per customer.
			w.ToValue = nil
		}
		var same check.Expr
		if st.Same != nil {
			same = st.Same
		}
		rows, err := b.rowset(st.Rows, w, same)
		if err != nil {
			return nil, nil, err
		}
		set := stepSet{of: rows, same: -1}
		if st.Same != nil {
			p.same = true
			if set.same, err = b.value(rows, same, compile.Same); err != nil {
				return nil, nil, err
			}
		}
		if s.Anchor != rule.AnchorAny || st.Repeat > 1 || s.Times {
			rows.feed.spec.Tie = rows.feed.spec.Tie || st.Rows.Stream.Source.ID != nil
		}
		made := patternStep{not: st.Not, repeat: max(st.Repeat, 1)}
		if i > 0 {
			made.until = b.until(st.Within, s.Window)
		}
		p.steps, sets = append(p.steps, made), append(sets, set)
	}
	return p, sets, nil
}

// until is a duration after a row of a window.
func (b *builder) until(d calendar.Duration, w check.Window) func(int64) int64 {
	if length, ok := d.Length(); ok {
		us := length.Microseconds()
		return func(t int64) int64 { return t + us }
	}
	from := b.whole.From
	if first := calendar.Rows(w.Calendar, Moment(from), b.zone).From; first != nil {
		from = Micros(*first)
	}
	return calendar.StepCourse(d, from, b.whole.To, b.zone).At
}
