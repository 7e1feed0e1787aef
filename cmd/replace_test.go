package cmd

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o640))
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// alone demands that nothing else was left in the file's folder.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, filepath.Base(path), entries[0].Name())
}

func TestReplaceFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "value.yaml")
	writeFile(t, path, "before\n")
	require.NoError(t, os.Chmod(path, 0o604))
	require.NoError(t, replaceFile(path, "before\n", "after\n"))
	require.Equal(t, "after\n", readFile(t, path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o604), info.Mode().Perm())
	alone(t, path)
}

// Whoever has the file open keeps reading the old text to its end.
func TestReplaceFileLeavesReadersAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "value.yaml")
	writeFile(t, path, "before\n")
	reader, err := os.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, reader.Close()) })
	require.NoError(t, replaceFile(path, "before\n", "after, and longer\n"))
	text := make([]byte, 100)
	n, err := reader.Read(text)
	require.NoError(t, err)
	require.Equal(t, "before\n", string(text[:n]))
}

// What an editor saved after we read the file must not be lost.
func TestReplaceFileThatChanged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "value.yaml")
	writeFile(t, path, "somebody else's\n")
	require.ErrorContains(t, replaceFile(path, "before\n", "after\n"), "changed by somebody else")
	require.Equal(t, "somebody else's\n", readFile(t, path))
	alone(t, path)
}

func TestReplaceFileBehindALink(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "real.yaml")
	link := filepath.Join(t.TempDir(), "value.yaml")
	writeFile(t, target, "before\n")
	require.NoError(t, os.Symlink(target, link))
	require.NoError(t, replaceFile(link, "before\n", "after\n"))
	require.Equal(t, "after\n", readFile(t, target))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink)
	alone(t, target)
	alone(t, link)
}

func TestReplaceFileThatIsGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.ErrorIs(t, replaceFile(filepath.Join(dir, "gone.yaml"), "", "after"), os.ErrNotExist)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}
