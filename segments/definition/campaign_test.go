package definition_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/rule"
)

// TestCampaigns reads everything that a campaign can say, with its places.
func TestCampaigns(t *testing.T) {
	set := loadText(t, `
campaigns:
  autumn:
    title: Autumn
    audience: life.old
    gate: [a, b]
    freeze: 2026-10-06
    send: 2026-10-06 10:00
    split: {salt: "5", arms: {holdout: 10%, a: 90.0 %}, holdout: holdout, stratify: life}
    measure: {primary: conversion, window: 14 days, secondary: aov}
    messages:
      sent: email_sent where campaign = 'x'
      opened: {rows: email_open, machine: device = 'proxy'}
    attribution: {click: OFF, open: 2 days, also: [1 day, 1 week]}
    cost: {per_sent: $price, fixed: 5}
    contaminated_by: summer
    by: [life, vip]
  data:
    audience: vip
    freeze: 2026-10-06
    assignment: {source: assigned, arm: variant, where: campaign = 'x', holdout: No E-Mail, arms: {No E-Mail: 50%, Mens: 50%}}
    measure: {primary: conversion, window: $days days}
`)
	c := set.Campaigns[0]
	require.Equal(t, "life", c.Audience.Name)
	require.Equal(t, "life", c.Audience.At.Text())
	require.Equal(t, "old", c.Stage.At.Text())
	require.Len(t, c.Gates, 2)
	require.False(t, c.Freeze.Timestamp)
	require.Equal(t, "2026-10-06 10:00", c.Send.Text)
	require.Equal(t, "5", c.Split.Salt.Value)
	require.Equal(t, "holdout", c.Split.Arms[0].Name.Name)
	require.InDelta(t, 10.0, c.Split.Arms[0].Percent, 1e-12)
	require.InDelta(t, 90.0, c.Split.Arms[1].Percent, 1e-12)
	require.Equal(t, "90.0 %", c.Split.Arms[1].Share.At().Text())
	require.Equal(t, "life", c.Split.Stratify.Name)
	require.Equal(t, "conversion", c.Primary.Name)
	require.Equal(t, "14 days", rule.FormatDuration(*c.Window))
	require.Equal(t, "aov", c.Secondary[0].Name)
	require.Equal(t, "email_sent where campaign = 'x'", rule.FormatRows(*c.Messages["sent"].Rows))
	require.Equal(t, "device = 'proxy'", rule.Format(c.Messages["opened"].Machine))
	require.Nil(t, c.Messages["clicked"])
	require.True(t, c.Attribution.Click.Off)
	require.Equal(t, "2 days", rule.FormatDuration(*c.Attribution.Open.For))
	require.False(t, c.Attribution.Delivery.Given)
	require.Len(t, c.Attribution.Also, 2)
	require.Equal(t, "$price", rule.Format(c.PerSent))
	require.Equal(t, "summer", c.ContaminatedBy[0].Name)
	require.Len(t, c.By, 2)
	require.Nil(t, c.Assignment)

	data := set.Campaigns[1]
	require.True(t, data.Stage.IsZero())
	require.Nil(t, data.Send)
	require.Nil(t, data.Split)
	require.Equal(t, "assigned", data.Assignment.Source.Name)
	require.Equal(t, "variant", data.Assignment.Arm.Name)
	require.Equal(t, "campaign = 'x'", rule.Format(data.Assignment.Where))
	require.Equal(t, "No E-Mail", data.Assignment.Holdout.Value)
	require.Equal(t, "No E-Mail", data.Assignment.Arms[0].Name.Name)
	require.Equal(t, "days", data.Window.Param)
}
