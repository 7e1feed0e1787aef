package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"strata/reports/render"
	"strata/segments/revision"
)

// showRevision answers with what an edit does to members.
func (s *session) showRevision(r *revision.Report) error {
	shown, note := limited(r, s.flags.limit)
	var text string
	var err error
	switch s.format {
	case formatJSON:
		text, err = s.revisionJSON(r, shown)
	case string(render.Markdown):
		text, err = s.revisionMarkdown(r, shown, note)
	default:
		p := &revisionPrinter{session: s, width: s.env.Terminal.Width, color: s.colorOn(s.env.Terminal.Stdout)}
		if p.width <= 0 {
			p.width = planWidth
		}
		text, err = p.print(r, shown, note)
	}
	if err != nil {
		return environment("write the plan: %w", err)
	}
	if _, err := io.WriteString(s.env.Stdout, text); err != nil {
		return environment("write the plan: %w", err)
	}
	return nil
}

// limited are the changes that --limit lets through, and a note about the rest.
func limited(r *revision.Report, limit int64) (shown []revision.Change, note string) {
	if limit <= 0 || int64(len(r.Changes)) <= limit {
		return r.Changes, ""
	}
	return r.Changes[:limit], fmt.Sprintf("%d of %d changed definitions are shown (use --limit 0)", limit, len(r.Changes))
}

// revisionPrinter writes a report for people.
type revisionPrinter struct {
	*session
	out   strings.Builder
	width int
	color bool
}

func (p *revisionPrinter) print(r *revision.Report, shown []revision.Change, note string) (string, error) {
	p.hang("", p.headline(r), 0)
	p.hang("", summaryOf(r), 0)
	for _, text := range r.Notes {
		p.hang("note: ", text, len("note: "))
	}
	if len(r.Edits) > 0 {
		p.heading("ALSO EDITED")
		for _, e := range r.Edits {
			p.hang("  "+e.Kind+" "+e.Name+"  ", editText(e), 4)
		}
	}
	if len(shown) > 0 {
		p.line("")
		if err := p.table(changesTable(shown, false), 0); err != nil {
			return "", err
		}
	}
	for i := range shown {
		if err := p.change(&shown[i]); err != nil {
			return "", err
		}
	}
	if len(r.Renames) > 0 {
		p.heading("RENAMED?")
		for _, rename := range r.Renames {
			p.hang("  ", renameText(rename), 2)
		}
	}
	if note != "" {
		p.line("")
		p.line(note)
	}
	return p.out.String(), nil
}

// change writes what there is to say about a definition beside its line in the
// table.
func (p *revisionPrinter) change(c *revision.Change) error {
	if !detailed(c) {
		return nil
	}
	p.heading(c.Name)
	for _, line := range detailLines(c) {
		p.hang("  ", line, 2)
	}
	if len(c.Causes)+len(c.Together) > 0 {
		p.line("")
		if err := p.table(causesTable(c), 2); err != nil {
			return err
		}
		p.rules(c)
	}
	if len(c.Moves) > 0 {
		p.line("")
		if err := p.moves(c); err != nil {
			return err
		}
	}
	for i, line := range exampleLines(c) {
		if i == 0 {
			p.line("")
		}
		p.hang("  "+line[0]+": ", line[1], 4)
	}
	return nil
}

// rules writes the leaves that causes speak of.
func (p *revisionPrinter) rules(c *revision.Change) {
	lines := ruleLines(c)
	if len(lines) > 0 {
		p.line("")
	}
	for _, line := range lines {
		p.hang("  "+line.sign+line.name+": ", line.rule, 6)
	}
}

// moves writes the matrix of a partition, or the moves one by one where it is too
// wide.
func (p *revisionPrinter) moves(c *revision.Change) error {
	t := matrix(c)
	var text strings.Builder
	hidden, err := render.Write(&text, t, render.Options{Format: render.Aligned, Width: p.width - 2, Color: p.color})
	if err != nil {
		return err
	}
	if len(hidden) == 0 {
		p.indented(text.String(), 2)
		return nil
	}
	list := render.Table{Columns: []render.Column{{Name: "from"}, {Name: "to"}, {Name: "customers", Kind: render.Count}}}
	for _, move := range c.Moves {
		list.Rows = append(list.Rows, []any{orNobody(move.From), orNobody(move.To), move.Customers})
	}
	return p.table(list, 2)
}

func (p *revisionPrinter) line(text string) { _, _ = fmt.Fprintln(&p.out, text) }

// heading begins a part.
func (p *revisionPrinter) heading(title string) {
	if p.color {
		title = "\x1b[1m" + title + "\x1b[0m"
	}
	p.line("")
	p.line(title)
}

// hang writes a text behind what stands in front of it; further lines begin at
// the given column.
func (p *revisionPrinter) hang(front, text string, indent int) {
	first := ansi.StringWidth(front)
	text = ansi.Wrap(strings.Repeat("\u2007", max(0, first-indent))+render.Clean(text), max(p.width-indent, narrowestText), "")
	for i, line := range strings.Split(text, "\n") {
		if i == 0 {
			line = front + strings.TrimLeft(line, "\u2007")
		} else {
			line = strings.Repeat(" ", indent) + line
		}
		p.line(strings.TrimRight(line, " "))
	}
}

// table writes a table some cells further in.
func (p *revisionPrinter) table(t render.Table, indent int) error {
	var text strings.Builder
	hidden, err := render.Write(&text, t, render.Options{Format: render.Aligned, Width: p.width - indent, Color: p.color})
	if err != nil {
		return err
	}
	if len(hidden) > 0 {
		p.say("no room for: %s (a wider terminal or -o json shows them)", strings.Join(hidden, ", "))
	}
	p.indented(text.String(), indent)
	return nil
}

func (p *revisionPrinter) indented(text string, indent int) {
	for line := range strings.Lines(text) {
		p.out.WriteString(strings.Repeat(" ", indent) + line)
	}
}
