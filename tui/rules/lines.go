package rules

import (
	"slices"
	"strconv"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/tui/draw"
)

// step is how far a part of a rule stands in from what it is part of.
const step = 2

// explained writes a definition out: what it says of itself, its rule, its gates,
// what it uses and what uses it.
type explained struct {
	program *check.Program
	look    draw.Look
	// brief leaves out what others wrote about the definition.
	brief bool
	lines []textLine
	// params are those that were named so far.
	params []string
}

// ruleLines explains a subject. In brief the rule comes first.
func ruleLines(program *check.Program, s subject, look draw.Look, brief bool) []textLine {
	e := &explained{program: program, look: look, brief: brief}
	e.head(s)
	e.rule(s)
	d := s.definition()
	var needs []check.Definition
	if d != nil {
		e.gates(check.GatesOf(d))
		needs = d.Needs()
	} else {
		needs = s.segment.Needs()
	}
	e.uses(needs)
	if d != nil {
		e.usedBy(d)
	}
	return e.lines
}

func (e *explained) add(hang int, spans ...draw.Span) {
	e.lines = append(e.lines, textLine{hang: hang, spans: spans})
}

func (e *explained) gap() {
	if len(e.lines) > 0 {
		e.lines = append(e.lines, textLine{})
	}
}

// dot stands between facts on a line.
func dot(look draw.Look) string {
	if look.Simple() {
		return " - "
	}
	return " · "
}

func (e *explained) head(s subject) {
	d := s.definition()
	if d == nil {
		e.add(0, draw.Span{Style: draw.Dim, Text: "a rule that is in no file yet"})
		e.gap()
		return
	}
	about := d.About()
	if about.Title != "" && !e.brief {
		e.add(0, draw.Span{Style: draw.Bold, Text: about.Title})
	}
	if about.Description != "" && !e.brief {
		e.add(0, draw.Span{Text: about.Description})
	}
	var facts []string
	if e.brief {
		return
	}
	if file, line := s.place(); file != "" {
		facts = append(facts, file+":"+strconv.Itoa(line))
	}
	if about.Owner != "" {
		facts = append(facts, "owner "+about.Owner)
	}
	if len(about.Tags) > 0 {
		facts = append(facts, "tags "+strings.Join(about.Tags, ", "))
	}
	if len(facts) > 0 {
		e.add(0, draw.Span{Style: draw.Dim, Text: strings.Join(facts, dot(e.look))})
	}
	e.gap()
}

func (e *explained) rule(s subject) {
	switch {
	case s.partition != nil && s.stage >= 0:
		e.stage(s)
	case s.partition != nil:
		e.title("the first stage that holds")
		e.stagesOf(s.partition, step)
	case s.segment.SQL != "":
		e.title("members are what this SQL returns")
		for _, line := range sqlLines(s.segment.SQL) {
			line.spans = append([]draw.Span{{Text: blanks(step)}}, line.spans...)
			line.hang += step
			e.lines = append(e.lines, line)
		}
	default:
		e.tree(s.segment.Definition.Where, 0)
	}
}

// stage is what makes a customer be in one stage.
func (e *explained) stage(s subject) {
	stage := s.partition.Stages[s.stage]
	e.title("in stage " + stage.Name + " is who passes")
	text := "none of the stages before it"
	if stage.X != nil {
		text = check.Text(stage.X)
	}
	e.ruleText(step, text)
	if s.stage > 0 && stage.X != nil {
		var before []string
		for _, earlier := range s.partition.Stages[:s.stage] {
			before = append(before, earlier.Name)
		}
		e.gap()
		e.title("and none of the stages before it")
		e.add(step, draw.Span{Text: blanks(step) + strings.Join(before, ", ")})
	}
}

func (e *explained) stagesOf(p *check.Partition, depth int) {
	width := 0
	for _, stage := range p.Stages {
		width = max(width, draw.Width(stage.Name))
	}
	for _, stage := range p.Stages {
		head := draw.Span{Style: draw.Bold, Text: blanks(depth) + draw.PadRight(stage.Name, width) + "  "}
		if stage.X == nil {
			e.add(depth+width+step, head, draw.Span{Style: draw.Dim, Text: "all others"})
			continue
		}
		e.add(depth+width+step, append([]draw.Span{head}, e.spans(check.Text(stage.X))...)...)
	}
}

func (e *explained) title(text string) { e.add(0, draw.Span{Style: draw.Dim, Text: text}) }

func blanks(n int) string { return strings.Repeat(" ", max(0, n)) }

// groupWords say what a group asks of its parts.
var groupWords = map[definition.TreeKind]string{
	definition.All: "all of these hold", definition.Any: "at least one of these holds", definition.None: "this does not hold",
}

// tree writes a rule as a tree in words.
func (e *explained) tree(t *definition.Tree, depth int) {
	if t == nil {
		return
	}
	if t.Kind == definition.Leaf {
		e.leaf(t, depth, 0, false)
		return
	}
	if len(t.Children) == 1 && t.Kind != definition.None && t.Children[0].Kind == definition.Leaf {
		e.leaf(t.Children[0], depth, 0, t.Implicit)
		return
	}
	name := ""
	if t.Name.Name != "" {
		name = t.Name.Name + ": "
	}
	e.add(depth+step, draw.Span{Style: draw.Bold, Text: blanks(depth) + name}, draw.Span{Style: draw.Dim, Text: groupWords[t.Kind]})
	width := 0
	for _, child := range t.Children {
		if child.Kind == definition.Leaf && !t.Implicit {
			width = max(width, draw.Width(child.Name.Name))
		}
	}
	for _, child := range t.Children {
		if child.Kind == definition.Leaf {
			e.leaf(child, depth+step, width, t.Implicit)
			continue
		}
		e.tree(child, depth+step)
	}
}

// leaf writes a test with its name, unless that is given by its place or says the
// same.
func (e *explained) leaf(t *definition.Tree, depth, width int, implicit bool) {
	text := rule.Format(t.X)
	if implicit {
		e.add(depth+step, append([]draw.Span{{Text: blanks(depth)}}, e.spans(text)...)...)
		return
	}
	head := draw.Span{Style: draw.Bold, Text: blanks(depth) + draw.PadRight(t.Name.Name, width)}
	if text == t.Name.Name {
		if d, ok := e.program.Lookup(text); ok {
			e.add(depth+step, head, draw.Span{Style: draw.Dim, Text: "  in the " + d.DefinitionKind()})
			return
		}
		e.add(depth+step, head)
		return
	}
	head.Text += "  "
	e.add(min(depth+width+step, maxHang), append([]draw.Span{head}, e.spans(text)...)...)
}

// maxHang is how far text that goes on below stands in.
const maxHang = 28

// spans is a rule with its parts told apart; its params are noted.
func (e *explained) spans(text string) []draw.Span {
	spans := ruleSpans(text)
	for _, s := range spans {
		if name, ok := strings.CutPrefix(s.Text, "$"); ok && s.Style == draw.Bold && !slices.Contains(e.params, name) {
			e.params = append(e.params, name)
		}
	}
	return spans
}

func (e *explained) ruleText(depth int, text string) {
	e.add(depth+step, append([]draw.Span{{Text: blanks(depth)}}, e.spans(text)...)...)
}

// gates are what contactable members pass.
func (e *explained) gates(gates []*check.Gate) {
	if len(gates) == 0 {
		return
	}
	e.gap()
	e.title("may be contacted if")
	for _, gate := range gates {
		e.add(step, draw.Span{Style: draw.Bold, Text: blanks(step) + gate.DefinitionName()})
		for _, leaf := range gate.Where.Leaves() {
			e.ruleText(2*step, check.Text(leaf.X))
		}
	}
}

// uses writes what a rule names, and what that names, each once.
func (e *explained) uses(needs []check.Definition) {
	seen := map[check.Definition]bool{}
	first := true
	for len(needs) > 0 {
		d := needs[0]
		needs = needs[1:]
		if seen[d] {
			continue
		}
		seen[d] = true
		if first {
			e.gap()
			e.title("uses")
			first = false
		}
		e.used(d)
		needs = append(slices.Clone(d.Needs()), needs...)
	}
	if len(e.params) == 0 {
		return
	}
	if first {
		e.gap()
		e.title("uses")
	}
	for _, name := range e.params {
		e.add(step, draw.Span{Style: draw.Bold, Text: blanks(step) + "$" + name}, draw.Span{Text: "  " + e.param(name)})
	}
}

func (e *explained) param(name string) string {
	param, ok := e.program.Params[name]
	if !ok {
		return ""
	}
	var values []string
	for _, v := range param.Values {
		values = append(values, check.Text(v))
	}
	return strings.Join(values, ", ")
}

// used writes a definition that a rule names.
func (e *explained) used(d check.Definition) {
	head := []draw.Span{{Style: draw.Bold, Text: blanks(step) + d.DefinitionName()}, {Style: draw.Dim, Text: "  " + d.DefinitionKind()}}
	if title := d.About().Title; title != "" {
		head = append(head, draw.Span{Style: draw.Dim, Text: dot(e.look) + title})
	}
	e.add(2*step, head...)
	switch d := d.(type) {
	case *check.Trait:
		if d.Definition.Value != nil {
			e.ruleText(2*step, rule.Format(d.Definition.Value))
			return
		}
		e.ruleText(2*step, check.Text(d.Value))
	case *check.Segment:
		if d.SQL != "" {
			e.add(2*step, draw.Span{Style: draw.Dim, Text: blanks(2*step) + "given by sql"})
			return
		}
		e.tree(d.Definition.Where, 2*step)
	case *check.Partition:
		e.stagesOf(d, 2*step)
	case *check.List:
		e.add(2*step, draw.Span{Text: blanks(2*step) + draw.Plural(int64(len(d.Keys)), "customer", "customers")})
	}
}

// usedBy names what would change with a definition.
func (e *explained) usedBy(d check.Definition) {
	var names []string
	for _, other := range e.program.Order {
		if slices.Contains(other.Needs(), d) {
			names = append(names, other.DefinitionName())
		}
	}
	for _, campaign := range e.program.Campaigns {
		if campaign.Audience == d || slices.Contains(campaign.By, d) {
			names = append(names, "campaign "+campaign.Name)
		}
	}
	e.gap()
	e.title("used by")
	text := "nothing else"
	if len(names) > 0 {
		text = strings.Join(names, ", ")
	}
	e.add(step, draw.Span{Text: blanks(step) + text})
}
