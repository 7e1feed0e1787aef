package cmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"strata/reports/render"
	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/history"
	"strata/segments/result"
)

// exactTables are the tables of an exact history.
func exactTables() []string { return []string{"sizes", "spells"} }

// exactDays is how many days an exact history goes back where nobody says.
const exactDays = 90

func sizesColumns(gated bool) []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "as_of", Title: "as of", Kind: render.Moment},
		{Name: "size", Kind: render.Count},
		{Name: "entered", Kind: render.Count},
		{Name: "exited", Kind: render.Count},
		{Name: "entries", Title: "ways in", Kind: render.Count},
		{Name: "exits", Title: "ways out", Kind: render.Count},
		{Name: "contactable", Kind: render.Count, DataOnly: !gated},
		{Name: "followed", Kind: render.Flag, DataOnly: true},
	}
}

func spellsColumns() []render.Column {
	return []render.Column{
		{Name: "name"},
		{Name: "spells", Kind: render.Count},
		{Name: "truncated", Title: "begun before", Kind: render.Count},
		{Name: "censored", Title: "going on", Kind: render.Count},
		{Name: "median_days", Title: "median days", Kind: render.Number, Digits: 2},
		{Name: "came_back", Title: "came back", Kind: render.Count},
		{Name: "exits_watched", Title: "of exits", Kind: render.Count},
		{Name: "measured", Kind: render.Count, DataOnly: true},
		{Name: "ended", Kind: render.Count, DataOnly: true},
		{Name: "median_seconds", Kind: render.Number, DataOnly: true},
		{Name: "resolution_seconds", Kind: render.Number, DataOnly: true},
		{Name: "not_followed", DataOnly: true},
	}
}

func runExactHistory(ctx context.Context, opts historyOptions) error {
	if err := knownTable(opts.table, exactTables()); err != nil {
		return err
	}
	every, err := parseEvery(opts.every)
	if err != nil {
		return err
	}
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	about, err := s.about(ctx, opts.what)
	if err != nil {
		return err
	}
	from, to, err := s.timeRange(ctx, opts.from, opts.to)
	if err != nil {
		return err
	}
	points, err := s.pointsBetween(from, to, every)
	if err != nil {
		return err
	}
	asker := s.asker()
	var done func()
	asker.Step, done = s.pointProgress(ctx, "point")
	found, err := asker.Exact(ctx, about, points)
	done()
	if err != nil {
		return answerable(err)
	}
	return s.showExact(about.Definition, found, opts.table)
}

// pointProgress shows to somebody who waits how far the sweep is, and instead of
// it the point, or whatever it is called, that is evaluated by itself.
func (s *session) pointProgress(ctx context.Context, what string) (step func(done, all int), end func()) {
	stop := sync.OnceFunc(s.progress(ctx, "following"))
	show, clear := s.doing()
	if show == nil {
		return nil, stop
	}
	step = func(done, all int) {
		stop()
		show(fmt.Sprintf("evaluating %s %d of %d", what, done+1, all))
	}
	return step, func() { stop(); clear() }
}

// asker answers questions about time.
func (s *session) asker() *history.Asker {
	workers := s.flags.threads
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &history.Asker{Follower: s.evaluator, Evaluator: s.evaluator, DB: s.db, Workers: workers}
}

// about is what a word of the command line means where stages are told apart: a
// segment, a partition, one of its stages, or a rule.
func (s *session) about(ctx context.Context, word string) (history.About, error) {
	name, stage, _ := strings.Cut(word, ".")
	d, _ := s.program.Lookup(name)
	partition, ok := d.(*check.Partition)
	if !ok {
		segment, err := s.segment(ctx, word)
		return history.About{Definition: segment}, err
	}
	var stages []string
	for _, known := range partition.Stages {
		stages = append(stages, known.Name)
	}
	switch {
	case word == name, slices.Contains(stages, stage):
		return history.About{Definition: partition, Stage: stage}, nil
	case isName(stage):
		return history.About{}, unknownWord(notFound("partition %s has no stage %q", name, stage), stage, stages)
	}
	segment, err := s.segment(ctx, word) // A rule that begins with the partition's name.
	return history.About{Definition: segment}, err
}

// everyForm is a number and a compact unit. Five digits of hours are eleven
// years, and of years more than the calendar has.
var everyForm = regexp.MustCompile(`^(\d{1,5})(s|min|h|d|w|mo|y)$`)

// parseEvery reads the step between points.
func parseEvery(text string) (calendar.Duration, error) {
	if unit, ok := calendar.ParseUnit(text); ok {
		return calendar.Duration{N: 1, Unit: unit}, nil
	}
	m := everyForm.FindStringSubmatch(text)
	if m == nil {
		return calendar.Duration{}, usage("--every takes a step, not %q", text).advise("write hour, day, week, month, or a number of them: 6h, 7d, 2w, 3mo")
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n == 0 {
		return calendar.Duration{}, usage("--every %s would never come to the next point", text).advise("write 1%s or more", m[2])
	}
	return calendar.Duration{N: n, Unit: offsetUnits[m[2]]}, nil
}

// timeRange resolves the texts of the first and the last moment of a range, "" is
// the usual. An offset of the last counts from the as-of, and one of the first
// from the last.
func (s *session) timeRange(ctx context.Context, first, last string) (from, to time.Time, err error) {
	to = s.asOf
	if last != "" {
		if to, err = s.momentFrom(ctx, last, s.asOf); err != nil {
			return from, to, err
		}
	}
	from = calendar.Step(to, calendar.Duration{N: -exactDays, Unit: calendar.Day}, s.program.Zone)
	if first != "" {
		if from, err = s.momentFrom(ctx, first, to); err != nil {
			return from, to, err
		}
	}
	switch {
	case to.After(s.asOf):
		return from, to, usage("the range ends on %s, behind the as-of %s", s.shown(to), s.shown(s.asOf)).
			advise("'strata forecast' looks ahead; --at moves the as-of")
	case from.After(to):
		return from, to, usage("the range begins on %s, behind its end %s", s.shown(from), s.shown(to))
	case from.Year() < earliestYear:
		return from, to, usage("the range begins on %s, which is out of range", s.shown(from)).advise("it lies in %d or later", earliestYear)
	}
	return from, to, nil
}

// pointsBetween are the as-ofs of a range in steps.
func (s *session) pointsBetween(from, to time.Time, every calendar.Duration) ([]time.Time, error) {
	points, err := history.Points(from, to, every, s.program.Zone)
	if errors.Is(err, history.ErrTooManyPoints) {
		return nil, usage("from %s to %s there are more than %s points", s.shown(from), s.shown(to), render.GroupDigits(strconv.Itoa(history.MaxPoints))).
			advise("take a longer step with --every, or a shorter range")
	}
	return points, err
}

// momentFrom resolves a moment whose offset counts from another one.
func (s *session) momentFrom(ctx context.Context, text string, base time.Time) (time.Time, error) {
	asked, err := parseMoment(text)
	if err != nil {
		return time.Time{}, err
	}
	if asked.kind == momentOffset {
		return calendar.Step(base, asked.offset, s.program.Zone), nil
	}
	return s.instant(ctx, s.lookups(), text)
}

// shown is a moment as people in the project's zone read it.
func (s *session) shown(at time.Time) string {
	return at.In(s.program.Zone).Format(momentForm)
}

// showExact answers with sizes and spells, and says how they came about.
func (s *session) showExact(d check.Definition, found []result.History, table string) error {
	sizes := render.Table{Name: "sizes", Columns: sizesColumns(len(check.GatesOf(d)) > 0), Meta: s.meta()}
	spells := render.Table{Name: "spells", Columns: spellsColumns()}
	for _, h := range found {
		for _, p := range h.Points {
			sizes.Rows = append(sizes.Rows, []any{
				h.Name, p.At.In(s.program.Zone), p.Size, known(p.Entered), known(p.Exited), known(p.Entries), known(p.Exits),
				known(p.Contactable), h.Reason == "",
			})
		}
		if h.Spells != nil || table != "" || s.tableFormat() == render.JSON {
			spells.Rows = append(spells.Rows, spellsRow(h))
		}
	}
	if err := s.writeTables("history_exact", table, sizes, spells); err != nil {
		return err
	}
	switch first := found[0]; {
	case first.Reason != "":
		s.say("%s: evaluated at %s, not followed in between: %s", d.DefinitionName(), plural(len(first.Points), "dated point"), first.Reason)
	default:
		s.say("spells are measured to the %s; the median leaves out those that had begun before %s",
			unitName(first.Spells.Resolution), s.shown(first.Points[0].At))
	}
	return nil
}

// spellsRow is a row about the time in a segment; what nobody knows is nil.
func spellsRow(h result.History) []any {
	p := h.Spells
	if p == nil {
		return []any{h.Name, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, h.Reason}
	}
	var days, seconds any
	if p.Median != nil {
		days, seconds = math.Round(p.Median.Hours()/24*1e6)/1e6, p.Median.Seconds()
	}
	return []any{
		h.Name, p.Count, p.Truncated, p.Censored, days, p.CameBack, p.Watched,
		p.Measured, p.Ended, seconds, p.Resolution.Seconds(), nil,
	}
}

// unitName is the name of a unit of time.
func unitName(unit time.Duration) string {
	switch {
	case unit >= 24*time.Hour:
		return calendar.Day.String()
	case unit >= time.Hour:
		return calendar.Hour.String()
	case unit >= time.Minute:
		return calendar.Minute.String()
	}
	return calendar.Second.String()
}
