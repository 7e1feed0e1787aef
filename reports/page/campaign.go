package page

import (
	"bytes"
	_ "embed" // The template and its style.
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"strata/reports"
	"strata/reports/chart"
)

// CampaignPage is the post-mortem of a campaign as a page.
type CampaignPage struct {
	// Title stands above, "" for the campaign's own.
	Title    string
	Manifest Manifest
	Report   reports.CampaignReport
	// Notes are what a reader must know besides.
	Notes []string
}

//go:embed campaign.html
var campaignTemplate string

//go:embed campaign.css
var campaignStyle string

// campaignDrawn is how many comparisons, arms and groups of segments have charts.
const campaignDrawn = 12

// campaignWriter makes the parts of a page about a campaign.
type campaignWriter struct {
	writer
	reports.CampaignReport

	extra []string
}

// WriteCampaign writes the page. An error is one of the writer, or says that the
// page could not be put together. The page holds Mark.
func WriteCampaign(out io.Writer, p CampaignPage) error {
	if p.Manifest.Zone == nil {
		p.Manifest.Zone = time.UTC
	}
	w := &campaignWriter{writer: writer{Page: Page{Manifest: p.Manifest}}, CampaignReport: p.Report, extra: p.Notes}
	t, err := template.New("page").Parse(pageTemplate)
	if err == nil {
		_, err = t.New("campaign file").Parse(campaignTemplate)
	}
	if err != nil {
		return fmt.Errorf("read the template of the page: %w", err)
	}
	var b bytes.Buffer
	err = t.ExecuteTemplate(&b, "campaign", map[string]any{
		"Title": chart.Clean(firstOf(p.Title, p.Report.Title, p.Report.Name)), "Kind": w.kind(), "Charts": chart.CSS(),
		"Style": template.CSS(pageStyle + campaignStyle), "Class": verdictClass(p.Report.Verdict.Code), "By": "strata campaign report",
		"Verdicts": w.verdicts(), "Caveats": w.caveats(), "Sections": w.parts(),
	})
	if err != nil {
		return fmt.Errorf("put the page together: %w", err)
	}
	_, err = out.Write(bytes.Map(inert, blankLines.ReplaceAll(b.Bytes(), []byte("\n"))))
	return err
}

// kind says what page this is.
func (w *campaignWriter) kind() string {
	text := "Campaign post-mortem: " + w.Name
	if w.Interim {
		text = "Interim look at a campaign: " + w.Name
	}
	return text + ", as of " + w.moment(w.Manifest.AsOf)
}

// verdictClass colours a verdict.
func verdictClass(code string) string {
	switch code {
	case reports.CampaignClearWin, reports.CampaignLikelyWin:
		return "win"
	case reports.CampaignClearHarm, reports.CampaignLikelyHarm:
		return "harm"
	}
	return "open"
}

// verdicts are the sentences that everything else is there for.
func (w *campaignWriter) verdicts() []string {
	list := []string{w.Verdict.Sentence}
	if w.Winner != nil && w.Winner.Sentence != "" && w.Winner.Sentence != w.Verdict.Sentence {
		list = append(list, w.Winner.Sentence)
	}
	return list
}

// caveats are the reservations, the worst first.
func (w *campaignWriter) caveats() []point {
	var points []point
	for _, text := range w.Caveats {
		p := point{Mark: "i", Class: "note", Text: capital(text)}
		for _, c := range w.Health {
			if c.Text == text {
				p.Mark, p.Class = stateMark(c.State)
			}
		}
		points = append(points, p)
	}
	for _, text := range w.extra {
		points = append(points, point{Mark: "i", Class: "note", Text: capital(text)})
	}
	return points
}

// parts are the sections that there is something for.
func (w *campaignWriter) parts() []section {
	all := []section{
		{"about", "Who and when", w.about()},
		{"observed", "Recipients, without a holdout", w.observed()},
		{"effect", w.effectTitle(), w.effects()},
		w.incremental(),
		{"funnel", "Funnel", w.funnels()},
		{"attribution", "Attribution, which is no effect", w.attribution()},
		{"days", "The difference over days", w.days()},
		{"segments", "Segments and stages", w.segments()},
		{"health", "Health of the experiment", w.health()},
		{"reconciliation", "Audience, assigned, sent", w.reconciliation()},
		{"method", "How this was counted", w.method()},
		{"manifest", "Manifest", w.campaignManifest()},
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.Blocks) == 0 })
}

func (w *campaignWriter) effectTitle() string {
	if w.Basis == reports.CampaignArmsOnly {
		return "Arms against each other"
	}
	return "Effect"
}

// stateMark is the sign of a check's state.
func stateMark(state string) (mark, class string) {
	switch state {
	case reports.CampaignFail:
		return "▲", "bad"
	case reports.CampaignWarn:
		return "△", "bad"
	case reports.CampaignGood:
		return "✓", "note"
	case reports.CampaignSkipped:
		return chart.Missing, "note"
	}
	return "i", "note"
}

// capital begins with a capital and ends with a full stop.
func capital(text string) string {
	if text == "" {
		return ""
	}
	first, _, _ := strings.Cut(text, " ")
	if strings.ContainsAny(first, "_0123456789") { // A name, which is written as it is.
		return sentence(text)
	}
	letter, size := utf8.DecodeRuneInString(text)
	return sentence(string(unicode.ToUpper(letter)) + text[size:])
}

// labelOf is a metric's name, of totals that they are per customer.
func labelOf(e reports.CampaignEffect) string {
	if e.Form == reports.KPITotal {
		return e.Title + " per customer"
	}
	return e.Title
}

// valueIn writes a value of a metric with the places that differences need.
func valueIn(unit string, x float64) string {
	switch {
	case unit == "percent":
		return chart.Decimals(2)(100*x) + "%"
	case x >= 1000 || x <= -1000:
		return chart.Count(x)
	case unit == "money" || x >= 10 || x <= -10:
		return chart.Decimals(2)(x)
	}
	return chart.Decimals(4)(x)
}

// differenceIn writes a difference with its sign, of rates in percentage points.
func differenceIn(unit string, x float64) string {
	sign := ""
	if x > 0 {
		sign = "+"
	}
	if unit == "percent" {
		return sign + chart.Decimals(2)(100*x) + " pp"
	}
	return sign + valueIn(unit, x)
}

// rangeIn writes the interval of a difference.
func rangeIn(unit string, r *reports.CampaignRange) string {
	if r == nil {
		return chart.Missing
	}
	return strings.TrimSuffix(differenceIn(unit, r.Low), " pp") + " … " + differenceIn(unit, r.High)
}

// wholes writes an estimate of whole things with its interval.
func wholes(d *reports.CampaignDifference) string {
	if d == nil {
		return chart.Missing
	}
	text := chart.Count(d.Estimate)
	if d.Range != nil {
		text += " (" + chart.Count(d.Range.Low) + " … " + chart.Count(d.Range.High) + ")"
	}
	return text
}

// chance writes the p-value of a difference.
func chance(d *reports.CampaignDifference) string {
	if d == nil {
		return chart.Missing
	}
	return probability(d.P)
}
