package edit_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/definition"
	"strata/tui/edit"
	"strata/tui/pagetest"
)

func TestRead(t *testing.T) {
	program := pagetest.Program(t)
	r := edit.Read(program, "sum(order.amount) last 6 months >= 5000\n  and not 3 > orders_ever and plan = 'pro'")
	require.Empty(t, r.Problems)
	require.Len(t, r.Leaves, 3)
	require.Equal(t, "5000", r.Text[r.Leaves[0].Threshold.Start:r.Leaves[0].Threshold.End])
	require.Equal(t, edit.Threshold{Start: 50, End: 51, Value: "3", Op: "<", Of: "orders_ever"}, *r.Leaves[1].Threshold)
	require.Nil(t, r.Leaves[2].Threshold)
	require.Equal(t, edit.Read(program, "sum( order.amount )  last 6 months >= 5000 and not 3 > orders_ever\nand plan='pro'").Meaning, r.Meaning)

	tree := edit.Read(program, "all:\n  - rich: 'ltv > 12.50'\n  - vip\n")
	require.Empty(t, tree.Problems)
	require.Equal(t, "all:\n  - rich: 'ltv > 12.50'\n  - vip", tree.Word)
	require.Equal(t, "rich", tree.Leaves[0].Name)
	require.Equal(t, "12.50", tree.Text[tree.Leaves[0].Threshold.Start:tree.Leaves[0].Threshold.End])

	// A param stands for its number.
	param := edit.Read(program, "sum(order.amount) last 6 months > $min_spend")
	require.Equal(t, "$min_spend", param.Text[param.Leaves[0].Threshold.Start:param.Leaves[0].Threshold.End])
	require.Equal(t, "5000", param.Leaves[0].Threshold.Value)
	require.Nil(t, edit.Read(program, "region in $key_regions").Leaves[0].Threshold)

	// A bare name is the segment that has it; its leaves stand in another file.
	bare := edit.Read(program, "high_value")
	require.NotNil(t, bare.Segment)
	require.Nil(t, bare.Leaves[0].Threshold)
	wrong := edit.Read(program, "ltv >")
	require.Nil(t, wrong.Segment)
	require.Empty(t, wrong.Meaning)
}

func TestFixes(t *testing.T) {
	program := pagetest.Program(t)
	for text, want := range map[string]string{
		"contry = 'DE'":                     "country = 'DE'",
		"qwertz = 'DE'":                     "",
		"regin = 'DE-BY'":                   "region = 'DE-BY'",
		"count(product_veiw) ever > 1":      "count(product_view) ever > 1",
		"count(order) > 3":                  "count(order) last 30 days > 3",
		"plan == 'pro'":                     "plan = 'pro'",
		"plan = \"pro\"":                    "plan = 'pro'",
		"all:\n  - a: regin = 'x'\n  - vip": "all:\n  - a: region = 'x'\n  - vip",
	} {
		fixes := edit.Fixes(program, edit.Read(program, text))
		if want == "" {
			require.Empty(t, fixes, text)
			continue
		}
		require.NotEmpty(t, fixes, text)
		require.Equal(t, want, text[:fixes[0].Start]+fixes[0].Text+text[fixes[0].End:])
	}
}

func TestStepped(t *testing.T) {
	for _, c := range []struct {
		value string
		steps int
		want  string
	}{
		{"5000", 1, "5500"},
		{"5000", -1, "4800"},
		{"3", 1, "4"},
		{"3", -1, "2"},
		{"0", -1, "0"},
		{"0", 1, "1"},
		{"90", 1, "95"},
		{"0.25", 1, "0.27"},
		{"0.25", -2, "0.21"},
		{"-3", 1, "-2"},
		{"-3", -1, "-4"},
		{"100", -1, "95"},
		{"100", 1, "110"},
		{"9.50", 1, "10.00"},
		{"1", -5, "0"},
		{"99999999999999999999", 1, "99999999999999999999"},
	} {
		require.Equal(t, c.want, edit.Stepped(c.value, c.steps), "%s by %d", c.value, c.steps)
	}
	require.Equal(t, []string{"3000", "3500", "4000", "4500", "5000", "5500", "6000", "6500", "7000"}, edit.Around("5000", 9))
	require.Equal(t, []string{"0", "1", "2", "3", "4"}, edit.Around("1", 5))
}

// TestAroundLaws demands rising numbers in equal steps with the number among
// them.
func TestAroundLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.IntRange(0, 4).Draw(t, "places")
		value := strconv.FormatFloat(float64(rapid.IntRange(-100000, 100000).Draw(t, "n"))/1000, 'f', places, 64)
		values := edit.Around(value, 9)
		require.Len(t, values, 9)
		found, before, step := false, 0.0, 0.0
		for i, text := range values {
			x, err := strconv.ParseFloat(text, 64)
			require.NoError(t, err)
			found = found || edit.SameNumber(text, value)
			if i == 1 {
				step = x - before
				require.Positive(t, step)
			}
			if i > 1 {
				require.InDelta(t, step, x-before, 1e-9)
			}
			if !strings.HasPrefix(value, "-") {
				require.GreaterOrEqual(t, x, 0.0)
			}
			before = x
		}
		require.True(t, found, "%s in %v", value, values)
	})
}

// TestHighlight demands of the rules of the demo, and of any text, that pieces
// are in order and inside the text.
func TestHighlight(t *testing.T) {
	program := pagetest.Program(t)
	texts := []string{"", "all:\n  # c\n  - a: 'x = ''y''' # d\n  - b"}
	for _, s := range program.Segments {
		if text, err := definition.RuleText(program.Set, s.DefinitionName()); err == nil {
			texts = append(texts, text)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(texts).Draw(t, "text")
		if rapid.Bool().Draw(t, "cut") {
			text = strings.ToValidUTF8(text[:rapid.IntRange(0, len(text)).Draw(t, "at")]+rapid.String().Draw(t, "more"), "")
		}
		last := 0
		for _, s := range edit.Highlight(text) {
			require.LessOrEqual(t, last, s.Start)
			require.Less(t, s.Start, s.End)
			last = s.End
		}
		require.LessOrEqual(t, last, len(text))
	})
	var kinds []string
	text := "all:\n  - rich: sum(order.amount) ever > 5 # why"
	for _, s := range edit.Highlight(text) {
		kinds = append(kinds, string(s.Kind)+" "+text[s.Start:s.End])
	}
	require.Equal(t, []string{
		"key all", "key rich", "function sum", "bracket (", "stream order", "operator .", "name amount", "bracket )", "keyword ever", "operator >", "number 5", "comment # why",
	}, kinds)
}
