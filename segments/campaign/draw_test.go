package campaign_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/campaign"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/source"
	"strata/sql/warehouse"
)

const project = `
warehouse: warehouse.duckdb
timezone: Europe/Berlin
sources:
  customers: {table: customers, key: customer_id}
  orders: {table: orders, customer: customer_id, at: ordered_at, id: order_id, amount: amount}
streams:
  order: {from: orders}
`

const schema = `
sources:
  customers: {customer_id: BIGINT, consent: BOOLEAN, blocked: BOOLEAN, country: VARCHAR}
  orders: {order_id: BIGINT, customer_id: BIGINT, ordered_at: TIMESTAMPTZ, amount: "DECIMAL(12,2)"}
`

const definitions = `
params: {enough: 2}
segments:
  buyers: {where: count(order) last 30 days >= $enough, gate: mailable}
partitions:
  place:
    stages:
      - home: country = 'DE'
      - near: country = 'AT'
      - far: else
gates:
  mailable: {where: consent = true}
  allowed: {where: blocked = false}
campaigns:
  plain:
    audience: buyers
    freeze: 2026-03-01
    split: {salt: winter, arms: {holdout: 10%, a: 45%, b: 45%}, holdout: holdout}
    measure: {primary: conversion, window: 14 days, secondary: net}
  strata:
    audience: place.home
    gate: [mailable, allowed]
    freeze: 2026-03-01
    split: {arms: {holdout: 20%, a: 80%}, holdout: holdout, stratify: place}
    measure: {primary: conversion, window: 14 days}
  sent:
    audience: buyers
    freeze: 2026-03-01
    measure: {primary: conversion, window: 14 days}
    messages: {sent: order}
    by: place
`

// Customer n is in DE, AT or FR by turns of 3, of every fifth nobody knows the
// consent, every seventh is blocked, and n has n modulo 4 orders in February.
var tables = []string{
	`CREATE TABLE customers AS SELECT n AS customer_id, CASE WHEN n % 5 > 0 THEN true END AS consent, n % 7 = 0 AS blocked,
		['DE', 'AT', 'FR'][n % 3 + 1] AS country FROM range(1, 2001) r(n)`,
	`CREATE TABLE orders AS SELECT n * 10 + k AS order_id, n AS customer_id, TIMESTAMPTZ '2026-02-20 12:00:00+00' + k * INTERVAL 1 HOUR AS ordered_at,
		CAST(10 AS DECIMAL(12,2)) AS amount FROM range(1, 2001) r(n), range(0, 4) s(k) WHERE k < n % 4`,
}

func programOf(t *testing.T, text string) *check.Program {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range map[string]string{"strata.yaml": project, "strata.schema.yaml": schema, "segments/all.yaml": text} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, problems := definition.Load(files, "")
	require.False(t, problems.HasErrors(), problems.Error())
	program, problems := check.Check(set)
	require.False(t, problems.HasErrors(), problems.Error())
	return program
}

func shop(t *testing.T) (*warehouse.DB, *evaluate.Evaluator) {
	t.Helper()
	db, err := warehouse.Scratch(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	for _, statement := range tables {
		_, err := db.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	return db, evaluate.New(db, programOf(t, definitions))
}

func draw(t *testing.T, db *warehouse.DB, e *evaluate.Evaluator, name string) *campaign.Draw {
	t.Helper()
	c, ok := e.Program().Campaign(name)
	require.True(t, ok)
	d, err := campaign.Make(t.Context(), db, e, c, c.Freeze)
	require.NoError(t, err)
	var left int
	require.NoError(t, db.Row(t.Context(), []any{&left}, "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'strata %'"))
	require.Zero(t, left, "scratch tables are gone")
	return d
}

// TestDrawAgreesWithSample finds the same holdout by a rule with sample(), which
// the database computes.
func TestDrawAgreesWithSample(t *testing.T) {
	db, e := shop(t)
	d := draw(t, db, e, "plain")
	require.Equal(t, int64(1000), d.Members, "two and three orders")
	require.Len(t, d.Customers, 800, "but not those whose consent is unknown")
	rule, problems := e.Program().Rule(source.WholeFile(source.NewFile("rule", "buyers and consent = true and sample(10%, 'winter')")))
	require.False(t, problems.HasErrors())
	want, err := e.Members(t.Context(), rule, d.AsOf)
	require.NoError(t, err)
	var held []string
	last := ""
	require.NoError(t, d.Keys(func(key, arm string) error {
		require.Less(t, last, key)
		if last = key; arm == "holdout" {
			held = append(held, key)
		}
		return nil
	}))
	require.NotEmpty(t, want)
	require.ElementsMatch(t, want, held)
	sizes, strata := d.Sizes()
	require.Empty(t, strata)
	require.Equal(t, int64(len(held)), sizes[0])
	require.Equal(t, int64(800), sizes[0]+sizes[1]+sizes[2])
}

// TestDrawOfStrata counts by hand who is at home, may be written to and is not
// blocked: of the 666 with n = 3m those that neither 5 nor 7 divides.
func TestDrawOfStrata(t *testing.T) {
	db, e := shop(t)
	d := draw(t, db, e, "strata")
	want := 0
	for n := 3; n <= 2000; n += 3 {
		if n%5 > 0 && n%7 > 0 {
			want++
		}
	}
	require.Equal(t, int64(666), d.Members)
	require.Len(t, d.Customers, want)
	_, strata := d.Sizes()
	require.Equal(t, []string{"home", "near", "far"}, d.Stages)
	require.InDelta(t, 0.2*float64(want), strata[0][0], 1)
	require.Equal(t, [][]int64{{0, 0}, {0, 0}}, strata[1:], "the audience is one stage alone")
}

// TestDrawWithoutSplit has one arm.
func TestDrawWithoutSplit(t *testing.T) {
	db, e := shop(t)
	d := draw(t, db, e, "sent")
	sizes, _ := d.Sizes()
	require.Equal(t, []int64{800}, sizes)
	table, err := d.Table(t.Context(), db)
	require.NoError(t, err)
	var arms, keys int
	require.NoError(t, db.Row(t.Context(), []any{&arms, &keys}, "SELECT count(DISTINCT arm), count(DISTINCT key) FROM "+table))
	require.Equal(t, []int{1, 800}, []int{arms, keys})
	require.NoError(t, campaign.Drop(t.Context(), db, table))
}

// TestMeaning changes parts of the definitions and demands that what is decided
// is seen, by its name, and that what is told only is not.
func TestMeaning(t *testing.T) {
	meaning := func(text, name string) campaign.Meaning {
		p := programOf(t, text)
		c, ok := p.Campaign(name)
		require.True(t, ok)
		return campaign.MeaningOf(p, c)
	}
	before := meaning(definitions, "plain")
	require.Len(t, before.Hash, 64)
	for _, test := range []struct {
		old, with string
		changed   []string
	}{
		{"    audience: buyers\n    freeze: 2026-03-01\n    split", "    title: Winter\n    owner: crm\n    cost: {fixed: 5}\n    audience: buyers\n    freeze: 2026-03-01\n    split", nil},
		{"window: 14 days, secondary: net", "secondary: [net], window: 14 days", nil},
		{"freeze: 2026-03-01\n    split", "freeze: 2026-03-01 00:00\n    split", nil},
		{"count(order) last 30 days >= $enough", "count(order) last 31 days >= $enough", []string{"buyers"}},
		{"enough: 2", "enough: 3", []string{"$enough"}},
		{"consent = true", "consent = true and blocked = false", []string{"mailable"}},
		{"order: {from: orders}", "order: {from: orders}", nil},
		{"window: 14 days, secondary", "window: 15 days, secondary", []string{"window"}},
		{"salt: winter", "salt: summer", []string{"salt"}},
		{"holdout: 10%, a: 45%", "holdout: 15%, a: 40%", []string{"arm"}},
		{"b: 45%}, holdout: holdout", "b: 45%}", []string{"holdout"}},
		{"b: 45%}, holdout: holdout", "b: 45%}, holdout: holdout, stratify: place", []string{"stratify"}},
		{"primary: conversion, window: 14 days, secondary: net", "primary: net, window: 14 days", []string{"primary", "secondary"}},
		{"    freeze: 2026-03-01\n    split: {salt", "    freeze: 2026-03-01\n    send: 2026-03-02\n    gate: allowed\n    split: {salt", []string{"gate", "send"}},
	} {
		require.Contains(t, definitions+project, test.old)
		after := meaning(strings.Replace(definitions, test.old, test.with, 1), "plain")
		require.Equal(t, test.changed, campaign.Changed(before.Canonical, after.Canonical), test.with)
		require.Equal(t, test.changed == nil, before.Hash == after.Hash, test.with)
	}
}

// TestAudienceOfACampaign checks the two segments that stand for an audience.
func TestAudienceOfACampaign(t *testing.T) {
	_, e := shop(t)
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for name, want := range map[string][2]int64{"plain": {1000, 800}, "strata": {666, 457}} {
		c, ok := e.Program().Campaign(name)
		require.True(t, ok)
		count, err := e.Count(t.Context(), c.Members(), at)
		require.NoError(t, err)
		require.Equal(t, want, [2]int64{count.Members, count.Contactable}, name)
		contacts, err := e.Count(t.Context(), c.Contacts(), at)
		require.NoError(t, err)
		require.Equal(t, want[1], contacts.Members, name)
	}
}
