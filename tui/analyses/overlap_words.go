package analyses

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"strata/reports"
	"strata/tui/draw"
)

// chanceLevel is from which p on chance alone may be behind an overlap.
const chanceLevel = 0.05

// andSign stands between the names of an intersection.
func andSign(look draw.Look) string {
	if look.Simple() {
		return "&"
	}
	return "∩"
}

// pairName are the names of a pair with a sign between, with their marks where
// there are any.
func pairName(look draw.Look, p reports.OverlapPair, a, b string) string {
	if a == "" {
		return p.A + " " + andSign(look) + " " + p.B
	}
	return a + " " + p.A + " " + andSign(look) + " " + b + " " + p.B
}

// pairWords say what is to be known of a pair; a and b are what its members are
// called.
func pairWords(p reports.OverlapPair, a, b string) string {
	switch {
	case p.SamePartition:
		return "stages of one partition: nobody is in both"
	case p.Few:
		small, size := p.A, p.SizeA
		if p.SizeB < p.SizeA {
			small, size = p.B, p.SizeB
		}
		return fmt.Sprintf("%s in both · too few to say more: %s has %s, %d are needed",
			draw.Count(p.Both), small, draw.Plural(size, "member", "members"), reports.OverlapFewest)
	case p.Both == 0:
		return "nobody is in both" + expectedWords(p)
	}
	return words(
		fmt.Sprintf("%s of %s (%s of %s)", exactPercent(p.AInB), a, draw.Count(p.Both), draw.Count(p.SizeA)),
		fmt.Sprintf("%s of %s (of %s)", exactPercent(p.BInA), b, draw.Count(p.SizeB)),
		"jaccard "+jaccardText(p.Jaccard),
		"expected by chance "+exactPercent(chanceShare(p)),
		"lift "+liftText(p)+chanceWords(p),
	)
}

// expectedWords say how many would be in both by chance.
func expectedWords(p reports.OverlapPair) string {
	if p.Expected == nil {
		return ""
	}
	return " · by chance it would be " + draw.Number(math.Round(*p.Expected), 0)
}

// chanceShare is which share of A would be in B by chance.
func chanceShare(p reports.OverlapPair) *float64 {
	if p.Expected == nil || p.SizeA == 0 {
		return nil
	}
	share := *p.Expected / float64(p.SizeA)
	return &share
}

// chanceWords say that chance may be behind an overlap.
func chanceWords(p reports.OverlapPair) string {
	if p.P == nil || *p.P < chanceLevel {
		return ""
	}
	return ", which chance alone may well bring about (p " + numberOf(p.P, 2) + ")" //nolint:mnd // Places.
}

// liftText is how many times as many are in both as by chance.
func liftText(p reports.OverlapPair) string {
	if p.Lift == nil {
		return draw.Unknown
	}
	digits := 2
	if *p.Lift >= 10 { //nolint:mnd // No places behind two digits.
		digits = 0
	}
	return draw.Number(*p.Lift, digits) + "x"
}

// insideWords say which of two lies in the other, and how that is known.
func insideWords(p reports.OverlapPair) string {
	how := "in this data, not by definition"
	if p.Containment.ByDefinition {
		how = "by definition, whatever the data"
	}
	switch p.Containment.Which {
	case reports.OverlapAInB:
		return fmt.Sprintf("every member of %s is in %s %s", p.A, p.B, how)
	case reports.OverlapBInA:
		return fmt.Sprintf("every member of %s is in %s %s", p.B, p.A, how)
	case reports.OverlapSame:
		return fmt.Sprintf("%s and %s have the same members %s", p.A, p.B, how)
	case reports.OverlapNeither:
	}
	return ""
}

// insideShort is the same in two words, for a table about one of the two.
func insideShort(p reports.OverlapPair) string {
	text := map[reports.OverlapWhich]string{
		reports.OverlapAInB: "inside it", reports.OverlapBInA: "contains it", reports.OverlapSame: "the same",
	}[p.Containment.Which]
	if text != "" && p.Containment.ByDefinition {
		text += ", by definition"
	}
	return text
}

// unitWords say what is to be known of a unit by itself.
func unitWords(o *reports.Overlap, u reports.OverlapUnit) string {
	parts := []string{draw.Plural(u.Size, "member", "members")}
	if o.Reach.Customers > 0 {
		parts[0] += ", " + draw.Percent(float64(u.Size)/float64(o.Reach.Customers), 1) + " of all customers"
	}
	switch {
	case u.Impossible:
		parts = append(parts, "its conditions contradict each other: nobody can ever be in it")
	case u.Counted && u.Size > 0:
		parts = append(parts, draw.Count(u.Unique)+" in no other segment ("+exactPercent(u.Redundancy)+" elsewhere too)")
	}
	if u.Power.Smallest != nil {
		parts = append(parts, "a campaign would find no lift below +"+reports.OverlapPoints(*u.Power.Smallest))
	}
	return words(parts...)
}

// exactPercent is a share with a place, but never rounded to nothing or to all.
func exactPercent(share *float64) string {
	if share == nil {
		return draw.Unknown
	}
	switch x := *share; {
	case x > 0 && x < 0.0005: //nolint:mnd // Rounded to 0.0%.
		return "<0.1%"
	case x < 1 && x >= 0.9995: //nolint:mnd // Rounded to 100.0%.
		return ">99.9%"
	}
	return draw.Percent(*share, 1)
}

func numberOf(x *float64, digits int) string {
	if x == nil {
		return draw.Unknown
	}
	text := draw.Number(*x, digits)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-") // Rounded to nothing from below.
	}
	return text
}

// jaccardText is a Jaccard, but never rounded to nothing or to the same.
func jaccardText(x *float64) string {
	switch {
	case x == nil:
	case *x > 0 && *x < 0.005: //nolint:mnd // Rounded to 0.00.
		return "<0.01"
	case *x < 1 && *x >= 0.995: //nolint:mnd // Rounded to 1.00.
		return ">0.99"
	}
	return numberOf(x, 2) //nolint:mnd // Places.
}

// relative is a relative lift in percent.
func relative(x *float64) string {
	if x == nil {
		return draw.Unknown
	}
	return "+" + strconv.FormatFloat(100**x, 'f', 0, 64) + "%" //nolint:mnd // Percent.
}

// bothRule is the rule of those who are in all of some and in none of others.
func bothRule(in, out []string) string {
	rule := strings.Join(in, " and ")
	switch len(out) {
	case 0:
		return rule
	case 1:
		return rule + " and not " + out[0]
	}
	return rule + " and not (" + strings.Join(out, " or ") + ")"
}
