package rule

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// mistakes holds for each code what people write to get it. Each rule has that
// mistake and no other.
var mistakes = []struct {
	code  source.Code
	rules []string
}{
	{"E100", []string{
		"a >", "a and\n", "a > and b", "a b", "a adn b = 1", "country contains 'DE'", "x = +5", "a, b", "()", "country 'DE'",
		"count(order wher a) last 3 days > 1", "a in the last 3 days", "round(x, ) > 1", "percentile(x amnog y) > 3",
		"periods(order, at least 2) last 6 months > 1", "count(order) previous $n months > 1",
		"sequence(a x3 then b within 2 days) ever", "sample(10, 'a')", "count(order) last", "sequence(a, anchor middle) ever",
		"x is", "vip as 3", "a between 1 or 2", "days_since(last order.at) > 3", "periods(order per 3 days, at most 2) ever",
	}},
	{"E101", []string{"", "   \n"}},
	{"E102", []string{"a ? 1", "a = @x", "x ^ 2 > 3", "a = \u200b1", "a \\ b", "a = \xff", "a ??? 1"}},
	{"E103", []string{"a = 'x", "a = 'it''s", `a = "x`, "a = 'it's'", "`a"}},
	{"E104", []string{`a = "DE"`, "a = “DE”", "a = ‘it's’", "a = „DE“", "a in («DE», 'FR')"}},
	{"E105", []string{"`Plan Type` = 'x'"}},
	{"E106", []string{
		"a == 1", "a === 1", "a && b", "a || b", "!a", "a = 1 and !(b)", "a >= 1 and b => 2", "a =< 1", "a =~ 'x'", "a !~ 'x'",
		"a ≥ 1", "a ≠ 1", "a − 1 > 2", "a & b", "a in ['x', 'y')", "{a)",
	}},
	{"E107", []string{
		"a > 1,000", "a > 1,200 and b", "a > 1_000", "a > 5k", "a > 1.5K", "a > 1e5", "a > 2.5e1", "a > .5", "a > 5.", "a = 01234",
		"count(order) last 07d > 1", "a > 1,000.50", "sum(o.v where x > 1,200) ever > 1",
	}},
	{"E108", []string{
		"created_at > 2026-01-31", "at > 2026-01-31T10:00:00Z", "at > 2026-01-31 10:00",
		"count(order) since '2026-01-31' > 1", "count(order) since 2026-01-31 > 1",
	}},
	{"E109", []string{
		"count(order) last 30 > 1", "count(order) last $n > 1", "count(order) last 30 dayz > 1", "count(order) last 30 sec > 1",
		"count(order) last 30days > 1", "count(order) last 5 d > 1", "x for 7", "count(order) between 3 and 5 days ago > 1",
		"count(order) this mont > 1", "count(order) previous 3 > 1", "count(order) last 5q > 1", "a > 30 dayz", "a > 5abc",
	}},
	{"E110", []string{"count(order) last 6m > 1", "count(order) last 6 m > 1", "x for 6M", "a > 5m"}},
	{"E111", []string{
		"count(order) last 1.5 days > 1", "count(order) last 1.5h > 1", "count(order) last 9999999999 days > 1",
		"sequence(a x 0) ever", "count(order) previous 0 months > 1", "sequence(a x 2.5) ever",
	}},
	{"E112", []string{
		"days_since(last order) > 30 days", "created_at > 30 days ago", "created_at > $n days ago", "a > 30d", "a in (30 days)",
	}},
	{"E113", []string{"(a and b", "count(order", "a in (1, 2", "round(x", "a and (b or (c)", "sequence(a then b within 2 days"}},
	{"E114", []string{"a = 1)", "(a)) and b"}},
	{"E115", []string{
		"count(order) > 3", "sum(order.amount where a = 'x') = 5", "periods(order per 30 days) > 1", "sequence(a then b within 2 days)",
		"count(order) between 3 and 5", "count(order) between $lo and $hi",
	}},
	{"E116", []string{
		"count(order) last month > 1", "created_at in last week", "count(order) this 3 months > 1", "periods(o per month) ever > 1",
	}},
	{"E117", []string{
		"count(order last 30 days) > 3", "count(order, last 30 days) > 3", "count(order) in last 30 days > 3",
		"count(order) in the last 30 days > 3", "count(order) over last 30 days > 3", "created_at last 30 days",
		"days_since(last order) last 30 days > 3", "created_at for last 30 days", "sequence(a, last 5 days)",
		"sequence(a, early, last 5 days)",
	}},
	{"E118", []string{
		"count(order) since 30 days ago > 1", "count(order) before 30 days > 1", "count(order) since > 1", "count(order) since 5 > 1",
		"count(order) between 3 days and 5 days > 1", "count(order) between date '2026-01-01' and $to > 1",
		"vip as of 30 days", "count(order) in the month > 1",
	}},
	{"E119", []string{"a < b < c", "1 <= x + 1 <= 10 and y", "a = b = c"}},
	{"E120", []string{"not x for 7 days", "a and not x > 3 for 7 days"}},
	{"E121", []string{"a is null", "a IS NOT NULL", "a is empty", "a is not none", "a is true", "tier is 'gold'", "tier is not 'gold'"}},
	{"E122", []string{
		"cuont(order) last 30d > 1", "mean(order.amount) ever > 1", "now() > 3", "ifnull(a, 0) > 1", "foo(a, b as c) = 2",
		"starts_wiht(a, 'x')",
	}},
	{"E123", []string{
		"count(*) last 30 days > 1", "count() last 30 days > 1", "sum(5) ever > 1", "sum(order.amount * 2) ever > 1",
		"count(distinct order.sku) ever > 1", "sequence() ever", "periods(* per 3 days) ever > 1",
	}},
	{"E124", []string{"sequence(a then not b) last 3 days", "sequence(a then b where c x 2, early) last 3 days"}},
	{"E125", []string{"sequence(not a then b within 3 days) last 5 days"}},
	{"E126", []string{
		"sequence(a, erly) ever", "sequence(a, foo bar, early) ever", "sequence(a, early, same c, early) ever",
	}},
	{"E127", []string{"a > 10%", "percentile(a) >= 12.5%"}},
	{"E128", []string{"a = 1;", "a; b"}},
	{"E129", []string{"case when a then 1 else 0 end = 1", "SELECT * FROM t WHERE x = 1", "select 1", "select a from t"}},
	{"E130", []string{"order.in = 1", "count(as) ever > 1", "percentile(x among for) > 1", "sum(o.like where a) ever > 1"}},
	{"E131", []string{strings.Repeat("(", 101) + "a" + strings.Repeat(")", 101)}},
	{"E132", []string{"a = $", "a = $5", "a = ${min}", "$ > 3"}},
	{"E136", []string{"a in 'x'", "a in 5", "a in ()", "a in key_regions", "a in 30 days", "a in -5", "a not in"}},
	{"E137", []string{"a = not b", "a = b is missing", "a in (1) = true", "a for 7 days = b", "x for 3 days for 5 days"}},
	{"E138", []string{"a = 1 # note", "# note"}},
}

// others holds the mistakes in texts that are no whole rules.
var others = []struct {
	code  source.Code
	parse func(source.Fragment) source.List
	texts []string
}{
	{"E100", parseBand, []string{"missing or else", "> 3)", ">= 5 6"}},
	{"E101", parseBand, []string{""}},
	{"E101", parseDuration, []string{""}},
	{"E133", parseBand, []string{"75", "ltv >= 75", "and", ">= 25 and < 75", "> 1 < 2"}},
	{"E134", parseTransition, []string{"lead", "lead to new", "lead => new", "lead ->", "-> new", "", "'a' -> 'b'"}},
	{"E106", parseTransition, []string{"lead → new"}},
	{"E130", parseTransition, []string{"not -> new", "a -> or"}},
	{"E100", parseTransition, []string{"a -> b -> c"}},
	{"E135", parseOffset, []string{"1 day", "days"}},
	{"E107", parseLiteral, []string{"01234", "-01"}},
	{"E109", parseDuration, []string{"14", "14 fortnights"}},
	{"E100", parseDuration, []string{"days", "14 days ago"}},
}

func parseRule(f source.Fragment) source.List       { _, list := Parse(f); return list }
func parseBand(f source.Fragment) source.List       { _, list := ParseBand(f); return list }
func parseTransition(f source.Fragment) source.List { _, list := ParseTransition(f); return list }
func parseDuration(f source.Fragment) source.List   { _, list := ParseDuration(f); return list }
func parseOffset(f source.Fragment) source.List     { _, _, list := ParseOffset(f); return list }
func parseLiteral(f source.Fragment) source.List    { _, list := ParseLiteral(f); return list }

// TestMistakes compares the whole report of every mistake with testdata, and
// demands that one mistake gives one diagnostic with its own code.
func TestMistakes(t *testing.T) {
	var out strings.Builder
	check := func(code source.Code, written string, list source.List) {
		require.NotEmpty(t, list, "%s: %q", code, written)
		for _, d := range list {
			require.Equal(t, code, d.Code, "%q: %s", written, d.Message)
			require.Equal(t, source.Error, d.Severity)
			require.Contains(t, Codes, d.Code)
			requireInside(t, d, len(written))
		}
		require.NoError(t, source.RenderText(&out, list, source.TextOptions{Width: 100}))
		out.WriteByte('\n')
	}
	for _, m := range mistakes {
		for _, rule := range m.rules {
			check(m.code, rule, parseRule(text(rule)))
		}
	}
	for _, m := range others {
		for _, written := range m.texts {
			check(m.code, written, m.parse(text(written)))
		}
	}
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile("testdata/mistakes.txt", []byte(out.String()), 0o600))
	}
	want, err := os.ReadFile("testdata/mistakes.txt")
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

func requireInside(t *testing.T, d source.Diagnostic, length int) {
	t.Helper()
	require.NotEmpty(t, d.Message)
	require.False(t, strings.HasSuffix(d.Message, "."), d.Message)
	for _, span := range append([]source.Span{d.Span}, places(d.Related)...) {
		require.NotNil(t, span.File)
		require.GreaterOrEqual(t, span.Start, 0)
		require.LessOrEqual(t, span.Start, span.End)
		require.LessOrEqual(t, span.End, length)
	}
}

func places(related []source.Related) []source.Span {
	var out []source.Span
	for _, r := range related {
		out = append(out, r.Span)
	}
	return out
}

func TestEveryCodeHasACase(t *testing.T) {
	raised := map[source.Code]bool{}
	for _, m := range mistakes {
		raised[m.code] = true
	}
	for _, m := range others {
		raised[m.code] = true
	}
	for code, meaning := range Codes {
		require.True(t, raised[code], "%s has no case", code)
		require.NotEmpty(t, meaning)
		require.Regexp(t, `^E1[0-9]{2}$`, string(code))
	}
	require.Len(t, raised, len(Codes))
}

// TestHintsCanBeWritten takes the text each hint proposes for a whole rule and
// reads it: advice that is itself a mistake is worse than none.
func TestHintsCanBeWritten(t *testing.T) {
	for rule, want := range map[string][]string{
		"count(order) > 3":                        {"count(order) last 30 days", "count(order) ever"},
		"not x > 2 for 7d":                        {"not (x > 2 for 7 days)", "(not x > 2) for 7 days"},
		"a < b + 1 < c":                           {"a < b + 1 and b + 1 < c"},
		"created_at last 30 days":                 {"created_at in last 30 days"},
		"count(order where a = 'x' last 3 days)":  {"count(order where a = 'x') last 3 days"},
		"count(order) during last 3 days > 1":     {"count(order) last 3 days"},
		"count(distinct order.a.b) ever":          {"distinct(order.a.b) last 30 days"},
		"tier is not 'gold'":                      {"tier <> 'gold'"},
		"name starts_with 'x'":                    {"starts_with(name, 'x')"},
		"count(order) between 3 and $n":           {"count(order) ever between 3 and $n"},
		"periods(order per 30 days) > 1":          {"periods(order per 30 days) last 6 months", "periods(order per 30 days) ever"},
		"sequence(a then b within 1 day, same c)": {"sequence(a then b within 1 day, same c) last 30 days"},
	} {
		list := parseRule(text(rule))
		require.Len(t, list, 1, "%s", rule)
		for _, proposal := range want {
			require.Contains(t, list[0].Hint, "`"+proposal+"`", "%s", rule)
			parsed(t, proposal)
		}
	}
}

func TestErrorsAtTheEndPointThere(t *testing.T) {
	for _, rule := range []string{"a >", "(a", "count(order) last", "a in", "a between 1", "x for", "sequence(a then"} {
		list := parseRule(text(rule))
		require.NotEmpty(t, list, "%s", rule)
		require.Equal(t, len(rule), list[0].Span.Start, "%s", rule)
		require.Equal(t, len(rule), list[0].Span.End, "%s", rule)
	}
}

func TestShift(t *testing.T) {
	for _, c := range []struct {
		number string
		power  int
		want   string
	}{
		{"5", 3, "5000"},
		{"1.5", 3, "1500"},
		{"1.23456", 2, "123.456"},
		{"10", -2, "0.1"},
		{"12.5", -2, "0.125"},
		{"0", 5, "0"},
		{".5", 1, "5"},
		{"100", -2, "1"},
	} {
		require.Equal(t, c.want, shift(c.number, c.power))
	}
}
