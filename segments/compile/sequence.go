package compile

import (
	"errors"
	"fmt"
	"slices"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/rule"
)

// A sequence is solved from its end. The rows of the last positive step that
// its negative steps let pass are good. A row of an earlier step is good when
// its negative steps let it pass and a good row of the next step follows in
// time. Only the nearest candidate matters each time, which an ASOF join finds
// in one pass: no row is paired with all others.
//
// Each step of SQL has the columns k (customer), g (the value all rows agree
// in, or 0) and at; where rows are counted or told apart also id and n, the
// place among the step's rows of k and g.

// sequence adds the steps of a sequence. The last one holds the customers for
// whom it is true, or, for times, the number of first rows that satisfy it.
func (b *builder) sequence(s *check.Sequence) (string, error) {
	groups := positives(s.Steps)
	next := ""
	for i, group := range slices.Backward(groups) {
		rows, err := b.sequenceRows(s, group[0], i == 0)
		if err != nil {
			return "", err
		}
		good := rows
		for _, negative := range group[1:] {
			if good, err = b.without(s, good, negative); err != nil {
				return "", err
			}
		}
		if next != "" {
			good = b.followed(good, next, groups[i+1][0])
		}
		if i == 0 {
			return b.satisfied(s, rows, good), nil
		}
		next = good
		if group[0].Repeat > 1 {
			next = b.nthOf(rows, good, group[0].Repeat)
		}
	}
	return "", errors.New("compile sequence: no steps")
}

// positives splits the steps into groups: a positive one and the negative ones
// that are measured from it.
func positives(steps []check.Step) [][]check.Step {
	var groups [][]check.Step
	for _, step := range steps {
		if step.Not {
			groups[len(groups)-1] = append(groups[len(groups)-1], step)
			continue
		}
		groups = append(groups, []check.Step{step})
	}
	return groups
}

// StepWindow is the time in which rows of a step of a sequence count. Rows of
// positive steps lie in the window; those of negative ones may pass its end.
func (c *Compiler) StepWindow(s *check.Sequence, step check.Step) check.Window {
	window := s.Window
	if !step.Not {
		return window
	}
	window.Calendar.To, window.ToValue = calendar.Bound{}, nil
	window.Calendar.Swap = false
	r := calendar.Bounds(s.Window.Calendar, c.options.AsOf, c.program.Zone)
	if r.From != nil && window.FromValue == nil {
		window.Calendar.From = calendar.Bound{Anchor: calendar.Fixed, At: *r.From}
	}
	return window
}

// sequenceRows adds the step of the rows of one step of a sequence.
func (b *builder) sequenceRows(s *check.Sequence, step check.Step, first bool) (string, error) {
	f := b.rowFrame(step.Rows)
	conditions, err := f.rowConditions(step.Rows, b.StepWindow(s, step))
	if err != nil {
		return "", err
	}
	group := sq.Sqlizer(raw("0"))
	if step.Same != nil {
		group = f.column(step.Same)
		if !first {
			conditions = append(conditions, ex("? IS NOT NULL", group))
		}
	}
	at := f.at().instant()
	question := sq.Select().
		Column(ex("? AS k", f.rowKey())).
		Column(ex("? AS g", group)).
		Column(ex(`? AS "at"`, at))
	if step.Repeat > 1 || first && (s.Times || s.Anchor != rule.AnchorAny) {
		id := sq.Sqlizer(raw("0"))
		if source := step.Rows.Stream.Source; source.ID != nil {
			id = column(sourceAlias, source.ID.Column)
		}
		order := ex("PARTITION BY ?, ? ORDER BY ?, ?", f.rowKey(), group, at, id)
		question = question.Column(ex("? AS id", id)).Column(ex("row_number() OVER (?) AS n", order))
	}
	name := "step " + step.Rows.Stream.Name
	if step.Not {
		name = "no " + step.Rows.Stream.Name
	}
	return b.step(name, f.apply(question).Where(allOf(conditions))), nil
}

// until is the end of the time that a step has after a row, excluded.
func (b *builder) until(row string, within calendar.Duration) sq.Sqlizer {
	return b.projectZone().step(column(row, "at"), within)
}

// without keeps the rows that a negative step lets pass: none of its rows
// follows in time, and without early the time is over.
func (b *builder) without(s *check.Sequence, rows string, negative check.Step) (string, error) {
	against, err := b.sequenceRows(s, negative, false)
	if err != nil {
		return "", err
	}
	until := b.until("a", negative.Within)
	reached := raw(`b."at"`)
	if negative.Repeat > 1 {
		against = b.step(fmt.Sprintf("%s times %d", against, negative.Repeat), b.enough(against, negative.Repeat))
		reached = `b."enough"`
	}
	passes := ex("(? IS NULL OR ? >= ?)", reached, reached, until)
	if !s.Early {
		passes = ex("(? AND ? <= ?)", passes, until, b.options.AsOf)
	}
	question := ex(`SELECT a.* FROM ? AS a ASOF LEFT JOIN ? AS b ON a.k = b.k AND a.g = b.g AND a."at" < b."at" WHERE ?`,
		ident(rows), ident(against), passes)
	return b.step(rows+" without "+negative.Rows.Stream.Name, question), nil
}

// followed keeps the rows that a good row of the next step follows in time.
// Where the next step is repeated, next holds for each time after which its
// count can start the first good row that completes it (see nthOf).
func (b *builder) followed(rows, next string, step check.Step) string {
	reached := `b."at"`
	if step.Repeat > 1 {
		reached = `b."done"`
	}
	question := ex(`SELECT a.* FROM ? AS a ASOF JOIN ? AS b ON a.k = b.k AND a.g = b.g AND a."at" < b."at" WHERE ? < ?`,
		ident(rows), ident(next), raw(reached), b.until("a", step.Within))
	return b.step(rows+" then "+step.Rows.Stream.Name, question)
}

// nthOf prepares a repeated step: for the first row at each time, when the
// first good row is reached that has enough rows of the step behind it,
// counted from there.
func (b *builder) nthOf(rows, good string, repeat int) string {
	question := ex(`SELECT a.k, a.g, a."at", b."at" AS "done" FROM (?) AS a ASOF JOIN ? AS b ON a.k = b.k AND a.g = b.g AND a.enough <= b."at"`,
		b.enough(rows, repeat), ident(good))
	return b.step(fmt.Sprintf("%s times %d", rows, repeat), question)
}

// enough says for the first row at each time when the nth row of the step,
// counted from there, comes; NULL where there are fewer.
func (b *builder) enough(rows string, repeat int) sq.Sqlizer {
	return ex(`SELECT k, g, "at", lead("at", ?) OVER (PARTITION BY k, g ORDER BY n) AS enough FROM ? QUALIFY row_number() OVER (PARTITION BY k, g, "at" ORDER BY n) = 1`,
		int64(repeat-1), ident(rows))
}

// satisfied adds the answer of a sequence from the rows of its first step and
// the good ones among them. Where the first step is repeated, a row satisfies
// it when a choice of so many rows that ends with a good one can hold it.
func (b *builder) satisfied(s *check.Sequence, rows, good string) string {
	first := s.Steps[0]
	start := ex("SELECT a.*, greatest(a.n, ?) <= b.newest AS ok FROM ? AS a LEFT JOIN (SELECT k, g, max(n) AS newest FROM ? GROUP BY k, g) AS b ON a.k = b.k AND a.g = b.g",
		int64(first.Repeat), ident(rows), ident(good))
	if first.Repeat == 1 {
		start = ex(`SELECT a.*, a.g IS NOT NULL AND (a.k, a.g, a.n) IN (SELECT (k, g, n) FROM ?) AS ok FROM ? AS a`, ident(good), ident(rows))
	}
	key, value := ident(b.key()), ident(valueColumn)
	if s.Times {
		return b.step("times of "+first.Rows.Stream.Name,
			ex("SELECT k AS ?, count(*) FILTER (WHERE ok) AS ? FROM (?) AS t GROUP BY k", key, value, start))
	}
	name := "sequence of " + first.Rows.Stream.Name
	switch s.Anchor {
	case rule.AnchorFirst:
		return b.step(name, ex(`SELECT k AS ? FROM (?) AS t GROUP BY k HAVING arg_min(coalesce(ok, FALSE), row("at", id))`, key, start))
	case rule.AnchorLast:
		return b.step(name, ex(`SELECT k AS ? FROM (?) AS t GROUP BY k HAVING arg_max(coalesce(ok, FALSE), row("at", id))`, key, start))
	case rule.AnchorAny:
	}
	if first.Repeat == 1 {
		return b.step(name, ex("SELECT DISTINCT k AS ? FROM ? WHERE g IS NOT NULL", key, ident(good)))
	}
	return b.step(name, ex("SELECT DISTINCT k AS ? FROM (?) AS t WHERE ok", key, start))
}
