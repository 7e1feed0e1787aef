package segments

import (
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
)

// ruleLines are the rule of a unit as it is written, a condition a line.
func ruleLines(u unit) []string {
	if p, ok := u.def.(*check.Partition); ok {
		return stageLines(p.Definition, u.stage)
	}
	s := u.segment()
	if s == nil || s.Definition == nil {
		return nil
	}
	if s.Definition.SQL != nil {
		return strings.Split(strings.TrimRight(s.Definition.SQL.Value, "\n"), "\n")
	}
	return treeLines(s.Definition.Where, "", "")
}

// ruleText is the rule of a unit as one text.
func ruleText(u unit) string {
	var text strings.Builder
	for i, l := range ruleLines(u) {
		l = strings.TrimSpace(l)
		switch {
		case i == 0:
		case strings.HasPrefix(l, "and "):
			text.WriteString(" ")
		default:
			text.WriteString(" · ")
		}
		text.WriteString(l)
	}
	return text.String()
}

// treeLines are the lines of a tree; lead stands before its first one.
func treeLines(t *definition.Tree, indent, lead string) []string {
	switch {
	case t == nil:
		return nil
	case t.Kind == definition.Leaf:
		return []string{indent + lead + leafText(t)}
	case t.Kind == definition.All && indent == "":
		return joined(t.Children, indent)
	}
	head := map[definition.TreeKind]string{definition.All: "all of", definition.Any: "any of", definition.None: "none of"}[t.Kind]
	if t.Name.Name != "" {
		head = t.Name.Name + ": " + head
	}
	lines := []string{indent + lead + head}
	for _, child := range t.Children {
		lines = append(lines, treeLines(child, indent+"  ", "")...)
	}
	return lines
}

// joined are the conditions of an "all", an "and" before each but the first.
func joined(children []*definition.Tree, indent string) []string {
	var lines []string
	for i, child := range children {
		lead := "and "
		if i == 0 {
			lead = ""
		}
		lines = append(lines, treeLines(child, indent, lead)...)
	}
	return lines
}

func leafText(t *definition.Tree) string {
	if t.X == nil {
		return "…"
	}
	return rule.Format(t.X)
}

// stageLines are the stages of a partition with their conditions, or the
// condition of one.
func stageLines(d *definition.Partition, stage string) []string {
	if d == nil {
		return nil
	}
	var names, texts []string
	for _, s := range d.Stages {
		text := "else"
		if !s.Else && s.X != nil {
			text = rule.Format(s.X)
		}
		names, texts = append(names, s.Name.Name), append(texts, text)
	}
	for _, b := range d.Bands {
		names, texts = append(names, b.Name.Name), append(texts, rule.FormatBand(b.Band))
	}
	var lines []string
	if d.Over != nil {
		lines = append(lines, "over "+rule.Format(d.Over))
	}
	for i, name := range names {
		switch {
		case stage == "":
			lines = append(lines, name+": "+texts[i])
		case stage == name && i > 0:
			return append(lines, texts[i], "and not "+strings.Join(names[:i], ", "))
		case stage == name:
			return append(lines, texts[i])
		}
	}
	return lines
}
