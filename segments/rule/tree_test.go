package rule

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

func named(path string) *Name {
	n := &Name{}
	for part := range strings.SplitSeq(path, ".") {
		n.Parts = append(n.Parts, Ident{Name: part})
	}
	return n
}

func number(text string) *Number { return &Number{Text: text} }

func days(n string) *Duration { return &Duration{Number: n, Unit: Day} }

func last30() *Window { return &Window{Kind: LastN, N: days("30")} }

func requireTrees(t *testing.T, trees map[string]Expr) {
	t.Helper()
	for rule, want := range trees {
		require.Equal(t, want, bare(parsed(t, rule), true), "%s", rule)
		require.Equal(t, want, bare(parsed(t, Format(want)), true), "%s", rule)
	}
}

// TestTrees writes trees out by hand, so that a mistake the parser and the
// formatter share does not hide behind their agreement.
func TestTrees(t *testing.T) {
	requireTrees(t, map[string]Expr{
		"0.10":                   number("0.10"),
		"'it''s'":                &Text{Value: "it's"},
		"TRUE":                   &Bool{Value: true},
		"false":                  &Bool{},
		"date '2026-01-01'":      &Moment{Text: "2026-01-01"},
		"timestamp '2026-01-01'": &Moment{Text: "2026-01-01", Timestamp: true},
		"$n":                     &Param{Name: "n"},
		"a.B.c":                  named("a.B.c"),
		"(a)":                    &Paren{X: named("a")},
		"not a":                  &Unary{Op: Not, X: named("a")},
		"-a":                     &Unary{Op: Negate, X: named("a")},
		"a != 1":                 &Binary{Op: NotEqual, X: named("a"), Y: number("1")},
		"a - 1":                  &Binary{Op: Subtract, X: named("a"), Y: number("1")},
		"a - 1 day":              &Shift{Op: Subtract, X: named("a"), By: *days("1")},
		"a + $n day":             &Shift{Op: Add, X: named("a"), By: Duration{Param: "n", Unit: Day}},
		"a between 1 and 2":      &Between{X: named("a"), Low: number("1"), High: number("2")},
		"a not between 1 and 2":  &Between{X: named("a"), Low: number("1"), High: number("2"), Not: true},
		"a in (1, b)":            &In{X: named("a"), List: []Expr{number("1"), named("b")}},
		"a not in $p":            &In{X: named("a"), Param: &Param{Name: "p"}, Not: true},
		"a in last 30d":          &InWindow{X: named("a"), Window: *last30()},
		"a not ilike b":          &Match{Op: ILike, X: named("a"), Pattern: named("b"), Not: true},
		"a like b":               &Match{Op: Like, X: named("a"), Pattern: named("b")},
		"a matches b":            &Match{Op: Matches, X: named("a"), Pattern: named("b")},
		"a is missing":           &Is{X: named("a")},
		"a is not blank":         &Is{X: named("a"), Blank: true, Not: true},
		"a for 30 days":          &Held{X: named("a"), For: *days("30")},
		"ROUND(a, 2)":            &Call{Func: Ident{Name: "round"}, Args: []Expr{named("a"), number("2")}},
	})
}

func TestCallTrees(t *testing.T) {
	order := Rows{Stream: Ident{Name: "order"}}
	requireTrees(t, map[string]Expr{
		"count(order) last 30 days": &Aggregate{Op: Count, Rows: order, Window: last30()},
		"days_since(a)":             &Elapsed{X: named("a")},
		"days_until(first order)":   &Elapsed{Until: true, Rows: &order},
		"days_since(last order)":    &Elapsed{Rows: &order, Last: true},
		"percentile(a within g)":    &Ranking{X: named("a"), Within: Ident{Name: "g"}},
		"rank(a among p)":           &Ranking{Rank: true, X: named("a"), Among: Ident{Name: "p"}},
		"sample(2.5%, 's')":         &Sample{Percent: Number{Text: "2.5"}, Salt: Text{Value: "s"}},
		"a as of 30 days ago":       &Name{Parts: named("a").Parts, AsOf: &AsOf{Ago: days("30")}},
		"a as of $p":                &Name{Parts: named("a").Parts, AsOf: &AsOf{Point: &Point{X: &Param{Name: "p"}}}},
		"first(order.a.b) ever":     &Aggregate{Op: First, Rows: order, Column: named("a.b").Parts, Window: &Window{Kind: Ever}},
		"most_frequent(order.a) ever": &Aggregate{
			Op: MostFrequent, Rows: order, Column: named("a").Parts, Window: &Window{Kind: Ever},
		},
		"periods(order per 30d, at least 2) ever": &Periods{
			Rows: order, Per: *days("30"), AtLeast: number("2"), Window: &Window{Kind: Ever},
		},
		"sum(order.amount where paid) last 30 days": &Aggregate{
			Op: Sum, Rows: Rows{Stream: order.Stream, Where: named("paid")}, Column: named("amount").Parts, Window: last30(),
		},
		"times(order x 2 then not b where c within 30 days, same s, anchor last, early) last 30 days": &Sequence{
			Times: true, Same: Ident{Name: "s"}, Anchor: AnchorLast, Early: true, Window: last30(),
			Steps: []Step{
				{Rows: order, Repeat: 2},
				{Rows: Rows{Stream: Ident{Name: "b"}, Where: named("c")}, Not: true, Repeat: 1, Within: days("30")},
			},
		},
		"sequence(order) ever": &Sequence{
			Anchor: AnchorAny, Steps: []Step{{Rows: order, Repeat: 1}}, Window: &Window{Kind: Ever},
		},
	})
}

func TestWindows(t *testing.T) {
	date := &Point{X: &Moment{Text: "2026-01-01"}}
	for written, want := range map[string]Window{
		"last 30 days":                   *last30(),
		"next 30d":                       {Kind: NextN, N: days("30")},
		"next Months":                    {Kind: NextUnit, Unit: Month},
		"between 5 days and 30 days ago": {Kind: BetweenAgo, N: days("5"), M: days("30")},
		"since date '2026-01-01'":        {Kind: Since, From: date},
		"since $p before date '2026-01-01'": {
			Kind: Since, From: &Point{X: &Param{Name: "p"}}, To: date,
		},
		"before customer.created_at - 30d": {Kind: Before, To: &Point{X: named("customer.created_at"), Op: Subtract, By: days("30")}},
		"today":                            {Kind: Today},
		"yesterday":                        {Kind: Yesterday},
		"tomorrow":                         {Kind: Tomorrow},
		"this quarter":                     {Kind: ThisUnit, Unit: Quarter},
		"previous year":                    {Kind: PreviousUnit, Count: 1, Unit: Year},
		"previous 3 weeks":                 {Kind: PreviousUnit, Count: 3, Unit: Week},
		"EVER":                             {Kind: Ever},
	} {
		a := parsed(t, "count(order) "+written).(*Aggregate)
		require.Equal(t, written, a.Window.At.Text())
		require.Equal(t, &want, bare(a, true).(*Aggregate).Window, "%s", written)
		in := parsed(t, "x in "+written).(*InWindow)
		require.Equal(t, written, in.Window.At.Text())
		require.Equal(t, want, bare(in, true).(*InWindow).Window, "%s", written)
	}
}

// TestPlacesInsideOfNodes checks the places that are not those of nodes:
// words, durations, moments and steps.
func TestPlacesInsideOfNodes(t *testing.T) {
	s := parsed(t, "sequence(a where b x 2 then not c within 2 days, same d) since e.f + 3d").(*Sequence)
	require.Equal(t, "a", s.Steps[0].Rows.Stream.At.Text())
	require.Equal(t, "a where b x 2", s.Steps[0].At.Text())
	require.Equal(t, "not c within 2 days", s.Steps[1].At.Text())
	require.Equal(t, "2 days", s.Steps[1].Within.At.Text())
	require.Equal(t, "d", s.Same.At.Text())
	require.Equal(t, "e.f + 3d", s.Window.From.At.Text())
	require.Equal(t, "e.f", s.Window.From.X.Span().Text())
	require.Equal(t, "3d", s.Window.From.By.At.Text())

	n := parsed(t, "a . b as of 30 days ago").(*Name)
	require.Equal(t, "a . b as of 30 days ago", n.Span().Text())
	require.Equal(t, "b", n.Parts[1].At.Text())
	require.Equal(t, "as of 30 days ago", n.AsOf.At.Text())
	require.Equal(t, "30 days", n.AsOf.Ago.At.Text())

	r := parsed(t, "rank(x among p within g)").(*Ranking)
	require.Equal(t, "p g", r.Among.At.Text()+" "+r.Within.At.Text())
	sample := parsed(t, "sample(10%, 's')").(*Sample)
	require.Equal(t, "10", sample.Percent.Span().Text())
	require.Equal(t, "'s'", sample.Salt.Span().Text())
	a := parsed(t, "sum(o.amount.net) ever").(*Aggregate)
	require.Equal(t, "net", a.Column[1].At.Text())
	c := parsed(t, "Round(x)").(*Call)
	require.Equal(t, "Round", c.Func.At.Text())
}

// TestCutRulesAreReported reads every beginning of a rule that uses all there
// is: someone is typing it.
func TestCutRulesAreReported(t *testing.T) {
	rule := "a.b as of 3 days ago >= -5 and (c not in ('x', $p) or d between 1 and 2 for 7d) " +
		"and sequence(e where f is not missing x 2 then not g within 30min, same h, anchor first, early) between 5 days and 3d ago " +
		"and percentile(sum(o.v) since date '2026-01-01' + 1 day before $q among m within n) > sample(5%, 's') " +
		"and periods(o per 1 month, at least 2) previous 3 months = days_since(last o where z like 'x%')"
	parsed(t, rule)
	for i := range rule {
		requireSound(t, rule[:i])
		requireSound(t, rule[i:])
		requireSound(t, rule[:i]+rule[i+1:])
	}
}

// TestOneMistakeInManyPlaces puts a mistake wherever an expression can stand:
// there is one diagnostic, and the rest of the rule is kept.
func TestOneMistakeInManyPlaces(t *testing.T) {
	for _, place := range []string{
		"%s", "(%s)", "not %s", "a and %s", "%s or b", "round(%s) = 1", "coalesce(a, %s, b) = 1", "x = 1 and (y or (%s))",
		"count(order where %s) last 30 days > 1", "days_since(last order where %s) > 3",
		"sequence(a where %s then b where c within 2 days) last 3 days", "periods(o where %s per 30 days) ever = 1",
		"percentile(%s among p) > 50", "rank(count(o where %s) ever) < 5",
	} {
		for mistake, code := range map[string]source.Code{
			"q == 5": "E106", "q = 'x' adn z": "E100", "q is null": "E121", "q > 3 days": "E112", "foo(1)": "E122", "q in 5": "E136",
			"q = @": "E102", "q < r < s": "E119", `q = "x"`: "E104",
		} {
			rule := strings.Replace(place, "%s", mistake, 1)
			_, list := Parse(text(rule))
			require.Equal(t, []source.Code{code}, codes(list), "%s: %v", rule, list)
		}
	}
}
