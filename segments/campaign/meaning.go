package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/rule"
)

// Meaning is what a campaign says it will do, as text, and the hash of that. It holds whom it is for with everything that
// depends on, the moments, the arms, what will be measured, and what counts as a message. Titles, costs and the campaigns that
// may contaminate are no part of it: they can become known later and change nothing that was decided.
type Meaning struct{ Hash, Canonical string }

// MeaningOf returns the meaning of a campaign.
func MeaningOf(p *check.Program, c *check.Campaign) Meaning {
	var w writer
	w.line("audience", c.AudienceName())
	for _, gate := range gateNames(c) {
		w.line("gate", gate)
	}
	w.line("freeze", c.Freeze.UTC().Format(time.RFC3339Nano))
	w.line("send", c.Send.UTC().Format(time.RFC3339Nano))
	w.line("window", c.Window.String())
	w.arms(c)
	w.messages(c.Definition)
	w.attribution(c.Attribution)
	var by []string
	for _, d := range c.By {
		by = append(by, d.DefinitionName())
	}
	slices.Sort(by)
	w.list("by", by)
	w.line("primary", metricText(c.Primary))
	for _, m := range c.Secondary {
		w.line("secondary", metricText(m))
	}
	w.needed(p, c)
	sum := sha256.Sum256([]byte(w.String()))
	return Meaning{Hash: hex.EncodeToString(sum[:]), Canonical: w.String()}
}

// writer writes a fact a line.
type writer struct{ strings.Builder }

func (w *writer) line(key, value string) {
	if value != "" {
		w.WriteString(key + " " + value + "\n")
	}
}

func (w *writer) list(key string, values []string) {
	for _, value := range values {
		w.line(key, value)
	}
}

func gateNames(c *check.Campaign) []string {
	var names []string
	for _, gate := range c.Gates {
		names = append(names, gate.DefinitionName())
	}
	slices.Sort(names)
	return names
}

// arms writes the split, or where the assignment stands.
func (w *writer) arms(c *check.Campaign) {
	if s := c.Split; s != nil {
		w.line("salt", fmt.Sprintf("%q", s.Salt))
		if s.Stratify != nil {
			w.line("stratify", s.Stratify.DefinitionName())
		}
	}
	if a := c.Assignment; a != nil {
		d := c.Definition.Assignment
		for _, place := range []struct{ key, name string }{
			{"source", d.Source.Name}, {"field", d.Field.Name}, {"stream", d.Stream.Name}, {"column", d.Arm.Name},
		} {
			w.line("assigned "+place.key, place.name)
		}
		if d.Where != nil {
			w.line("assigned where", rule.Format(d.Where))
		}
	}
	for _, arm := range c.Arms() {
		w.line("arm", fmt.Sprintf("%q %g%%", arm.Name, percent(arm.Share)))
	}
	if c.Holdout() != "" {
		w.line("holdout", fmt.Sprintf("%q", c.Holdout()))
	}
}

// percent is a share in percent without what binary fractions add.
func percent(share float64) float64 { return float64(int64(share*1e6+0.5)) / 1e4 }

func (w *writer) messages(d *definition.Campaign) {
	for _, role := range definition.CampaignMessages() {
		rows := d.Messages[role]
		if rows == nil || rows.Rows == nil {
			continue
		}
		w.line(role, rule.FormatRows(*rows.Rows))
		if rows.Machine != nil {
			w.line(role+" machine", rule.Format(rows.Machine))
		}
	}
}

func (w *writer) attribution(a check.CampaignAttribution) {
	for _, touch := range []struct {
		name string
		time *calendar.Duration
	}{{"click", a.Click}, {"open", a.Open}, {"delivery", a.Delivery}} {
		if touch.time != nil {
			w.line("attributed "+touch.name, touch.time.String())
		}
	}
	for _, also := range a.Also {
		w.line("attributed also", also.String())
	}
}

func metricText(m *check.Metric) string {
	if m == nil {
		return ""
	}
	return m.Name + ": " + strings.Join(strings.Fields(m.Canonical()), " ")
}

// needed writes the texts of the audience and the strata, and of all that they need.
func (w *writer) needed(p *check.Program, c *check.Campaign) {
	parts := map[string]string{}
	var all []check.Definition
	if c.Audience != nil {
		all = append(all, c.Audience)
	}
	for _, gate := range c.Gates {
		all = append(all, gate)
	}
	if c.Split != nil && c.Split.Stratify != nil {
		all = append(all, c.Split.Stratify)
	}
	for _, d := range append(all, c.By...) {
		m := evaluate.MeaningOf(p, d)
		parts[d.DefinitionName()] = m.Own
		maps.Copy(parts, m.Parts)
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w.WriteString("-- " + name + "\n" + strings.TrimRight(parts[name], "\n") + "\n")
	}
}

// Changed says in words what differs between two meanings, each part once: "freeze", "arm", or the name of a definition that
// both depend on. What only one of them depends on follows from what else changed.
func Changed(before, now string) []string {
	facts, parts := sections(before)
	factsNow, partsNow := sections(now)
	var names []string
	for name, text := range facts {
		if factsNow[name] != text {
			names = append(names, name)
		}
	}
	for name := range factsNow {
		if _, ok := facts[name]; !ok {
			names = append(names, name)
		}
	}
	for name, text := range parts {
		if other, ok := partsNow[name]; ok && other != text {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sections takes a canonical text apart: the campaign's own lines by their first word, and the texts of definitions by name.
func sections(text string) (facts, parts map[string]string) {
	facts, parts = map[string]string{}, map[string]string{}
	part := ""
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "-- "); ok {
			part = strings.TrimSpace(name)
			continue
		}
		if part != "" {
			parts[part] += line
			continue
		}
		name, _, _ := strings.Cut(line, " ")
		facts[name] += line
	}
	return facts, parts
}
