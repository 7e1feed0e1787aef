package cmd_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/source"
)

// pages returns the lines of each help page.
func pages(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("help/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	lines := map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		lines[filepath.Base(file)] = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	}
	return lines
}

// demo returns the checked definitions of the demo shop.
func demo(t *testing.T) *check.Program {
	t.Helper()
	set, list := definition.Load(shop.Files(), "demo")
	require.NoError(t, list.Err())
	program, list := check.Check(set)
	require.NoError(t, list.Err())
	return program
}

// What a page shows must work: a line with just four spaces before it is a rule,
// and each rule is right in the demo shop.
func TestRulesOnPagesAreRight(t *testing.T) {
	t.Parallel()
	program, rules := demo(t), 0
	for _, page := range []string{"rules.txt", "windows.txt"} {
		for _, line := range pages(t)[page] {
			text, ok := strings.CutPrefix(line, "    ")
			if !ok || strings.HasPrefix(text, " ") || strings.HasSuffix(text, ":") {
				continue
			}
			_, list := program.Rule(source.WholeFile(source.NewFile(page, text)))
			require.NoError(t, list.Err(), "%s: %s", page, text)
			rules++
		}
	}
	require.Greater(t, rules, 20)
}

// Selectors that a page shows find something in the demo shop.
func TestSelectorsOnPagesFindSomething(t *testing.T) {
	t.Parallel()
	program, found := demo(t), 0
	for _, line := range pages(t)["selectors.txt"] {
		arguments, ok := strings.CutPrefix(line, "  strata list ")
		if !ok {
			arguments, ok = strings.CutPrefix(line, "  strata check ")
		}
		if !ok {
			continue
		}
		_, err := program.Select(strings.Fields(strings.ReplaceAll(arguments, "'", "")))
		require.NoError(t, err, line)
		found++
	}
	require.Equal(t, 2, found)
	_, err := fs.Stat(shop.Files(), "segments/value.yaml")
	require.NoError(t, err)
}

// Pages are read on terminals of 80 cells.
func TestPagesFitATerminal(t *testing.T) {
	t.Parallel()
	for page, lines := range pages(t) {
		for i, line := range lines {
			limit := 80
			if strings.HasPrefix(line, "          - ") || strings.HasPrefix(line, "  ],\"meta\"") {
				limit = 100 // A line of a file cannot be broken.
			}
			require.LessOrEqual(t, utf8.RuneCountInString(line), limit, "%s:%d", page, i+1)
			require.Equal(t, strings.TrimRight(line, " \t"), line, "%s:%d", page, i+1)
		}
	}
}
