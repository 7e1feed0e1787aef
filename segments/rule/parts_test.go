package rule

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

func TestParseBand(t *testing.T) {
	for written, want := range map[string]string{
		">= 75":                   "",
		"between 25 and 75":       "",
		"NOT  BETWEEN 25 AND $hi": "not between 25 and $hi",
		"in ('a', 'b')":           "",
		"not in $list":            "",
		"= 'x'":                   "",
		"!= 3":                    "<> 3",
		"like 'a%'":               "",
		"is missing":              "",
		"is not blank":            "",
		"in last 30d":             "in last 30 days",
		"Missing":                 "missing",
		" else ":                  "else",
		"< -5 + 2":                "",
	} {
		if want == "" {
			want = written
		}
		band, list := ParseBand(text(written))
		require.Empty(t, list, "%s", written)
		require.Equal(t, want, FormatBand(band))
		require.Equal(t, band.X == nil, band.Missing || band.Else)
	}
}

func TestBandHasItsPlaceholder(t *testing.T) {
	band, list := ParseBand(text(" >= 75"))
	require.Empty(t, list)
	over := band.X.(*Binary).X.(*Over)
	require.Equal(t, 1, over.Span().Start)
	require.Equal(t, 1, over.Span().End)
	require.Equal(t, ">= 75", band.At.Text())
}

func TestParseTransition(t *testing.T) {
	got, list := ParseTransition(text("lead -> new"))
	require.Empty(t, list)
	require.Equal(t, "lead", got.From.Name)
	require.Equal(t, "new", got.To.Name)
	require.Equal(t, "new", got.To.At.Text())
	require.Equal(t, "lead -> new", got.At.Text())

	got, list = ParseTransition(text("any->lapsed"))
	require.Empty(t, list)
	require.Equal(t, "any -> lapsed", FormatTransition(got))
}

func TestParseDuration(t *testing.T) {
	for written, want := range map[string]string{
		"14 days": "14 days", "1 days": "1 day", "30s": "30 seconds", "30MIN": "30 minutes", "48h": "48 hours",
		"30d": "30 days", "2w": "2 weeks", "6mo": "6 months", "1y": "1 year", "2 Quarters": "2 quarters",
		"$n day": "$n days", "0 days": "0 days",
	} {
		d, list := ParseDuration(text(written))
		require.Empty(t, list, "%s", written)
		require.Equal(t, want, FormatDuration(d))
		require.Equal(t, written, d.At.Text())
		require.NotEqual(t, d.Number == "", d.Param == "")
	}
}

func TestParseOffset(t *testing.T) {
	for _, c := range []struct {
		written string
		sign    int
		want    string
	}{{"-1 day", -1, "1 day"}, {"+14 days", 1, "14 days"}, {"- 30min", -1, "30 minutes"}} {
		sign, d, list := ParseOffset(text(c.written))
		require.Empty(t, list, "%s", c.written)
		require.Equal(t, c.sign, sign)
		require.Equal(t, c.want, FormatDuration(d))
	}
	for written, code := range map[string]source.Code{
		"1 day": "E135", "-1": "E109", "-1 day ago": "E100", "": "E135", "-6m": "E110", "-day": "E100",
	} {
		_, _, list := ParseOffset(text(written))
		require.Equal(t, []source.Code{code}, codes(list), "%s", written)
	}
}

func TestParseLiteral(t *testing.T) {
	for written, want := range map[string]Expr{
		"5000":                     &Number{Text: "5000"},
		"0.10":                     &Number{Text: "0.10"},
		"0":                        &Number{Text: "0"},
		"-2.5":                     &Unary{Op: Negate, X: &Number{Text: "2.5"}},
		"2026-01-31":               &Moment{Text: "2026-01-31"},
		"date '2026-01-31'":        &Moment{Text: "2026-01-31"},
		"TIMESTAMP '2026-01-31 9'": &Moment{Text: "2026-01-31 9", Timestamp: true},
		"true":                     &Bool{Value: true},
		"False":                    &Bool{},
		"DE-BY":                    &Text{Value: "DE-BY"},
		"":                         &Text{},
		"it's":                     &Text{Value: "it's"},
		"1e5":                      &Text{Value: "1e5"},
		"1,000":                    &Text{Value: "1,000"},
		"5k":                       &Text{Value: "5k"},
		".5":                       &Text{Value: ".5"},
		"2026-01-31 12:00":         &Text{Value: "2026-01-31 12:00"},
		"yes":                      &Text{Value: "yes"},
		"0171 555":                 &Text{Value: "0171 555"},
	} {
		e, list := ParseLiteral(text(written))
		require.Empty(t, list, "%s", written)
		require.Equal(t, want, bare(e, true), "%s", written)
		require.Equal(t, written, e.Span().Text())
	}
	for _, written := range []string{"01234", "007.5", "-01", "00"} {
		e, list := ParseLiteral(text(written))
		require.Equal(t, []source.Code{"E107"}, codes(list), "%s", written)
		require.Equal(t, &Text{Value: written}, bare(e, true))
	}
}

func TestTokens(t *testing.T) {
	type pair struct {
		Kind TokenKind
		Text string
	}
	var got []pair
	for _, token := range Tokens(text("count(order.last where x in ('a', $p)) last 30d > last(o.v) ever and day < 5 @")) {
		require.Equal(t, token.Text, token.Span.Text())
		got = append(got, pair{token.Kind, token.Text})
	}
	require.Equal(t, []pair{
		{FunctionToken, "count"},
		{BracketToken, "("},
		{StreamToken, "order"},
		{OperatorToken, "."},
		{NameToken, "last"},
		{KeywordToken, "where"},
		{NameToken, "x"},
		{KeywordToken, "in"},
		{BracketToken, "("},
		{TextToken, "'a'"},
		{OperatorToken, ","},
		{ParamToken, "$p"},
		{BracketToken, ")"},
		{BracketToken, ")"},
		{KeywordToken, "last"},
		{DurationToken, "30d"},
		{OperatorToken, ">"},
		{FunctionToken, "last"},
		{BracketToken, "("},
		{StreamToken, "o"},
		{OperatorToken, "."},
		{NameToken, "v"},
		{BracketToken, ")"},
		{KeywordToken, "ever"},
		{KeywordToken, "and"},
		{NameToken, "day"},
		{OperatorToken, "<"},
		{NumberToken, "5"},
		{InvalidToken, "@"},
	}, got)
}

func TestTokensOfUnfinishedRules(t *testing.T) {
	for rule, kinds := range map[string][]TokenKind{
		"":                    nil,
		"a and cou":           {NameToken, KeywordToken, NameToken},
		"count(":              {FunctionToken, BracketToken},
		"count(order wh":      {FunctionToken, BracketToken, StreamToken, NameToken},
		"a = 'x":              {NameToken, OperatorToken, InvalidToken},
		") sum(x) and 30d $p": {BracketToken, FunctionToken, BracketToken, StreamToken, BracketToken, KeywordToken, DurationToken, ParamToken},
	} {
		var got []TokenKind
		for _, token := range Tokens(text(rule)) {
			got = append(got, token.Kind)
		}
		require.Equal(t, kinds, got, "%s", rule)
	}
}

func TestWords(t *testing.T) {
	for _, word := range []string{"and", "or", "not", "in", "is", "between", "like", "ilike", "matches", "for", "as", "true", "false"} {
		require.True(t, IsReserved(word), word)
		require.True(t, IsKeyword(word), word)
	}
	for _, word := range []string{"last", "day", "at", "first", "id", "month", "x", "order"} {
		require.False(t, IsReserved(word), word)
	}
	for _, word := range []string{"last", "Days", "else", "missing", "any", "percentile", "coalesce", "ever"} {
		require.True(t, IsKeyword(word), word)
	}
	for _, word := range []string{"vip", "order", "lead", "new", "x", ""} {
		require.False(t, IsKeyword(word), word)
	}
	require.True(t, IsReserved("AND"))
	// The Kelvin sign is no k.
	require.False(t, IsReserved("li\u212ae"))
	for _, word := range Keywords() {
		require.True(t, IsKeyword(word), word)
	}
	require.True(t, slices.IsSorted(Keywords()))
	require.Len(t, slices.Compact(Keywords()), len(Keywords()))
	require.Contains(t, Aggregates(), "most_frequent")
}

// TestReservedWordsAreNoNames and its opposite: each word that is not reserved
// can be a column.
func TestReservedWordsAreNoNames(t *testing.T) {
	for _, word := range Keywords() {
		_, list := Parse(text("o." + word + " = 1 and " + word + " > 2"))
		require.Equal(t, IsReserved(word), list.HasErrors(), word)
	}
}
