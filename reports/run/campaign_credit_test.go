package run_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/run"
)

const campaignTouched = `
campaigns:
  one:
    freeze: 2026-03-01 00:00
    send: 2026-03-02 00:00
    assignment: {field: region, holdout: none, arms: {none: 50%, mail: 50%}}
    measure: {primary: conversion, window: 10 days}
    messages: {sent: sent where campaign = 'one', opened: {rows: open where campaign = 'one', machine: proxy}, clicked: click where campaign = 'one'}
    attribution: {click: 3 days, open: 2 days, delivery: 1 day, also: [5 days]}
  two:
    freeze: 2026-03-01 00:00
    measure: {primary: conversion, window: 10 days}
    messages: {sent: sent where campaign = 'two', opened: open where campaign = 'two', clicked: click where campaign = 'two'}
    attribution: {click: 9 days}
`

type touched struct {
	customer, hour, rank int
	own, machine         bool
}

// Last touch by loops over all orders and all touches. Hours are few, so that
// touches of all kinds and orders fall on the same one.
func TestCampaignCreditsBesideLoops(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 7))
		var touches []touched
		var events, orders []string
		for i := range 400 {
			x := touched{customer: r.IntN(20), hour: r.IntN(12*24) - 24, rank: 1 + r.IntN(3), own: r.IntN(2) == 0, machine: r.IntN(4) == 0}
			touches = append(touches, x)
			kind := []string{"", "sent", "open", "click"}[x.rank]
			name := map[bool]string{true: "one", false: "two"}[x.own]
			events = append(events, fmt.Sprintf("(%d, 'c%d', %d, '%s', '%s', %v)", i, x.customer, x.hour, kind, name, x.machine))
		}
		var placed [][3]int
		for i := range 150 {
			o := [3]int{r.IntN(22), r.IntN(12*24) - 24, 1 + r.IntN(90)}
			placed = append(placed, o)
			orders = append(orders, fmt.Sprintf("(%d, 'c%d', %d, %d)", i, o[0], o[1], o[2]))
		}
		const at = "TIMESTAMPTZ '2026-03-02 00:00:00+00' + to_hours(h)"
		tables := []string{
			`CREATE TABLE customers AS SELECT 'c' || i AS customer_id, TRUE AS consent, CASE WHEN i % 2 = 0 THEN 'none' ELSE 'mail' END AS region FROM range(20) AS t(i)`,
			`CREATE TABLE assigned (customer_id VARCHAR, assigned_at TIMESTAMPTZ, arm VARCHAR, campaign VARCHAR)`,
			"CREATE TABLE events AS SELECT event_id, customer_id, " + at + " AS ts, kind, campaign, proxy FROM (VALUES " + strings.Join(events, ", ") + ") AS t(event_id, customer_id, h, kind, campaign, proxy)",
			"CREATE TABLE orders AS SELECT order_id, customer_id, " + at + " AS ordered_at, CAST(amount AS DECIMAL(12,2)) AS amount, NULL::TIMESTAMPTZ AS loaded_at FROM (VALUES " + strings.Join(orders, ", ") + ") AS t(order_id, customer_id, h, amount)",
		}
		db, e := campaignShop(t, tables, campaignTouched)
		a, err := run.CountedCampaign(t.Context(), db, e, run.CampaignQuestion{Campaign: campaignOf(t, e, "one"), Reach: march(20)})
		require.NoError(t, err)
		var want []reports.CampaignTouch
		for _, days := range [][4]int{{0, 1, 2, 3}, {0, 5, 5, 5}} {
			for rank := 3; rank >= 1; rank-- {
				want = append(want, reports.CampaignTouch{Arms: loopedCredits(touches, placed, days, rank)})
			}
		}
		want = append(want, reports.CampaignTouch{Arms: loopedCredits(nil, placed, [4]int{}, 0)})
		require.Len(t, a.Counts.Attribution, len(want))
		for i, x := range a.Counts.Attribution {
			require.Equal(t, want[i].Arms, x.Arms, "seed %d, %s within %s", seed, x.Touch, x.Window)
			require.Equal(t, i < 3, x.Planned)
		}
	}
}

// loopedCredits are the orders in [0, 10 days) whose last touch is an own one of a
// rank; with rank 0 all orders.
func loopedCredits(touches []touched, orders [][3]int, days [4]int, rank int) []reports.CampaignCredit {
	out := make([]reports.CampaignCredit, 2)
	buyers := [2]map[int]bool{{}, {}}
	for _, o := range orders {
		if o[0] >= 20 || o[1] < 0 || o[1] >= 240 {
			continue
		}
		last := touched{hour: -1000}
		for _, x := range touches {
			// Opens of the second campaign by machines cannot be told apart, and only opens
			// of the first have machines at all.
			if x.machine && x.own && x.rank == 2 {
				continue
			}
			after := time.Duration(o[1]-x.hour) * time.Hour
			if x.customer != o[0] || after < 0 || after >= time.Duration(days[x.rank])*24*time.Hour {
				continue
			}
			code := func(x touched) int { return 4*x.hour*2 + 2*x.rank + map[bool]int{true: 1}[x.own] }
			if last.hour == -1000 || code(x) > code(last) {
				last = x
			}
		}
		if rank != 0 && (last.hour == -1000 || last.rank != rank || !last.own) {
			continue
		}
		arm := o[0] % 2
		buyers[arm][o[0]] = true
		out[arm].Orders++
		out[arm].Revenue += float64(o[2])
		out[arm].Customers = int64(len(buyers[arm]))
	}
	return out
}
