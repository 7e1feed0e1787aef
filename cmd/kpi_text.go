package cmd

import (
	"math"
	"strconv"

	"strata/reports"
	"strata/reports/render"
	"strata/reports/stats"
	"strata/segments/check"
)

// kpiNumber writes a value in the unit of its metric.
func kpiNumber(m reports.KPIMetric, x float64) string {
	switch m.Unit {
	case check.UnitPercent:
		return kpiFixed(100*x, kpiPlaces(100*x)) + "%"
	case check.UnitMoney:
		if math.Abs(x) >= kpiCents {
			return kpiFixed(x, 0)
		}
		return kpiFixed(x, 2)
	case check.UnitDays:
		return kpiFixed(x, 1)
	case check.UnitCount:
		if x == math.Trunc(x) {
			return kpiFixed(x, 0)
		}
	}
	if x == math.Trunc(x) && m.Form == reports.KPITotal {
		return kpiFixed(x, 0)
	}
	return kpiFixed(x, 2)
}

// kpiCents is the amount from which people see no cents.
const kpiCents = 1000

// kpiPlaces is the number of places of a percentage: small ones need more.
func kpiPlaces(percent float64) int {
	if math.Abs(percent) < 1 {
		return 2
	}
	return 1
}

func kpiFixed(x float64, places int) string {
	text := strconv.FormatFloat(x, 'f', places, 64)
	if x < 0 && text == strconv.FormatFloat(math.Copysign(0, -1), 'f', places, 64) {
		text = strconv.FormatFloat(0, 'f', places, 64)
	}
	return render.GroupDigits(text)
}

// kpiRange writes an interval.
func kpiRange(m reports.KPIMetric, i *stats.Interval) any {
	if i == nil {
		return nil
	}
	if m.Unit == check.UnitPercent {
		places := kpiPlaces(100 * i.High)
		return kpiFixed(100*i.Low, places) + "–" + kpiFixed(100*i.High, places) + "%"
	}
	if m.Unit == check.UnitMoney && i.High >= kpiCents/10 { // Cents of an end say nothing.
		return kpiFixed(i.Low, 0) + "–" + kpiFixed(i.High, 0)
	}
	return kpiNumber(m, i.Low) + "–" + kpiNumber(m, i.High)
}

// kpiValue writes a value, or why it is not said.
func kpiValue(m reports.KPIMetric, c reports.KPICell) any {
	switch {
	case c.Value != nil:
		return kpiNumber(m, *c.Value)
	case c.Few != "":
		return "too few"
	}
	return nil
}

// kpiVersus writes the difference from the rest, with a star where it is there,
// circular where the rule decides it, and of a total the share of all.
func kpiVersus(m reports.KPIMetric, c reports.KPICell) any {
	switch {
	case m.Form == reports.KPITotal && c.Part != nil:
		return "share " + kpiFixed(100**c.Part, kpiPlaces(100**c.Part)) + "%"
	case c.Circle == reports.KPICircular:
		return "circular"
	case c.Difference == nil:
		return nil
	}
	return kpiChange(m, c.Difference)
}

// kpiChange writes a difference; rates differ by percentage points.
func kpiChange(m reports.KPIMetric, d *reports.KPIDifference) string {
	sign := ""
	if d.Estimate > 0 {
		sign = "+"
	}
	star := ""
	if d.Star() {
		star = "*"
	}
	if m.Unit == check.UnitPercent {
		return sign + kpiFixed(100*d.Estimate, kpiPlaces(100*d.Estimate)) + " pp" + star
	}
	return sign + kpiNumber(m, d.Estimate) + star
}

// kpiP is a p-value as programs read it. Smaller ones than the floor say no more
// than the floor does: how the tail of a distribution was computed.
func kpiP(p *float64) any {
	if p == nil {
		return nil
	}
	return max(*p, kpiFloor)
}

// kpiFloor stands for all p-values below it.
const kpiFloor = 1e-15

func lowOf(i *stats.Interval) any {
	if i == nil {
		return nil
	}
	return i.Low
}

func highOf(i *stats.Interval) any {
	if i == nil {
		return nil
	}
	return i.High
}
