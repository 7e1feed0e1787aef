package analyses

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"strata/reports"
	"strata/reports/render"
	"strata/reports/stats"
	"strata/tui/draw"
)

// The units of metrics.
const (
	unitPercent = "percent"
	unitMoney   = "money"
	unitDays    = "days"
	unitCount   = "count"
)

// centsUpTo is the amount from which people see no cents.
const centsUpTo = 1000

// metricNumber writes a value in the unit of its metric.
func metricNumber(m reports.KPIMetric, x float64) string {
	switch m.Unit {
	case unitPercent:
		return fixed(100*x, percentPlaces(100*x)) + "%" //nolint:mnd // Per cent.
	case unitMoney:
		if math.Abs(x) >= centsUpTo {
			return fixed(x, 0)
		}
		return fixed(x, 2) //nolint:mnd // Cents.
	case unitDays:
		return fixed(x, 1)
	case unitCount:
		if x == math.Trunc(x) {
			return fixed(x, 0)
		}
	}
	if x == math.Trunc(x) && m.Form == reports.KPITotal {
		return fixed(x, 0)
	}
	return fixed(x, 2) //nolint:mnd // Places.
}

// percentPlaces is the number of places of a percentage: small ones need more.
func percentPlaces(percent float64) int {
	if math.Abs(percent) < 1 {
		return 2 //nolint:mnd // Places.
	}
	return 1
}

// fixed is a number with so many places, never a negative zero.
func fixed(x float64, places int) string {
	text := strconv.FormatFloat(x, 'f', places, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return render.GroupDigits(text)
}

// rangeText writes an interval, "" for none.
func rangeText(m reports.KPIMetric, i *stats.Interval) string {
	switch {
	case i == nil:
		return ""
	case m.Unit == unitPercent:
		places := percentPlaces(100 * i.High)                                   //nolint:mnd // Per cent.
		return fixed(100*i.Low, places) + "–" + fixed(100*i.High, places) + "%" //nolint:mnd // Per cent.
	case m.Unit == unitMoney && i.High >= centsUpTo/10: // Cents of an end say nothing.
		return fixed(i.Low, 0) + "–" + fixed(i.High, 0)
	}
	return metricNumber(m, i.Low) + "–" + metricNumber(m, i.High)
}

// valueText writes a value, or why it is not said.
func valueText(m reports.KPIMetric, c reports.KPICell) string {
	switch {
	case c.Value != nil:
		return metricNumber(m, *c.Value)
	case c.Few != "":
		return "too few"
	}
	return draw.Unknown
}

// versusText writes the difference from the rest, with a star where it is there,
// circular where the rule decides it, and of a total the share of all.
func versusText(m reports.KPIMetric, c reports.KPICell) string {
	switch {
	case m.Form == reports.KPITotal && c.Part != nil:
		return "share " + fixed(100**c.Part, percentPlaces(100**c.Part)) + "%" //nolint:mnd // Per cent.
	case c.Circle == reports.KPICircular:
		return "circular"
	case c.Difference == nil:
		return ""
	}
	return differenceText(m, c.Difference)
}

// differenceText writes a difference; rates differ by percentage points.
func differenceText(m reports.KPIMetric, d *reports.KPIDifference) string {
	sign, star := "", ""
	if d.Estimate > 0 {
		sign = "+"
	}
	if d.Star() {
		star = "*"
	}
	return sign + deltaNumber(m, d.Estimate) + star
}

func deltaNumber(m reports.KPIMetric, x float64) string {
	if m.Unit == unitPercent {
		return fixed(100*x, percentPlaces(100*x)) + " pp" //nolint:mnd // Per cent.
	}
	return metricNumber(m, x)
}

// indexText is an index, rounded: it is read as "a quarter more", not to the
// digit.
func indexText(x *float64) string {
	if x == nil {
		return ""
	}
	return draw.Number(math.Round(*x), 0)
}

// ofText is what a value is divided by.
func ofText(c reports.KPICell) string {
	if c.Lower == 0 {
		return ""
	}
	return draw.Number(math.Round(c.Lower), 0)
}

// metricTitle is what people call a metric.
func metricTitle(m reports.KPIMetric) string {
	if m.Title != "" {
		return clean(m.Title)
	}
	return clean(m.Name)
}

// cellWords say all about a number, a sentence each.
func cellWords(m reports.KPIMetric, c reports.KPICell) []string {
	text := metricTitle(m)
	if m.Text != "" {
		text += " = " + clean(m.Text)
	}
	if m.Better != "" {
		text += " (" + m.Better + " is better)"
	}
	said := []string{text}
	switch {
	case c.Few != "" && c.Value == nil:
		said = append(said, "too few to say: "+c.Few+upperText(m, c))
	case c.Value == nil:
		said = append(said, "nothing is there to divide by")
	default:
		value := metricNumber(m, *c.Value)
		if i := rangeText(m, c.Interval); i != "" {
			value += " (95% " + i + ")"
		}
		said = append(said, value+upperText(m, c)+comparedText(m, c))
	}
	if text := testedText(m, c.Difference); text != "" {
		said = append(said, text)
	}
	return append(said, doubts(c)...)
}

// upperText says what is divided by what.
func upperText(m reports.KPIMetric, c reports.KPICell) string {
	switch m.Form {
	case reports.KPITotal:
		return ""
	case reports.KPIGap:
		return " · median of " + draw.Number(c.Lower, 0) + " gaps"
	}
	base := m.Base
	if base != "" {
		base = " " + base
	}
	part := m
	part.Form, part.Unit = reports.KPITotal, unitCount
	by := " by "
	if m.Form == reports.KPIShare {
		by = " of "
	}
	return " · " + metricNumber(part, c.Upper) + by + draw.Number(math.Round(c.Lower), 0) + base
}

// comparedText says what all customers and the rest have.
func comparedText(m reports.KPIMetric, c reports.KPICell) string {
	text := ""
	if c.All != nil {
		text += " · all customers " + metricNumber(m, *c.All)
	}
	if c.Rest != nil {
		text += ", the rest " + metricNumber(m, *c.Rest)
	}
	if c.VersusRest != nil {
		text += ", " + draw.Number(math.Round(*c.VersusRest), 0) + " where the rest is 100"
		if i := c.VersusRestInterval; i != nil {
			text += fmt.Sprintf(" (95%% %s to %s)", draw.Number(i.Low, 0), draw.Number(i.High, 0))
		}
	}
	return text
}

// testedText says how sure a difference is, "" where nothing was tested.
func testedText(m reports.KPIMetric, d *reports.KPIDifference) string {
	if d == nil {
		return ""
	}
	text := "differs from the rest by " + strings.TrimSuffix(differenceText(m, d), "*")
	if d.Interval != nil {
		text += " (95% " + deltaNumber(m, d.Interval.Low) + " to " + deltaNumber(m, d.Interval.High) + ")"
	}
	switch {
	case d.Q != nil && d.Star():
		text += ", q " + pText(d.Q) + ": there after all tests*"
	case d.Q != nil:
		text += ", q " + pText(d.Q) + ": may be chance"
	case d.P != nil:
		text += ", p " + pText(d.P)
	}
	if d.Method != "" {
		text += " · " + d.Method
	}
	return text
}

// doubts are what weakens a number.
func doubts(c reports.KPICell) []string {
	var all []string
	switch c.Circle {
	case reports.KPICircular:
		all = append(all, "circular by definition: the rule reads the rows that are counted, so there is no star")
	case reports.KPIPast:
		all = append(all, "members were chosen by earlier rows of what is counted: what was high by chance comes down by itself")
	case reports.KPIOpaque:
		all = append(all, "the members are given by SQL, so nobody can tell whether it is circular")
	}
	if c.Small && c.Few == "" {
		all = append(all, fmt.Sprintf("fewer than %d members: read the intervals", reports.KPISmall))
	}
	return all
}

// forest is a scale for intervals as texts.
type forest struct {
	low, high float64
	width     int
	// zero is where the line of comparison stands; none shows none.
	zero float64
	none bool
}

// at is the place of a value, cut at both ends.
func (f forest) at(x float64) int {
	if math.IsNaN(x) || f.high <= f.low {
		return 0
	}
	share := min(max((x-f.low)/(f.high-f.low), 0), 1)
	return int(math.Round(share * float64(f.width-1)))
}

// text draws an estimate with its interval, if it has one, over the line of
// comparison.
func (f forest) text(look draw.Look, estimate, low, high float64) string {
	if f.width <= 0 {
		return ""
	}
	cells := make([]string, f.width)
	for i := range cells {
		cells[i] = " "
	}
	bar, line := "─", "│"
	if look.Simple() {
		bar, line = "-", "|"
	}
	if !f.none {
		cells[f.at(f.zero)] = line
	}
	if !math.IsNaN(estimate) {
		if !math.IsNaN(low) && !math.IsNaN(high) {
			for i := f.at(low); i <= f.at(high); i++ {
				cells[i] = bar
			}
			cells[f.at(low)], cells[f.at(high)] = look.Sign(draw.SignLow), look.Sign(draw.SignHigh)
		}
		cells[f.at(estimate)] = look.Sign(draw.SignPoint)
	}
	return strings.TrimRight(strings.Join(cells, ""), " ")
}
