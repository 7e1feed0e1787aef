package rule

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// columns are names that a tree may use; many are keywords of other places.
var columns = []string{
	"country", "Amount", "last", "first", "day", "month", "date", "timestamp", "x", "then", "within", "per", "where", "at", "of",
	"before", "since", "ever", "count", "among", "early", "same", "missing", "else", "größe", "_a1", "case",
}

// trees draws syntax trees of any shape, most of them without the brackets
// that their text needs.
type trees struct{ *rapid.T }

func (d trees) pick(from ...string) string { return rapid.SampledFrom(from).Draw(d.T, "pick") }
func (d trees) flag() bool                 { return rapid.Bool().Draw(d.T, "flag") }
func (d trees) number(low, high int) int   { return rapid.IntRange(low, high).Draw(d.T, "number") }
func (d trees) column() Ident              { return Ident{Name: d.pick(columns...)} }
func (d trees) stream() Ident              { return Ident{Name: d.pick("order", "page_view", "s")} }

// expr draws an expression at most depth nodes deep.
func (d trees) expr(depth int) Expr {
	if depth <= 0 {
		return d.leaf()
	}
	sub := func() Expr { return d.expr(depth - 1) }
	switch d.number(0, 11) {
	case 0:
		return &Unary{Op: UnaryOp(d.pick("not", "-")), X: sub()}
	case 1, 2:
		op := d.pick("and", "or", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/")
		return &Binary{Op: BinaryOp(op), X: sub(), Y: sub()}
	case 3:
		return &Shift{Op: BinaryOp(d.pick("+", "-")), X: sub(), By: d.duration()}
	case 4:
		return &Held{X: sub(), For: d.duration()}
	case 5:
		return &Between{X: sub(), Low: sub(), High: sub(), Not: d.flag()}
	case 6:
		return d.in(sub)
	case 7:
		return &Match{Op: MatchOp(d.pick("like", "ilike", "matches")), X: sub(), Pattern: sub(), Not: d.flag()}
	case 8:
		return &Is{X: sub(), Blank: d.flag(), Not: d.flag()}
	case 9:
		return &Paren{X: sub()}
	default:
		return d.call(sub, depth)
	}
}

func (d trees) leaf() Expr {
	switch d.number(0, 6) {
	case 0:
		return &Number{Text: d.pick("0", "5", "0.10", "5000", "12.5")}
	case 1:
		return &Text{Value: d.pick("", "DE", "it's", "''", "a b", "\"", "日本", "%\\_")}
	case 2:
		return &Bool{Value: d.flag()}
	case 3:
		return &Moment{Timestamp: d.flag(), Text: d.pick("2026-01-31", "2026-01-31 12:00")}
	case 4:
		return &Param{Name: d.pick("n", "min_spend", "day")}
	default:
		return d.name()
	}
}

func (d trees) name() *Name {
	n := &Name{Parts: []Ident{d.column()}}
	for d.number(0, 3) == 0 {
		n.Parts = append(n.Parts, d.column())
	}
	switch d.number(0, 5) {
	case 0:
		ago := d.duration()
		n.AsOf = &AsOf{Ago: &ago}
	case 1:
		n.AsOf = &AsOf{Point: d.point()}
	}
	return n
}

func (d trees) in(sub func() Expr) Expr {
	switch d.number(0, 2) {
	case 0:
		return &In{X: sub(), Param: &Param{Name: "list"}, Not: d.flag()}
	case 1:
		return &InWindow{X: sub(), Window: *d.window(), Not: d.flag()}
	default:
		return &In{X: sub(), List: d.some(sub), Not: d.flag()}
	}
}

func (d trees) some(sub func() Expr) []Expr {
	list := []Expr{sub()}
	for d.flag() && len(list) < 3 {
		list = append(list, sub())
	}
	return list
}

func (d trees) call(sub func() Expr, depth int) Expr {
	switch d.number(0, 6) {
	case 0:
		a := &Aggregate{Op: AggregateOp(d.pick(Aggregates()...)), Rows: d.rows(sub), Window: d.window()}
		if d.flag() {
			a.Column = []Ident{d.column(), d.column()}[:d.number(1, 2)]
		}
		return a
	case 1:
		p := &Periods{Rows: d.rows(sub), Per: d.duration(), Window: d.window()}
		if d.flag() {
			p.AtLeast = &Number{Text: "2"}
		}
		return p
	case 2:
		return d.sequence(sub)
	case 3:
		if d.flag() {
			return &Elapsed{Until: d.flag(), X: d.expr(depth - 1)}
		}
		rows := d.rows(sub)
		return &Elapsed{Until: d.flag(), Rows: &rows, Last: d.flag()}
	case 4:
		r := &Ranking{Rank: d.flag(), X: sub()}
		if d.flag() {
			r.Among = d.column()
		}
		if d.flag() {
			r.Within = d.column()
		}
		return r
	case 5:
		return &Sample{Percent: Number{Text: d.pick("10", "0.5")}, Salt: Text{Value: "it's"}}
	default:
		return &Call{Func: Ident{Name: d.pick(functions...)}, Args: d.some(sub)}
	}
}

func (d trees) sequence(sub func() Expr) Expr {
	s := &Sequence{Times: d.flag(), Anchor: Anchor(d.pick("any", "first", "last")), Early: d.flag(), Window: d.window()}
	if d.flag() {
		s.Same = d.column()
	}
	for i := range d.number(1, 3) {
		step := Step{Rows: d.rows(sub), Repeat: d.number(1, 3)}
		if i > 0 {
			within := d.duration()
			step.Within, step.Not = &within, d.flag()
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}

func (d trees) rows(sub func() Expr) Rows {
	rows := Rows{Stream: d.stream()}
	if d.flag() {
		rows.Where = sub()
	}
	return rows
}

func (d trees) unit() Unit { return rapid.SampledFrom(units).Draw(d.T, "unit") }

func (d trees) duration() Duration {
	if d.number(0, 4) == 0 {
		return Duration{Param: "n", Unit: d.unit()}
	}
	return Duration{Number: strconv.Itoa(d.number(0, 400)), Unit: d.unit()}
}

func (d trees) point() *Point {
	p := &Point{X: rapid.SampledFrom([]Expr{
		&Moment{Text: "2026-01-31"}, &Param{Name: "from"}, &Name{Parts: []Ident{{Name: "since"}, {Name: "day"}}}, &Name{Parts: []Ident{d.column()}},
	}).Draw(d.T, "point")}
	if d.flag() {
		by := d.duration()
		p.Op, p.By = BinaryOp(d.pick("+", "-")), &by
	}
	return p
}

func (d trees) window() *Window {
	n, m := d.duration(), d.duration()
	switch d.number(0, 9) {
	case 0, 1:
		return &Window{Kind: LastN, N: &n}
	case 2:
		return &Window{Kind: NextN, N: &n}
	case 3:
		return &Window{Kind: NextUnit, Unit: d.unit()}
	case 4:
		return &Window{Kind: BetweenAgo, N: &n, M: &m}
	case 5:
		return &Window{Kind: Since, From: d.point()}
	case 6:
		return &Window{Kind: Since, From: d.point(), To: d.point()}
	case 7:
		return &Window{Kind: ThisUnit, Unit: d.unit()}
	case 8:
		return &Window{Kind: PreviousUnit, Count: d.number(1, 12), Unit: d.unit()}
	default:
		return rapid.SampledFrom([]*Window{
			{Kind: Ever}, {Kind: Today}, {Kind: Yesterday}, {Kind: Tomorrow}, {Kind: Before, To: d.point()},
		}).Draw(d.T, "window")
	}
}

// TestTreesSurviveTheirText: what is written for a tree is read as that tree,
// and is written the same again.
func TestTreesSurviveTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := trees{t}.expr(4)
		written := Format(tree)
		read, list := Parse(text(written))
		require.Empty(t, list, "%s", written)
		require.Equal(t, bare(tree, false), bare(read, false), "%s", written)
		require.Equal(t, written, Format(read))
	})
}

// TestSpacesAndCaseDoNotMatter writes a rule in other spaces and letters and
// demands the same tree, but for names.
func TestSpacesAndCaseDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := Format(trees{t}.expr(3))
		if strings.Contains(written, "'") {
			// Spaces and letters inside of a text do matter.
			written = "count(order) last 3 days > 1 and not bounced"
		}
		space := rapid.SampledFrom([]string{"  ", "\n", "\t", "\u00a0"}).Draw(t, "space")
		want, _ := Parse(text(strings.ToUpper(written)))
		got, list := Parse(text(strings.ReplaceAll(strings.ToUpper(written), " ", space)))
		require.Empty(t, list, "%s", written)
		require.Equal(t, bare(want, true), bare(got, true))
		require.Equal(t, strings.ToUpper(written), strings.ToUpper(Format(got)))
	})
}

// TestBrokenRulesAreReported takes something out of a good rule, or puts
// something in: whatever comes of it, the parser ends and its places are right.
func TestBrokenRulesAreReported(t *testing.T) {
	pieces := []string{"(", ")", ",", "'", "\"", " and ", " not ", "=", " for ", " last ", "5", "%", ".", "$", " where ", " then ", "é", " between "}
	rapid.Check(t, func(t *rapid.T) {
		written := []rune(Format(trees{t}.expr(3)))
		at := rapid.IntRange(0, len(written)).Draw(t, "at")
		until := rapid.IntRange(at, min(len(written), at+6)).Draw(t, "until")
		put := rapid.SampledFrom(pieces).Draw(t, "put")
		requireSound(t, string(slices.Concat(written[:at], []rune(put), written[until:])))
	})
}
