package run_test

import (
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/run"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// Twelve customers, of whom eight are assigned. c3 is in two arms, c11 in one that
// nobody planned.
const campaignProject = `
warehouse: warehouse.duckdb
timezone: UTC
currency: EUR
sources:
  customers: {table: customers, key: customer_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount, loaded_at: loaded_at}
  events: {table: events, customer: customer_id, at: ts, type: kind, id: event_id}
  assigned: {table: assigned, customer: customer_id, at: assigned_at}
streams:
  order: {from: orders}
  sent: {from: events, type: sent}
  open: {from: events, type: open}
  click: {from: events, type: click}
  assigned: {from: assigned}
`

const campaignSchema = `
sources:
  customers: {customer_id: VARCHAR, consent: BOOLEAN, region: VARCHAR}
  orders: {order_id: BIGINT, customer_id: VARCHAR, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)", loaded_at: TIMESTAMPTZ}
  events: {event_id: BIGINT, customer_id: VARCHAR, ts: TIMESTAMPTZ, kind: VARCHAR, campaign: VARCHAR, proxy: BOOLEAN}
  assigned: {customer_id: VARCHAR, assigned_at: TIMESTAMPTZ, arm: VARCHAR, campaign: VARCHAR}
`

const campaignDefinitions = `
segments:
  everybody_east:
    where: region = 'east'
gates:
  consented: {where: consent = true}
campaigns:
  spring:
    audience: everybody_east
    gate: consented
    freeze: 2026-03-01 00:00
    send: 2026-03-02 00:00
    assignment: {stream: assigned, arm: arm, where: "campaign = 'spring'", holdout: none, arms: {none: 40%, mail: 60%}}
    measure: {primary: conversion, window: 5 days, secondary: [orders, net, aov, revenue_per_customer]}
    messages:
      sent: sent where campaign = 'spring'
      opened: {rows: "open where campaign = 'spring'", machine: proxy}
      clicked: click where campaign = 'spring'
    attribution: {click: 2 days, open: 1 day, also: [1 day]}
    cost: {per_sent: 0.5, fixed: 10}
    contaminated_by: [winter]
    by: [everybody_east]
  winter:
    audience: everybody_east
    freeze: 2026-02-01 00:00
    measure: {primary: conversion, window: 5 days}
    messages: {sent: sent where campaign = 'winter', clicked: click where campaign = 'winter'}
    attribution: {click: 2 days}
`

var campaignTables = []string{
	`CREATE TABLE customers AS SELECT 'c' || i AS customer_id, i <> 8 AS consent, CASE WHEN i <= 8 THEN 'east' ELSE 'west' END AS region FROM range(1, 13) AS t(i)`,
	`CREATE TABLE assigned AS SELECT customer_id, TIMESTAMPTZ '2026-03-01 00:00:00+00' + to_hours(h) AS assigned_at, arm, campaign FROM (VALUES
		('c1', 0, 'none', 'spring'), ('c2', 0, 'none', 'spring'), ('c3', 0, 'none', 'spring'), ('c3', 1, 'mail', 'spring'),
		('c4', 0, 'mail', 'spring'), ('c5', 0, 'mail', 'spring'), ('c6', 0, 'mail', 'spring'), ('c6', 2, 'mail', 'spring'),
		('c9', 0, 'mail', 'spring'), ('c10', 0, 'mail', 'spring'), ('c11', 0, 'oops', 'spring'), ('c12', 0, 'mail', 'autumn'),
		('c12', 24 * 9, 'mail', 'spring'), (NULL, 0, 'mail', 'spring')) AS t(customer_id, h, arm, campaign)`,
	`CREATE TABLE events AS SELECT row_number() OVER () AS event_id, customer_id, TIMESTAMPTZ '2026-03-02 00:00:00+00' + to_hours(h) AS ts, kind, campaign, proxy FROM (VALUES
		('c3', 0, 'sent', 'spring', FALSE), ('c4', 0, 'sent', 'spring', FALSE), ('c4', 1, 'sent', 'spring', FALSE), ('c5', 0, 'sent', 'spring', FALSE),
		('c6', 0, 'sent', 'spring', FALSE), ('c8', 0, 'sent', 'spring', FALSE), ('c9', 0, 'sent', 'spring', FALSE),
		('c4', 2, 'open', 'spring', TRUE), ('c5', 2, 'open', 'spring', TRUE), ('c5', 3, 'open', 'spring', FALSE), ('c6', 3, 'open', 'spring', NULL),
		('c5', 4, 'click', 'spring', FALSE), ('c6', 24, 'click', 'spring', FALSE), ('c6', 30, 'click', 'winter', FALSE),
		('c9', 48, 'sent', 'winter', FALSE), ('c1', 48, 'sent', 'winter', FALSE), ('c2', 24 * 6, 'sent', 'winter', FALSE)) AS t(customer_id, h, kind, campaign, proxy)`,
	`CREATE TABLE orders AS SELECT row_number() OVER () AS order_id, customer_id, TIMESTAMPTZ '2026-03-02 00:00:00+00' + to_hours(h) AS ordered_at,
			CAST(amount AS DECIMAL(12,2)) AS amount, TIMESTAMPTZ '2026-03-02 00:00:00+00' + to_hours(h + late) AS loaded_at FROM (VALUES
		('c1', 5, 10, 0), ('c4', 0, 20, 0), ('c5', 4, 30, 0), ('c5', 51, 40, 0), ('c5', 53, 5, 30), ('c6', 25, 50, 0), ('c6', 31, 60, 0),
		('c9', 119, 70, 0), ('c9', 120, 1000, 0), ('c10', -1, 80, 0), ('c10', -24 * 31, 81, 0), ('c4', -24, 90, 0), ('c2', -1, 15, 0), ('c12', 3, 7, 0)) AS t(customer_id, h, amount, late)`,
}

// campaignShop opens a warehouse of tables with definitions.
func campaignShop(t *testing.T, tables []string, definitions string) (*warehouse.DB, *evaluate.Evaluator) {
	t.Helper()
	db, err := warehouse.Scratch(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	for _, statement := range tables {
		_, err := db.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	files := fstest.MapFS{
		"strata.yaml": {Data: []byte(campaignProject)}, "strata.schema.yaml": {Data: []byte(campaignSchema)}, "segments/a.yaml": {Data: []byte(definitions)},
	}
	set, problems := definition.Load(files, "")
	require.False(t, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	return db, evaluate.New(db, program)
}

func campaignOf(t *testing.T, e *evaluate.Evaluator, name string) *check.Campaign {
	t.Helper()
	k, ok := e.Program().Campaign(name)
	require.True(t, ok)
	return k
}

func march(day int) time.Time { return time.Date(2026, time.March, day, 0, 0, 0, 0, time.UTC) }

// What is in the tables above, counted by hand.
func TestCampaignByHand(t *testing.T) {
	t.Parallel()
	db, e := campaignShop(t, campaignTables, campaignDefinitions)
	a, err := run.CountedCampaign(t.Context(), db, e, run.CampaignQuestion{Campaign: campaignOf(t, e, "spring"), Reach: march(20)})
	require.NoError(t, err)
	c := a.Counts
	n := func(n int64) *int64 { return &n }
	require.Equal(t, []string{`1 customers are in the arm "oops", which the campaign does not name: they are left out`}, a.Said)
	require.Len(t, c.Arms, 2)
	require.True(t, c.Arms[0].Holdout)
	// c12 was assigned after the window.
	require.Equal(t, []int64{3, 5}, []int64{c.Arms[0].Assigned, c.Arms[1].Assigned})
	require.Equal(t, []int64{1, 8}, []int64{c.Duplicates, c.DuplicatesOf}, "c3 alone; c6 is in one arm twice")
	require.Equal(t, reports.CampaignFunnelCounts{Sent: n(1), Opened: n(0), Clicked: n(0), MachineOnly: n(0), OpensHuman: true, Converted: n(1)}, c.Arms[0].Funnel)
	require.Equal(t, reports.CampaignFunnelCounts{Sent: n(4), Opened: n(2), Clicked: n(2), MachineOnly: n(1), OpensHuman: true, Converted: n(4)}, c.Arms[1].Funnel)
	// East are c1 to c8, and c8 does not consent. c7 is in no arm; c9 and c10 are west.
	require.Equal(t, reports.CampaignReconciliation{
		RuleOnly: n(8), Audience: n(7), Assigned: n(8), Sent: n(6), AudienceNotAssigned: n(1), AssignedNotAudience: n(2),
		SentNotAssigned: n(1), AssignedNotSent: n(1), SentGated: n(1), HoldoutSent: n(1),
	}, c.Reconciliation)
	require.Equal(t, &reports.CampaignCost{PerSent: 0.5, Fixed: 10, Sent: 7, Currency: "EUR"}, c.Cost)
	require.Equal(t, []reports.CampaignOverlap{{Name: "winter", Customers: []int64{1, 1}}}, c.Overlaps, "c1 and c9 in the window, c2 after it")
	require.Equal(t, int64(1), c.Late.Rows)
	require.Equal(t, int64(9), c.Late.Of, "orders of all customers in the window")
	// Orders in the window: c1 10; c4 20; c5 30, 40, 5; c6 50, 60; c9 70, whose other
	// one is at the end of it.
	require.Equal(t, []float64{1, 10, 10}, []float64{c.Outcomes[0][0].Y, c.Outcomes[2][0].Y, c.Outcomes[3][0].Y})
	require.Equal(t, []float64{4, 275, 275, 7}, []float64{c.Outcomes[0][1].Y, c.Outcomes[2][1].Y, c.Outcomes[3][1].Y, c.Outcomes[3][1].X})
	// In the 30 days before: c10 80 (its other one is 31 days old), c4 90, c2 15.
	require.InDelta(t, 170, c.Outcomes[2][1].Before.X, 0)
	require.InDelta(t, 15, c.Outcomes[2][0].Before.X, 0)
	require.InDelta(t, 90*20, c.Outcomes[2][1].Before.XY, 0, "c4 alone did both")
	require.Equal(t, []float64{20, 70, 75, 110}, c.Outcomes[2][1].Values)
	require.Len(t, c.Days, 5)
	// The first day holds c1, c4 and the first order of c5, not c6 at 25 hours.
	require.InDelta(t, 2, c.Days[0].Sums[1].Y, 0)
	require.InDelta(t, 3, c.Days[1].Sums[1].Y, 0)
	require.InDelta(t, 4, c.Days[4].Sums[1].Y, 0)
	require.Equal(t, march(7), c.Days[4].Until)
	east, others := c.Groups[0].Strata[0].Sums, c.Groups[0].Strata[1].Sums
	require.Equal(t, []int64{3, 3, 0, 2}, []int64{east[0].N, east[1].N, others[0].N, others[1].N})
	require.InDelta(t, 3, east[1].Y, 0)
	require.InDelta(t, 1, others[1].Y, 0)
}

// Last touch: the order of c5 at 4 h goes to its click of that moment, the one at
// 51 h is within two days of it and the one at 53 h is not; that of c6 at 25 h goes
// to its click and that at 31 h to a click on another campaign. Nobody's last touch
// is an open: those of c5 and c6 are followed by clicks, or by nothing within a day.
func TestCampaignCreditsByHand(t *testing.T) {
	t.Parallel()
	db, e := campaignShop(t, campaignTables, campaignDefinitions)
	a, err := run.CountedCampaign(t.Context(), db, e, run.CampaignQuestion{Campaign: campaignOf(t, e, "spring"), Reach: march(20)})
	require.NoError(t, err)
	var found []string
	for _, x := range a.Counts.Attribution {
		found = append(found, fmt.Sprintf("%s %s %v: %d orders of %d, %.0f", x.Touch, x.Window, x.Planned, x.Arms[1].Orders, x.Arms[1].Customers, x.Arms[1].Revenue))
	}
	require.Equal(t, []string{
		"click 2 days true: 3 orders of 2, 120", "open 1 day true: 0 orders of 0, 0",
		"click 1 day false: 2 orders of 2, 80", "open 1 day false: 0 orders of 0, 0", "any 5 days false: 7 orders of 4, 275",
	}, found)
}

// Data that end after the first day make it interim; before sending there is
// nothing.
func TestCampaignInterim(t *testing.T) {
	t.Parallel()
	db, e := campaignShop(t, campaignTables, campaignDefinitions)
	q := run.CampaignQuestion{Campaign: campaignOf(t, e, "spring"), Reach: march(3)}
	a, err := run.CountedCampaign(t.Context(), db, e, q)
	require.NoError(t, err)
	require.True(t, a.Report.Interim)
	require.Len(t, a.Counts.Days, 1)
	require.InDelta(t, 2, a.Counts.Outcomes[0][1].Y, 0)
	q.Reach = march(2)
	_, err = run.Campaign(t.Context(), db, e, q)
	var early *run.NotSentError
	require.ErrorAs(t, err, &early)
}
