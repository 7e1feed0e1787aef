package definition

import (
	"slices"
	"strconv"
	"strings"

	"strata/segments/rule"
)

// The canonical text of a definition says what it means and nothing else. It
// is the same however the file is laid out, whatever the title, the owner and
// the tags are, and in whatever order the keys stand. Left out as well are the
// name, which the store keeps apart so that a definition can be renamed, and
// everything that checks results and does not make them: expect, tests and
// transitions. Names of other definitions stand as they are written.

// Canonical returns the param's meaning as text.
func (p *Param) Canonical() string {
	c := canon{}
	c.line("param", strconv.FormatBool(p.IsList))
	for _, value := range p.Values {
		c.line("value", rule.Format(value))
	}
	return c.String()
}

// Canonical returns the list's meaning as text: its keys, sorted. Which file
// they came from does not matter.
func (l *List) Canonical() string {
	c := canon{}
	c.line("list", strconv.Itoa(len(l.Keys)))
	for _, key := range slices.Sorted(slices.Values(l.Keys)) {
		c.line("key", strconv.Quote(key))
	}
	return c.String()
}

// Canonical returns the trait's meaning as text.
func (t *Trait) Canonical() string {
	c := canon{}
	if t.Score == nil {
		c.line("trait", rule.Format(t.Value))
		return c.String()
	}
	c.line("score", t.Score.limits())
	for _, term := range t.Score.Terms {
		c.line("points", rule.Format(term.Points))
		c.line("of", rule.Format(term.Of))
		if term.Cap != nil {
			c.line("cap", rule.Format(term.Cap))
		}
		if term.HalfLife != nil {
			c.line("half_life", rule.FormatDuration(*term.HalfLife))
		}
	}
	return c.String()
}

// limits writes the range as it stands in a file.
func (s *Score) limits() string {
	return minus(s.LowNegative) + s.Low.Text + ".." + minus(s.HighNegative) + s.High.Text
}

// Canonical returns the segment's meaning as text. The order of leaves stays,
// for the funnel goes by it.
func (s *Segment) Canonical() string {
	c := canon{}
	if s.SQL != nil {
		c.line("sql", strconv.Quote(strings.TrimSpace(s.SQL.Value)))
	} else {
		c.line("segment", "")
		c.tree(s.Where)
	}
	c.gates(s.Gates)
	return c.String()
}

// Canonical returns the partition's meaning as text.
func (p *Partition) Canonical() string {
	c := canon{}
	c.line("partition", "")
	if p.Over != nil {
		c.line("over", rule.Format(p.Over))
	}
	for _, stage := range p.Stages {
		text := "else"
		if !stage.Else {
			text = rule.Format(stage.X)
		}
		c.line("stage "+stage.Name.Name, text)
	}
	for _, band := range p.Bands {
		c.line("band "+band.Name.Name, rule.FormatBand(band.Band))
	}
	c.gates(p.Gates)
	return c.String()
}

// Canonical returns the gate's meaning as text.
func (g *Gate) Canonical() string {
	c := canon{}
	c.line("gate", "")
	c.tree(g.Where)
	return c.String()
}

// canon writes canonical text, a fact a line.
type canon struct {
	strings.Builder
	depth int
}

func (c *canon) line(key, value string) {
	c.WriteString(strings.Repeat(" ", c.depth) + key)
	if value != "" {
		c.WriteString(" " + value)
	}
	c.WriteByte('\n')
}

func (c *canon) tree(t *Tree) {
	if t == nil {
		return
	}
	if t.Kind == Leaf {
		c.line("leaf "+t.Name.Name, rule.Format(t.X))
		return
	}
	c.line(string(t.Kind), t.Name.Name)
	c.depth++
	for _, child := range t.Children {
		c.tree(child)
	}
	c.depth--
}

// gates writes the gates sorted: all of them must pass, in any order.
func (c *canon) gates(gates []rule.Ident) {
	names := make([]string, 0, len(gates))
	for _, gate := range gates {
		names = append(names, gate.Name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		c.line("gate", name)
	}
}
