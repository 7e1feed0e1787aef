package edit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/definition"
	"strata/tui/edit"
	"strata/tui/pagetest"
)

// at finds the cursor, which is written as |.
func at(text string) (string, int) {
	before, after, _ := strings.Cut(text, "|")
	return before + after, len(before)
}

// TestComplete names some of what must be offered, what is replaced by it, and
// what must not be offered.
func TestComplete(t *testing.T) {
	program := pagetest.Program(t)
	for _, c := range []struct{ text, replaced, has, lacks string }{
		{"cou|", "cou", "count(,country", "add_to_cart"},
		{"eng|", "eng", "engagement_score,engagement_tier", "ltv"},
		{"ltv > 5 and hi|", "hi", "high_value", "and "},
		{"$|", "$", "$min_spend,$high_spender", "ltv"},
		{"ltv > $hi|", "$hi", "$high_spender", "ltv"},
		{"count(|", "", "order,product_view", "ltv,country"},
		{"count(prod|", "prod", "product_view", "plan"},
		{"count(prod|uct_view where", "product_view", "", "plan"},
		{"sum(order.|", "order.", "order.amount", "amount,ltv"},
		{"sum(order.am|", "order.am", "order.amount", "order.status"},
		{"count(order wh|", "wh", "where ", "ltv"},
		{"count(order where st|", "st", "status", "store_vips"},
		{"count(order where customer.co|", "customer.co", "customer.country", "status"},
		{"count(order where (st|", "st", "status", "store_vips"},
		{"count(order)|", "", " last 30 days, ever", "and "},
		{"count(order) |", "", "last 30 days,ever", "and "},
		{"count(order) last 3|", "last 3", "last 3 days,last 3 months", "ever"},
		{"count(order) last 30 days |", "", "", "ever"},
		{"count(order) last 30 days a|", "a", "and ", "ever"},
		{"sequence(add_to_cart then not o|", "o", "order", "ltv"},
		{"sequence(add_to_cart then order within 24 h|", "h", "hours", "order"},
		{"days_since(|", "", "last ,order,birth_date", "and "},
		{"days_since(last o|", "o", "order", "ltv"},
		{"lifecycle = '|", "'", "'loyal','lead'", "ltv"},
		{"lifecycle = 'lo|'", "'lo'", "'loyal'", "'lead'"},
		{"lifecycle in ('loyal', |", "", "'lead'", "ltv"},
		{"renews_on in |", "", "next 7 days,this month", "ltv"},
		{"percentile(ltv among b|", "b", "buyers", "and "},
		{"all:\n  - rich: lt|", "lt", "ltv", "and "},
		{"all:\n  - hi|", "hi", "high_value", "count("},
		{"all:\n  - x: 'ltv > 1 and hi|'", "hi", "high_value", "and "},
		{"ltv > 5|", "", "", "and "},
		{"|", "", "", "ltv"},
		{"all:\n  # co|", "", "", "country"},
	} {
		text, cursor := at(c.text)
		done := edit.Complete(program, text, cursor, false)
		var names []string
		for _, item := range done.Items {
			names = append(names, item.Text)
		}
		if c.has != "" {
			require.Subset(t, names, strings.Split(c.has, ","), c.text)
			require.Equal(t, c.replaced, text[done.Start:done.End], c.text)
		}
		for name := range strings.SplitSeq(c.lacks, ",") {
			require.NotContains(t, names, name, c.text)
		}
	}
}

func TestCompleteExplicit(t *testing.T) {
	program := pagetest.Program(t)
	has := func(text, want string) {
		body, cursor := at(text)
		done := edit.Complete(program, body, cursor, true)
		require.True(t, slices.ContainsFunc(done.Items, func(c edit.Candidate) bool { return c.Text == want }), "%s wants %s", text, want)
	}
	has("|", "ltv")
	has("ltv > 5 |", "and ")
	has("ltv > 5 and |", "count(")
	has("ltv for |", "7 days")
}

func TestCompleteValues(t *testing.T) {
	program := pagetest.Program(t)
	for text, want := range map[string]edit.Values{
		"country = '|":                                {Field: "country"},
		"country = |":                                 {Field: "country"},
		"country = 'D|":                               {Field: "country", Prefix: "D"},
		"country in ('DE', 'A|')":                     {Field: "country", Prefix: "A"},
		"country not in ('it''s', '|":                 {Field: "country"},
		"count(order where status = 'ref|":            {Field: "order.status", Prefix: "ref"},
		"count(order where customer.country <> 'D|":   {Field: "country", Prefix: "D"},
		"last_category = 'Lux|":                       {Field: "order.category", Prefix: "Lux"},
		"all:\n  - a: country = 'D|'":                 {Field: "country", Prefix: "D"},
		"ltv > 1 and plan like 'p|":                   {Field: "plan", Prefix: "p"},
		"count(product_view where category = 'L|') e": {Field: "product_view.category", Prefix: "L"},
	} {
		body, cursor := at(text)
		done := edit.Complete(program, body, cursor, false)
		require.NotNil(t, done.Values, text)
		require.Equal(t, want, *done.Values, text)
	}
	for _, text := range []string{"ltv = '|", "nothing = '|", "'|", "count(order where amount = '|"} {
		body, cursor := at(text)
		require.Nil(t, edit.Complete(program, body, cursor, false).Values, text)
	}
	require.Equal(t, []edit.Candidate{{Text: "'it''s'", Kind: edit.ValueKind}}, edit.ValueItems([]string{"it's"}))
}

// TestCompleteAnywhere asks at every place of the demo's rules, whole and cut:
// ranges are inside the text, and each name that a rule has is offered where it
// stands once it has begun.
func TestCompleteAnywhere(t *testing.T) {
	program := pagetest.Program(t)
	var texts []string
	for _, s := range program.Segments {
		if text, err := definition.RuleText(program.Set, s.DefinitionName()); err == nil {
			texts = append(texts, text)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(texts).Draw(t, "text")
		cursor := rapid.IntRange(0, len(text)).Draw(t, "cursor")
		if rapid.Bool().Draw(t, "cut") {
			text = text[:cursor]
		}
		done := edit.Complete(program, text, cursor, rapid.Bool().Draw(t, "explicit"))
		require.LessOrEqual(t, 0, done.Start)
		require.LessOrEqual(t, done.Start, cursor)
		require.LessOrEqual(t, cursor, done.End)
		require.LessOrEqual(t, done.End, len(text))
		for _, item := range done.Items {
			require.NotEmpty(t, item.Text)
			require.NotEmpty(t, item.Kind)
		}
	})
	for _, text := range texts {
		for _, span := range edit.Highlight(text) {
			word := text[span.Start:span.End]
			if _, known := program.Lookup(word); !known && string(span.Kind) != "stream" || len(word) < 3 {
				continue
			}
			done := edit.Complete(program, text[:span.Start+2], span.Start+2, false)
			require.True(t, slices.ContainsFunc(done.Items, func(c edit.Candidate) bool { return c.Text == word }), "%s in %s", word, text)
		}
	}
}

// TestAcceptedCandidatesAreRight accepts what is offered at the end of a
// comparison and demands that the checker knows the name.
func TestAcceptedCandidatesAreRight(t *testing.T) {
	program := pagetest.Program(t)
	for _, before := range []string{"ltv > 0 and ", "count(", "sum(order.", "count(order where "} {
		done := edit.Complete(program, before, len(before), true)
		require.NotEmpty(t, done.Items, before)
		for _, item := range done.Items {
			text := before[:done.Start] + item.Text
			if strings.HasSuffix(text, "'") {
				text += "2026-01-01'"
			}
			for _, d := range edit.Read(program, text).Problems {
				require.NotContains(t, d.Message, "unknown", text)
			}
		}
	}
}
