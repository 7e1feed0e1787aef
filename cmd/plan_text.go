package cmd

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"strata/reports/render"
	"strata/segments/plan"
)

// planAnswer is a plan as JSON: one row, as there is one plan.
type planAnswer struct {
	Schema string      `json:"schema"`
	Data   [1]planData `json:"data"`
	Meta   planMeta    `json:"meta"`
}

// planData is the plan and, where they were asked for, its statements.
type planData struct {
	plan.Description

	Statements []planStatement `json:"statements"`
}

// planMeta has the keys that every answer has. A plan is the same for every
// as-of; only statements speak of one.
type planMeta struct {
	AsOf      *time.Time `json:"as_of"`
	KnownAt   *time.Time `json:"as_known_at"`
	Run       *int64     `json:"run"`
	Rows      int        `json:"rows"`
	Total     int        `json:"total"`
	Truncated bool       `json:"truncated"`
}

// showPlan answers with a plan: text for people, or JSON.
func (f *factory) showPlan(d plan.Description) error {
	if f.format == formatJSON {
		return f.writePlan(planData{Description: d, Statements: []planStatement{}}, planMeta{})
	}
	p := &planPrinter{width: f.env.Terminal.Width, color: f.colorOn(f.env.Terminal.Stdout)}
	if _, err := fmt.Fprint(f.env.Stdout, p.print(d)); err != nil {
		return environment("write the plan: %w", err)
	}
	return nil
}

func (f *factory) writePlan(data planData, meta planMeta) error {
	meta.Rows, meta.Total = 1, 1
	encoder := json.NewEncoder(f.env.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(planAnswer{Schema: "strata/v1/plan", Data: [1]planData{data}, Meta: meta}); err != nil {
		return environment("write the plan: %w", err)
	}
	return nil
}

// planForm refuses the forms in which a plan cannot be written.
func (f *factory) planForm() error {
	switch {
	case len(f.fields) > 0:
		return usage("a plan has no columns to choose").advise("--json without a list gives all of it")
	case f.format != "" && f.format != formatText && f.format != formatJSON:
		return usage("a plan cannot be written as %q", f.format).advise("it is text, or JSON with -o json")
	}
	return nil
}

// planPrinter writes a plan for people: what is read, what is computed, and
// what each definition makes of it.
type planPrinter struct {
	out   strings.Builder
	width int
	color bool
}

const (
	// planWidth is the width of a plan that is read outside of a terminal.
	planWidth = 80
	// planLabel is the width of the column of names in front.
	planLabel = 13
)

func (p *planPrinter) print(d plan.Description) string {
	if p.width <= 0 {
		p.width = planWidth
	}
	p.summary(d)
	if len(d.Traits)+len(d.Conditions) > 0 {
		p.reads(d)
	}
	if len(d.Rounds) > 1 {
		p.rounds(d)
	}
	p.traits(d)
	p.conditions(d)
	p.heading("DEFINITIONS", "as formulas over conditions")
	for _, u := range d.Units {
		if u.Reason == d.Reason {
			u.Reason = "" // It was said above.
		}
		p.unit(u)
	}
	return p.out.String()
}

// heading begins a section.
func (p *planPrinter) heading(title, note string) {
	if p.color {
		title = "\x1b[1m" + title + "\x1b[0m"
	}
	p.out.WriteString("\n")
	p.hang(title, note, ansi.StringWidth(title)+2)
}

// hang writes a text behind what stands in front of it, from the given column
// on; a front that reaches beyond it has a line of its own.
func (p *planPrinter) hang(front, text string, indent int) {
	if ansi.StringWidth(front) > indent {
		_, _ = fmt.Fprintln(&p.out, strings.TrimRight(front, " "))
		front = ""
	}
	text = ansi.Wrap(render.Clean(text), max(p.width-indent, narrowestText), "")
	for line := range strings.SplitSeq(text, "\n") {
		_, _ = fmt.Fprintln(&p.out, strings.TrimRight(pad(front, indent)+line, " "))
		front = ""
	}
}

func (p *planPrinter) labelled(label, text string) {
	p.hang("  "+pad(label, planLabel), text, 2+planLabel)
}

// summary says how many definitions go which way.
func (p *planPrinter) summary(d plan.Description) {
	ways := map[string][]string{}
	for _, u := range d.Units {
		ways[u.Evaluation] = append(ways[u.Evaluation], u.Name)
	}
	p.hang("", plural(len(d.Units), "definition")+sharing(d), 0)
	if together := ways[plan.ByWords]; len(together) > 0 {
		p.labelled("together", fmt.Sprintf("%d: %s", len(together), d.Reason))
	}
	if each := ways[plan.ByStatement]; len(each) > 0 {
		how := ", by a statement of its own: "
		if len(each) > 1 {
			how = ", by statements of their own: "
		}
		p.labelled("alone", strconv.Itoa(len(each))+how+strings.Join(each, ", "))
		if !d.Together {
			p.labelled("", "because "+d.Reason)
		}
	}
	if out := ways[plan.LeftOut]; len(out) > 0 {
		p.labelled("left out", fmt.Sprintf("%d: %s", len(out), strings.Join(out, ", ")))
	}
}

// sharing says how much of what definitions need is the same.
func sharing(d plan.Description) string {
	traits, conditions := 0, 0
	for _, t := range d.Traits {
		traits += len(t.Units)
	}
	for _, c := range d.Conditions {
		conditions += len(c.Units)
	}
	if len(d.Conditions) == 0 {
		return ""
	}
	return fmt.Sprintf(" with %s (%s) and %s (%s)", plural(len(d.Traits), "trait"), plural(traits, "use"),
		plural(len(d.Conditions), "condition"), plural(conditions, "use"))
}

func (p *planPrinter) reads(d plan.Description) {
	note := "each a pass over the rows of a source, or a value that is computed by itself"
	if !d.Together {
		note = "as they would be together; a statement reads what it needs itself"
	}
	p.heading("READS", note)
	for _, pass := range d.Passes {
		what := pass.Source
		if len(pass.Columns) > 0 {
			what += ", rows told apart by " + strings.Join(pass.Columns, ", ")
		}
		if pass.Where != "" {
			what += ", where " + pass.Where
		}
		p.labelled("pass "+strconv.Itoa(pass.Pass), what)
		window := "window: " + pass.Windows[0]
		if n := len(pass.Windows); n > 1 {
			window = fmt.Sprintf("%d windows, the furthest: %s", n, pass.Windows[0])
		}
		p.labelled("", window)
		p.labelled("", amounts(amount{pass.Counts, "count"}, amount{pass.Aggregates, "other aggregate"}, amount{pass.Conditions, "condition"}))
		if pass.Kept {
			p.labelled("", "kept from run to run")
		}
		p.labelled("", strings.Join(pass.Traits, " "))
	}
	for _, read := range d.Separate {
		what := read.Text
		if len(read.Sources) > 0 {
			what = strings.Join(read.Sources, ", ") + ": " + what
		}
		p.labelled(read.ID, what)
	}
	if len(d.Passes)+len(d.Separate) == 0 {
		p.labelled("", "only the customers themselves")
	}
}

func (p *planPrinter) rounds(d plan.Description) {
	p.heading("ROUNDS", "what reads conditions of other definitions waits for a later one")
	for _, round := range d.Rounds {
		var parts []string
		for _, pass := range round.Passes {
			parts = append(parts, "pass "+strconv.Itoa(pass))
		}
		if len(round.Traits) > 0 {
			parts = append(parts, strings.Join(round.Traits, ", "))
		}
		parts = append(parts, plural(len(round.Conditions), "condition"))
		p.labelled("round "+strconv.Itoa(round.Round), strings.Join(parts, ", "))
	}
}

// amount is a number of things.
type amount struct {
	n     int
	thing string
}

// amounts lists those that are not zero.
func amounts(all ...amount) string {
	var parts []string
	for _, a := range all {
		if a.n > 0 {
			parts = append(parts, plural(a.n, a.thing))
		}
	}
	return strings.Join(parts, ", ")
}

// traits lists the traits with how many definitions need each and where it is
// computed.
func (p *planPrinter) traits(d plan.Description) {
	if len(d.Traits) == 0 {
		return
	}
	p.heading("TRAITS", "how many definitions need each, and where it is computed")
	for _, t := range d.Traits {
		text := t.Text
		if len(t.Needs) > 0 {
			text += "   (needs " + strings.Join(t.Needs, " ") + ")"
		}
		p.value(t.ID, len(t.Units), placeOf(t.Pass, "itself"), text)
	}
}

// conditions lists the conditions in the same way.
func (p *planPrinter) conditions(d plan.Description) {
	if len(d.Conditions) == 0 {
		return
	}
	p.heading("CONDITIONS", "a bit per customer each, from a pass or with the words of a round")
	for _, c := range d.Conditions {
		elsewhere := "words " + strconv.Itoa(c.Round)
		if c.Kind == "sequence" || c.Kind == "list" || c.Kind == "sql" {
			elsewhere = "itself"
		}
		text := c.Text
		if c.Formula != "" {
			text += ": " + c.Formula
		}
		p.value(c.ID, len(c.Units), placeOf(c.Pass, elsewhere), text)
	}
}

func placeOf(pass *int, elsewhere string) string {
	if pass == nil {
		return elsewhere
	}
	return "pass " + strconv.Itoa(*pass)
}

func (p *planPrinter) value(id string, uses int, place, text string) {
	front := fmt.Sprintf("  %-5s %3d  %-9s", id, uses, place)
	p.hang(front, text, len(front))
}

func (p *planPrinter) unit(u plan.DescribedUnit) {
	p.hang(u.Name, "("+u.Kind+")", len(u.Name)+1)
	switch {
	case u.Evaluation == plan.LeftOut:
		p.labelled("left out", u.Reason)
	case u.Reason != "":
		p.labelled("alone", u.Reason)
	}
	if u.Members != nil {
		p.labelled("members", *u.Members)
	}
	for _, stage := range u.Stages {
		p.labelled(stage.Name+" ", stage.Formula)
	}
	if u.Contactable != nil {
		p.labelled("contactable", *u.Contactable)
	}
	p.needs("shared", u.Shared)
	p.needs("added", u.Added)
}

// needs says what of a definition is new, or not.
func (p *planPrinter) needs(label string, n plan.DescribedNeeds) {
	if len(n.Traits)+len(n.Conditions) == 0 {
		return
	}
	what := amounts(amount{len(n.Traits), "trait"}, amount{len(n.Conditions), "condition"})
	p.labelled(label, what+": "+strings.Join(slices.Concat(n.Traits, n.Conditions), " "))
}
