package page

import (
	"bytes"
	_ "embed" // The template and its style.
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"strata/reports"
	"strata/reports/chart"
)

// Page is what a report is about. Parts that are nil or empty were not asked for
// and have no section.
type Page struct {
	Title    string
	Manifest Manifest
	// From is the first end of the drift and of the period of the metrics, whose
	// other end is the as-of of the manifest.
	From time.Time
	// Titles are what people call units, by name; those without one go by name.
	Titles  map[string]string
	Overlap *reports.Overlap
	Drift   []reports.Drift
	KPI     *reports.KPIReport
	// KPIAll says that every metric has a chart; else the main ones do.
	KPIAll bool
	// Detail is how many units are shown in detail, 0 for 12.
	Detail int
	// Notes are what a reader must know besides.
	Notes []string
}

// Manifest says what a report follows from. No time of a clock is in it.
type Manifest struct {
	AsOf    time.Time
	KnownAt *time.Time
	// Zone is what days and months are counted in; its name stands in the table.
	Zone *time.Location
	// Definitions is the hash of what all of Count definitions mean.
	Definitions string
	Count       int
	Sources     []Source
	// Strata and DuckDB are the versions of the programs.
	Strata, DuckDB string
}

// Source is how far the data of a source reaches.
type Source struct {
	Name string
	Rows int64
	// Newest is the time of its newest row before the as-of and Loaded when the
	// last one was loaded, nil where it has no such time.
	Newest, Loaded *time.Time
}

// Detail is how many units are shown in detail where nobody says.
const Detail = 12

// Mark is in every page, so that a file that holds it is one of ours.
const Mark = `<meta name="generator" content="strata report">`

//go:embed page.html
var pageTemplate string

//go:embed page.css
var pageStyle string

// block is a part of a section: whatever of it is set, in this order.
type block struct {
	Heading string
	Text    []string
	Points  []point
	// More are points that are folded.
	More   []point
	Many   []figure
	Figure *figure
	Table  *table
	// Closed folds the table.
	Closed bool
}

// point is a sentence of a list, with a sign and a name for those who skim.
type point struct {
	Mark, Class, Name, Text string
	// Below stands below the sentence, a line each.
	Below []string
}

// figure is a chart with its numbers. Narrow, where set, is for small screens.
type figure struct {
	Wide, Narrow template.HTML
	Caption      string
	Table        *table
}

// table are numbers in words.
type table struct {
	Caption string
	Columns []column
	Rows    [][]string
	// Left says what has no row, and Feet are notes that rows point to.
	Left string
	Feet []string
}

type column struct {
	Name   string
	Number bool
	Code   bool
}

// Class is the style of the cells.
func (c column) Class() string {
	switch {
	case c.Number:
		return "n"
	case c.Code:
		return "code"
	}
	return ""
}

// columns are named; a name that begins with # is of numbers.
func columns(names ...string) []column {
	list := make([]column, len(names))
	for i, name := range names {
		text, number := strings.CutPrefix(name, "#")
		list[i] = column{Name: text, Number: number}
	}
	return list
}

type section struct {
	ID, Title string
	Blocks    []block
}

// writer makes the parts of a page.
type writer struct {
	Page

	ids int
}

// id is a new id.
func (w *writer) id() string {
	w.ids++
	return "c" + strconv.Itoa(w.ids)
}

// blankLines are what the template leaves.
var blankLines = regexp.MustCompile(`\n\s*\n`)

// Write writes the page. An error is one of the writer, or says that the page
// could not be put together.
func Write(out io.Writer, p Page) error {
	if p.Detail <= 0 {
		p.Detail = Detail
	}
	if p.Overlap != nil && len(p.Overlap.Units) < 2 { // One alone overlaps with nothing.
		p.Overlap = nil
	}
	if p.Manifest.Zone == nil {
		p.Manifest.Zone = time.UTC
	}
	w := &writer{Page: p}
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("read the template of the page: %w", err)
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Title": chart.Clean(p.Title), "Charts": chart.CSS(), "Style": template.CSS(pageStyle), "Lead": w.lead(), "Sections": w.sections(), "By": "strata report",
	})
	if err != nil {
		return fmt.Errorf("put the page together: %w", err)
	}
	_, err = out.Write(bytes.Map(inert, blankLines.ReplaceAll(b.Bytes(), []byte("\n"))))
	return err
}

// inert takes out what steers the text around it. Names come from files and
// values from data; none of them may turn a line around.
func inert(r rune) rune {
	if r == '\n' {
		return r
	}
	for _, clean := range chart.Clean(string(r)) {
		return clean
	}
	return -1
}

// lead says what the page is about.
func (w *writer) lead() []string {
	m := w.Manifest
	text := "As of " + w.moment(m.AsOf)
	if m.KnownAt != nil {
		text += ", with what was known at " + w.moment(*m.KnownAt)
	}
	lines := []string{text + ". Only rows before that moment count."}
	units := max(len(w.Drift), w.overlapUnits())
	if units > 0 {
		lines = append(lines, fmt.Sprintf("%s. Changes and metrics are about the time from %s up to the as-of.",
			plural(int64(units), "segment", "segments and stages"), w.moment(w.From)))
	}
	return lines
}

func (w *writer) overlapUnits() int {
	if w.Overlap == nil {
		return 0
	}
	return len(w.Overlap.Units)
}

// sections are those that there is something for.
func (w *writer) sections() []section {
	all := []section{
		{"attention", "What needs attention", w.attention()},
		{"sizes", "Sizes", w.sizes()},
		{"drift", "Drift and its causes", w.drifts()},
		{"overlap", "Overlap", w.overlaps()},
		{"metrics", "Metrics", w.metrics()},
		{"method", "How this was counted", w.method()},
		{"manifest", "Manifest", w.manifest()},
	}
	var shown []section
	for _, s := range all {
		if len(s.Blocks) > 0 {
			shown = append(shown, s)
		}
	}
	return shown
}

// both draws a chart for wide and for narrow screens.
func (w *writer) both(title, desc string, draw func(chart.Figure) template.HTML) figure {
	return figure{
		Wide:   draw(chart.Figure{ID: w.id(), Title: title, Desc: desc, Width: 800}),
		Narrow: draw(chart.Figure{ID: w.id(), Title: title, Desc: desc, Width: 350}),
	}
}

// moment writes a time in the zone of the report.
func (w *writer) moment(at time.Time) string {
	return at.In(w.Manifest.Zone).Format("2006-01-02 15:04 MST")
}

// date writes a day in a sentence; its parts stay on one line.
func (w *writer) date(at time.Time) string {
	return at.In(w.Manifest.Zone).Format("2\u00a0Jan\u00a02006")
}

// day writes a date in the zone of the report.
func (w *writer) day(at time.Time) string { return at.In(w.Manifest.Zone).Format(time.DateOnly) }

// plural writes a number with its thing.
func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return chart.Count(float64(n)) + " " + many
}

// count writes a whole number.
func count(n int64) string { return chart.Count(float64(n)) }

// percent writes a part of one that may not be known.
func percent(x *float64) string {
	if x == nil {
		return chart.Missing
	}
	return chart.Percent(*x)
}

// short writes a number that may not be known.
func short(x *float64) string {
	if x == nil {
		return chart.Missing
	}
	return chart.Short(*x)
}

// change writes a relative change with its sign.
func change(x *float64) string {
	if x != nil && *x > 0 {
		return "+" + chart.Percent(*x)
	}
	return percent(x)
}
