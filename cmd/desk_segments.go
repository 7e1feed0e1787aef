package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"strata/reports"
	analyse "strata/reports/run"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/history"
	"strata/segments/plan"
	"strata/segments/result"
	"strata/segments/snapshot"
	"strata/sql/warehouse"
	"strata/tui/ask"
)

// Stored are the sizes of the newest run that is not later than at.
func (d *desk) Stored(ctx context.Context, at time.Time) (ask.Stored, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) (ask.Stored, error) {
		return s.storedSizes(ctx)
	})
}

// storedSizes reads the store; one that is not there yet has nothing.
func (s *session) storedSizes(ctx context.Context) (ask.Stored, error) {
	found := ask.Stored{Sizes: map[string]int64{}}
	project := s.program.Set.Project
	if _, err := os.Stat(within(project.Dir, project.Store.Value)); err != nil {
		return found, nil //nolint:nilerr // Without a store there are no sizes.
	}
	runs, err := snapshot.List(ctx, s.db, snapshot.Filter{To: s.asOf.Add(time.Microsecond), Limit: 1})
	if missing, ok := errors.AsType[*warehouse.Error](err); ok && missing.Kind == warehouse.Missing || err == nil && len(runs) == 0 {
		return found, nil
	}
	if err != nil {
		return found, err
	}
	run, err := snapshot.Show(ctx, s.db, runs[0].ID, nil)
	if err != nil {
		return found, err
	}
	found.Run = &ask.StoredRun{ID: run.ID, AsOf: run.AsOf.In(s.program.Zone), TakenAt: run.TakenAt.In(s.program.Zone)}
	sizes := map[string]int64{}
	for _, unit := range run.Units {
		sizes[unit.Name] = unit.Size
	}
	for _, d := range s.haveMembers() {
		for _, unit := range evaluate.UnitsOf(s.program, d) {
			size, ok := sizes[unit.Name]
			if !ok && unit.Was != "" { // The name that it had when it was run.
				size, ok = sizes[unit.Was]
			}
			if ok {
				found.Sizes[unit.Name] = size
			}
		}
	}
	found.Changed = lastChange(project.Dir, within(project.Dir, project.Warehouse.Value)).After(run.TakenAt)
	return found, nil
}

// lastChange is when a file of the definitions or of the data was changed last.
func lastChange(dir, data string) time.Time {
	var last time.Time
	eachFile(func(_ string, info os.FileInfo) {
		if info != nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
	}, filepath.Join(dir, "strata.yaml"), filepath.Join(dir, "strata.schema.yaml"), filepath.Join(dir, "segments"), data, data+".wal")
	return last
}

// haveMembers are all segments and partitions, in the order of runs.
func (s *session) haveMembers() []check.Definition {
	all, err := s.program.Select(nil)
	if err != nil {
		return nil
	}
	return all
}

// Sizes evaluates all segments and stages at once.
func (d *desk) Sizes(ctx context.Context, at time.Time) ([]ask.Size, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) ([]ask.Size, error) { return s.sizes(ctx) })
}

// sizes are those of all segments and stages.
func (s *standing) sizes(ctx context.Context) ([]ask.Size, error) {
	return s.sizesOf(ctx, s.haveMembers(), s.reading)
}

// sizesOf are in the order of runs: what is evaluated together comes from words
// that lend gives, the rest from statements.
func (s *session) sizesOf(ctx context.Context, all []check.Definition, lend lending) ([]ask.Size, error) {
	shared, _ := s.together(all)
	known := map[check.Definition][]ask.Size{}
	if len(shared) > 0 {
		err := lend(ctx, shared, func(w *evaluate.Words) error { return sizesIn(ctx, w, shared, known) })
		if err != nil {
			return nil, err
		}
	}
	list := []ask.Size{}
	for _, d := range all {
		sizes, ok := known[d]
		if !ok {
			var err error
			if sizes, err = s.sizesAlone(ctx, d); err != nil {
				return nil, err
			}
		}
		list = append(list, sizes...)
	}
	return list, nil
}

// lending lends the words of definitions that are evaluated together.
type lending func(ctx context.Context, definitions []check.Definition, read func(w *evaluate.Words) error) error

// onceEvaluated lends words that nobody keeps.
func (s *session) onceEvaluated(ctx context.Context, definitions []check.Definition, read func(w *evaluate.Words) error) error {
	words, err := s.evaluator.Words(ctx, definitions, s.asOf)
	if err != nil {
		return err
	}
	return errors.Join(read(words), words.Close(context.WithoutCancel(ctx)))
}

// sizesIn counts the units of definitions in words, in one statement.
func sizesIn(ctx context.Context, w *evaluate.Words, definitions []check.Definition, into map[check.Definition][]ask.Size) error {
	var formulas []*plan.Formula
	add := func(members *plan.Formula, unit *plan.Unit) {
		contactable := members
		if unit.Gates != nil {
			contactable = plan.Both(members, unit.Gates)
		}
		formulas = append(formulas, members, contactable)
	}
	for _, d := range definitions {
		unit, ok := w.Unit(d)
		if !ok {
			return fmt.Errorf("count %s: it was not evaluated", d.DefinitionName())
		}
		if unit.Members != nil {
			add(unit.Members, unit)
		}
		for i := range unit.Stages {
			add(unit.InStage(i), unit)
		}
	}
	customers, counts, err := w.Sizes(ctx, formulas)
	if err != nil {
		return err
	}
	for _, d := range definitions {
		for _, name := range unitNames(d) {
			into[d] = append(into[d], ask.Size{Name: name, Members: counts[0], Contactable: counts[1], Customers: customers})
			counts = counts[2:]
		}
	}
	return nil
}

// unitNames are the names that runs give a segment, or the stages of a partition.
func unitNames(d check.Definition) []string {
	p, ok := d.(*check.Partition)
	if !ok {
		return []string{d.DefinitionName()}
	}
	names := make([]string, 0, len(p.Stages))
	for _, stage := range p.Stages {
		names = append(names, p.DefinitionName()+"."+stage.Name)
	}
	return names
}

// sizesAlone counts a definition by statements of its own. What cannot be counted
// is skipped and says why: the others still have their sizes.
func (s *session) sizesAlone(ctx context.Context, d check.Definition) ([]ask.Size, error) {
	counts, err := s.evaluator.UnitCounts(ctx, d, s.asOf)
	names := unitNames(d)
	sizes := make([]ask.Size, len(names))
	if reason := skips(err); reason != "" {
		for i, name := range names {
			sizes[i] = ask.Size{Name: name, Skipped: reason}
		}
		return sizes, nil
	}
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", d.DefinitionName(), err)
	}
	for i, name := range names {
		sizes[i] = ask.Size{Name: name, Members: counts[i].Members, Contactable: counts[i].Contactable, Customers: counts[i].Customers}
	}
	return sizes, nil
}

// skips is why a definition cannot be evaluated while others can, "" for errors
// that all of them would meet.
func skips(err error) string {
	wrong, ok := errors.AsType[*warehouse.Error](err)
	switch {
	case err == nil:
		return ""
	case isLater(err):
		return err.Error()
	case ok && (wrong.Kind == warehouse.Refused || wrong.Kind == warehouse.NoTable || wrong.Kind == warehouse.NoColumn || wrong.Kind == warehouse.Failed):
		return err.Error()
	}
	return ""
}

// Courses follows all segments and stages through the weeks before at.
func (d *desk) Courses(ctx context.Context, at time.Time) ([]ask.Course, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) ([]ask.Course, error) {
		definitions := s.haveMembers()
		if len(definitions) == 0 {
			return []ask.Course{}, nil
		}
		from, points, err := s.courseRange()
		if err != nil {
			return nil, err
		}
		q := driftQuestion{chosen: definitions}
		q.From, q.To, q.Points, q.Size, q.KnownAt = analyse.DriftEnd{At: from}, analyse.DriftEnd{At: s.asOf}, points, true, s.knownAt
		all, err := analyse.Drift(ctx, s.asker(), q.chosen, q.DriftOptions)
		if err != nil {
			return nil, answerable(err)
		}
		return coursesOf(definitions, all), nil
	})
}

// courseRange is where the judged days begin, and all days that are looked at.
func (s *session) courseRange() (from time.Time, points []time.Time, err error) {
	from = calendar.Step(s.asOf, calendar.Duration{N: -driftDays, Unit: calendar.Day}, s.program.Zone)
	points, err = s.driftPoints(from, s.asOf)
	return from, points, err
}

// coursesOf are in the order of runs. A partition that was left out has a course
// for each stage, which says so.
func coursesOf(definitions []check.Definition, all []reports.Drift) []ask.Course {
	found := map[string]reports.Drift{}
	for _, drift := range all {
		found[drift.Name] = drift
	}
	list := []ask.Course{}
	for _, d := range definitions {
		for _, name := range unitNames(d) {
			drift, ok := found[name]
			if !ok {
				drift = found[d.DefinitionName()]
			}
			course := ask.Course{Name: name, Points: drift.Size.Series, Drift: drift.Size, Skipped: drift.Skipped}
			if course.Skipped == "" && len(course.Points) == 0 {
				course.Skipped = drift.Size.Reason
			}
			list = append(list, course)
		}
	}
	return list
}

// Course follows one segment, stage or rule, and tells how long members stay.
func (d *desk) Course(ctx context.Context, word string, at time.Time) (ask.Course, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) (ask.Course, error) { return s.course(ctx, word) })
}

func (s *standing) course(ctx context.Context, word string) (ask.Course, error) {
	about, err := s.aboutOne(ctx, word)
	if err != nil {
		return ask.Course{}, err
	}
	from, points, err := s.courseRange()
	if err != nil {
		return ask.Course{}, err
	}
	all, dated, err := s.asker().ExactOfAll(ctx, []check.Definition{about.Definition}, points)
	if err == nil && len(dated) > 0 {
		return s.weeklyCourse(ctx, word, about)
	}
	if isLater(err) {
		return ask.Course{Name: word, Skipped: err.Error()}, nil
	}
	if err != nil {
		return ask.Course{}, answerable(err)
	}
	for _, found := range all {
		if about.Stage == "" || found.Name == about.Definition.DefinitionName()+"."+about.Stage {
			drift := analyse.JudgeHistory(s.program, found, from)
			return ask.Course{Name: found.Name, Points: drift.Series, Drift: drift, Spells: found.Spells}, nil
		}
	}
	return ask.Course{}, fmt.Errorf("follow %s: none of %d histories is its own", word, len(all))
}

// courseWeeks is how far back goes what is evaluated at each point.
const courseWeeks = 12

// weeklyCourse evaluates what cannot be followed: one point a week, as each costs
// a whole evaluation. So few points say nothing of drift.
func (s *standing) weeklyCourse(ctx context.Context, word string, about history.About) (ask.Course, error) {
	points := make([]time.Time, 0, courseWeeks+1)
	for weeks := courseWeeks; weeks >= 0; weeks-- {
		points = append(points, calendar.Step(s.asOf, calendar.Duration{N: -weeks, Unit: calendar.Week}, s.program.Zone).UTC())
	}
	found, err := s.asker().Exact(ctx, about, points)
	if isLater(err) {
		return ask.Course{Name: word, Skipped: err.Error()}, nil
	}
	if err != nil {
		return ask.Course{}, answerable(err)
	}
	if len(found) != 1 {
		return ask.Course{}, fmt.Errorf("evaluate %s: %d histories were found", word, len(found))
	}
	series := analyse.JudgeHistory(s.program, found[0], points[0]).Series
	drift := reports.JudgeSize(reports.SizeQuestion{Unfollowed: fmt.Sprintf("evaluated at %d points, a week apart: %s", len(points), found[0].Reason)})
	return ask.Course{Name: found[0].Name, Points: series, Drift: drift}, nil
}

// aboutOne is what a word means that has one size.
func (s *standing) aboutOne(ctx context.Context, word string) (history.About, error) {
	about, err := s.about(ctx, word)
	if p, ok := about.Definition.(*check.Partition); ok && err == nil && about.Stage == "" {
		return about, notSegment(p)
	}
	return about, err
}

// Forecast is what the clock alone does to a segment, or to the stages of a
// partition.
func (d *desk) Forecast(ctx context.Context, word string, days int, at time.Time) (result.Forecast, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) (result.Forecast, error) {
		if days < 1 || days > mostDays {
			return result.Forecast{}, usage("%d days ahead: it is 1 to %d", days, mostDays)
		}
		about, err := s.about(ctx, word)
		if err != nil {
			return result.Forecast{}, err
		}
		q := history.Ahead{About: about, Most: leaversShown, Days: s.daysAhead(days)}
		if _, q.By, err = s.leaverValue(forecastOptions{}); err != nil {
			return result.Forecast{}, err
		}
		found, err := s.asker().Forecast(ctx, q)
		if err != nil {
			return result.Forecast{}, unforeseeable(err)
		}
		return found, nil
	})
}
