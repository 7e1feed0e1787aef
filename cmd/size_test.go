package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// House sizes: a file or function beyond them lacks a concept.
const (
	fileLines     = 400
	functionLines = 60
)

// goFiles returns the files of the program, tests left out.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", "bin", "demo", "testdata"}, entry.Name()):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			files = append(files, path)
		}
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

func TestFilesAndFunctionsAreSmall(t *testing.T) {
	t.Parallel()
	for _, path := range goFiles(t) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.LessOrEqual(t, strings.Count(string(text), "\n"), fileLines, "%s has too many lines", path)
		for name, lines := range functions(t, path, text) {
			require.LessOrEqual(t, lines, functionLines, "%s: %s has too many lines", path, name)
		}
	}
}

// functions returns the number of lines between the braces of each function.
func functions(t *testing.T, path string, text []byte) map[string]int {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
	require.NoError(t, err)
	lines := map[string]int{}
	for _, declaration := range file.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok && f.Body != nil {
			lines[f.Name.Name] = max(lines[f.Name.Name], set.Position(f.Body.Rbrace).Line-set.Position(f.Body.Lbrace).Line-1)
		}
	}
	return lines
}

func TestFunctionLinesAreCounted(t *testing.T) {
	t.Parallel()
	require.Equal(t, map[string]int{"a": 0, "b": 2}, functions(t, "x.go", []byte("package x\nfunc a() {}\nfunc b() {\n\ta()\n\ta()\n}\n")))
}
