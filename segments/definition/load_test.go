package definition_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"strata/segments/definition"
	"strata/segments/source"
)

// update rewrites the expected diagnostics. Look at the difference before it
// is kept.
var update = flag.Bool("update", false, "rewrite the expected texts")

// wantFile is the archive's file that holds what must come out.
const wantFile = "want"

// TestBroken loads projects that are broken in every way there is and compares
// what is reported, carets included.
func TestBroken(t *testing.T) {
	names, err := filepath.Glob("testdata/broken/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			require.NoError(t, err)
			fsys, want := project(archive)
			_, list := definition.Load(fsys, "")
			got := rendered(t, list)
			if *update {
				setWant(archive, got)
				require.NoError(t, os.WriteFile(name, txtar.Format(archive), 0o600))
				return
			}
			require.Equal(t, want, got)
		})
	}
}

// project returns an archive's files and the text that is wanted.
func project(archive *txtar.Archive) (fsys fstest.MapFS, want string) {
	fsys = fstest.MapFS{}
	for _, file := range archive.Files {
		if file.Name == wantFile {
			want = string(file.Data)
			continue
		}
		fsys[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	return fsys, want
}

func setWant(archive *txtar.Archive, text string) {
	for i := range archive.Files {
		if archive.Files[i].Name == wantFile {
			archive.Files[i].Data = []byte(text)
			return
		}
	}
	archive.Files = append(archive.Files, txtar.File{Name: wantFile, Data: []byte(text)})
}

func rendered(tb testing.TB, list source.List) string {
	tb.Helper()
	var out strings.Builder
	require.NoError(tb, source.RenderText(&out, list, source.TextOptions{}))
	return out.String()
}
