package segments_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/tui/page"
	"strata/tui/pagetest"
)

// listed are the names that the page lists, found by going down the list.
func listed(t *testing.T, b *pagetest.Bench) []string {
	t.Helper()
	var names []string
	b.Send(pagetest.KeyOf("home"))
	for {
		name := selected(t, b)
		if name == "" || len(names) > 0 && names[len(names)-1] == name {
			return names
		}
		names = append(names, name)
		b.Send(pagetest.KeyOf("down"))
	}
}

func TestFilter(t *testing.T) {
	program := pagetest.Program(t)
	sizes := map[string]int64{}
	f := newFake(t)
	list, err := f.Sizes(t.Context(), pagetest.AsOf())
	require.NoError(t, err)
	for _, s := range list {
		sizes[s.Name] = s.Members
	}
	var tagged, owned, large, both []string
	for _, s := range program.Segments {
		name, about := s.DefinitionName(), s.About()
		if strings.Contains(strings.Join(about.Tags, " ")+" ", "vip ") {
			tagged = append(tagged, name)
		}
		if about.Owner == "stores" {
			owned = append(owned, name)
		}
		if sizes[name] > 5_000 {
			large = append(large, name)
		}
		if sizes[name] >= 2_000 && about.Owner == "crm" && strings.Contains(strings.ToLower(name+about.Title), "order") {
			both = append(both, name)
		}
	}
	for _, p := range program.Partitions {
		stages := false
		for _, s := range p.Stages {
			stages = stages || sizes[p.DefinitionName()+"."+s.Name] > 5_000
		}
		if stages {
			large = append(large, p.DefinitionName())
		}
		for _, s := range p.Stages {
			if name := p.DefinitionName() + "." + s.Name; sizes[name] > 5_000 {
				large = append(large, name)
			}
		}
	}
	for text, want := range map[string][]string{
		"tag:vip": tagged, "owner:stores": owned, "size>5000": large, "SIZE>5k": large, "size>5,000": large,
		"owner:crm order size>=2000": both, "drift": {"gone_quiet", "vip", "lifecycle", "lifecycle.new"},
		"size<0": nil, "size=" + strconv.FormatInt(sizes["vip"], 10) + " vip": {"vip"},
	} {
		b := newHome(t).Settle().Key("/").Type(text).Key("enter")
		require.ElementsMatch(t, want, listed(t, b), text)
	}
	all := len(listed(t, newHome(t).Settle()))
	for _, text := range []string{"tag:", "owner:", "size>", "   "} {
		b := newHome(t).Settle().Key("/").Type(text).Key("enter")
		require.Len(t, listed(t, b), all, "%q is still being typed", text)
	}
}

func TestFilterIsTyped(t *testing.T) {
	b := newHome(t).Settle().Key("/")
	require.True(t, b.Page.(page.Typing).Typing())
	b.Type("q vip").Key("home", "delete", "delete", "end", "left", "x", "backspace", "ctrl+e")
	require.Contains(t, b.Frame(80, 20), "/ vip\n"[:5])
	b.Key("ctrl+w").Type("s a b").Key("ctrl+u")
	b.Type("vip").Key("enter")
	require.False(t, b.Page.(page.Typing).Typing())
	require.Equal(t, []string{"vip"}, listed(t, b))
}
