package revision_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/revision"
	"strata/segments/source"
)

// git runs git in a folder, as somebody who commits.
func git(tb testing.TB, dir string, args ...string) {
	tb.Helper()
	c := exec.CommandContext(context.Background(), "git", append([]string{
		"-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main",
	}, args...)...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	require.NoError(tb, err, "git %v: %s", args, out)
}

// write writes files below a folder.
func write(tb testing.TB, dir string, texts map[string]string) {
	tb.Helper()
	for name, text := range texts {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(tb, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(tb, os.WriteFile(path, []byte(text), 0o600))
	}
}

// committed is a repository whose folder crm holds the project, with one commit.
func committed(tb testing.TB, change map[string]string) (repository, projectDir string) {
	tb.Helper()
	repository = tb.TempDir()
	projectDir = filepath.Join(repository, "crm")
	texts := map[string]string{}
	for name, f := range files(change) {
		texts[name] = string(f.Data)
	}
	write(tb, projectDir, texts)
	git(tb, repository, "init", "-q")
	git(tb, repository, "add", ".")
	git(tb, repository, "commit", "-q", "-m", "first")
	return repository, projectDir
}

// treeOf is the project, after changes, as a commit has it.
func treeOf(tb testing.TB, change map[string]string) *revision.Tree {
	tb.Helper()
	_, dir := committed(tb, change)
	return at(tb, dir, "HEAD")
}

func at(tb testing.TB, dir, ref string) *revision.Tree {
	tb.Helper()
	ctx := context.Background()
	r, err := revision.OpenRepository(ctx, dir)
	require.NoError(tb, err)
	c, err := r.Resolve(ctx, ref)
	require.NoError(tb, err)
	tree, err := r.Files(ctx, c)
	require.NoError(tb, err)
	return tree
}

// problemOf is what stands between us and a version.
func problemOf(tb testing.TB, err error) revision.GitProblem {
	tb.Helper()
	failed, ok := errors.AsType[*revision.GitError](err)
	require.True(tb, ok, "%v", err)
	require.NotEmpty(tb, failed.Error())
	return failed.Problem
}

// A commit is read as it was, whatever the working files are now, and nothing is
// checked out.
func TestCommitIsReadAsItWas(t *testing.T) {
	t.Parallel()
	repository, dir := committed(t, map[string]string{"segments/deep/er/more.yaml": "params: {more: 1}\n"})
	git(t, repository, "tag", "v1")
	// Another repository inside of it and a name that is no text are left out.
	git(t, dir, "-c", "init.defaultBranch=main", "init", "-q", "inner")
	write(t, dir, map[string]string{"inner/x.txt": "x", "segments/\xff.txt": "x"})
	git(t, filepath.Join(dir, "inner"), "add", ".")
	git(t, filepath.Join(dir, "inner"), "commit", "-q", "-m", "inner")
	git(t, repository, "add", ".")
	git(t, repository, "commit", "-q", "-m", "odd files")
	git(t, repository, "tag", "odd")
	write(t, dir, map[string]string{"segments/all.yaml": "params: {broken\n", "lists/chosen.csv": "nothing\n"})
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "segments", "deep")))
	git(t, repository, "commit", "-q", "-a", "-m", "second")
	write(t, dir, map[string]string{"segments/all.yaml": "params: {broken twice\n"})

	for _, ref := range []string{"v1", "odd", "HEAD~1", "main^"} {
		tree := at(t, dir, ref)
		require.NoError(t, fstest.TestFS(tree, "strata.yaml", "segments/all.yaml", "segments/deep/er/more.yaml", "lists/chosen.csv"))
		program, problems := revision.Load(tree, dir)
		require.False(t, problems.HasErrors(), problems.Error())
		require.Equal(t, []string{"1", "2"}, program.Lists[0].Keys)
		require.Contains(t, program.Params, "more")
	}
	_, problems := revision.Load(at(t, dir, "HEAD"), dir)
	require.True(t, problems.HasErrors())
	text, err := os.ReadFile(filepath.Join(dir, "segments", "all.yaml"))
	require.NoError(t, err)
	require.Equal(t, "params: {broken twice\n", string(text), "the working file is as it was")
	require.NoDirExists(t, filepath.Join(dir, "segments", "deep"))
}

// Links of a commit obey the rules for links of the working files.
func TestLinksOfACommit(t *testing.T) {
	t.Parallel()
	repository, dir := committed(t, map[string]string{"lists/real.csv": "customer_id\n7\n"})
	list := filepath.Join(dir, "lists", "chosen.csv")
	for target, fine := range map[string]bool{"real.csv": true, "../../outside.csv": false, filepath.Join(dir, "lists", "real.csv"): true} {
		require.NoError(t, os.Remove(list))
		require.NoError(t, os.Symlink(target, list))
		git(t, repository, "commit", "-q", "-a", "-m", "link to "+target)
		tree := at(t, dir, "HEAD")
		info, err := tree.Lstat("lists/chosen.csv")
		require.NoError(t, err)
		require.Equal(t, fs.ModeSymlink, info.Mode().Type())
		program, problems := revision.Load(tree, dir)
		require.Equal(t, fine, !problems.HasErrors(), "%s: %s", target, problems.Error())
		if fine {
			require.Equal(t, []string{"7"}, program.Lists[0].Keys)
		}
	}
}

func TestWhatGitCannotGive(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	nowhere := t.TempDir()
	_, err := revision.OpenRepository(ctx, nowhere)
	require.Equal(t, revision.NoRepository, problemOf(t, err))

	git(t, nowhere, "init", "-q")
	r, err := revision.OpenRepository(ctx, nowhere)
	require.NoError(t, err)
	for _, ref := range []string{"HEAD", "main"} {
		_, err = r.Resolve(ctx, ref)
		require.Equal(t, revision.NoCommits, problemOf(t, err), ref)
	}

	repository, dir := committed(t, nil)
	r, err = revision.OpenRepository(ctx, dir)
	require.NoError(t, err)
	for _, ref := range []string{"nothing", "HEAD~7", "--help", "-q", "HEAD:crm", "", "a b", "ab\ncd"} {
		_, err = r.Resolve(ctx, ref)
		require.Equal(t, revision.UnknownRef, problemOf(t, err), "%q", ref)
	}

	git(t, repository, "rm", "-q", "--cached", "-r", "crm")
	write(t, repository, map[string]string{"other.txt": "x", "strata.yaml": project})
	git(t, repository, "add", "other.txt", "strata.yaml")
	git(t, repository, "commit", "-q", "-m", "without it")
	c, err := r.Resolve(ctx, "HEAD")
	require.NoError(t, err)
	require.Len(t, c.Short(), 10)
	_, err = r.Files(ctx, c)
	require.Equal(t, revision.NotCommitted, problemOf(t, err), "a project above is not this one")

	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = r.Resolve(ended, "HEAD")
	require.ErrorIs(t, err, context.Canceled)
	_, err = r.Files(ended, c)
	require.ErrorIs(t, err, context.Canceled)
}

func TestWithoutGit(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := revision.OpenRepository(context.Background(), t.TempDir())
	require.Equal(t, revision.NoGit, problemOf(t, err))
}

// Git tells its hooks about a folder, which is not the one we ask about.
func TestInsideOfAHook(t *testing.T) {
	_, dir := committed(t, nil)
	elsewhere, _ := committed(t, map[string]string{"segments/all.yaml": ""})
	t.Setenv("GIT_DIR", filepath.Join(elsewhere, ".git"))
	t.Setenv("GIT_INDEX_FILE", ".git/index")
	program, problems := revision.Load(at(t, dir, "HEAD"), dir)
	require.False(t, problems.HasErrors(), problems.Error())
	require.NotEmpty(t, program.Segments)
}

// A definition that is gone and still named is found with its users.
func TestOrphans(t *testing.T) {
	t.Parallel()
	after, problems := load(t, replaced(t, replaced(t, definitions, "spenders: {where", "buyers: {was: spenders, where"), "params: {bound: 100}", "params: {}"))
	require.True(t, problems.HasErrors())
	orphans := revision.Orphans(edited(t).Set, after, problems)
	require.Len(t, orphans, 2)
	require.Equal(t, "bound", orphans[0].Name)
	require.Equal(t, "param", orphans[0].Kind)
	require.Len(t, orphans[0].Users, 2)
	require.Equal(t, "spenders", orphans[1].Name)
	require.Equal(t, "buyers", orphans[1].Now)
	require.Equal(t, "segment spenders is gone and still used by german_spenders (segments/all.yaml:10:35)", orphans[1].Error())

	// A name that nobody ever had is a mistake of another kind.
	after, problems = load(t, replaced(t, definitions, "[spenders, {german", "[spendrs, {german"))
	require.True(t, problems.HasErrors())
	require.Empty(t, revision.Orphans(edited(t).Set, after, problems))
}

// load reads definitions that may be wrong.
func load(tb testing.TB, text string) (*definition.Set, source.List) {
	tb.Helper()
	set, problems := definition.Load(files(map[string]string{"segments/all.yaml": text}), "")
	_, more := check.Check(set)
	problems.Add(more...)
	return set, problems
}
