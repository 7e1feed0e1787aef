package page_test

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports"
	"strata/reports/page"
)

// share is who did something, of n.
func share(some, n int64) reports.CampaignOutcome {
	y, x := float64(some), float64(n)
	return reports.CampaignOutcome{KPISums: reports.KPISums{N: n, Y: y, X: x, YY: y, XX: x, XY: y, NonZero: some, CutY: y, CutYY: y}}
}

func sent() time.Time { return time.Date(2026, time.October, 6, 8, 0, 0, 0, time.UTC) }

// mailing is a campaign of two strata whose first arm is held out. Of 4,000
// customers in each arm 400 convert in the first one and 200 more in each that
// follows, evenly over three days.
func mailing(text string, names ...string) reports.CampaignCounts {
	c := reports.CampaignCounts{
		Name: "autumn" + text, Title: "Autumn mailing" + text, Audience: "contactable" + text, AudienceText: "customers with consent" + text,
		Freeze: sent().Add(-time.Hour), Send: sent(), WindowEnd: sent().AddDate(0, 0, 3), Reach: asOf(), Window: "3 days", Zone: "UTC",
		Assignment: "the source campaign_assignment" + text, Randomised: true, Plan: reports.CampaignPlanned,
		Metrics: []reports.CampaignMetric{{
			KPIMetric: reports.KPIMetric{Name: "conversion", Title: "conversion" + text, Form: reports.KPIShare, Unit: "percent", Better: "higher"},
			Role:      reports.CampaignConversion,
		}},
		Outcomes:    make([][]reports.CampaignOutcome, 1),
		Days:        make([]reports.CampaignDayCounts, 3),
		Groups:      []reports.CampaignGroup{{By: "lifecycle" + text, Strata: []reports.CampaignStratum{{Name: "new" + text}, {Name: "loyal" + text}}}},
		Attribution: []reports.CampaignTouch{{Touch: "click", Window: "5 days", Planned: true}, {Touch: "any", Window: "3 days"}},
		Cost:        &reports.CampaignCost{PerSent: 0.02, Fixed: 500, Sent: 4000, Currency: "EUR"},
	}
	for i, name := range names {
		n, some := int64(4000), int64(400+200*i)
		sentTo, opened, clicked := n*int64(min(i, 1)), 1000*int64(min(i, 1)), 300*int64(min(i, 1))
		c.Arms = append(c.Arms, reports.CampaignArm{
			Name: name, Weight: 1, Holdout: i == 0, Assigned: n,
			Funnel: reports.CampaignFunnelCounts{Sent: &sentTo, Opened: &opened, Clicked: &clicked, OpensHuman: true, Converted: &some},
		})
		c.Outcomes[0] = append(c.Outcomes[0], share(some, n))
		for day := range c.Days {
			c.Days[day].Day, c.Days[day].Until = day+1, sent().AddDate(0, 0, day+1)
			c.Days[day].Sums = append(c.Days[day].Sums, share(some*int64(day+1)/3, n).KPISums)
		}
		for k := range c.Groups[0].Strata {
			c.Groups[0].Strata[k].Sums = append(c.Groups[0].Strata[k].Sums, share(some/2, n/2).KPISums)
		}
		c.Attribution[0].Arms = append(c.Attribution[0].Arms, reports.CampaignCredit{Orders: 70 * int64(min(i, 1)), Customers: 60 * int64(min(i, 1)), Revenue: 2100})
		c.Attribution[1].Arms = append(c.Attribution[1].Arms, reports.CampaignCredit{Orders: some + 7, Customers: some, Revenue: 30 * float64(some)})
	}
	return c
}

// letters is a campaign without a holdout whose recipients moved like the others
// until it came.
func letters() reports.CampaignCounts {
	c := mailing("", "recipients")
	c.Randomised, c.Assignment = false, ""
	c.Arms[0].Holdout = false
	panel := &reports.CampaignPanel{
		Matched: "spend before", Unmatched: 12,
		Recipients:      reports.CampaignPairs{N: 1000, Y: 300, X: 100, YY: 300, XX: 100, XY: 50},
		Others:          reports.CampaignPairs{N: 1000, Y: 100, X: 100, YY: 100, XX: 100, XY: 50},
		RecipientSlopes: reports.CampaignMoments{N: 1000, Sum: 0, Squares: 10},
		OtherSlopes:     reports.CampaignMoments{N: 1000, Sum: 0, Squares: 10},
	}
	for i := range 6 {
		from := sent().AddDate(0, 0, 3*(i-5))
		p := reports.CampaignPeriod{From: from, To: from.AddDate(0, 0, 3), Recipients: reports.CampaignMoments{N: 1000, Sum: 100, Squares: 100}}
		p.Others = p.Recipients
		if i == 5 {
			p.Recipients.Sum = 300
		}
		panel.Periods = append(panel.Periods, p)
	}
	c.Panel = panel
	return c
}

func campaignPage(t require.TestingT, r reports.CampaignReport) string {
	var b bytes.Buffer
	require.NoError(t, page.WriteCampaign(&b, page.CampaignPage{
		Report: r, Manifest: page.Manifest{AsOf: asOf(), Zone: time.UTC, Count: 3, Definitions: "sha256:abc", Strata: "v1", DuckDB: "v1.5"},
		Notes: []string{"seven rows name no customer"},
	}))
	return b.String()
}

// cells are the texts of a table row that begins with a cell.
func cells(t *testing.T, text, first string) []string {
	t.Helper()
	row := regexp.MustCompile(`<tr><td[^>]*>` + regexp.QuoteMeta(first) + `</td>(.*)</tr>`).FindStringSubmatch(text)
	require.NotNil(t, row, "no row begins with %s", first)
	var list []string
	for _, m := range regexp.MustCompile(`<td[^>]*>([^<]*)</td>`).FindAllStringSubmatch(row[1], -1) {
		list = append(list, html.UnescapeString(m[1]))
	}
	return list
}

// part is a section of a page.
func part(t *testing.T, text, id string) string {
	t.Helper()
	_, after, ok := strings.Cut(text, `<section id="`+id+`">`)
	require.True(t, ok, "no section %s", id)
	found, _, _ := strings.Cut(after, "</section>")
	return found
}

func TestCampaignPage(t *testing.T) {
	t.Parallel()
	r := reports.Campaign(mailing("", "holdout", "mail"))
	text := campaignPage(t, r)
	require.Equal(t, text, campaignPage(t, reports.Campaign(mailing("", "holdout", "mail"))))
	alone(t, text)
	require.Contains(t, text, page.Mark)
	for _, id := range []string{"about", "effect", "incremental", "funnel", "attribution", "days", "segments", "health", "method", "manifest"} {
		part(t, text, id)
		require.Contains(t, text, `<a href="#`+id+`">`)
	}
	require.NotContains(t, text, `<section id="observed">`)

	// The verdict comes first, then the caveats, then all else.
	require.Equal(t, reports.CampaignClearWin, r.Verdict.Code)
	verdict := strings.Index(text, "<p>Clear win: conversion 15.00% in those treated, 10.00% in the holdout: ")
	require.Positive(t, verdict)
	require.Less(t, verdict, strings.Index(text, "Seven rows name no customer."))
	require.Less(t, strings.Index(text, "Seven rows name no customer."), strings.Index(text, "<section"))
	require.Contains(t, text, `<div class="verdict win">`)

	// 600 and 400 of 4,000: 5 points, half of 10%.
	row := cells(t, part(t, text, "effect"), "conversion (primary)")
	require.Equal(t, []string{"15.00%", "10.00%", "+5.00 pp"}, row[:3])
	require.Equal(t, "clear win", row[7])
	require.Contains(t, html.UnescapeString(part(t, text, "effect")), ">+50% (")
	require.Equal(t, "200", cells(t, part(t, text, "incremental"), "mail")[1])
	require.Equal(t, []string{"nothing (holdout)", "4,000", "50.0%", "48.9% – 51.1%", "50.0%"}, cells(t, part(t, text, "about"), "holdout"))

	// Steps have denominators: 1,000 of 4,000 opened, 300 of those clicked.
	funnel := part(t, text, "funnel")
	require.Contains(t, funnel, "1,000 = 25.0%, 25.0% of sent")
	require.Contains(t, funnel, "300 = 7.5%, 30.0% of opened")
	require.Contains(t, funnel, "600 = 15.0%<")
	require.Contains(t, funnel, "Not known: delivered.")

	// What is attributed is labelled, and stands beside what came on top.
	credited := part(t, text, "attribution")
	require.Contains(t, credited, "This is no effect")
	require.Contains(t, credited, "Attributed customers: no effect")
	require.Contains(t, credited, ">60<")
	require.Contains(t, credited, ">600<")
	require.Contains(t, credited, ">200 (")
	require.Equal(t, []string{"5.00%", "3.33%"}, cells(t, part(t, text, "days"), "1")[:2])
	require.Contains(t, part(t, text, "segments"), "No evidence that segments responded differently (Cochran")
	require.Contains(t, part(t, text, "segments"), `class="also"`)
}

// Every drawing has its numbers as a table beside it.
func TestCampaignFiguresHaveTables(t *testing.T) {
	t.Parallel()
	for _, c := range []reports.CampaignCounts{mailing("", "holdout", "mail"), mailing("", "holdout", "letter", "voucher"), letters()} {
		text := campaignPage(t, reports.Campaign(c))
		alone(t, text)
		figures := strings.Split(text, "<figure>")[1:]
		require.NotEmpty(t, figures)
		for _, f := range figures {
			f, _, _ = strings.Cut(f, "</figure>")
			require.Contains(t, f, "<svg")
			require.Contains(t, f, "<details><summary>The numbers</summary>")
			require.Contains(t, f, "<td")
		}
	}
}

// Without a holdout no lift is claimed, and each number has its label.
func TestCampaignWithoutHoldout(t *testing.T) {
	t.Parallel()
	text := campaignPage(t, reports.Campaign(letters()))
	for _, id := range []string{"effect", "incremental", "days", "segments"} {
		require.NotContains(t, text, `<section id="`+id+`">`)
	}
	observed := html.UnescapeString(part(t, text, "observed"))
	require.Contains(t, observed, "Not randomised, may be biased")
	// 300 less 100 of 1,000, and 200 less 0 more than the others.
	require.Equal(t, "+20.00 pp", cells(t, part(t, text, "observed"), "change of the recipients")[0])
	beyond := cells(t, part(t, text, "observed"), "change beyond that of customers like them")
	require.Equal(t, "+20.00 pp", beyond[0])
	require.Equal(t, "not randomised, may be biased", beyond[4])
	require.Contains(t, observed, `class="line other"`)
	require.Equal(t, "580.00 EUR", cells(t, part(t, text, "cost"), "total")[0])
	require.NotContains(t, part(t, text, "cost"), "incremental")
	require.Contains(t, observed, "12 recipients have no match")

	refused := letters()
	refused.Conditioned = "the rule asks for the outcome itself"
	text = campaignPage(t, reports.Campaign(refused))
	alone(t, text)
	require.Contains(t, part(t, text, "observed"), "No change is reported: the rule asks for the outcome itself.")
	require.NotContains(t, part(t, text, "observed"), "<svg")
}

// While the window is open the page says so, and its band holds at every look.
func TestCampaignInterimPage(t *testing.T) {
	t.Parallel()
	c := mailing("", "holdout", "mail")
	c.Reach = sent().AddDate(0, 0, 2)
	text := campaignPage(t, reports.Campaign(c))
	require.Contains(t, text, "Interim look at a campaign: autumn")
	require.Contains(t, text, "Interim, the window is open until 2026-10-09 08:00")
	require.Contains(t, part(t, text, "segments"), "hold for a single look only")
	require.Contains(t, part(t, text, "days"), "confidence sequence")
}

// Names are text, whatever is in them.
func TestCampaignNamesAreText(t *testing.T) {
	t.Parallel()
	plain := campaignPage(t, reports.Campaign(mailing("", "holdout", "letter", "voucher")))
	evil := campaignPage(t, reports.Campaign(mailing(hostile, "holdout"+hostile, "letter"+hostile, "voucher"+hostile)))
	alone(t, evil)
	outside := func(text string) []string {
		return slices.DeleteFunc(balanced(t, text), func(name string) bool {
			return slices.Contains([]string{"title", "text", "line", "rect", "circle"}, name)
		})
	}
	require.Equal(t, outside(plain), outside(evil), "a name adds no element")
}

// Whatever was counted, there is a whole page.
func TestAnyCampaignHasPage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		names := []string{"holdout", "a", "b", "c"}[:rapid.IntRange(1, 4).Draw(rt, "arms")]
		c := mailing(rapid.String().Draw(rt, "text"), names...)
		c.Randomised = rapid.Bool().Draw(rt, "randomised")
		c.Arms[0].Holdout = rapid.Bool().Draw(rt, "held out")
		c.Reach = sent().Add(time.Duration(rapid.IntRange(1, 200).Draw(rt, "hours")) * time.Hour)
		for i := range c.Arms {
			n := rapid.Int64Range(0, 400).Draw(rt, "customers")
			c.Arms[i].Assigned = n
			c.Outcomes[0][i] = share(rapid.Int64Range(0, n).Draw(rt, "converted"), n)
			for k := range c.Groups[0].Strata {
				c.Groups[0].Strata[k].Sums[i] = share(c.Outcomes[0][i].NonZero/int64(k+1), n).KPISums
			}
		}
		if rapid.Bool().Draw(rt, "no days") {
			c.Days, c.Groups, c.Attribution, c.Cost = nil, nil, nil, nil
		}
		text := campaignPage(rt, reports.Campaign(c))
		require.Contains(rt, text, `<section id="health">`)
		require.True(rt, strings.HasSuffix(strings.TrimSpace(text), "</html>"))
		require.NotContains(rt, text, "NaN")
		require.NotContains(rt, text, "Inf<")
		balanced(t, text)
	})
	balanced(t, campaignPage(t, reports.CampaignReport{}))
}
