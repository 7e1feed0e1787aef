package cmd

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// pickable is a set with four definitions in two files.
func pickable() *definition.Set {
	about := func(file *source.File, name, owner string, tags ...string) definition.About {
		return definition.About{Name: rule.Ident{Name: name}, Owner: owner, Tags: tags, At: source.Span{File: file}}
	}
	value, carts := source.NewFile("segments/value.yaml", ""), source.NewFile("segments/eu/carts.yaml", "")
	return &definition.Set{
		Files: []*source.File{value, carts},
		Segments: []*definition.Segment{
			{About: about(value, "vip", "crm", "top", "value")},
			{About: about(carts, "vip_eu", "stores", "top")},
		},
		Traits: []*definition.Trait{{About: about(value, "ltv", "analytics", "value")}},
		Gates:  []*definition.Gate{{About: about(carts, "mailable", "legal")}},
	}
}

func TestPickEntries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		selectors []string
		want      []string
	}{
		{nil, []string{"vip", "vip_eu", "ltv", "mailable"}},
		{[]string{"vip"}, []string{"vip"}},
		{[]string{"vip*"}, []string{"vip", "vip_eu"}},
		{[]string{"v?p"}, []string{"vip"}},
		{[]string{"[lm]*"}, []string{"ltv", "mailable"}},
		{[]string{"tag:value"}, []string{"vip", "ltv"}},
		{[]string{"owner:legal"}, []string{"mailable"}},
		{[]string{"path:segments/eu"}, []string{"vip_eu", "mailable"}},
		{[]string{"path:segments/eu/"}, []string{"vip_eu", "mailable"}},
		{[]string{"path:./segments/value.yaml"}, []string{"vip", "ltv"}},
		{[]string{"path:segments/*.yaml"}, []string{"vip", "ltv"}},
		{[]string{"path:segments"}, []string{"vip", "vip_eu", "ltv", "mailable"}},
		// Each once and in the order of the set, whatever is asked first.
		{[]string{"mailable", "tag:top", "vip"}, []string{"vip", "vip_eu", "mailable"}},
	} {
		picked, err := pickEntries(pickable(), c.selectors)
		require.NoError(t, err, c.selectors)
		var names []string
		for _, e := range picked {
			names = append(names, e.about.Name.Name)
		}
		require.Equal(t, c.want, names, c.selectors)
	}
}

func TestPickEntriesThatAreNone(t *testing.T) {
	t.Parallel()
	for selector, want := range map[string]struct {
		code exitCode
		hint string
	}{
		"vpi":              {exitNotFound, "did you mean vip?"},
		"something_else":   {exitNotFound, "'strata list --all' shows what there is"},
		"x*":               {exitNotFound, "'strata list --all' shows what there is"},
		"[":                {exitNotFound, "'strata list --all' shows what there is"},
		"tag:TOP":          {exitNotFound, "'strata list --all' shows tags and owners"},
		"path:segments/va": {exitNotFound, "'strata list --all' shows tags and owners"},
		"team:crm":         {exitNotFound, "selectors are names, globs, tag:, owner: and path: ('strata help selectors')"},
		"+vip":             {exitUsage, "leave the + off"},
		"":                 {exitNotFound, "'strata list --all' shows what there is"},
	} {
		_, err := pickEntries(pickable(), []string{"vip", selector})
		require.Equal(t, want.code, codeOf(err, nil), selector)
		require.Equal(t, want.hint, hintOf(nil, err), selector)
	}
}

func TestPickFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ selectors, want []string }{
		{nil, []string{"segments/value.yaml", "segments/eu/carts.yaml"}},
		{[]string{"segments/eu/carts.yaml"}, []string{"segments/eu/carts.yaml"}},
		{[]string{"./segments/value.yaml"}, []string{"segments/value.yaml"}},
		{[]string{"ltv"}, []string{"segments/value.yaml"}},
		{[]string{"mailable", "ltv"}, []string{"segments/value.yaml", "segments/eu/carts.yaml"}},
	} {
		files, err := pickFiles(pickable(), c.selectors)
		require.NoError(t, err)
		var names []string
		for _, file := range files {
			names = append(names, file.Name)
		}
		require.Equal(t, c.want, names, c.selectors)
	}
	_, err := pickFiles(pickable(), []string{"segments/gone.yaml"})
	require.Equal(t, exitNotFound, codeOf(err, nil))
}
