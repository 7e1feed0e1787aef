package segments

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// gapLevels is how high a small chart goes that leaves a gap to the line above:
// one block less than there are, and the last one for the largest value alone.
const gapLevels = 6.999

// spark is a small chart from the smallest to the largest value. Its lines stand
// below each other in lists, so that a gap keeps them apart: the largest value has
// seven eighths of the line.
func spark(look draw.Look, values []float64) string {
	if look.Simple() || len(values) == 0 {
		return look.Spark(values)
	}
	low, high := slices.Min(values), slices.Max(values)
	if low == high {
		return look.Spark(values)
	}
	drawn := []rune(look.Spark(append(slices.Clone(values), low+(high-low)*8/gapLevels))) //nolint:mnd // Eight blocks.
	return string(drawn[:len(values)])
}

// isZone reads the number of a zone such as "row:3".
func isZone(id, kind string, n *int) bool {
	text, ok := strings.CutPrefix(id, kind+":")
	if !ok {
		return false
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		return false
	}
	*n = number
	return true
}

func minute(at time.Time) string { return at.Format("2006-01-02 15:04") }

func day(at time.Time) string { return at.Format(time.DateOnly) }

// changeText is a relative change in few characters: ▲ 2.1%. What was empty has
// no such change, so that its members are told: ▲ +18. Who listens hears the sign
// instead of the arrow.
func changeText(look draw.Look, c change) string {
	share := float64(c.delta()) / float64(max(1, c.before))
	places := 1
	if math.Abs(share) >= 10 { //nolint:mnd // Ten times as many: the rest says nothing.
		places = 0
	}
	text := draw.Percent(math.Abs(share), places)
	switch {
	case text == "0.0%":
		return text
	case c.before == 0 && look.Plain:
		return draw.Signed(c.after)
	case c.before == 0:
		text = draw.Signed(c.after)
	case look.Plain:
		return draw.Change(c.before, c.after)
	}
	sign := draw.SignUp
	if share < 0 {
		sign = draw.SignDown
	}
	return look.Sign(sign) + " " + text
}

// changeWords is a change in full: ▲ +12 (+1.4%) in 7 days.
func changeWords(look draw.Look, c change, days int) line {
	span := " in " + strconv.Itoa(days) + " days"
	if c.delta() == 0 {
		return line{{Style: draw.Normal, Text: "no change"}, {Style: draw.Dim, Text: span}}
	}
	sign := draw.SignUp
	if c.delta() < 0 {
		sign = draw.SignDown
	}
	text := draw.Signed(c.delta())
	if c.before > 0 {
		text += " (" + draw.Change(c.before, c.after) + ")"
	}
	head := ""
	if !look.Plain {
		head = look.Sign(sign) + " "
	}
	return line{{Style: draw.Accent, Text: head}, {Style: draw.Normal, Text: text}, {Style: draw.Dim, Text: span}}
}

// verdict says whether the size changes unlike before: a sign with its style, a
// word, and the reason.
func verdict(c *page.Context, course ask.Course) (sign string, style draw.Style, word, reason string) {
	look, d := c.Look, course.Drift
	switch d.Verdict {
	case reports.DriftAlert, reports.DriftMajor, reports.DriftWatch:
		return look.Sign(draw.SignWarn), draw.Warn, "unusual", driftReason(course, c.AsOf.Location())
	case reports.DriftStable:
		return look.Sign(draw.SignYes), draw.Good, "as usual", strconv.Itoa(d.Tested) + " of " + strconv.Itoa(d.Points) + " days judged"
	case reports.DriftUnknown:
	}
	reason = d.Reason
	if course.Skipped != "" {
		reason, _ = skippedText(course)
	}
	if reason == "" {
		reason = "not judged"
	}
	return look.Sign(draw.SignUnknown), draw.Dim, "unknown", reason
}

// skippedText is why a course is missing, without what it says of flags of the
// command line; alone says that the segment has one when it is asked for by
// itself.
func skippedText(course ask.Course) (reason string, alone bool) {
	head, advice, found := strings.Cut(course.Skipped, " (")
	if found && strings.Contains(advice, "alone") {
		return head, true
	}
	return course.Skipped, false
}

// driftReason says what stands out: the last day that did, and a slow change.
func driftReason(course ask.Course, zone *time.Location) string {
	var parts []string
	d := course.Drift
	if n := len(d.Flags); n > 0 {
		parts = append(parts, flagText(d.Flags[n-1], zone))
		if n > 1 {
			parts = append(parts, draw.Plural(int64(n-1), "earlier day", "earlier days")+" too")
		}
	}
	if l := d.Leak; l != nil {
		parts = append(parts, "slow change since "+day(l.Since.In(zone))+": "+draw.Signed(l.Delta)+signedShare(l.Share))
	}
	if len(parts) == 0 {
		return d.Reason
	}
	return strings.Join(parts, "; ")
}

func signedShare(share float64) string {
	text := draw.Percent(share, 1)
	if share > 0 {
		text = "+" + text
	}
	return " (" + text + ")"
}

// flagText is a day that stands out.
func flagText(f reports.SizeFlag, zone *time.Location) string {
	at := f.At.In(zone)
	usual := "from " + strconv.Itoa(f.Points) + " days before"
	if f.Weekday {
		usual = "from " + strconv.Itoa(f.Points) + " " + at.Weekday().String() + "s"
	}
	what := map[string]string{"size": "", "entries": "many came, ", "exits": "many left, "}[f.Flow]
	if f.Flow != "size" && f.Value < f.Usual {
		what = map[string]string{"entries": "few came, ", "exits": "few left, "}[f.Flow]
	}
	return day(at) + ": " + what + draw.Signed(f.Delta) + " in a day, " + draw.Number(f.Z, 1) + " deviations " + usual
}

// monthLabels names each point that is the first of a month; the others are
// empty.
func monthLabels(points []reports.SizePoint, zone *time.Location) []string {
	labels := make([]string, len(points))
	if len(points) == 0 {
		return labels
	}
	first := points[0].At.In(zone)
	labels[0] = first.Format("Jan")
	for i, p := range points {
		at := p.At.In(zone)
		if i == 0 || at.Month() == points[i-1].At.In(zone).Month() {
			continue
		}
		labels[i] = at.Format("Jan")
		if at.Sub(first) < weekDays*oneDay { // There is no room for both.
			labels[0] = ""
		}
	}
	return labels
}
