package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
)

func labelled(t *testing.T) *check.Program {
	t.Helper()
	program, list := load(t, files(
		"segments/vip/a.yaml", `
segments:
  vip_a: {tags: [vip, eu], owner: crm, where: worth > 3, gate: mail}
  vip_b: {tags: [vip], owner: web, where: vip_a and visits > 1}
gates: {mail: {where: known}}
`,
		"segments/b.yaml", `
segments: {known: {where: email is not missing}}
traits: {worth: {value: sum(order.total) ever, tags: [vip]}}
partitions: {stage: {owner: crm, stages: [{a: worth > 3}, {b: else}]}}
`))
	require.NoError(t, list.Err())
	return program
}

func TestSelect(t *testing.T) {
	program := labelled(t)
	for _, c := range []struct{ selectors, want []string }{
		{nil, []string{"known", "vip_a", "vip_b", "stage"}},
		{[]string{"vip_b"}, []string{"vip_b"}},
		{[]string{"worth", "mail"}, []string{"worth", "mail"}},
		{[]string{"vip_*", "vip_a"}, []string{"vip_a", "vip_b"}},
		{[]string{"tag:vip"}, []string{"vip_a", "vip_b"}},
		{[]string{"tag:eu", "owner:web"}, []string{"vip_a", "vip_b"}},
		{[]string{"owner:crm"}, []string{"vip_a", "stage"}},
		{[]string{"path:segments/vip"}, []string{"vip_a", "vip_b"}},
		{[]string{"path:./segments/b.yaml"}, []string{"known", "stage"}},
		{[]string{"path:segments/*.yaml"}, []string{"known", "stage"}},
		{[]string{"+vip_b"}, []string{"worth", "known", "vip_a", "vip_b", "mail"}},
		{[]string{"+tag:eu"}, []string{"worth", "known", "vip_a", "mail"}},
	} {
		got, err := program.Select(c.selectors)
		require.NoError(t, err, c.selectors)
		require.Equal(t, c.want, defined(got), c.selectors)
	}
}

func TestSelectErrors(t *testing.T) {
	program := labelled(t)
	for selector, want := range map[string]string{
		"vip_c":    `select "vip_c": no such definition; did you mean "vip_a"?`,
		"zzzzzz":   `select "zzzzzz": no such definition`,
		"tag:none": `select "tag:none": no segment or partition matches`,
		"tags:vip": `select "tags:vip": selectors are names, globs, tag:, owner:, path: and +name`,
		"vip_[":    `select "vip_[": syntax error in pattern`,
		"+x*":      `select "x*": no segment or partition matches`,
	} {
		_, err := program.Select([]string{selector})
		require.EqualError(t, err, want)
	}
}

func TestLookup(t *testing.T) {
	program := labelled(t)
	for name, kind := range map[string]string{"vip_a": "segment", "worth": "trait", "stage": "partition", "mail": "gate"} {
		d, ok := program.Lookup(name)
		require.True(t, ok)
		require.Equal(t, kind, d.DefinitionKind())
	}
	_, ok := program.Lookup("order")
	require.False(t, ok)
}
