package cmd

import (
	"time"

	"strata/segments/result"
)

// spellText is since when and until when somebody is in, or when time alone
// brings the customer in.
func spellText(why result.Why) string {
	c := why.Time
	if c == nil || !c.Followed {
		return ""
	}
	at := func(t *time.Time) string { return t.Format("2006-01-02 15:04") }
	if !why.Member && why.Kind != "partition" {
		if c.Until != nil {
			return "  in by time alone on " + at(c.Until)
		}
		return ""
	}
	text := "  since before " + at(&c.From)
	if c.Since != nil {
		text = "  since " + at(c.Since)
	}
	if c.Until != nil {
		text += ", until " + at(c.Until)
	}
	return text
}
