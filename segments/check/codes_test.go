package check_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/source"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

// TestCodes demands a case for each code, in the file of its name, and that
// the case raises that code and no other.
func TestCodes(t *testing.T) {
	for code, meaning := range check.Codes {
		t.Run(string(code), func(t *testing.T) {
			require.NotEmpty(t, meaning)
			list := golden(t, filepath.Join("testdata", "codes", string(code)+".txtar"))
			require.NotEmpty(t, list)
			for _, d := range list {
				require.Equal(t, code, d.Code, d.Error())
			}
		})
	}
}

// TestNoOtherCases demands that each case belongs to a code.
func TestNoOtherCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "codes", "*.txtar"))
	require.NoError(t, err)
	for _, file := range files {
		code := source.Code(strings.TrimSuffix(filepath.Base(file), ".txtar"))
		require.Contains(t, check.Codes, code)
	}
}

// golden checks the project in an archive and compares what is reported with
// its last file, "want".
func golden(t *testing.T, path string) source.List {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	fs, want := files(), -1
	for i, file := range archive.Files {
		if file.Name == "want" {
			want = i
			continue
		}
		fs[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	require.GreaterOrEqual(t, want, 0, "the archive has no file named want")
	_, list := load(t, fs)
	got := shown(t, list)
	if *update {
		archive.Files[want].Data = []byte(got)
		require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
		return list
	}
	require.Equal(t, string(archive.Files[want].Data), got)
	return list
}
