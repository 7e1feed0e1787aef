package analyses

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
)

// verdictWords are a verdict as people read it, with its sign and style.
func verdictWords(look draw.Look, v reports.DriftVerdict) (text string, style draw.Style) {
	switch v {
	case reports.DriftAlert, reports.DriftMajor:
		return look.Sign(draw.SignWarn) + " " + string(v), draw.Bad | draw.Bold
	case reports.DriftWatch:
		return look.Sign(draw.SignWarn) + " watch", draw.Warn
	case reports.DriftStable:
		return look.Sign(draw.SignYes) + " stable", draw.Good
	case reports.DriftUnknown:
	}
	return look.Sign(draw.SignUnknown) + " no verdict", draw.Dim
}

// changeWords are a change of the size with its direction as a sign.
func changeWords(look draw.Look, before, after int64) string {
	switch {
	case after > before:
		return look.Sign(draw.SignUp) + " " + draw.Signed(after-before)
	case after < before:
		return look.Sign(draw.SignDown) + " " + draw.Signed(after-before)
	}
	return "0"
}

// signedPercent is a relative change with its sign.
func signedPercent(x *float64, digits int) string {
	if x == nil {
		return draw.Unknown
	}
	if *x > 0 {
		return "+" + draw.Percent(*x, digits)
	}
	return draw.Percent(*x, digits)
}

// points are a difference of shares in percentage points.
func points(x *float64) string {
	if x == nil {
		return draw.Unknown
	}
	text := strconv.FormatFloat(100**x, 'f', 1, 64) //nolint:mnd // Per cent.
	switch {
	case text == "-0.0" || text == "0.0":
		return "0.0"
	case *x > 0:
		return "+" + text
	}
	return text
}

// sizeWords say how the size changed.
func sizeWords(c *page.Context, m reports.MembershipDrift) string {
	text := fmt.Sprintf("%s members then, %s now", draw.Count(m.Size0), draw.Count(m.Size1))
	if m.Size0 != m.Size1 {
		text += fmt.Sprintf(" (%s, %s)", draw.Signed(m.Size1-m.Size0), signedPercent(m.Growth, 1))
	}
	return text + " since " + day(c, m.From)
}

// leakWords say what the slow average shows, "" for nothing.
func leakWords(c *page.Context, l *reports.SizeLeak) string {
	if l == nil {
		return ""
	}
	kind := "slow leak"
	if l.Delta > 0 {
		kind = "slow growth"
	}
	return fmt.Sprintf("%s since %s, noticed %s: %s members (%s), %s a day, while it was steady before (average %s standard deviations, limit %s)",
		kind, day(c, l.Since), day(c, l.Noticed), draw.Signed(l.Delta), signedPercent(&l.Share, 0), signedPercent(&l.PerDay, 1),
		draw.Number(l.Average, 1), draw.Number(math.Copysign(l.Limit, l.Average), 1))
}

// flagWords say why a day stands out.
func flagWords(c *page.Context, f reports.SizeFlag) string {
	value, usual := f.Value, f.Usual
	if f.Flow == "size" { // These are logarithms of the growth.
		value, usual = math.Expm1(value), math.Expm1(usual)
	}
	same := "days"
	if f.Weekday {
		same = "days of its weekday"
	}
	return fmt.Sprintf("%s: %s %s where %s is usual, %s members (z %s by %d %s)",
		day(c, f.At), f.Flow, signedPercent(&value, 1), signedPercent(&usual, 1), draw.Signed(f.Delta), draw.Number(f.Z, 1), f.Points, same)
}

// judgedWords say what the verdict on the size rests on.
func judgedWords(s reports.SizeDrift) string {
	switch s.Verdict {
	case reports.DriftStable:
		return fmt.Sprintf("no day stands out and nothing leaks: %d of %d days judged", s.Tested, s.Points)
	case reports.DriftAlert, reports.DriftMajor, reports.DriftWatch:
		what := draw.Plural(int64(len(s.Flags)), "day stands out", "days stand out")
		if len(s.Flags) == 0 {
			what = "it changes slowly, day after day"
		}
		return what + fmt.Sprintf(": %d of %d days judged", s.Tested, s.Points)
	case reports.DriftUnknown:
	}
	return ""
}

// driftMentioned is how many causes the sentence names.
const driftMentioned = 4

// whyWords say in words why a segment drifted, "" where nobody knows.
func whyWords(w *reports.DriftWhy) string {
	if w == nil || w.Refused != "" {
		return ""
	}
	total := draw.Signed(w.Size1 - w.Size0)
	end := "; today's rule is meant at both ends."
	switch {
	case w.Edited != nil && *w.Edited:
		end = "."
	case w.Edited != nil:
		end = "; the rule itself did not change."
	}
	var parts []string
	rest := w.Size1 - w.Size0
	for _, c := range w.Causes {
		if len(parts) < driftMentioned && c.Members != 0 {
			parts = append(parts, causeWords(c))
			rest -= c.Members
		}
	}
	if len(parts) == 0 {
		return total + ": nobody entered or left for good" + end
	}
	if rest != 0 {
		parts = append(parts, draw.Signed(rest)+" by other causes")
	}
	return total + " = " + strings.Join(parts, ", ") + end
}

// causeWords are a cause as part of the sentence.
func causeWords(c reports.DriftCause) string {
	n, gains := draw.Count(max(c.Members, -c.Members)), c.Members > 0
	say := func(gain, loss string) string {
		if gains {
			return n + " " + gain
		}
		return n + " " + loss
	}
	rule := "'" + shortRule(c.Rule) + "'"
	switch c.Kind {
	case reports.DriftClock:
		return say("came by the clock with ", "aged past ") + rule
	case reports.DriftData:
		return say("came by what they did: ", "fell by what they did: ") + rule
	case reports.DriftEither:
		return say("came by clock or data: ", "left by clock or data: ") + rule
	case reports.DriftEdit:
		return say("let in by the edit of the rule", "put out by the edit of the rule")
	case reports.DriftPopulation:
		return say("new customers", "removed customers")
	case reports.DriftKept0:
		return say("whom the first run missed", "whom the first run has and nobody finds now")
	case reports.DriftKept1:
		return say("whom the last run has and nobody finds now", "whom the last run missed")
	}
	return n + " " + string(c.Kind)
}

// shortRule is a rule that fits a sentence.
func shortRule(rule string) string {
	const most = 60
	runes := []rune(rule)
	if len(runes) <= most {
		return rule
	}
	return string(runes[:most-1]) + "…"
}
