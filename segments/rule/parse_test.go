package rule

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

// form is a rule and what the formatter writes for it; where that is left out
// the rule is written as it stands.
type form struct{ rule, want string }

func requireForms(t *testing.T, forms []form) {
	t.Helper()
	for _, c := range forms {
		e := parsed(t, c.rule)
		if c.want == "" {
			c.want = c.rule
		}
		require.Equal(t, c.want, Format(e))
		require.Equal(t, bare(e, true), bare(parsed(t, Format(e)), true), "%s", c.rule)
	}
}

func TestFormatsOperators(t *testing.T) {
	requireForms(t, []form{
		{"country = 'DE'", ""},
		{"COUNTRY   =\n\t'DE'  AND Not Bounced", "COUNTRY = 'DE' and not Bounced"},
		{"a != 1", "a <> 1"},
		{"(a)", ""},
		{"((a or b)) and c", ""},
		{"a or b and not c or d", ""},
		{"not not a", ""},
		{"not (x for 7 days)", ""},
		{"(not x) for 7d", "(not x) for 7 days"},
		{"x = 1 for 1d and y", "x = 1 for 1 day and y"},
		{"a between 1 and 2 and b", ""},
		{"a not between b - 1 and b + 1 or c", ""},
		{"a in ('x', 'it''s', '')", ""},
		{"a not in $key_regions", ""},
		{"created_at in last 60 days", ""},
		{"created_at not in since date '2026-01-01' before $end", ""},
		{"renews_on in next 2w", "renews_on in next 2 weeks"},
		{"anniversary(birth_date) in next 7 days", ""},
		{"seen in between 5d and 3d ago", "seen in between 5 days and 3 days ago"},
		{"name like '%a\\_b' and name not ilike 'X%' and name matches '^a+$'", ""},
		{"a is missing and b is not blank", ""},
		{"-a * -2 + --b / 3 - (c - d)", ""},
		{"a - b - c", ""},
		{"created_at + 30 days <= at - $n months", ""},
		{"date '2026-01-01' + 1mo = timestamp '2026-02-01 00:00'", "date '2026-01-01' + 1 month = timestamp '2026-02-01 00:00'"},
		{"true or FALSE", "true or false"},
		// Words that mean something elsewhere are free as names of columns.
		{"last = first and day in (date, month) and x > then", ""},
		{"größe > 3", ""},
		{"a = 'x'and b = 'y'", "a = 'x' and b = 'y'"},
		{"vip as of 30d ago and not vip", "vip as of 30 days ago and not vip"},
		{"engagement_score as of date '2026-01-01' + 3 days > 5", ""},
		{"customer.country = order.country", ""},
	})
}

func TestFormatsCalls(t *testing.T) {
	requireForms(t, []form{
		{"count(order) ever > 0", ""},
		{"Count( order ) LAST 30MIN > 0", "count(order) last 30 minutes > 0"},
		{"sum(order.amount where status = 'paid' and amount > 5) previous 3 months > $min", ""},
		{"sum(order.amount) previous 1 months", "sum(order.amount) previous month"},
		{"distinct(page_view.properties.page) this week", ""},
		{"most_frequent(order.category) last $n days = 'x'", ""},
		{"count(x) between 3 days and 5 days ago between 1 and 2", ""},
		{"count(x) since created_at - 5", ""},
		{"count(x) since created_at - 5 days - 5", ""},
		{"count(x) since last before date", ""},
		{"count(x) before $launch + 2 weeks > 0", ""},
		{"count(x) today + count(x) yesterday + count(x) tomorrow", ""},
		{"days_since(last order) > 30", ""},
		{"days_since(first order where amount > 5) > 30", ""},
		{"days_since(last(order.at) ever) > 30", ""},
		{"days_since(last) > days_until(first.day)", ""},
		{"periods(order per 30d, at least 2) last 180d = 6", "periods(order per 30 days, at least 2) last 180 days = 6"},
		{"periods(order where day = day per 1 month) previous 6 months", ""},
		{"sequence(a then not b within 24 hours, early) last 24h", "sequence(a then not b within 24 hours, early) last 24 hours"},
		{"times(a where x x 3 then b x 2 within 30min, same session, anchor first) last 7 days >= 2", "times(a where x x 3 then b x 2 within 30 minutes, same session, anchor first) last 7 days >= 2"},
		{"sequence(a x 1, anchor any) ever", "sequence(a) ever"},
		{"percentile(ltv among buyers within country) >= 90", ""},
		{"rank(count(order) ever) <= 100", ""},
		{"sample(12.5%, 'test 1')", ""},
		{"ROUND(ltv) > greatest(1, 2, least(a, b))", "round(ltv) > greatest(1, 2, least(a, b))"},
	})
}

// TestPrecedence pins which operands belong together: the right side writes
// the brackets that the grammar implies.
func TestPrecedence(t *testing.T) {
	for rule, bracketed := range map[string]string{
		"a or b and c":                        "a or (b and c)",
		"a and b or c":                        "(a and b) or c",
		"a and b and c":                       "(a and b) and c",
		"not a and b":                         "(not a) and b",
		"not a = b":                           "not (a = b)",
		"a = 1 and b = 2 for 7 days":          "(a = 1) and ((b = 2) for 7 days)",
		"a + b * c":                           "a + (b * c)",
		"a - b + c":                           "(a - b) + c",
		"-a * b":                              "(-a) * b",
		"a + 1 > b - 2 and c":                 "((a + 1) > (b - 2)) and c",
		"a between 1 and 2 and b":             "(a between 1 and 2) and b",
		"a between b + 1 and c * 2 or d":      "(a between (b + 1) and (c * 2)) or d",
		"count(x) ever > 1 for 3 days or y":   "(((count(x) ever) > 1) for 3 days) or y",
		"a + 3 days > b":                      "(a + 3 days) > b",
		"count(x where a and b or c) ever":    "count(x where (a and b) or c) ever",
		"a is missing or b not in (1) and c":  "(a is missing) or ((b not in (1)) and c)",
		"x in since y + 3 days and z":         "(x in since y + 3 days) and z",
		"x as of 3 days ago + 2 > y":          "((x as of 3 days ago) + 2) > y",
		"a < coalesce(b, c = d or e) and f":   "(a < coalesce(b, ((c = d) or e))) and f",
		"days_since(last o where a or b) > 1": "days_since(last o where (a or b)) > 1",
	} {
		require.Equal(t, bare(parsed(t, bracketed), false), bare(parsed(t, rule), false), "%s", rule)
	}
}

// TestReadsTheExamples reads every expression of the language's description.
func TestReadsTheExamples(t *testing.T) {
	for rule := range strings.Lines(`status not in ('cancelled', 'refunded')
vip and not churn_risk
lifecycle = 'loyal'
sum(order.amount) ever
last(order.category) ever
count(email_open) last 30 days
count(email_click) last 30 days
count(page_view) last 30 days
sum(order.amount) last 6 months > $min_spend
count(product_view where category = 'Luxury Watches') last 48 hours >= 1
sequence(add_to_cart then not order within 24 hours, early) last 24 hours
count(order) last 6 months >= 4 and ltv >= 500
days_since(first order) < 30
count(order) ever >= 2 and days_since(last order) <= 90
days_since(last order) between 30 and 90
days_since(last order) > 90
percentile(engagement_score among contactable)
email_consent = 'granted' and bounced = false and count(email_sent) last 7 days < 3
not (x for 7 days)
(not x) for 7 days
created_at in last 60 days
renews_on in next 2 weeks
anniversary(birth_date) in next 7 days
distinct(page_view.day) last 30 days
name as of 30 days ago
name as of date '2026-01-01'
has(list_field, v)
days_since(last s) > n
not (days_since(last s) <= n)
a <> b
not (a < b)
order.amount > 5
customer.name = 'x'
50 * (2 * below + equal) / n
count(x) last $n days > 1
x in $key_regions
`) {
		e := parsed(t, strings.TrimSpace(rule))
		require.Equal(t, strings.TrimSpace(rule), Format(e))
	}
}

func TestSpansCoverWhatIsWritten(t *testing.T) {
	rule := "  a = 'x' and Count(order.amount where b) last 30d >= -5 for 7 days "
	e := parsed(t, rule)
	var got []string
	Walk(e, func(e Expr) bool {
		got = append(got, e.Span().Text())
		return true
	})
	require.Equal(t, []string{
		strings.TrimSpace(rule), "a = 'x'", "a", "'x'",
		"Count(order.amount where b) last 30d >= -5 for 7 days",
		"Count(order.amount where b) last 30d >= -5",
		"Count(order.amount where b) last 30d", "b", "-5", "5",
	}, got)
}

// TestSpansOfDecodedText reads a rule whose quotes are written twice in its
// file, as in a single-quoted YAML scalar.
func TestSpansOfDecodedText(t *testing.T) {
	file := source.NewFile("f.yaml", "where: 'a = ''it'' and bb'")
	fragment := source.Fragment{File: file, At: 7}
	for i := 8; i < len(file.Text)-1; i++ {
		n := 1
		if strings.HasPrefix(file.Text[i:], "''") {
			n = 2
		}
		fragment.Text += file.Text[i : i+1]
		fragment.Starts = append(fragment.Starts, i)
		fragment.Ends = append(fragment.Ends, i+n)
		i += n - 1
	}
	require.Equal(t, "a = 'it' and bb", fragment.Text)
	e, list := Parse(fragment)
	require.Empty(t, list)
	and := e.(*Binary)
	require.Equal(t, "''it''", and.X.(*Binary).Y.Span().Text())
	require.Equal(t, "bb", and.Y.Span().Text())
}

func TestLeaves(t *testing.T) {
	var got []string
	for _, leaf := range Leaves(parsed(t, "a and (b and c) and not d and e between 1 and 2")) {
		got = append(got, Format(leaf))
	}
	require.Equal(t, []string{"a", "(b and c)", "not d", "e between 1 and 2"}, got)
	require.Len(t, Leaves(parsed(t, "a and b or c")), 1)
	require.Nil(t, Leaves(nil))
}

func TestWalkReachesFiltersAndMoments(t *testing.T) {
	rule := `count(o where f1) since p1 before p2 > 1 and sequence(a where f2 then b where f3 within 2 days) since $p3
		and x in (e1, e2) and x as of p4 and periods(o where f4 per 3 days) ever = days_since(last o where f5)
		and sample(5%, 's') and percentile(e3) > round(e4) + 3 days and t in before p5`
	var names []string
	Walk(parsed(t, rule), func(e Expr) bool {
		switch e := e.(type) {
		case *Name:
			names = append(names, path(e.Parts))
		case *Param:
			names = append(names, "$"+e.Name)
		}
		return true
	})
	require.Equal(t, strings.Fields("f1 p1 p2 f2 f3 $p3 x e1 e2 x p4 f4 f5 e3 e4 t p5"), names)

	visits := 0
	Walk(parsed(t, "a and b"), func(Expr) bool { visits++; return false })
	require.Equal(t, 1, visits)
}

func TestDepthIsLimited(t *testing.T) {
	for _, rule := range []string{
		strings.Repeat("(", 10000) + "a" + strings.Repeat(")", 10000),
		strings.Repeat("(", 10000),
		strings.Repeat("not ", 10000) + "a",
		strings.Repeat("-", 10000) + "a",
		strings.Repeat("round(", 10000) + "a",
		strings.Repeat("count(o where ", 10000) + "a",
		strings.Repeat("days_since(", 10000),
		strings.Repeat("rank(", 10000),
	} {
		_, list := Parse(text(rule))
		require.Contains(t, codes(list), source.Code("E131"), "%.20s", rule)
		require.LessOrEqual(t, len(list), 2, "%.20s", rule)
	}
	parsed(t, strings.Repeat("(", maxDepth)+"a"+strings.Repeat(")", maxDepth))
	long := parsed(t, strings.Repeat("a and ", 20000)+"a")
	require.Len(t, Leaves(long), 20001)
}

// TestRubbishIsReportedWithinBounds: a long text that is no rule is neither
// slow to refuse nor reported at length.
func TestRubbishIsReportedWithinBounds(t *testing.T) {
	for _, piece := range []string{"?", "@?", "\x96", "a b ", "1 ", "(", ")", "' ", "+", "a = ", "last ", "count(x) ", ", ", "not "} {
		_, list := Parse(text(strings.Repeat(piece, 1<<17/len(piece))))
		require.NotEmpty(t, list, "%q", piece)
		require.LessOrEqual(t, len(list), maxProblems, "%q", piece)
	}
}

func TestSeveralMistakesAreReported(t *testing.T) {
	_, list := Parse(text("a == 1 and (b > ) and count(order) > 3 or cont(x) ever and c in ()"))
	require.Equal(t, []source.Code{"E106", "E100", "E115", "E122", "E136"}, codes(list))
}

// TestWhatCanBeReadIsKept is what lets later stages find wrong names in a rule
// that has a mistake elsewhere.
func TestWhatCanBeReadIsKept(t *testing.T) {
	for rule, want := range map[string]string{
		"a = and b":                              "b",
		"a and":                                  "a",
		"(a > ) or c":                            "c",
		"count(order) > 3":                       "count(order) > 3",
		"count(order wher a) last 3 days > 2":    "count(order) last 3 days > 2",
		"count(order where a >) last 3 days > 2": "count(order) last 3 days > 2",
		"a in (1, , 3)":                          "a in (1, 3)",
		"a b c and d":                            "a and d",
		"a, b and c":                             "a",
		"sequence(a then b) ever and cuont(x) ever": "sequence(a then b) ever and count(x) ever",
	} {
		e, list := Parse(text(rule))
		require.NotEmpty(t, list, "%s", rule)
		require.Equal(t, want, Format(e), "%s", rule)
	}
	e, list := Parse(text("= ="))
	require.NotEmpty(t, list)
	require.Nil(t, e)
}

func TestFormatOfIncompleteTrees(t *testing.T) {
	require.Equal(t, "…", Format(nil))
	require.Equal(t, "… and …", Format(&Binary{Op: And}))
	require.Equal(t, "last …", FormatWindow(Window{Kind: LastN}))
	require.Equal(t, "since …", FormatWindow(Window{Kind: Since}))
	require.Equal(t, "…", FormatWindow(Window{}))
}
