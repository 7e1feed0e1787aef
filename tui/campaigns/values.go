package campaigns

import (
	"math"
	"strconv"
	"strings"
	"time"

	"strata/reports"
	"strata/reports/render"
	"strata/tui/draw"
)

// The units of metrics that are written in a way of their own.
const (
	unitPercent = "percent"
	unitMoney   = "money"
)

// hundred makes percent of a share.
const hundred = 100

// fixed writes a number with so many places, without a minus before nothing.
func fixed(x float64, places int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return draw.Unknown
	}
	text := strconv.FormatFloat(x, 'f', places, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return render.GroupDigits(text)
}

// places are the decimals of a number: orders per customer are mostly far below 1.
func places(unit string, x float64) int {
	switch {
	case math.Abs(x) >= 1000: //nolint:mnd // Parts of a thousand and more say nothing.
		return 0
	case unit == unitMoney || math.Abs(x) >= 10:
		return 2
	}
	return 4
}

// valueIn writes a value of a unit.
func valueIn(unit string, x float64) string {
	if unit == unitPercent {
		return fixed(hundred*x, 2) + "%"
	}
	return fixed(x, places(unit, x))
}

// differenceIn writes a difference of two values, with its sign.
func differenceIn(unit string, x float64) string {
	sign := ""
	if x > 0 {
		sign = "+"
	}
	if unit == unitPercent {
		return sign + fixed(hundred*x, 2) + " pp"
	}
	return sign + fixed(x, places(unit, x))
}

// rangeIn writes an interval of differences.
func rangeIn(unit string, r *reports.CampaignRange) string {
	if r == nil {
		return draw.Unknown
	}
	return strings.TrimSuffix(differenceIn(unit, r.Low), " pp") + " … " + differenceIn(unit, r.High)
}

// relative writes a share of one in whole percent with its sign, in parts of a
// percent where it is small.
func relative(x float64) string {
	sign := ""
	if x > 0 {
		sign = "+"
	}
	if x != 0 && math.Abs(x) < 0.1 {
		return sign + fixed(hundred*x, 1) + "%"
	}
	return sign + fixed(hundred*x, 0) + "%"
}

// side is a metric in one arm.
func side(e reports.CampaignEffect, v reports.CampaignValue) string {
	switch {
	case v.Value != nil:
		return valueIn(e.Unit, *v.Value)
	case v.Few != "":
		return "too few"
	}
	return draw.Unknown
}

// label is a metric's name.
func label(e reports.CampaignEffect) string {
	name := e.Title
	if name == "" {
		name = e.Metric
	}
	if e.Form == reports.KPITotal {
		name += " / cust"
	}
	return name
}

// chance is a p-value.
func chance(p *float64) string {
	switch {
	case p == nil:
		return draw.Unknown
	case *p < 0.0001: //nolint:mnd // From there on zeros would be all that one sees.
		return "<.0001"
	}
	return fixed(*p, 4)
}

// shortChance is a p-value of a check, of which the size is enough.
func shortChance(p *float64) string {
	if p != nil && *p >= 0.01 { //nolint:mnd // Below that two places would be zeros.
		return fixed(*p, 2)
	}
	return chance(p)
}

// rate is a part of a whole in percent.
func rate(r *reports.CampaignRate) string {
	if r == nil {
		return draw.Unknown
	}
	return draw.PercentOf(r.Value, 1)
}

// moment writes a moment to the minute in a zone.
func moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return draw.Unknown
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

// mark is how something is shown: a sign with its style.
type mark struct {
	sign  draw.Sign
	style draw.Style
}

// verdictMark is that of a verdict.
func verdictMark(code string) mark {
	switch code {
	case reports.CampaignClearWin, reports.CampaignLikelyWin:
		return mark{draw.SignYes, draw.Good}
	case reports.CampaignClearHarm, reports.CampaignLikelyHarm:
		return mark{draw.SignNo, draw.Bad}
	case reports.CampaignNoEffect:
		return mark{draw.SignIdle, draw.Normal}
	}
	return mark{draw.SignUnknown, draw.Warn}
}

// checkMark is that of a check of the health.
func checkMark(state string) mark {
	switch state {
	case reports.CampaignGood:
		return mark{draw.SignYes, draw.Good}
	case reports.CampaignWarn:
		return mark{draw.SignWarn, draw.Warn}
	case reports.CampaignFail:
		return mark{draw.SignNo, draw.Bad}
	case reports.CampaignSkipped:
		return mark{draw.SignUnknown, draw.Dim}
	}
	return mark{draw.SignPin, draw.Dim}
}

// readStyle is the style of what is read from an effect.
func readStyle(word string) draw.Style {
	switch word {
	case "better", reports.CampaignClearWin, reports.CampaignLikelyWin:
		return draw.Good
	case "worse", reports.CampaignClearHarm, reports.CampaignLikelyHarm:
		return draw.Bad
	case reports.CampaignCannotTell:
		return draw.Warn
	}
	return draw.Dim
}

// capital begins a sentence, and ends it.
func capital(text string) string {
	if text == "" {
		return ""
	}
	first := []rune(text)[0]
	text = strings.ToUpper(string(first)) + text[len(string(first)):]
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
