package page_test

import (
	"bytes"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/reports/page"
	"strata/segments/result"
)

// hostile is what a name must not be, and is nevertheless.
const hostile = `</section><script src=http://x.example/x.js>alert(1)</script><b onclick='x'>"&` + "\u202e\u2066\x00\x1b[31m"

func asOf() time.Time { return time.Date(2026, time.October, 31, 23, 0, 0, 0, time.UTC) }

// overlap is that of four units of 640 customers.
func overlap(names ...string) *reports.Overlap {
	bits := result.Bits{Customers: 640}
	var units []reports.OverlapUnit
	for i, name := range names {
		set := make([]uint64, 10)
		for k := range set {
			if k%(i+1) == 0 {
				set[k] = math.MaxUint64
			}
		}
		bits.Sets = append(bits.Sets, set)
		units = append(units, reports.OverlapUnit{Name: name})
	}
	o := reports.NewOverlap(units, bits, reports.OverlapOptions{Sets: 20, BaseRate: 0.02, Holdout: 0.1})
	o.Advise()
	return o
}

// series are sizes a day that fall by a third on one of them.
func series(days, drop int) []reports.SizePoint {
	list := make([]reports.SizePoint, days)
	size := int64(1000)
	for i := range list {
		entered, exited := int64(20+i%7), int64(20+i%5)
		if i == drop {
			exited += 330
		}
		size += entered - exited
		list[i] = reports.SizePoint{At: asOf().AddDate(0, 0, i-days+1), Size: size, Entered: entered, Exited: exited}
	}
	return list
}

func drift(name string, drop int) reports.Drift {
	points := series(87, drop)
	from := points[56].At
	d := reports.Drift{
		Name: name, Kind: "segment", Membership: reports.MembershipDrift{From: from, To: asOf()},
		Size: reports.JudgeSize(reports.SizeQuestion{Points: points, From: from, Zone: time.UTC}),
	}
	d.Membership.Compared(points[56].Size, points[86].Size, 600)
	composition := reports.Compose([]reports.DriftTraitCounts{{
		Trait: "country" + name, Labels: []string{"DE", name, "missing"}, Missing: 2,
		Counts: []reports.DriftBinCount{{Side: 0, Before: 0, Now: 0, Customers: 500}, {Side: -1, Before: 1, Customers: 400}, {Side: 1, Now: 2, Customers: 90}},
	}})
	d.Composition = &composition
	why := reports.Attribute(reports.DriftGame{
		Leaves: []reports.DriftLeaf{{Name: "a" + name, Rule: "count(order) ever > 1"}}, Of: []int{0},
		Old: reports.DriftRule{Op: reports.DriftBit}, New: reports.DriftRule{Op: reports.DriftBit},
		Patterns: []reports.DriftPattern{
			{Customers: 330, Here0: true, Here1: true, Before: []bool{true}, Aged: []bool{false}, After: []bool{false}},
			{Customers: 20, Here1: true, Before: []bool{true}, Aged: []bool{true}, After: []bool{true}},
		},
	})
	d.Why = &why
	return d
}

func kpi(names ...string) *reports.KPIReport {
	metric := reports.KPIMetric{Name: "conversion", Title: "conversion", Form: reports.KPIShare, Unit: "percent", Text: "share of x", BuiltIn: true, Base: "customers"}
	sets := []reports.KPISet{{Name: "all", Customers: 1000, Sums: []reports.KPISums{{N: 1000, Y: 200, X: 1000}}, Days: []*reports.KPIDays{nil}, Circles: []string{""}}}
	for i, name := range names {
		n := float64(10 + 100*i)
		circle := ""
		if i == 2 {
			circle = reports.KPICircular
		}
		sets = append(sets, reports.KPISet{
			Name: name, Customers: int64(n), Sums: []reports.KPISums{{N: int64(n), Y: math.Round(n * 0.6), X: n}},
			Days: []*reports.KPIDays{nil}, Circles: []string{circle},
		})
	}
	r := reports.KPI([]reports.KPIMetric{metric}, sets)
	return &r
}

func sample(names ...string) page.Page {
	newest := asOf().Add(-time.Minute)
	p := page.Page{
		Title: "Segments " + names[0], From: asOf().AddDate(0, 0, -30), Overlap: overlap(names...), KPI: kpi(names...),
		Titles: map[string]string{names[0]: "Title of " + names[0]}, Notes: []string{"a note " + names[0]}, Detail: 2,
		Manifest: page.Manifest{
			AsOf: asOf(), Definitions: "sha256:abc", Count: len(names), Strata: "v1", DuckDB: "v1.5.5",
			Sources: []page.Source{{Name: names[0], Rows: 1234567, Newest: &newest}},
		},
	}
	for i, name := range names {
		p.Drift = append(p.Drift, drift(name, 60+10*i))
	}
	p.Drift = append(p.Drift, reports.Drift{Name: "left_out", Skipped: "it is given by sql"})
	return p
}

func written(t *testing.T, p page.Page) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, page.Write(&b, p))
	return b.String()
}

func TestSamePageSameBytes(t *testing.T) {
	t.Parallel()
	first := written(t, sample("one", "two", "three", "four"))
	require.Equal(t, first, written(t, sample("one", "two", "three", "four")))
	for _, id := range []string{"attention", "sizes", "drift", "overlap", "metrics", "method", "manifest"} {
		require.Contains(t, first, `<section id="`+id+`">`)
		require.Contains(t, first, `<a href="#`+id+`">`)
	}
	for _, said := range []string{
		"sha256:abc", "1,234,567", "2026-10-31T23:00:00Z", "; unusual ", "count(order) ever &gt; 1", "2 of 4 segments and stages",
		"it is given by sql", "too few to say: fewer than 30 members", "circular",
	} {
		require.Contains(t, first, said, said)
	}
}

// tag finds tags, with their name and the rest.
var tag = regexp.MustCompile(`<(/?)([a-zA-Z!][a-zA-Z0-9]*)([^>]*)>`)

// balanced demands that every element is closed, in order, and that no id is
// there twice; it returns the names of elements.
func balanced(t *testing.T, html string) []string {
	t.Helper()
	void := []string{"!DOCTYPE", "meta", "br"}
	ids := map[string]bool{}
	var open, all []string
	for _, m := range tag.FindAllStringSubmatch(html, -1) {
		name := m[2]
		all = append(all, name)
		if id := regexp.MustCompile(` id="([^"]*)"`).FindStringSubmatch(m[3]); id != nil {
			require.False(t, ids[id[1]], "the id %s is there twice", id[1])
			ids[id[1]] = true
		}
		switch {
		case m[1] == "/":
			require.NotEmpty(t, open, "</%s> closes nothing", name)
			require.Equal(t, open[len(open)-1], name)
			open = open[:len(open)-1]
		case slices.Contains(void, name) || strings.HasSuffix(m[3], "/"):
		default:
			open = append(open, name)
		}
	}
	require.Empty(t, open)
	for _, m := range regexp.MustCompile(`aria-labelledby="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		for id := range strings.FieldsSeq(m[1]) {
			require.True(t, ids[id], "nothing has the id %s", id)
		}
	}
	return all
}

// known are the elements of a page; none of them runs or loads anything.
var known = strings.Fields(`!DOCTYPE html head meta title style body header h1 h2 h3 p nav ul li a main section figure figcaption div details
	summary table caption thead tbody tr th td span b br footer svg desc text rect circle line path`)

// alone demands that a page needs nothing else and runs nothing.
func alone(t *testing.T, html string) {
	t.Helper()
	for _, name := range balanced(t, html) {
		require.Contains(t, known, name)
	}
	for _, m := range tag.FindAllString(html, -1) {
		for _, wrong := range []string{" src=", "javascript:", "@import", "url(", " onclick=", " style="} {
			require.NotContains(t, m, wrong)
		}
		if strings.HasPrefix(m, "<svg") { // The name of a namespace is no reference.
			m = strings.Replace(m, `xmlns="http://www.w3.org/2000/svg"`, "", 1)
		}
		require.NotContains(t, m, "http:")
		require.NotContains(t, m, "https:")
	}
	style := html[strings.Index(html, "<style>"):strings.Index(html, "</style>")]
	for _, wrong := range []string{"url(", "@import", "http", "src"} {
		require.NotContains(t, style, wrong)
	}
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		require.Regexp(t, `^#[a-z]+$`, m[1])
	}
	for _, r := range "\x00\x1b\u202e\u2066" {
		require.NotContains(t, html, string(r))
	}
}

func TestNothingFromOutside(t *testing.T) {
	t.Parallel()
	plain := written(t, sample("one", "two", "three", "four"))
	evil := written(t, sample("one"+hostile, "two"+hostile, "three"+hostile, "four"+hostile))
	for _, html := range []string{plain, evil} {
		alone(t, html)
	}
	// What is cut has its whole text in a title, and axes have as many ticks as
	// there is room for; all else is the same.
	outside := func(html string) []string {
		return slices.DeleteFunc(balanced(t, html), func(name string) bool {
			return slices.Contains([]string{"title", "text", "line", "rect", "circle"}, name)
		})
	}
	require.Equal(t, outside(plain), outside(evil), "a name adds no element")
}

// What was not asked for has no section, and an empty report says so.
func TestParts(t *testing.T) {
	t.Parallel()
	html := written(t, page.Page{Title: "x", Manifest: page.Manifest{AsOf: asOf()}})
	balanced(t, html)
	require.Contains(t, html, "Nothing stands out")
	for _, id := range []string{"sizes", "drift", "overlap", "metrics"} {
		require.NotContains(t, html, `<section id="`+id+`">`)
	}
	require.Contains(t, html, page.Mark)
	single := written(t, sample("one"))
	balanced(t, single)
	require.NotContains(t, single, `<section id="overlap">`, "one segment overlaps with nothing")
	require.Contains(t, single, `<section id="metrics">`)
}
