package cmd

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"strata/segments/check"
	"strata/segments/revision"
	"strata/segments/snapshot"
	"strata/segments/source"
)

// base is what the working files are compared with: a commit with its
// definitions, or a run.
type base struct {
	f *factory
	// run is the id of a run, 0 for a commit; branch says that git knows a commit
	// of that name as well.
	run    int64
	branch bool

	commit  revision.Commit
	files   *revision.Tree
	program *check.Program
}

// runWord is a value of --against that means a run.
var runWord = regexp.MustCompile(`^(run:)?(\d{1,18})$`)

// base finds the version of --against and looks at the working files. What is
// wrong is said before a database is opened.
func (f *factory) base(ctx context.Context, word string) (*base, error) {
	b := &base{f: f}
	if m := runWord.FindStringSubmatch(word); m != nil {
		if _, err := f.Program(); err != nil {
			return nil, err
		}
		return b, b.ofRun(ctx, m)
	}
	if strings.HasPrefix(word, "run:") {
		return nil, usage("%q is no run", word).advise("write run:12; 'strata runs' lists them")
	}
	_, wrong := f.Program()
	if files, ok := errors.AsType[*invalid](wrong); ok {
		return nil, b.orphaned(ctx, word, files)
	}
	if wrong != nil {
		return nil, wrong
	}
	return b, b.ofCommit(ctx, word)
}

// ofRun takes a number for a run. Where git knows a commit of that name as well
// it is said that the run is meant.
func (b *base) ofRun(ctx context.Context, m []string) error {
	id, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil || id < 1 {
		return usage("%q is no id of a run", m[0]).advise("'strata runs' lists them")
	}
	b.run = id
	if at := fmt.Sprintf("run:%d", id); b.f.flags.at == "" {
		b.f.flags.at = at
	} else if b.f.flags.at != at {
		return usage("--at %s and --against a run exclude each other", b.f.flags.at).
			advise("a run is compared at its own as-of: leave --at off")
	}
	if m[1] != "" {
		return nil
	}
	if r, err := b.repository(ctx); err == nil {
		_, err = r.Resolve(ctx, m[2])
		b.branch = err == nil
	}
	if b.branch {
		b.f.say("%s is taken for a run; git knows a commit of that name as well, which --against refs/heads/%s would mean", m[2], m[2])
	}
	return nil
}

func (b *base) repository(ctx context.Context) (*revision.Repository, error) {
	set, err := b.f.Project()
	if err != nil {
		return nil, err
	}
	return revision.OpenRepository(ctx, set.Project.Dir)
}

// ofCommit reads and checks the definitions of a commit.
func (b *base) ofCommit(ctx context.Context, ref string) error {
	problems, err := b.load(ctx, ref)
	if err != nil {
		return gitFailure(err)
	}
	if b.program == nil {
		return b.broken(problems)
	}
	return nil
}

// load reads the files of a commit; without errors in them the program is set.
func (b *base) load(ctx context.Context, ref string) (source.List, error) {
	r, err := b.repository(ctx)
	if err != nil {
		return nil, err
	}
	if b.commit, err = r.Resolve(ctx, ref); err != nil {
		return nil, err
	}
	if b.files, err = r.Files(ctx, b.commit); err != nil {
		return nil, err
	}
	set, err := b.f.Project()
	if err != nil {
		return nil, err
	}
	var problems source.List
	b.program, problems = revision.Load(b.files, set.Project.Dir)
	return problems, nil
}

// version is what reports call the commit.
func (b *base) version() revision.Version {
	return revision.Version{Name: b.commit.Ref, Commit: b.commit.Hash}
}

// firstProblems is how many problems of a commit are shown.
const firstProblems = 3

// broken says that a commit's definitions are wrong, with the first of them.
func (b *base) broken(problems source.List) error {
	errorsOnly := source.List{}
	for _, p := range problems {
		if p.Severity != source.Warning {
			errorsOnly.Add(p)
		}
	}
	shown := errorsOnly[:min(firstProblems, len(errorsOnly))]
	err := source.RenderText(b.f.env.Stderr, shown, source.TextOptions{Color: b.f.colorOn(b.f.env.Terminal.Stderr)})
	if err != nil {
		return environment("write the diagnostics: %w", err)
	}
	count := plural(len(errorsOnly), "error")
	if len(shown) < len(errorsOnly) {
		count += fmt.Sprintf(", the first %d above", len(shown))
	}
	return usage("the definitions of %s (%s) do not check: %s", b.commit.Ref, b.commit.Short(), count).
		advise("these are files of that commit; compare with one whose definitions check: --against REF")
}

// orphaned adds to what is wrong in the working files which definitions of the
// commit are gone and still used.
func (b *base) orphaned(ctx context.Context, ref string, wrong *invalid) error {
	if _, err := b.load(ctx, ref); err != nil || b.program == nil {
		return wrong //nolint:nilerr // What is wrong with the working files comes first.
	}
	set, err := b.f.Project()
	if err != nil {
		return err
	}
	orphans := revision.Orphans(b.program.Set, set, wrong.list)
	if len(orphans) == 0 {
		return wrong
	}
	b.f.showDiagnostics(wrong.list)
	lines := make([]string, len(orphans))
	hint := "bring it back, or take it out of what uses it"
	for i, o := range orphans {
		lines[i] = o.Error()
		if o.Now != "" {
			hint = o.Name + " is called " + o.Now + " now: write that"
		}
	}
	return usage("since %s (%s): %s", b.commit.Ref, b.commit.Short(), strings.Join(lines, "\n")).advise("%s", hint)
}

// gitFailure gives what stands between us and a commit its exit code.
func gitFailure(err error) error {
	failed, ok := errors.AsType[*revision.GitError](err)
	if !ok {
		return err
	}
	e := environment("%w", failed)
	if failed.Problem == revision.UnknownRef || failed.Problem == revision.NotCommitted || failed.Problem == revision.NoCommits {
		e = notFound("%w", failed)
	}
	if failed.Hint != "" {
		return e.advise("%s", failed.Hint)
	}
	return e
}

// compare compares the working files with the base. The session speaks of the
// moment of both.
func (b *base) compare(ctx context.Context, opts revisionOptions) (*revision.Report, *session, error) {
	if err := onlySelectable(b.selectable(), opts.selectors); err != nil {
		return nil, nil, err
	}
	s, err := b.f.session(ctx)
	if err != nil {
		return nil, nil, b.noRun(err)
	}
	options := revision.Options{
		Before: b.version(), AsOf: s.asOf, KnownAt: s.knownAt, Selectors: opts.selectors, Examples: opts.examples,
	}
	stop := s.progress(ctx, "comparing")
	report, err := b.report(ctx, s, options)
	stop()
	if err != nil {
		return nil, nil, b.explained(err)
	}
	if report.KnownAt != nil {
		s.knownAt = report.KnownAt
	}
	return report, s, nil
}

// selectable is the program that selectors mostly speak of.
func (b *base) selectable() *check.Program {
	program, _ := b.f.Program() //nolint:errcheck // It was looked at before.
	return program
}

func (b *base) report(ctx context.Context, s *session, options revision.Options) (*revision.Report, error) {
	if b.run > 0 {
		return revision.CompareRun(ctx, s.db, b.run, s.program, options)
	}
	fitting, replaced, err := revision.Fit(ctx, s.db, b.files, b.program, s.program)
	if err != nil {
		return nil, &revision.BeforeError{Version: options.Before, Err: err}
	}
	report, err := revision.Compare(ctx, s.db, fitting, s.program, options)
	if err == nil && replaced {
		report.Notes = append(report.Notes,
			"strata.schema.yaml of "+options.Before.Name+" describes other tables than there are now, so that of the working files was used for both")
	}
	return report, err
}

// explained gives errors of a comparison their exit codes and hints.
func (b *base) explained(err error) error {
	var before *revision.BeforeError
	var selection *revision.SelectionError
	switch {
	case errors.As(err, &before):
		return environment("%w", before).advise("compare with a version that was made for this data: --against REF")
	case errors.Is(err, snapshot.ErrNotFound), errors.Is(err, snapshot.ErrEmpty):
		return b.noRun(missingRun(err))
	case errors.As(err, &selection):
		return notFound("%w", err).advise("'strata help selectors' explains them, 'strata list --all' shows what there is")
	}
	return answerable(err)
}

// noRun points to the commit that has the name of a run that is not there.
func (b *base) noRun(err error) error {
	if known, ok := errors.AsType[*failure](err); ok && b.branch && known.code == exitNotFound {
		return known.advise("a number is a run: write --against refs/heads/%d for the branch, or the hash with more digits", b.run)
	}
	return err
}
