package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/segments/definition"
	"strata/tui/ask"
)

// deskOn is a desk on the demo shop's definitions, without data.
func deskOn(t *testing.T) (d *desk, dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, os.CopyFS(dir, shop.Files()))
	f := newFactory(Env{Dir: dir})
	return newDesk(f), dir
}

func textOf(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(text)
}

func ruleOf(t *testing.T, dir, name string) string {
	t.Helper()
	set, problems := definition.Load(os.DirFS(dir), dir)
	require.Empty(t, problems)
	text, err := definition.RuleText(set, name)
	require.NoError(t, err)
	return text
}

func TestSave(t *testing.T) {
	d, dir := deskOn(t)
	const name = "segments/value.yaml"
	before := textOf(t, dir, name)
	base := ruleOf(t, dir, "vip")
	saved, err := d.Save(t.Context(), ask.Edit{Name: "vip", Base: base, Text: "any:\n- store_vips\n- marked:   has(tags,'vip')  # by hand\n- high_spenders"})
	require.NoError(t, err)
	require.Equal(t, "any:\n  - store_vips\n  - marked: has(tags, 'vip')   # by hand\n  - high_spenders", ruleOf(t, dir, "vip"))
	require.Equal(t, name, saved.File)
	after := textOf(t, dir, name)
	require.Equal(t, "      any:", lineOf(after, saved.Line))
	require.NotEqual(t, before, after)

	// The old rule brings the old file back, byte by byte.
	_, err = d.Save(t.Context(), ask.Edit{Name: "vip", Base: ruleOf(t, dir, "vip"), Text: base})
	require.NoError(t, err)
	require.Equal(t, before, textOf(t, dir, name))
}

func TestSaveRefuses(t *testing.T) {
	d, dir := deskOn(t)
	const name = "segments/value.yaml"
	before := textOf(t, dir, name)
	base := ruleOf(t, dir, "vip")
	for _, c := range []struct {
		edit ask.Edit
		want string
	}{
		{ask.Edit{Name: "vip", Base: base, Text: "nothing_like_it > 1"}, "unknown name"},
		{ask.Edit{Name: "vip", Base: base, Text: "ltv >"}, "expected a value"},
		{ask.Edit{Name: "vip", Base: base, Text: "vip"}, "vip"},
		{ask.Edit{Name: "high_value", Base: ruleOf(t, dir, "high_value"), Text: "vip"}, "vip"},
		{ask.Edit{Name: "nobody", Base: "x", Text: "ltv > 1"}, "there is no such segment"},
		{ask.Edit{Name: "shared_address", Base: "x", Text: "ltv > 1"}, "sql"},
		{ask.Edit{Name: "vip", Text: "ltv > 1"}, "there already"},
		{ask.Edit{Name: "ltv", Text: "ltv > 1", File: "segments/new.yaml"}, "ltv"},
		{ask.Edit{Name: "Bad", Text: "ltv > 1"}, "lower-case"},
		{ask.Edit{Name: "fine", Text: "ltv > 1", File: "../x.yaml"}, "no file of definitions"},
		{ask.Edit{Name: "fine", Text: "ltv > 1", File: "segments/x.txt"}, "no file of definitions"},
		{ask.Edit{Name: "fine", Text: "ltvv > 1", File: "segments/new.yaml"}, "ltvv"},
	} {
		_, err := d.Save(t.Context(), c.edit)
		require.ErrorContains(t, err, c.want)
		require.Equal(t, before, textOf(t, dir, name))
		require.NoFileExists(t, filepath.Join(dir, "segments", "new.yaml"))
	}
}

// TestSaveConflict finds that somebody else was faster, and says what they wrote.
func TestSaveConflict(t *testing.T) {
	d, dir := deskOn(t)
	base := ruleOf(t, dir, "buyers")
	_, err := d.Save(t.Context(), ask.Edit{Name: "buyers", Base: base, Text: "orders_ever >= 2"})
	require.NoError(t, err)
	theirs := textOf(t, dir, "segments/value.yaml")
	_, err = d.Save(t.Context(), ask.Edit{Name: "buyers", Base: base, Text: "orders_ever >= 3"})
	var conflict *ask.ConflictError
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, ask.ConflictError{File: "segments/value.yaml", Theirs: "orders_ever >= 2"}, *conflict)
	require.Equal(t, theirs, textOf(t, dir, "segments/value.yaml"))
}

func TestSaveNew(t *testing.T) {
	d, dir := deskOn(t)
	saved, err := d.Save(t.Context(), ask.Edit{Name: "big", Text: "ltv   > 1000"})
	require.NoError(t, err)
	require.Equal(t, ask.Saved{File: "segments/big.yaml", Line: 3}, saved)
	require.Equal(t, "segments:\n  big:\n    where: ltv > 1000\n", textOf(t, dir, "segments/big.yaml"))
	saved, err = d.Save(t.Context(), ask.Edit{Name: "bigger", Text: "ltv > 2000", File: "segments/big.yaml"})
	require.NoError(t, err)
	require.Equal(t, ask.Saved{File: "segments/big.yaml", Line: 6}, saved)
	require.Equal(t, "ltv > 2000", ruleOf(t, dir, "bigger"))
	_, err = d.Save(t.Context(), ask.Edit{Name: "deep", Text: "ltv > 3000", File: "segments/eu/deep.yaml"})
	require.NoError(t, err)
	require.Equal(t, "ltv > 3000", ruleOf(t, dir, "deep"))
	left, err := filepath.Glob(filepath.Join(dir, "segments", ".*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// lineOf is a line of a text, counted from 1.
func lineOf(text string, line int) string { return strings.Split(text, "\n")[line-1] }
