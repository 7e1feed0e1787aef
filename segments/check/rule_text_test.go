package check_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
)

func TestRuleTextTree(t *testing.T) {
	program := historic(t)
	s, list := program.RuleText(typed("  all:\n    - often: visits > 3\n    - any: [vip, hit: bounced]\n"))
	require.NoError(t, list.Err())
	require.Equal(t, definition.All, s.Where.Kind)
	var leaves []string
	for _, leaf := range s.Where.Leaves() {
		leaves = append(leaves, leaf.Name+": "+check.Text(leaf.X))
	}
	require.Equal(t, []string{"often: visits > 3", "vip: vip", "hit: bounced"}, leaves)
	require.Equal(t, []string{"vip"}, defined(s.Needs()))
	require.Equal(t, "visits > 3", s.Definition.Where.Children[0].X.Span().Text())
}

func TestRuleTextExpression(t *testing.T) {
	program := historic(t)
	for _, text := range []string{"visits > 3 and vip", "vip", "visits >", "visits > 3\nand\nvip"} {
		want, wrong := program.Rule(typed(text))
		got, list := program.RuleText(typed(text))
		require.Equal(t, wrong.Error(), list.Error())
		require.Equal(t, want == nil, got == nil)
	}
}

func TestRuleTextErrors(t *testing.T) {
	program := historic(t)
	for text, want := range map[string]string{
		"all:\n  - a: visits >\n  - b: 'lost > 2'\n": "rule:2:16: expected a value, found the end of the rule [E100]",
		"all:\n  - a: vip\n  - b: 'lost > 2'\n":      "rule:3:9: unknown name \"lost\" [E200]",
		"# first\nnot: {x: count(ordr) ever > 1}":    "rule:2:16: unknown stream \"ordr\" [E204]",
		"all:\n  - a: vip\nalso: vip":                "rule:3:1: ",
		"any:":                                       "rule:1:5: ",
		"all: [":                                     "rule:",
	} {
		s, list := program.RuleText(typed(text))
		require.Nil(t, s, text)
		require.ErrorContains(t, list.Err(), want, text)
	}
}

// BenchmarkRuleText measures what is done on each key in the workbench.
func BenchmarkRuleText(b *testing.B) {
	set, list := definition.Load(os.DirFS("../../fixtures/shop/project"), "")
	require.Empty(b, list)
	program, more := check.Check(set)
	require.NoError(b, more.Err())
	for _, name := range []string{"vip", "luxury_cart_abandoners", "checkout_dropouts", "rising"} {
		text, err := definition.RuleText(set, name)
		require.NoError(b, err)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if s, list := program.RuleText(typed(text)); s == nil {
					b.Fatal(list)
				}
			}
		})
	}
	b.Run("forty_terms", func(b *testing.B) {
		text := strings.TrimSuffix(strings.Repeat("count(order where amount > 5) last 30 days >= 1 and ", 40), " and ")
		for b.Loop() {
			if s, list := program.RuleText(typed(text)); s == nil {
				b.Fatal(list)
			}
		}
	})
}
