package run_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/reports"
	"strata/reports/run"
	"strata/segments/calendar"
	"strata/segments/evaluate"
	"strata/segments/revision"
	"strata/sql/warehouse"
)

// The demo's autumn campaign: numbers of TRUTHS.md, which hand-written queries found.
// The planted orders made 491 of 10,965 treated customers convert who would not have.
func TestCampaignFindsThePlantedLift(t *testing.T) {
	t.Parallel()
	program, problems := revision.Load(shop.Files(), "")
	require.False(t, problems.HasErrors())
	path := filepath.Join(t.TempDir(), "shop.duckdb")
	require.NoError(t, warehouse.Build(t.Context(), path, shop.Statements(shop.Default())))
	db, err := warehouse.Open(t.Context(), warehouse.Config{Warehouse: path, TempDir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	e := evaluate.New(db, program)
	a, err := run.CountedCampaign(t.Context(), db, e, run.CampaignQuestion{
		Campaign: campaignOf(t, e, "autumn_2026"), Reach: time.Date(2026, time.November, 1, 0, 0, 0, 0, program.Zone).UTC(),
	})
	require.NoError(t, err)
	c := a.Counts
	require.Equal(t, []int64{1193, 10965}, []int64{c.Arms[0].Assigned, c.Arms[1].Assigned})
	require.Equal(t, int64(10965), *c.Arms[1].Funnel.Sent)
	require.Zero(t, *c.Reconciliation.HoldoutSent)
	require.Equal(t, []float64{128, 1538}, []float64{c.Outcomes[0][0].Y, c.Outcomes[0][1].Y})
	require.Equal(t, []float64{232, 1899}, []float64{c.Outcomes[0][0].Before.X, c.Outcomes[0][1].Before.X})
	require.Zero(t, c.Duplicates)
	planted := 491. / 10965
	effect := a.Report.Comparisons[0].Effects[0]
	require.Less(t, effect.Difference.Range.Low, planted)
	require.Greater(t, effect.Difference.Range.High, planted)
	require.Less(t, effect.Raw.Range.Low, planted)
	require.Greater(t, effect.Raw.Range.High, planted)
	require.Equal(t, reports.CampaignClearWin, a.Report.Verdict.Code)
	for _, m := range a.Report.Comparisons[0].Effects {
		if m.Metric == "net" {
			require.False(t, m.Difference.Range.Low > 0 || m.Difference.Range.High < 0, "revenue shows nothing")
		}
	}
	last := c.Days[len(c.Days)-1]
	require.Len(t, c.Days, 14)
	require.InDelta(t, 1538, last.Sums[1].Y, 0, "the last day is the whole window")
}

// Three thousand customers with amounts of all sizes; every third is in an arm by a
// field, by rows with times and by rows of a source, which are the same assignment.
var campaignMany = []string{
	`CREATE TABLE customers AS SELECT 'c' || i AS customer_id, TRUE AS consent, CASE WHEN i % 3 = 0 THEN CASE WHEN hash(i) % 2 = 0 THEN 'none' ELSE 'mail' END END AS region FROM range(3000) AS t(i)`,
	`CREATE TABLE assigned AS SELECT customer_id, TIMESTAMPTZ '2026-03-01 00:00:00+00' AS assigned_at, region AS arm, 'spring' AS campaign FROM customers`,
	`CREATE TABLE events (event_id BIGINT, customer_id VARCHAR, ts TIMESTAMPTZ, kind VARCHAR, campaign VARCHAR, proxy BOOLEAN)`,
	`CREATE TABLE orders AS SELECT i AS order_id, 'c' || (hash(i * 7) % 3100) AS customer_id, TIMESTAMPTZ '2026-01-20 00:00:00+00' + to_minutes(CAST(hash(i * 11) % 86400 AS BIGINT)) AS ordered_at,
		CAST(CASE WHEN hash(i * 13) % 40 = 0 THEN 9000 + hash(i) % 1000 ELSE 1 + hash(i * 17) % 20000 / 100 END AS DECIMAL(12,2)) AS amount, NULL::TIMESTAMPTZ AS loaded_at FROM range(6000) AS t(i)`,
}

const campaignWays = `
metrics:
  spend: {value: sum(order.amount), unit: money}
campaigns:
  by_field: {freeze: 2026-03-01 00:00, send: 2026-03-02 00:00, assignment: {field: region, holdout: none, arms: {none: 50%, mail: 50%}}, measure: {primary: spend, window: 7 days, secondary: [aov, conversion]}}
  by_rows: {freeze: 2026-03-01 00:00, send: 2026-03-02 00:00, assignment: {stream: assigned, arm: arm, holdout: none, arms: {none: 50%, mail: 50%}}, measure: {primary: spend, window: 7 days, secondary: [aov, conversion]}}
  by_source: {freeze: 2026-03-01 00:00, send: 2026-03-02 00:00, assignment: {source: assigned, arm: arm, holdout: none, arms: {none: 50%, mail: 50%}}, measure: {primary: spend, window: 7 days, secondary: [aov, conversion]}}
`

// The sums by a statement of another kind: one that was written by hand, with
// doubles.
const campaignOwn = `
WITH a AS (SELECT customer_id, region AS arm FROM customers WHERE region IS NOT NULL),
o AS (SELECT customer_id, ordered_at, CAST(amount AS DOUBLE) AS amount FROM orders WHERE amount > 0),
v AS (SELECT a.customer_id, arm, coalesce(sum(amount) FILTER (WHERE ordered_at >= TIMESTAMPTZ '2026-03-02 00:00:00+00' AND ordered_at < TIMESTAMPTZ '2026-03-09 00:00:00+00'), 0) AS y,
	coalesce(sum(amount) FILTER (WHERE ordered_at >= TIMESTAMPTZ '2026-01-31 00:00:00+00' AND ordered_at < TIMESTAMPTZ '2026-03-02 00:00:00+00'), 0) AS b,
	count(amount) FILTER (WHERE ordered_at >= TIMESTAMPTZ '2026-03-02 00:00:00+00' AND ordered_at < TIMESTAMPTZ '2026-03-09 00:00:00+00') AS n
	FROM a LEFT JOIN o USING (customer_id) GROUP BY ALL),
cap AS (SELECT (SELECT quantile_disc(y, 0.999) FROM v WHERE y <> 0) AS y, (SELECT quantile_disc(b, 0.999) FROM v WHERE b <> 0) AS b)
SELECT count(*)::DOUBLE, sum(v.y), sum(v.y ** 2), sum(v.y ** 3), sum(least(v.y, cap.y)), sum(least(v.y, cap.y) ** 2), sum(least(v.y, cap.y) ** 3),
	sum(v.b), sum(v.b ** 2), sum(v.b * v.y), sum(least(v.b, cap.b)), sum(least(v.b, cap.b) ** 2), sum(least(v.b, cap.b) * least(v.y, cap.y)),
	sum(n)::DOUBLE, sum(n * n)::DOUBLE, sum(v.y * n), count(*) FILTER (WHERE v.y <> 0)::DOUBLE, any_value(cap.y)
FROM v, cap GROUP BY arm ORDER BY arm DESC`

func TestCampaignSumsBesideOwnSQL(t *testing.T) {
	t.Parallel()
	db, e := campaignShop(t, campaignMany, campaignWays)
	rows, err := db.Query(t.Context(), campaignOwn)
	require.NoError(t, err)
	var want [][]any
	for rows.Next() {
		row, err := warehouse.PlainRow(rows)
		require.NoError(t, err)
		want = append(want, row)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	require.Len(t, want, 2)
	var first reports.CampaignCounts
	for _, name := range []string{"by_field", "by_rows", "by_source"} {
		a, err := run.CountedCampaign(t.Context(), db, e, run.CampaignQuestion{Campaign: campaignOf(t, e, name), Reach: march(20)})
		require.NoError(t, err)
		c := a.Counts
		for unit, row := range want {
			o, aov := c.Outcomes[0][unit], c.Outcomes[1][unit]
			got := []float64{
				float64(o.N), o.Y, o.YY, *o.YYY, o.CutY, o.CutYY, *o.CutYYY,
				o.Before.X, o.Before.XX, o.Before.XY, o.Before.Cut.X, o.Before.Cut.XX, o.Before.Cut.XY, aov.X, aov.XX, aov.XY, float64(o.NonZero), *c.Metrics[0].Cap,
			}
			for i := range got {
				require.InEpsilon(t, row[i], got[i], 1e-9, "%s, arm %d, sum %d", name, unit, i)
			}
			require.InDelta(t, float64(o.NonZero), c.Outcomes[2][unit].Y, 0)
		}
		if name == "by_field" {
			first = c
		}
		require.Equal(t, first.Outcomes, c.Outcomes, name)
		require.Equal(t, first.Days, c.Days, name)
	}
}

// The statement that --sql prints finds what the report has.
func TestCampaignSQL(t *testing.T) {
	t.Parallel()
	db, e := campaignShop(t, campaignMany, campaignWays)
	q := run.CampaignQuestion{Campaign: campaignOf(t, e, "by_rows"), Reach: march(20)}
	a, err := run.CountedCampaign(t.Context(), db, e, q)
	require.NoError(t, err)
	for i, metric := range []string{"spend", "aov", "conversion"} {
		statement, err := run.CampaignSQL(t.Context(), e, q, metric)
		require.NoError(t, err)
		text, err := statement.Literal()
		require.NoError(t, err)
		rows, err := db.Query(t.Context(), text)
		require.NoError(t, err)
		unit := 0
		for rows.Next() {
			row, err := warehouse.PlainRow(rows)
			require.NoError(t, err)
			o := a.Counts.Outcomes[i][unit]
			require.Equal(t, a.Counts.Arms[unit].Name, row[0])
			require.InEpsilon(t, o.Y/o.X, row[4], 1e-12, metric)
			unit++
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
		require.Equal(t, 2, unit)
	}
	_, err = run.CampaignSQL(t.Context(), e, q, "nothing")
	var unknown *run.UnknownMetricError
	require.ErrorAs(t, err, &unknown)
}

// A hundred customers with one order of 10 in each of seven weeks, in one cell of
// tenths; forty of them got a message and ordered for 5 more in the week after it,
// and recipients had ordered for i more in the ith week.
var campaignWeeks = []string{
	`CREATE TABLE customers AS SELECT 'c' || i AS customer_id, TRUE AS consent, CASE WHEN i < 40 THEN 'east' ELSE 'west' END AS region FROM range(100) AS t(i)`,
	`CREATE TABLE assigned (customer_id VARCHAR, assigned_at TIMESTAMPTZ, arm VARCHAR, campaign VARCHAR)`,
	`CREATE TABLE events AS SELECT i AS event_id, 'c' || i AS customer_id, TIMESTAMPTZ '2026-03-02 00:00:00+00' AS ts, 'sent' AS kind, 'weeks' AS campaign, FALSE AS proxy FROM range(40) AS t(i)`,
	`CREATE TABLE orders AS SELECT 0 AS order_id, customer_id, TIMESTAMPTZ '2026-03-02 12:00:00+00' + to_days(CAST(7 * w AS INTEGER)) AS ordered_at,
		CAST(10 + CASE WHEN w = 0 AND region = 'east' THEN 5 ELSE 0 END AS DECIMAL(12,2)) AS amount, NULL::TIMESTAMPTZ AS loaded_at
		FROM customers, range(-6, 1) AS t(w)`,
}

const campaignWeeksDefinitions = `
metrics:
  spend: {value: sum(order.amount), unit: money}
segments:
  in_east: {where: region = 'east'}
  silent: {where: count(order) last 5 days = 0}
  by_hand: {sql: "SELECT customer_id FROM customers WHERE region = 'east' AND $as_of > TIMESTAMPTZ '2000-01-01 00:00:00+00'"}
campaigns:
  weekly: {audience: in_east, freeze: 2026-03-02 00:00, measure: {primary: spend, window: 1 week}, messages: {sent: sent}}
  quiet: {audience: silent, freeze: 2026-03-02 00:00, measure: {primary: spend, window: 1 week}, messages: {sent: sent}}
  opaque: {audience: by_hand, freeze: 2026-03-02 00:00, measure: {primary: spend, window: 1 week}, messages: {sent: sent}}
`

func TestCampaignPanel(t *testing.T) {
	t.Parallel()
	db, e := campaignShop(t, campaignWeeks, campaignWeeksDefinitions)
	a, err := run.CountedCampaign(t.Context(), db, e, run.CampaignQuestion{Campaign: campaignOf(t, e, "weekly"), Reach: march(20)})
	require.NoError(t, err)
	p := a.Counts.Panel
	require.NotNil(t, p)
	require.Zero(t, p.Unmatched)
	// The first orders are of 19 January at noon, so the week that begins that day at
	// midnight is not known whole.
	require.Len(t, p.Periods, 6)
	require.Equal(t, calendar.Step(march(2), calendar.Duration{N: -35, Unit: calendar.Day}, time.UTC), p.Periods[0].From.UTC())
	for i, period := range p.Periods {
		want := reports.CampaignMoments{N: 40, Sum: 400, Squares: 4000}
		require.Equal(t, want, period.Others, "as many others as recipients")
		if i == 5 {
			want = reports.CampaignMoments{N: 40, Sum: 600, Squares: 9000}
		}
		require.Equal(t, want, period.Recipients)
	}
	require.Equal(t, reports.CampaignPairs{N: 40, Y: 600, X: 400, YY: 9000, XX: 4000, XY: 6000}, p.Recipients)
	require.Equal(t, reports.CampaignMoments{N: 40}, p.RecipientSlopes)
	require.Equal(t, reports.CampaignNone, a.Report.Basis)
	require.NotContains(t, a.Report.Verdict.Sentence, "win")
}

// A slope counted by hand: 10, 12, 14, 16, 18 in five weeks is 2 a week.
func TestCampaignSlopes(t *testing.T) {
	t.Parallel()
	tables := append([]string{}, campaignWeeks...)
	tables = append(tables, `UPDATE orders SET amount = amount + 2 * CAST(datediff('day', TIMESTAMPTZ '2026-01-26 12:00:00+00', ordered_at) / 7 AS INTEGER) WHERE ordered_at < TIMESTAMPTZ '2026-03-01 00:00:00+00'`)
	db, e := campaignShop(t, tables, campaignWeeksDefinitions)
	a, err := run.CountedCampaign(t.Context(), db, e, run.CampaignQuestion{Campaign: campaignOf(t, e, "weekly"), Reach: march(20)})
	require.NoError(t, err)
	p := a.Counts.Panel
	require.InDelta(t, 40*18, p.Periods[4].Recipients.Sum, 0)
	require.InDelta(t, 40*2, p.RecipientSlopes.Sum, 1e-9)
	require.InDelta(t, 40*4, p.RecipientSlopes.Squares, 1e-9)
	require.InDelta(t, 40*14, p.Recipients.X, 1e-9)
	require.InDelta(t, 40*14*15, p.Recipients.XY, 1e-9)
}

// Who was chosen for not ordering orders more afterwards, whatever was sent.
func TestCampaignConditionedOnTheOutcome(t *testing.T) {
	t.Parallel()
	db, e := campaignShop(t, campaignWeeks, campaignWeeksDefinitions)
	for name, want := range map[string]string{"weekly": "", "quiet": "the rule of silent asks for the same rows", "opaque": "by_hand is given by SQL"} {
		a, err := run.CountedCampaign(t.Context(), db, e, run.CampaignQuestion{Campaign: campaignOf(t, e, name), Reach: march(20)})
		require.NoError(t, err)
		if want == "" {
			require.Empty(t, a.Counts.Conditioned)
			continue
		}
		require.Contains(t, a.Counts.Conditioned, want)
		require.Nil(t, a.Counts.Panel)
		require.Nil(t, a.Report.Observed.Change)
		require.Contains(t, a.Report.Observed.Refused, want)
	}
}
