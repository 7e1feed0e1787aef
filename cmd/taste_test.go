package cmd

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui/draw"
)

func TestTasteIsRead(t *testing.T) {
	t.Parallel()
	got, err := readTaste("config.yml", `# what I like
theme: light
ascii: true
mouse: false
keys:
  segments.open: [enter, o]
  "segments.new": n
`)
	require.NoError(t, err)
	yes, no := true, false
	require.Equal(t, taste{theme: "light", ascii: &yes, mouse: &no, keys: map[string]tasteKeys{
		"segments.open": {keys: []string{"enter", "o"}, place: "config.yml:6:3"},
		"segments.new":  {keys: []string{"n"}, place: "config.yml:7:3", rank: 2},
	}}, got)
	for _, nothing := range []string{"", "\n", "# nothing\n", "---\n", "null\n"} {
		got, err := readTaste("config.yml", nothing)
		require.NoError(t, err, nothing)
		require.Equal(t, taste{}, got)
	}
}

func TestWrongTasteSaysWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"thema: light\n":                     {`config.yml:1:1: there is no setting "thema"`, "did you mean theme?"},
		"theme: lihgt\n":                     {`config.yml:1:8: there is no theme "lihgt"`, "did you mean light?"},
		"theme: [light]\n":                   {"config.yml:1:8: a theme is one word", "it is one of auto, dark, light, ansi"},
		"ascii: maybe\n":                     {`config.yml:1:8: this is true or false, not "maybe"`, ""},
		"plain: true\nplain: false\n":        {"config.yml:2:1: plain is there twice", ""},
		"- theme\n":                          {"config.yml:1:1: settings are names with values", "write 'theme: light'"},
		"keys: enter\n":                      {"config.yml:1:7: keys are names of actions with keys", "write 'keys: {segments.open: [enter, o]}'"},
		"keys:\n  a.b: [x, [y]]\n":           {"config.yml:2:8: a.b needs a key, or several in a list", "write [enter, o]"},
		"keys:\n  a.b: Enter\n":              {`config.yml:2:8: there is no key "Enter"`, "did you mean enter?"},
		"keys:\n  a.b: [x, o+x]\n":           {`config.yml:2:12: there is no key "o+x"`, ""},
		"keys:\n  a.b: shift+ctrl+x\n":       {`config.yml:2:8: there is no key "shift+ctrl+x"`, ""},
		"keys:\n  a.b: ctrl+c\n":             {"config.yml:2:8: ctrl+c keeps its meaning", "take another key"},
		"a\x00b":                             {"config.yml: ", ""},
		"keys:\n  a.b:\n":                    {"a.b needs a key, or several in a list", "write [enter, o]"},
		"keys:\n  a.b: x\n  a.b: y\n":        {"config.yml:3:3: a.b is there twice", ""},
		"theme: {light\nkeys: [\n":           {"config.yml:3:1: did not find expected node content", ""},
		"theme: light\nmouse: !!int maybe\n": {"config.yml:2", ""},
	} {
		_, err := readTaste("config.yml", text)
		require.ErrorContains(t, err, want[0], text)
		require.Equal(t, exitUsage, codeOf(err, nil), text)
		if want[1] != "" {
			require.Equal(t, want[1], hintOf(nil, err), text)
		}
	}
}

func TestKeysOfAllKinds(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"a", "Z", "ß", "+", "ctrl++", "ctrl+alt+x", "alt+enter", "f12", "shift+tab", "space", "?", "1"} {
		got, err := readTaste("config.yml", "keys:\n  a.b: '"+key+"'\n")
		require.NoError(t, err, key)
		require.Equal(t, []string{key}, got.keys["a.b"].keys)
	}
}

// Wrong names are told in the order of the file, each with what was meant.
func TestKnownKeys(t *testing.T) {
	t.Parallel()
	of := func(text string) error {
		wants, err := readTaste("config.yml", text)
		require.NoError(t, err)
		return (&showing{Keys: wants.keys}).knownKeys()
	}
	require.NoError(t, of("keys: {segments.open: o}\n"))
	err := of("keys: {segments.opne: o}\n")
	require.EqualError(t, err, `config.yml:1:8: there is no action "segments.opne"`)
	require.Equal(t, "did you mean segments.open?", hintOf(nil, err))
	err = of("keys:\n  zebra: x\n  segments.open: o\n  app.quti: Q\n")
	require.EqualError(t, err, "config.yml:2:3: there is no action \"zebra\"\nconfig.yml:4:3: there is no action \"app.quti\" (did you mean app.quit?)")
	require.Contains(t, hintOf(nil, err), "actions are app.campaigns, ")
}

// A home that is a file holds no settings.
func TestTasteWithoutHome(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "home")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	f := newFactory(Env{Getenv: func(name string) string { return map[string]string{"HOME": file}[name] }})
	got, err := f.taste()
	require.NoError(t, err)
	require.Equal(t, taste{}, got)
}

// No text of a file ends the program, and what is read is what can be chosen.
func TestTasteOfAnyText(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{"theme", "keys", "mouse", ": ", "light", "true", "\n", "  ", "[", "]", "{", "}", "a.b", ",", "'", "&x ", "*x", "- ", "#", "\t", "ü", "!!", "|", "?"})
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, piece := range rapid.SliceOfN(pieces, 0, 20).Draw(t, "pieces") {
			text += piece
		}
		got, err := readTaste("config.yml", text)
		if err != nil {
			require.Equal(t, exitUsage, codeOf(err, nil), err)
			return
		}
		require.True(t, got.theme == "" || isTheme(got.theme))
		for keys := range maps.Values(got.keys) {
			require.NotEmpty(t, keys.place)
		}
	})
}

// Flags beat the environment, which beats the file.
func TestLook(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(home, ".config", "strata"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(home, ".config", "strata", "config.yml"), []byte("theme: light\nascii: true\nmouse: false\nmotion: false\n"), 0o600))
	ask := func(variables map[string]string, opts tuiOptions, flags ...string) (draw.Look, bool, error) {
		variables["HOME"] = home
		opts.f = newFactory(Env{Getenv: func(name string) string { return variables[name] }, Terminal: Terminal{Stdin: true, Stdout: true}})
		given := map[string]bool{}
		for _, flag := range flags {
			given[flag] = true
		}
		opts.set = func(flag string) bool { return given[flag] }
		wants, err := opts.f.taste()
		require.NoError(t, err)
		return opts.look(wants)
	}
	look, mouse, err := ask(map[string]string{}, tuiOptions{theme: "auto"})
	require.NoError(t, err)
	require.Equal(t, draw.Look{Theme: draw.Light, ASCII: true, Still: true}, look)
	require.False(t, mouse)

	look, mouse, err = ask(map[string]string{"STRATA_THEME": "ansi", "STRATA_ASCII": "0", "STRATA_MOUSE": "1", "STRATA_MOTION": "1", "NO_COLOR": "1"}, tuiOptions{theme: "auto"})
	require.NoError(t, err)
	require.Equal(t, draw.Look{Theme: draw.ANSI, NoColor: true}, look)
	require.True(t, mouse)

	look, mouse, err = ask(map[string]string{"STRATA_THEME": "ansi", "STRATA_ASCII": "0", "STRATA_MOUSE": "1"},
		tuiOptions{theme: "dark", ascii: true, plain: true, noMouse: true}, "theme", "ascii", "plain", "no-mouse")
	require.NoError(t, err)
	require.Equal(t, draw.Look{Theme: draw.Dark, ASCII: true, Plain: true, Still: true}, look)
	require.False(t, mouse)

	// A locale says what a terminal can show, as far as the user does not.
	home = t.TempDir()
	for locale, ascii := range map[string]bool{"": false, "C": true, "POSIX": true, "de_DE.ISO-8859-1": true, "C.UTF-8": false, "en_US.utf8": false} {
		look, _, err = ask(map[string]string{"LANG": locale}, tuiOptions{theme: "auto"})
		require.NoError(t, err)
		require.Equal(t, ascii, look.ASCII, locale)
	}
	look, _, err = ask(map[string]string{"LANG": "C", "LC_ALL": "C.UTF-8"}, tuiOptions{theme: "auto"})
	require.NoError(t, err)
	require.False(t, look.ASCII)
	look, _, err = ask(map[string]string{"LANG": "C", "STRATA_ASCII": "0"}, tuiOptions{theme: "auto"})
	require.NoError(t, err)
	require.False(t, look.ASCII)

	_, _, err = ask(map[string]string{"STRATA_THEME": "lite"}, tuiOptions{theme: "auto"})
	require.ErrorContains(t, err, `STRATA_THEME: there is no theme "lite"`)
	_, _, err = ask(map[string]string{"STRATA_MOUSE": "often"}, tuiOptions{theme: "auto"})
	require.ErrorContains(t, err, `STRATA_MOUSE is 1 or 0, not "often"`)
	// A place for settings that is relative does not count.
	require.Empty(t, newFactory(Env{Getenv: func(string) string { return "here" }}).tasteFile())
}

func TestEditorPlace(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"+7", "a.yml"}, editorPlace("/usr/bin/nvim", "a.yml", 7))
	require.Equal(t, []string{"a.yml:7"}, editorPlace("hx", "a.yml", 7))
	require.Equal(t, []string{"--wait", "--goto", "a.yml:1"}, editorPlace("code", "a.yml", 0))
	require.Equal(t, []string{"a.yml"}, editorPlace("ed", "a.yml", 7))
}
