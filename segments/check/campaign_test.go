package check_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
	"strata/segments/check"
)

const campaigns = `
params: {price: 0.02}
segments:
  lapsed: {where: visits > 3, gate: mailable}
partitions:
  life: {stages: [old: visits > 5, rest: else]}
gates:
  mailable: {where: email_consent = 'granted'}
  sound: {where: bounced = false}
metrics:
  visited: {share: count(product_view) >= 1}
campaigns:
  autumn:
    title: Autumn mailing
    owner: crm
    audience: lapsed
    gate: [sound, mailable]
    freeze: 2026-10-24 09:00
    send: 2026-10-24 10:00
    split: {arms: {holdout: 10%, a: 45.5%, b: 44.5%}, holdout: holdout, stratify: life}
    measure: {primary: conversion, window: 1 day, secondary: [visited, net, conversion, net]}
    messages:
      sent: product_view where category = 'mail'
      opened: {rows: "email_open", machine: category = 'proxy'}
    attribution: {open: 2 days, also: [7 days, 1 day, 7 days]}
    cost: {per_sent: $price, fixed: 500}
    contaminated_by: [summer, summer]
    by: [life, lapsed, life]
  summer:
    audience: life.old
    freeze: 2026-06-01
    assignment: {source: orders, arm: status, where: total > 5, holdout: No E-Mail, arms: {No E-Mail: 33.33%, Mens: 33.33%, Womens: 33.33%}}
    measure: {primary: net, window: 14 days}
    attribution: {click: off}
  field:
    freeze: 2026-06-01
    assignment: {field: country}
    measure: {primary: net, window: 14 days}
  events:
    freeze: 2026-06-01
    assignment: {stream: product_view, arm: category, where: cart_id is missing}
    measure: {primary: net, window: 14 days}
`

func campaignOf(t *testing.T, p *check.Program, name string) *check.Campaign {
	t.Helper()
	c, ok := p.Campaign(name)
	require.True(t, ok)
	return c
}

// TestCampaign checks what a campaign with a split is made of. Its window ends
// behind the night in which the clock goes back, at the same time of day.
func TestCampaign(t *testing.T) {
	p := shop(t, campaigns)
	require.Len(t, p.Campaigns, 4)
	_, ok := p.Campaign("winter")
	require.False(t, ok)
	c := campaignOf(t, p, "autumn")
	require.Equal(t, "Autumn mailing", c.Title)
	require.Equal(t, "crm", c.Info.Owner)
	require.Equal(t, "lapsed", c.AudienceName())
	require.Equal(t, []*check.Gate{p.Gates[0], p.Gates[1]}, c.Gates, "the audience's own come first")
	require.Equal(t, time.Date(2026, 10, 24, 7, 0, 0, 0, time.UTC), c.Freeze)
	require.Equal(t, time.Date(2026, 10, 24, 8, 0, 0, 0, time.UTC), c.Send)
	require.Equal(t, time.Date(2026, 10, 25, 9, 0, 0, 0, time.UTC), c.End)
	require.Equal(t, calendar.Duration{N: 1, Unit: calendar.Day}, c.Window)

	require.Equal(t, "autumn", c.Split.Salt, "the name is the salt unless another one is given")
	require.Equal(t, []check.CampaignArm{
		{Name: "holdout", Share: 0.1, From: 0, To: 1000}, {Name: "a", Share: 0.455, From: 1000, To: 5550}, {Name: "b", Share: 0.445, From: 5550, To: 10_000},
	}, c.Split.Arms)
	require.Equal(t, c.Split.Arms, c.Arms())
	require.Equal(t, "holdout", c.Holdout())
	require.Equal(t, p.Partitions[0], c.Split.Stratify)
	require.Nil(t, c.Assignment)

	var metrics []string
	for _, m := range c.Metrics() {
		metrics = append(metrics, m.Name)
	}
	require.Equal(t, []string{"conversion", "visited", "net"}, metrics, "each once")
	require.Equal(t, "product_view", c.Messages.Sent.Stream.Name)
	require.NotNil(t, c.Messages.Sent.Where)
	require.NotNil(t, c.Messages.Opened.Machine)
	require.Nil(t, c.Messages.Clicked)
	require.Equal(t, calendar.Duration{N: 5, Unit: calendar.Day}, *c.Attribution.Click, "unless another one is given")
	require.Equal(t, calendar.Duration{N: 2, Unit: calendar.Day}, *c.Attribution.Open)
	require.Nil(t, c.Attribution.Delivery)
	require.Equal(t, []calendar.Duration{{N: 7, Unit: calendar.Day}, {N: 1, Unit: calendar.Day}}, c.Attribution.Also)
	require.Equal(t, check.CampaignCost{PerSent: 0.02, Fixed: 500}, *c.Cost)
	require.Equal(t, []*check.Campaign{campaignOf(t, p, "summer")}, c.ContaminatedBy)
	require.Equal(t, []check.Definition{p.Partitions[0], p.Segments[0]}, c.By)

	require.Equal(t, "autumn", c.Members().DefinitionName())
	require.Equal(t, c.Gates, c.Members().Gates)
	require.Len(t, c.Contacts().Where.Leaves(), 3)
	require.Empty(t, c.Contacts().Gates)
}

// TestAssignments checks where the arms of campaigns stand that somebody else
// divided.
func TestAssignments(t *testing.T) {
	p := shop(t, campaigns)
	summer := campaignOf(t, p, "summer")
	require.Equal(t, "life.old", summer.AudienceName())
	require.Equal(t, time.Date(2026, 5, 31, 22, 0, 0, 0, time.UTC), summer.Freeze, "a date is the start of its day")
	require.Equal(t, summer.Freeze, summer.Send)
	a := summer.Assignment
	require.True(t, a.FromSource)
	require.Equal(t, "orders", a.Stream.Source.Name)
	require.Nil(t, a.Stream.Where, "all rows of the source, not those of a stream")
	require.Equal(t, "status", a.Arm.Field.Name)
	require.NotNil(t, a.Where)
	require.Equal(t, "No E-Mail", summer.Holdout())
	require.Len(t, summer.Arms(), 3)
	require.Nil(t, summer.Attribution.Click)
	require.Nil(t, summer.Cost)

	field := campaignOf(t, p, "field")
	require.Equal(t, "country", field.Assignment.Field.Field.Name)
	require.Nil(t, field.Audience)
	require.Nil(t, field.Members())
	require.Empty(t, field.AudienceName())
	require.Empty(t, field.Arms())

	events := campaignOf(t, p, "events")
	require.Equal(t, "product_view", events.Assignment.Stream.Name)
	require.False(t, events.Assignment.FromSource)
	require.Empty(t, events.Holdout())
}
