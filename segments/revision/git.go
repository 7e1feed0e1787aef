package revision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// GitProblem tells apart what can stand between us and a committed version.
type GitProblem uint8

// The problems.
const (
	// NoGit is that the program git is not installed.
	NoGit GitProblem = iota
	// NoRepository is that the folder is in no repository that git reads.
	NoRepository
	// NoCommits is that the repository has no commit yet.
	NoCommits
	// UnknownRef is that git knows no commit of that name.
	UnknownRef
	// NotCommitted is that the commit does not have the project.
	NotCommitted
	// GitFailed is anything else that git complained about.
	GitFailed
)

// GitError says why a committed version cannot be read, and what to do.
type GitError struct {
	Problem       GitProblem
	Message, Hint string
	// Err is the error of running git, nil where git answered.
	Err error
}

// Error returns the message.
func (e *GitError) Error() string { return e.Message }

// Unwrap returns the error of running git.
func (e *GitError) Unwrap() error { return e.Err }

// Repository is the git repository around a project's folder. Git is only asked
// for what is committed; nothing is written or checked out.
type Repository struct{ dir string }

// OpenRepository finds the repository that a folder lies in. The errors are
// *GitError.
func OpenRepository(ctx context.Context, dir string) (*Repository, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, &GitError{
			Problem: NoGit, Message: "the program git is not installed, so no committed version can be read",
			Hint: "install git, or compare with a run of the store: --against 12", Err: err,
		}
	}
	r := &Repository{dir: dir}
	if _, err := r.git(ctx, "rev-parse", "--git-dir"); err != nil {
		// Who may not read a repository is told more than that there is none.
		if complaint := complaintOf(err); complaint != "" && !strings.Contains(complaint, "not a git repository") {
			return nil, &GitError{Problem: NoRepository, Message: "git does not read the repository of the project: " + complaint, Err: err}
		}
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, &GitError{
			Problem: NoRepository, Message: "the project is in no git repository, so there is no committed version to compare with",
			Hint: "'git init' and commit it, or compare with a run of the store: --against 12", Err: err,
		}
	}
	return r, nil
}

// Commit is a commit that a name led to.
type Commit struct {
	// Ref is the name as it was asked for, Hash the commit's full one.
	Ref, Hash string
}

// shortHash is how many digits of a hash tell commits apart for people.
const shortHash = 10

// Short is the beginning of the hash.
func (c Commit) Short() string { return c.Hash[:min(shortHash, len(c.Hash))] }

// Resolve returns the commit of a branch, a tag or a hash, or of any other name
// that git knows. The errors are *GitError.
func (r *Repository) Resolve(ctx context.Context, ref string) (Commit, error) {
	out, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
	if err == nil {
		return Commit{Ref: ref, Hash: strings.TrimSpace(string(out))}, nil
	}
	if ctx.Err() != nil {
		return Commit{}, err
	}
	if any, failed := r.git(ctx, "rev-list", "--max-count=1", "--all"); failed != nil || len(any) == 0 || ref == "HEAD" {
		return Commit{}, &GitError{
			Problem: NoCommits, Message: "the repository has no commit yet, so there is nothing to compare with",
			Hint: "commit the project first", Err: err,
		}
	}
	return Commit{}, &GitError{
		Problem: UnknownRef, Message: fmt.Sprintf("git knows no commit %q", ref),
		Hint: "'git branch --all' and 'git tag' list names; a build server that clones little has to fetch it first: git fetch origin NAME", Err: err,
	}
}

// Files returns the project's folder as it is in a commit. Files are read when
// they are opened, so ctx must outlive the file system. The errors are
// *GitError.
func (r *Repository) Files(ctx context.Context, c Commit) (*Tree, error) {
	listed, err := r.git(ctx, "ls-tree", "-r", "-z", c.Hash)
	if err != nil {
		return nil, r.failed(ctx, "list the files of "+c.Ref, err)
	}
	t, err := newTree(listed)
	if err != nil {
		return nil, &GitError{Problem: GitFailed, Message: "read the files of " + c.Ref + ": " + err.Error(), Err: err}
	}
	if _, ok := t.entries[projectFile]; !ok {
		return nil, &GitError{
			Problem: NotCommitted, Message: fmt.Sprintf("%s (%s) has no %s in this folder: the project is not committed there", c.Ref, c.Short(), projectFile),
			Hint: "commit the project first, or name a version that has it: --against REF",
		}
	}
	t.read = func(ids []string) ([][]byte, error) { return r.blobs(ctx, ids) }
	if err := t.fetch(); err != nil {
		return nil, r.failed(ctx, "read the files of "+c.Ref, err)
	}
	return t, nil
}

// failed wraps an error of git that nobody foresaw.
func (r *Repository) failed(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return err
	}
	message := "git cannot " + doing
	if complaint := complaintOf(err); complaint != "" {
		message += ": " + complaint
	}
	return &GitError{Problem: GitFailed, Message: message, Err: err}
}

// blobs returns the contents of some files by their ids, in that order.
func (r *Repository) blobs(ctx context.Context, ids []string) ([][]byte, error) {
	out, err := r.gitWith(ctx, strings.Join(ids, "\n")+"\n", "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	contents := make([][]byte, 0, len(ids))
	for _, id := range ids {
		// Each is a line with id, type and size, the bytes, and a line break.
		head, rest, ok := bytes.Cut(out, []byte("\n"))
		var size int
		if n, err := fmt.Sscanf(string(head), id+" blob %d", &size); !ok || err != nil || n != 1 || len(rest) < size+1 {
			return nil, fmt.Errorf("git cat-file said %q about %s", head, id)
		}
		contents = append(contents, rest[:size:size])
		out = rest[size+1:]
	}
	return contents, nil
}

func (r *Repository) git(ctx context.Context, args ...string) ([]byte, error) {
	return r.gitWith(ctx, "", args...)
}

// gitWith runs git in the project's folder and returns what it says.
func (r *Repository) gitWith(ctx context.Context, input string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "git", args...)
	c.Dir, c.Env, c.Stdin = r.dir, environment(), strings.NewReader(input)
	out, err := c.Output()
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return out, err
}

// environment is that of the process, without the variables by which git tells
// its hooks about another folder than the one we ask about, and with messages in
// one language.
func environment() []string {
	ours := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}, name)
	})
	return append(ours, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
}

// complaintOf is the first line that git wrote about an error.
func complaintOf(err error) string {
	failed, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return ""
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(failed.Stderr)), "\n")
	return strings.TrimPrefix(line, "fatal: ")
}
