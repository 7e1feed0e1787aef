package cmd

import (
	"fmt"
	"strings"
	"time"

	"strata/segments/result"
	"strata/sql/warehouse"
)

// proofPrinter writes a proof as a tree for people.
type proofPrinter struct {
	out   strings.Builder
	zone  *time.Location
	color bool
	// knownAt, where set, hides rows that were loaded later.
	knownAt *time.Time
}

// signs stand before what is true, false and missing.
var signs = map[result.Verdict]string{result.True: "✓", result.False: "✗", result.MissingValue: "?", result.NotReached: "·"}

// colors paint the signs; the sign alone says it as well.
var colors = map[result.Verdict]string{result.True: "36", result.False: "33", result.MissingValue: "35", result.NotReached: "2"}

const proofTime = "2006-01-02 15:04:05 MST"

func (p *proofPrinter) print(why result.Why) string {
	p.headline(why)
	if !why.Known {
		return p.out.String()
	}
	p.course(why)
	p.children(why.Rule, "")
	for _, gate := range why.Gates {
		_, _ = fmt.Fprintf(&p.out, "%s gate %s\n", p.sign(gate.Verdict), gate.Name)
		for _, child := range gate.Children {
			p.children(child, "")
		}
	}
	return p.out.String()
}

func (p *proofPrinter) headline(why result.Why) {
	customer := inert(why.Customer)
	asOf := momentText(why.AsOf.In(p.zone), p.knownAt)
	switch {
	case !why.Known:
		_, _ = fmt.Fprintf(&p.out, "customer %s is not in the population (%s): %s\n", customer, asOf, why.Reason)
	case why.Kind == "partition":
		_, _ = fmt.Fprintf(&p.out, "customer %s is in stage %s of %s (%s)\n", customer, why.Stage, why.Name, asOf)
	case why.Member && len(why.Gates) > 0 && !why.Contactable:
		_, _ = fmt.Fprintf(&p.out, "customer %s is in %s but may not be contacted (%s)\n", customer, why.Name, asOf)
	case why.Member:
		_, _ = fmt.Fprintf(&p.out, "customer %s is in %s (%s)\n", customer, why.Name, asOf)
	default:
		_, _ = fmt.Fprintf(&p.out, "customer %s is NOT in %s (%s)\n", customer, why.Name, asOf)
	}
}

func (p *proofPrinter) sign(v result.Verdict) string {
	if !p.color {
		return signs[v]
	}
	return "\x1b[" + colors[v] + "m" + signs[v] + "\x1b[0m"
}

// children writes a group's parts; a part that is no group is written itself.
func (p *proofPrinter) children(node *result.Node, indent string) {
	if node.Kind != "all" && node.Kind != "any" && node.Kind != "not" && node.Kind != "partition" || node.Name != "" && node.Kind != "partition" {
		p.node(node, indent, true)
		return
	}
	if node.Kind != "partition" && indent == "" {
		_, _ = fmt.Fprintf(&p.out, "%s %s\n", p.sign(node.Verdict), node.Kind)
	}
	for i, child := range node.Children {
		p.node(child, indent, i == len(node.Children)-1)
	}
}

// node writes a part of a rule with its values, what it is short of, the rows
// behind it, and what it consists of.
func (p *proofPrinter) node(node *result.Node, indent string, last bool) {
	branch, below := "├─ ", "│  "
	if last {
		branch, below = "└─ ", "   "
	}
	_, _ = fmt.Fprintf(&p.out, "%s%s%s %s", indent, branch, p.sign(node.Verdict), inert(label(node)))
	if values := valuesOf(node); values != "" {
		p.out.WriteString("   " + values)
	}
	if node.Short != "" {
		p.out.WriteString("   " + node.Short)
	}
	p.out.WriteString("\n")
	for _, evidence := range node.Evidence {
		p.evidence(evidence, indent+below)
	}
	for i, child := range node.Children {
		p.node(child, indent+below, i == len(node.Children)-1)
	}
}

func label(node *result.Node) string {
	switch {
	case node.Name != "" && node.Rule != "" && node.Rule != node.Name:
		return node.Name + ": " + node.Rule
	case node.Rule != "":
		return node.Rule
	case node.Name != "":
		return node.Name
	}
	return node.Kind
}

// valuesOf shows what was observed. Constants stand in the rule already, but
// for params, of which only the name does.
func valuesOf(node *result.Node) string {
	var values []string
	for _, v := range node.Values {
		switch {
		case !v.Constant:
			values = append(values, "= "+show(v.Value))
		case strings.HasPrefix(v.Rule, "$"):
			values = append(values, v.Rule+" = "+show(v.Value))
		}
	}
	return strings.Join(values, "  ")
}

func show(v any) string {
	if v == nil {
		return "missing"
	}
	return inert(warehouse.Text(v))
}

func (p *proofPrinter) evidence(e result.Evidence, indent string) {
	_, _ = fmt.Fprintf(&p.out, "%s   %s: %d counted, %d not%s\n", indent, e.Stream, e.Counted, e.Excluded, p.window(e))
	for _, row := range e.Rows {
		mark := "+"
		if !row.Counts {
			mark = "-"
		}
		_, _ = fmt.Fprintf(&p.out, "%s     %s %s", indent, mark, row.At.In(p.zone).Format(proofTime))
		if row.ID != "" {
			p.out.WriteString("  #" + inert(row.ID))
		}
		if row.Value != nil {
			p.out.WriteString("  " + show(row.Value))
		}
		p.out.WriteString("\n")
	}
	if shown := int64(len(e.Rows)); shown < e.Counted+e.Excluded {
		_, _ = fmt.Fprintf(&p.out, "%s     (%d more)\n", indent, e.Counted+e.Excluded-shown)
	}
}

// window is the time in which rows count.
func (p *proofPrinter) window(e result.Evidence) string {
	if e.From == nil || e.To == nil {
		return ""
	}
	return fmt.Sprintf("  (from %s to before %s)", e.From.In(p.zone).Format(proofTime), e.To.In(p.zone).Format(proofTime))
}
