package definition_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/definition"
	"strata/segments/source"
)

const minimal = "warehouse: w\ntimezone: UTC\nsources: {customers: {table: c, key: id}}\n"

// onDisk writes files into a new folder and returns it.
func onDisk(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(tb, os.MkdirAll(filepath.Dir(name), 0o750))
		require.NoError(tb, os.WriteFile(name, []byte(text), 0o600))
	}
	return dir
}

func load(tb testing.TB, dir string) (*definition.Set, source.List) {
	tb.Helper()
	return definition.Load(os.DirFS(dir), dir)
}

// projectWith is a project of one definition file.
func projectWith(text string) fstest.MapFS {
	return fstest.MapFS{"strata.yaml": {Data: []byte(minimal)}, "segments/a.yaml": {Data: []byte(text)}}
}

// codes returns the codes of a list in order.
func codes(list source.List) []string {
	var found []string
	for _, d := range list {
		found = append(found, string(d.Code))
	}
	return found
}

func TestFilesInOrder(t *testing.T) {
	set, list := load(t, onDisk(t, map[string]string{
		"strata.yaml": minimal, "segments/b.yml": "params: {b: 1}", "segments/a/z.YAML": "params: {z: 1}",
		"segments/a.yaml": "params: {a: 1}", "segments/notes.txt": "not: [yaml", "other/c.yaml": "params: {c: 1}",
	}))
	require.Empty(t, list)
	var names []string
	for _, f := range set.Files {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{"strata.yaml", "segments/a.yaml", "segments/a/z.YAML", "segments/b.yml"}, names)
	require.Len(t, set.Params, 3)
}

func TestFileProblems(t *testing.T) {
	long := "# " + strings.Repeat("x", 4<<20)
	_, list := definition.Load(fstest.MapFS{
		"strata.yaml":        {Data: []byte("\ufeff" + minimal)},
		"segments/bytes.yml": {Data: []byte("# \xc3\xa9\nparams: {a: \xff}\n")},
		"segments/long.yaml": {Data: []byte(long)},
		"segments/fits.yaml": {Data: []byte(long[:4<<20])},
		"segments/nul.yaml":  {Data: []byte("params: {a: 1}\n\x00")},
	}, "")
	require.Equal(t, []string{"E003", "E002", "E004"}, codes(list))
	require.Equal(t, "segments/bytes.yml:2:13: is not UTF-8 text [E003]", list[0].Error())
}

func TestLinks(t *testing.T) {
	outside := onDisk(t, map[string]string{"secret.yaml": "params: {secret: 1}", "keys.csv": "id\n1\n"})
	dir := onDisk(t, map[string]string{
		"strata.yaml": minimal, "shared/one.yaml": "params: {one: 1}", "shared/keys.csv": "id\n1\n", "segments/deep/x.yaml": "",
		"segments/lists.yaml": "lists:\n  inner: {file: inner.csv, column: id}\n  outer: {file: outer.csv, column: id}\n",
	})
	links := map[string]string{
		"segments/relative.yaml": "../shared/one.yaml",
		"segments/outer.yaml":    filepath.Join(outside, "secret.yaml"),
		"segments/up.yaml":       "../../" + filepath.Base(outside) + "/secret.yaml",
		"segments/circle.yaml":   "circle.yaml",
		"segments/broken.yaml":   "none.yaml",
		"segments/folder":        "../shared",
		"inner.csv":              filepath.Join(dir, "shared", "keys.csv"),
		"outer.csv":              filepath.Join(outside, "keys.csv"),
	}
	for name, target := range links {
		require.NoError(t, os.Symlink(target, filepath.Join(dir, filepath.FromSlash(name))))
	}
	set, list := load(t, dir)
	var lines []string
	for _, d := range list {
		lines = append(lines, d.Error())
	}
	require.Equal(t, []string{
		"segments/broken.yaml:1:1: cannot be read: no such file or directory [E001]",
		"segments/circle.yaml:1:1: cannot be read: leads through too many links [E001]",
		"segments/folder:1:1: is a link to a folder, which is not followed [E001]",
		`segments/lists.yaml:3:17: the file "outer.csv" leads out of the project [E050]`,
		"segments/outer.yaml:1:1: is a link that leads out of the project [E001]",
		"segments/up.yaml:1:1: is a link that leads out of the project [E001]",
	}, lines)
	require.Len(t, set.Params, 1)
	require.Equal(t, "one", set.Params[0].Name.Name)
	require.Equal(t, []string{"1"}, set.Lists[0].Keys)
	require.Empty(t, set.Lists[1].Keys)
}

func TestFind(t *testing.T) {
	dir, err := filepath.EvalSymlinks(onDisk(t, map[string]string{
		"strata.yaml": minimal, "a/b/x.txt": "", "repo/.git/HEAD": "", "repo/c/x.txt": "", "d/strata.yaml/x.txt": "",
	}))
	require.NoError(t, err)
	for start, want := range map[string]string{"": dir, "a/b": dir, "d": dir, "repo/.git": "", "repo/c": "", "repo": ""} {
		got, err := definition.Find(filepath.Join(dir, start))
		if want == "" {
			require.ErrorIs(t, err, definition.ErrNoProject)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "repo", "strata.yaml"), []byte(minimal), 0o600))
	got, err := definition.Find(filepath.Join(dir, "repo", "c"))
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "repo"), got)
}

// TestLists reads the keys of files as people export them.
func TestLists(t *testing.T) {
	set, list := definition.Load(fstest.MapFS{
		"strata.yaml":     {Data: []byte(minimal)},
		"keys.csv":        {Data: []byte("\ufeffid,note\r\n007,\"a,\nb\"\r\n,blank\r\n  ,blanks\r\n\"x \"\"y\"\"\",\r\n007,again\r\n 007,other\r\n")},
		"segments/a.yaml": {Data: []byte("lists: {a: {file: ./keys.csv, column: id}, b: {file: x/../keys.csv, column: note}}")},
	}, "")
	require.Empty(t, list)
	require.Equal(t, []string{"007", `x "y"`, " 007"}, set.Lists[0].Keys)
	require.Equal(t, []string{"a,\nb", "blank", "blanks", "again", "other"}, set.Lists[1].Keys)
}

// TestLongLine loads a file whose one line is long, which must not take a time
// that grows with the square of its length.
func TestLongLine(t *testing.T) {
	text := "params: {many: [" + strings.Repeat("ä, ", 200_000) + "b], cut: [f(" + strings.Repeat("1, ", 100_000) + "1]}"
	set, list := definition.Load(projectWith(text), "")
	require.Equal(t, []string{"E010"}, codes(list))
	require.Len(t, set.Params[0].Values, 200_001)
}

// TestCodes demands for every code a case that raises it, and a name for every
// code that is raised.
func TestCodes(t *testing.T) {
	raised := map[string]bool{"E001": true, "E002": true, "E003": true} // TestFileProblems, TestLinks
	names, err := filepath.Glob("testdata/broken/*.txtar")
	require.NoError(t, err)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for code := range definition.Codes {
			if strings.Contains(string(text), "["+string(code)+"]") {
				raised[string(code)] = true
			}
		}
	}
	for code, meaning := range definition.Codes {
		require.True(t, raised[string(code)], "no case raises %s: %s", code, meaning)
		require.Regexp(t, `^E0\d\d$`, string(code))
		require.NotEmpty(t, meaning)
	}
}
