package rule

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

// requireSound demands what holds for every text, rule or not: the parser
// ends, its places lie inside the text and follow its order, and a rule
// without mistakes is written in a form that is read as the same rule.
func requireSound(t require.TestingT, rule string) {
	e, list := Parse(text(rule))
	for _, d := range list {
		require.Contains(t, Codes, d.Code)
		require.True(t, 0 <= d.Span.Start && d.Span.Start <= d.Span.End && d.Span.End <= len(rule), "%q: %v", rule, d)
	}
	require.NoError(t, source.RenderText(&strings.Builder{}, list, source.TextOptions{Width: 60}))
	last := 0
	for _, token := range Tokens(text(rule)) {
		require.LessOrEqual(t, last, token.Span.Start, "%q", rule)
		require.LessOrEqual(t, token.Span.Start, token.Span.End, "%q", rule)
		require.NotEmpty(t, token.Kind)
		last = token.Span.End
	}
	if e == nil {
		require.NotEmpty(t, list, "%q", rule)
		return
	}
	every(e, func(s source.Span) {
		require.NotNil(t, s.File, "%q", rule)
		require.True(t, 0 <= s.Start && s.Start <= s.End && s.End <= len(rule), "%q", rule)
	})
	written := Format(e)
	if list.HasErrors() {
		return
	}
	again, list := Parse(text(written))
	require.Empty(t, list, "%q gave %q", rule, written)
	require.Equal(t, bare(e, true), bare(again, true), "%q", rule)
	require.Equal(t, written, Format(again))
}

func FuzzParse(f *testing.F) {
	for _, m := range mistakes {
		for _, rule := range m.rules {
			f.Add(rule)
		}
	}
	for _, rule := range []string{
		"sum(order.amount) last 6 months > $min_spend and not vip for 7 days",
		"times(a where x x 3 then not b within 30min, same session, anchor first) between 5d and 3d ago >= 2",
		"percentile(ltv among buyers within country) >= 90 or sample(5%, 's')",
		"cuont(a, last",
		"a as of date '2026-01-01' + 3 days not in since x before $y - 1mo",
	} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		requireSound(t, rule)
		parts := text(rule)
		for _, list := range []source.List{
			parseBand(parts), parseTransition(parts), parseDuration(parts), parseOffset(parts), parseLiteral(parts),
		} {
			for _, d := range list {
				require.True(t, 0 <= d.Span.Start && d.Span.Start <= d.Span.End && d.Span.End <= len(rule), "%q: %v", rule, d)
			}
		}
		if band, list := ParseBand(parts); !list.HasErrors() {
			again, list := ParseBand(text(FormatBand(band)))
			require.Empty(t, list, "%q", rule)
			require.Equal(t, FormatBand(band), FormatBand(again))
		}
		if !utf8.ValidString(rule) {
			_, list := Parse(parts)
			require.True(t, list.HasErrors() || strings.Contains(rule, "'"), "%q", rule)
		}
	})
}
