package cmd

import (
	"context"
	"errors"
	"strings"
	"time"

	"strata/reports/render"
	"strata/segments/check"
	"strata/segments/history"
	"strata/segments/result"
	"strata/segments/snapshot"
)

// lateTables are the tables of how late rows changed runs.
func lateTables() []string { return []string{"runs", "reruns"} }

// lateColumns show people the late rows where these can be told from others, and
// all that changed where they cannot.
func lateColumns(tells bool) []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "as_of", Title: "as of", Kind: render.Moment},
		{Name: "run", Kind: render.Count},
		{Name: "known_at", Title: "known at", Kind: render.Moment},
		{Name: "size", Title: "then", Kind: render.Count},
		{Name: "size_now", Title: "now", Kind: render.Count},
		{Name: "joined", Kind: render.Count, DataOnly: tells},
		{Name: "left", Kind: render.Count, DataOnly: tells},
		{Name: "late_joined", Title: "late in", Kind: render.Count, DataOnly: !tells},
		{Name: "late_left", Title: "late out", Kind: render.Count, DataOnly: !tells},
		{Name: "other", Kind: render.Count, DataOnly: !tells},
		{Name: "superseded_by", Title: "replaced by", Kind: render.Count},
		{Name: "other_joined", Kind: render.Count, DataOnly: true},
		{Name: "other_left", Kind: render.Count, DataOnly: true},
		{Name: "removed", Kind: render.Count, DataOnly: true},
		{Name: "not_compared", DataOnly: true},
	}
}

func rerunColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "as_of", Title: "as of", Kind: render.Moment},
		{Name: "run", Kind: render.Count},
		{Name: "superseded_by", Title: "replaced by", Kind: render.Count},
		{Name: "size", Title: "then", Kind: render.Count},
		{Name: "size_after", Title: "after", Kind: render.Count},
		{Name: "joined", Kind: render.Count},
		{Name: "left", Kind: render.Count},
		{Name: "edited", Kind: render.Flag},
	}
}

func runLateHistory(ctx context.Context, opts historyOptions) error {
	if err := knownTable(opts.table, lateTables()); err != nil {
		return err
	}
	if opts.f.flags.knownAt != "" {
		return usage("--late compares runs with what is known now, so --as-known-at has no place in it").
			advise("'strata run --as-known-at MOMENT' keeps a run of what was known then")
	}
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	about, err := s.committed(ctx, opts.what)
	if err != nil {
		return err
	}
	q := history.Late{About: about, Explain: opts.explain}
	if q.From, q.To, err = s.runRange(ctx, opts); err != nil {
		return err
	}
	asker := s.asker()
	var done func()
	asker.Step, done = s.pointProgress(ctx, "run")
	found, err := asker.Late(ctx, q)
	done()
	switch {
	case errors.Is(err, snapshot.ErrNotFound), errors.Is(err, snapshot.ErrEmpty):
		return s.missingHistory(err, opts.what)
	case err != nil:
		return answerable(err)
	}
	return s.showLate(opts, found)
}

// committed is a definition that runs may have members of: no rule that was
// typed.
func (s *session) committed(ctx context.Context, word string) (history.About, error) {
	name, _, _ := strings.Cut(word, ".")
	if d, ok := s.program.Lookup(name); ok {
		switch d.(type) {
		case *check.Segment, *check.Partition:
			return s.about(ctx, word)
		}
		return history.About{}, notSegment(d)
	}
	if !isName(name) {
		return history.About{}, usage("--late is about committed runs, and a rule that is typed is in none").
			advise("name a segment, a partition or partition.stage")
	}
	if _, err := snapshot.History(ctx, s.db, word); err == nil {
		return history.About{}, notFound("runs know %s, but no definition is called so any more, and nothing can be evaluated now", word)
	}
	return history.About{}, s.noDefinition(name)
}

// runRange resolves --from and --to for as-ofs of runs, nil where one is not
// given. Offsets count as those of an exact history do.
func (s *session) runRange(ctx context.Context, opts historyOptions) (from, to *time.Time, err error) {
	base := s.asOf
	if opts.to != "" {
		if base, err = s.momentFrom(ctx, opts.to, s.asOf); err != nil {
			return nil, nil, err
		}
		to = &base
	}
	if opts.from != "" {
		at, err := s.momentFrom(ctx, opts.from, base)
		if err != nil {
			return nil, nil, err
		}
		from = &at
	}
	if from != nil && to != nil && from.After(*to) {
		return nil, nil, usage("--from %s lies behind --to %s", s.shown(*from), s.shown(*to))
	}
	return from, to, nil
}

// showLate answers with runs and reruns, and says what the numbers cannot tell.
func (s *session) showLate(opts historyOptions, found *result.Late) error {
	runs := render.Table{Name: "runs", Columns: lateColumns(found.Tells)}
	reruns := render.Table{Name: "reruns", Columns: rerunColumns()}
	for _, u := range found.Units {
		for _, r := range u.Runs {
			runs.Rows = append(runs.Rows, s.lateRow(u.Name, r))
		}
		for _, r := range u.Reruns {
			reruns.Rows = append(reruns.Rows, []any{
				u.Name, r.AsOf.In(s.program.Zone), r.Run, r.SupersededBy, r.Size, known(r.After), known(r.Joined), known(r.Left), r.Edited,
			})
		}
	}
	if err := s.writeTables("history_late", opts.table, runs, reruns); err != nil {
		return err
	}
	s.sayLate(opts.what, found)
	return nil
}

func (s *session) lateRow(name string, r result.LateRun) []any {
	row := []any{name, r.AsOf.In(s.program.Zone), r.Run, r.KnownAt.In(s.program.Zone), r.Size, known(r.Now)}
	for _, part := range []*result.Sides{r.Changed, r.Late} {
		if part == nil {
			row = append(row, nil, nil)
			continue
		}
		row = append(row, part.Joined, part.Left)
	}
	if r.Other == nil {
		row = append(row, nil, known(r.SupersededBy), nil, nil)
	} else {
		row = append(row, r.Other.Joined+r.Other.Left, known(r.SupersededBy), r.Other.Joined, r.Other.Left)
	}
	return append(row, known(r.Removed), orUnknown(r.Reason))
}

// sayLate says how many runs changed, and what is not known.
func (s *session) sayLate(name string, found *result.Late) {
	compared, changed, skipped, other := 0, 0, 0, false
	for _, u := range found.Units {
		for _, r := range u.Runs {
			switch {
			case r.Changed == nil:
				skipped++
				continue
			case *r.Changed != result.Sides{}:
				changed++
			}
			compared++
			other = other || r.Other != nil && *r.Other != result.Sides{}
		}
	}
	if compared > 0 {
		s.say("%d of %s would have other members with what is known now", changed, plural(compared, "run"))
	}
	if skipped > 0 {
		s.say("not compared: %s, since %s", plural(skipped, "run"), history.NotComparable)
	}
	var untold []string
	for _, source := range found.Blind {
		untold = append(untold, source+" maps no loaded_at")
	}
	for _, segment := range found.SQL {
		untold = append(untold, "the sql of "+segment+" sees all rows")
	}
	switch why := strings.Join(untold, ", "); {
	case !found.Tells:
		s.say("late rows are not known: %s", why)
	case why != "":
		s.say("what came late counts as other where it cannot be told: %s", why)
	}
	if other {
		s.say("other: rows or customers that were changed or deleted, or that came later than their loaded_at says")
	}
	if found.Reason != "" {
		s.say("%s: evaluated at each as-of by itself: %s", name, found.Reason)
	}
}
