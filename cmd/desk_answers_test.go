package cmd

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/render"
	"strata/segments/evaluate"
	"strata/tui/ask"
)

// TestDeskAnswersAboutSegments asks the desk and the command line the same about
// the segments, rules and customers of the demo shop, which was made once.
func TestDeskAnswersAboutSegments(t *testing.T) {
	t.Parallel()
	env := atDemo(t)
	d, at := deskAt(t, env)
	q := demoQuestions{env: env, d: d, at: at}
	t.Run("moments", q.moments)
	t.Run("sizes", q.sizes)
	t.Run("stored", q.stored)
	t.Run("courses", q.courses)
	t.Run("course", q.course)
	t.Run("forecast", q.forecast)
	t.Run("counts", q.counts)
	t.Run("funnel", q.funnel)
	t.Run("off", q.funnelWithout)
	t.Run("statement", q.statement)
	t.Run("compare", q.compare)
	t.Run("members", q.members)
	t.Run("why", q.why)
	t.Run("memberships", q.memberships)
	t.Run("customers", q.customers)
	t.Run("profile", q.profile)
	t.Run("values", q.values)
	t.Run("estimate", q.estimate)
	t.Run("errors", q.errors)
}

// demoQuestions are questions about the demo shop.
type demoQuestions struct {
	env Env
	d   *desk
	at  time.Time
}

// printed is the data that a command prints as JSON.
func (q demoQuestions) printed(t *testing.T, args ...string) any {
	t.Helper()
	return dataIn(t, commandOutput(t, q.env, append(args, "-o", "json", "--limit", "0")...))
}

func dataIn(t *testing.T, text string) any {
	t.Helper()
	var whole struct {
		Data any `json:"data"`
	}
	require.NoError(t, json.Unmarshal([]byte(text), &whole), text)
	return whole.Data
}

// asJSON is a value as it is read back from JSON.
func asJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	var back any
	require.NoError(t, json.Unmarshal(text, &back))
	return back
}

// rows are the rows that a command prints, by the values of a column.
func (q demoQuestions) rows(t *testing.T, by string, args ...string) map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]any{}
	list, ok := q.printed(t, args...).([]any)
	require.True(t, ok)
	for _, row := range list {
		values, ok := row.(map[string]any)
		require.True(t, ok)
		name, ok := values[by].(string)
		require.True(t, ok)
		found[name] = values
	}
	return found
}

// rowsIn are the rows of a table in JSON.
func rowsIn(t *testing.T, data any) []map[string]any {
	t.Helper()
	list, ok := data.([]any)
	require.True(t, ok)
	rows := make([]map[string]any, len(list))
	for i := range list {
		rows[i], ok = list[i].(map[string]any)
		require.True(t, ok)
	}
	return rows
}

// wholeOf is a whole number of JSON.
func wholeOf(t *testing.T, v any) int64 {
	t.Helper()
	n, ok := v.(float64)
	require.True(t, ok, "%v is no number", v)
	return int64(n)
}

func (q demoQuestions) moments(t *testing.T) {
	usual, err := q.d.Moment(t.Context(), "", time.Time{})
	require.NoError(t, err)
	require.True(t, usual.Equal(q.at))
	week, err := q.d.Moment(t.Context(), "-7d", q.at)
	require.NoError(t, err)
	require.True(t, week.Equal(q.at.AddDate(0, 0, -7)))
	two, err := q.d.Moment(t.Context(), "-7d", week)
	require.NoError(t, err)
	require.True(t, two.Equal(q.at.AddDate(0, 0, -14)), "an offset counts from the given moment")
	day, err := q.d.Moment(t.Context(), "2026-08-01", q.at)
	require.NoError(t, err)
	require.Equal(t, "2026-08-01 00:00", day.Format("2006-01-02 15:04"))
	_, err = q.d.Moment(t.Context(), "soon", q.at)
	require.ErrorContains(t, err, `"soon" is no moment`)
	require.Contains(t, hintOfError(err), "write 2026-08-01")
	_, err = q.d.Moment(t.Context(), "run:99", q.at)
	require.Error(t, err)
	require.Equal(t, exitNotFound, codeOf(err, nil))
	_, err = q.d.Moment(t.Context(), "1200-01-01", q.at)
	require.ErrorContains(t, err, "out of range")
}

// sizes are those of a run.
func (q demoQuestions) sizes(t *testing.T) {
	sizes, err := q.d.Sizes(t.Context(), q.at)
	require.NoError(t, err)
	program, err := q.d.current(t.Context())
	require.NoError(t, err)
	s, err := q.d.session(t.Context(), q.at)
	require.NoError(t, err)
	var run *evaluate.Result
	run, err = s.evaluator.Run(t.Context(), evaluate.RunOptions{Definitions: s.haveMembers(), AsOf: q.at, Now: q.env.Now})
	require.NoError(t, err)
	want := []ask.Size{}
	for _, unit := range run.Units {
		want = append(want, ask.Size{Name: unit.Name, Members: unit.Size, Contactable: unit.Contactable, Customers: run.Customers})
	}
	require.ElementsMatch(t, want, sizes)
	require.NoError(t, s.evaluator.Release(t.Context()))
	require.NotEmpty(t, program.Partitions)
	require.Greater(t, len(sizes), len(program.Segments), "stages are counted by themselves")
}

func (q demoQuestions) stored(t *testing.T) {
	none, err := q.d.Stored(t.Context(), q.at)
	require.NoError(t, err)
	require.Nil(t, none.Run)
	require.Empty(t, none.Sizes)

	commandOutput(t, q.env, "run", "--at", "2026-08-01")
	commandOutput(t, q.env, "run")
	now, err := q.d.Stored(t.Context(), q.at)
	require.NoError(t, err)
	require.NotNil(t, now.Run)
	require.True(t, now.Run.AsOf.Equal(q.at))
	sizes, err := q.d.Sizes(t.Context(), q.at)
	require.NoError(t, err)
	for _, size := range sizes {
		require.Equal(t, size.Members, now.Sizes[size.Name], size.Name)
	}
	require.Len(t, now.Sizes, len(sizes))
	before, err := q.d.Stored(t.Context(), q.at.AddDate(0, 0, -1))
	require.NoError(t, err)
	require.Equal(t, int64(1), before.Run.ID, "a later run is not known yet")
	never, err := q.d.Stored(t.Context(), q.at.AddDate(-1, 0, 0))
	require.NoError(t, err)
	require.Nil(t, never.Run)
}

// courses have the verdicts of drift.
func (q demoQuestions) courses(t *testing.T) {
	courses, err := q.d.Courses(t.Context(), q.at)
	require.NoError(t, err)
	sizes, err := q.d.Sizes(t.Context(), q.at)
	require.NoError(t, err)
	require.Len(t, courses, len(sizes))
	verdicts, skipped := q.driftSizes(t), 0
	for i, course := range courses {
		require.Equal(t, sizes[i].Name, course.Name)
		require.Equal(t, verdicts[course.Name], string(course.Drift.Verdict), course.Name)
		if course.Skipped != "" {
			require.Contains(t, course.Skipped, "cannot be followed")
			require.Empty(t, course.Points)
			skipped++
			continue
		}
		require.Greater(t, len(course.Points), driftDays+driftHistory)
		last := course.Points[len(course.Points)-1]
		require.True(t, last.At.Equal(q.at))
		require.Equal(t, sizes[i].Members, last.Size)
	}
	require.Less(t, skipped, len(courses)/2)
}

// driftSizes are the verdicts on sizes that the command prints.
func (q demoQuestions) driftSizes(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for name, row := range q.rows(t, "name", "drift", "--table", "size") {
		verdict, ok := row["size_verdict"].(string)
		require.True(t, ok, row)
		found[name] = verdict
	}
	return found
}

func (q demoQuestions) course(t *testing.T) {
	for _, word := range []string{"vip", "lifecycle.inactive", "count(order) last 30 days >= 2"} {
		course, err := q.d.Course(t.Context(), word, q.at)
		require.NoError(t, err, word)
		from := "-" + strconv.Itoa(len(course.Points)-1) + "d"
		sizes, spells := q.printed(t, "history", word, "--exact", "--from", from, "--table", "sizes"), q.printed(t, "history", word, "--exact", "--from", from, "--table", "spells")
		rows := rowsIn(t, sizes)
		require.Len(t, rows, len(course.Points))
		for i, row := range rows {
			require.Equal(t, wholeOf(t, row["size"]), course.Points[i].Size)
			if i > 0 {
				require.Equal(t, wholeOf(t, row["entered"]), course.Points[i].Entered)
				require.Equal(t, wholeOf(t, row["exited"]), course.Points[i].Exited)
			}
		}
		stays := rowsIn(t, spells)
		require.Len(t, stays, 1)
		require.NotNil(t, course.Spells)
		require.Equal(t, wholeOf(t, stays[0]["spells"]), course.Spells.Count)
		require.Equal(t, wholeOf(t, stays[0]["came_back"]), course.Spells.CameBack)
	}
	for _, word := range []string{"top_tenth", "engagement_tier.high"} { // Of those who cannot be followed a week's end is known.
		course, err := q.d.Course(t.Context(), word, q.at)
		require.NoError(t, err, word)
		rows := rowsIn(t, q.printed(t, "history", word, "--exact", "--from", "-84d", "--every", "week", "--table", "sizes"))
		require.Len(t, rows, len(course.Points))
		for i, row := range rows {
			require.Equal(t, wholeOf(t, row["size"]), course.Points[i].Size, word)
			if i > 0 {
				require.Equal(t, wholeOf(t, row["entered"]), course.Points[i].Entered, word)
			}
		}
		require.Nil(t, course.Spells)
		require.Equal(t, reports.DriftUnknown, course.Drift.Verdict)
		require.Contains(t, course.Drift.Reason, "a week apart: percentile compares all customers")
	}
	_, err := q.d.Course(t.Context(), "lifecycle", q.at)
	require.ErrorContains(t, err, "not a segment")
	require.Contains(t, hintOfError(err), "name a stage")
}

func (q demoQuestions) forecast(t *testing.T) {
	found, err := q.d.Forecast(t.Context(), "vip", 30, q.at)
	require.NoError(t, err)
	rows, ok := q.printed(t, "forecast", "vip", "--table", "sizes").([]any)
	require.True(t, ok)
	require.Len(t, found.Sizes, 1)
	require.Len(t, found.Sizes[0].Points, len(rows))
	for i, row := range rows {
		values, ok := row.(map[string]any)
		require.True(t, ok)
		require.Equal(t, wholeOf(t, values["size"]), found.Sizes[0].Points[i].Size)
	}
	leavers, ok := q.printed(t, "forecast", "vip", "--table", "leavers").([]any)
	require.True(t, ok)
	for i, leaver := range found.Leavers {
		row, ok := leavers[i].(map[string]any)
		require.True(t, ok)
		require.Equal(t, wholeOf(t, row["day"]), int64(leaver.Day))
	}
	_, err = q.d.Forecast(t.Context(), "vip", 0, q.at)
	require.Error(t, err)
}

// table is what a command prints of rows.
func (q demoQuestions) table(t *testing.T, table render.Table) any {
	t.Helper()
	return shown(t, q.d, q.at, func(s *session) error { return s.write(table) }).(map[string]any)["data"]
}
