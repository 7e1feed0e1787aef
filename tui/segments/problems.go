package segments

import (
	"path"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/segments/source"
	"strata/tui/draw"
	"strata/tui/page"
)

// problems lists what is wrong or doubtful in the files of the project.
type problems struct {
	list   draw.List
	window int
}

// NewProblems makes the page of what is wrong in the files.
func NewProblems() page.Page { return &problems{window: 1} }

// ID implements page.Page.
func (p *problems) ID() string { return "problems" }

// Crumb implements page.Page.
func (p *problems) Crumb() string { return "problems" }

// CLI implements page.Page.
func (p *problems) CLI(*page.Context) []string { return []string{"check"} }

// Needs implements page.Page: the program reads the files by itself.
func (p *problems) Needs(*page.Context) []page.Need { return nil }

// found are the problems, errors first.
func (p *problems) found(c *page.Context) source.List {
	if c.Project == nil {
		return nil
	}
	list := slices.Clone(c.Project.Problems)
	slices.SortStableFunc(list, func(a, b source.Diagnostic) int { return rank(a) - rank(b) })
	p.list.Resize(len(list))
	return list
}

func rank(d source.Diagnostic) int {
	if d.Severity == source.Warning {
		return 1
	}
	return 0
}

// Update implements page.Page.
func (p *problems) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	list := p.found(c)
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		p.list.Key(msg.String(), p.window)
	case page.Click:
		var n int
		switch {
		case msg.Wheel != 0:
			p.list.Move(msg.Wheel)
		case isZone(msg.ID, "problem", &n) && n < len(list):
			if n == p.list.Cursor {
				return edit(list[n])
			}
			p.list.To(n)
		}
	}
	return nil
}

// edit opens the editor on a place, if there is one.
func edit(d source.Diagnostic) tea.Cmd {
	if d.Span.IsZero() {
		return nil
	}
	return page.Send(page.EditFile{File: d.Span.File.Name, Line: d.Span.File.Position(d.Span.Start).Line})
}

// Actions implements page.Page.
func (p *problems) Actions(c *page.Context) []page.Action {
	list := p.found(c)
	off, do := "there is no problem", func() tea.Cmd { return nil }
	if len(list) > 0 {
		d := list[p.list.Cursor]
		off, do = "", func() tea.Cmd { return edit(d) }
		if d.Span.IsZero() {
			off = "it is about no single place"
		}
	}
	return []page.Action{{ID: "problems.file", Keys: []string{"E", "enter"}, Title: "Open the place in the editor", Hint: "editor", Off: off, Do: do}}
}

// Copies implements page.Subject.
func (p *problems) Copies(c *page.Context) []page.Copy {
	list := p.found(c)
	if len(list) == 0 {
		return nil
	}
	return []page.Copy{{What: "this problem", Text: list[p.list.Cursor].Error()}, {What: "all problems", Text: list.Error()}}
}

// Draw implements page.Page.
func (p *problems) Draw(c *page.Context, a draw.Area) {
	list := p.found(c)
	if len(list) == 0 {
		in := panel(a, draw.Frame{Title: "Problems", Focus: true})
		in.Wrap(0, 0, draw.Good, a.Look().Sign(draw.SignYes)+" All definitions are right. esc goes back.")
		return
	}
	foot := "the last good definitions are shown meanwhile"
	if programOf(c) == nil {
		foot = "no definition was right so far"
	}
	if !list.HasErrors() {
		foot = "warnings only"
	}
	detail := min(max(a.H*2/5, 7), 14) //nolint:mnd // The text of one problem with its place.
	if a.H < previewRows/2 {
		detail = 0
	}
	top, bottom := a.Bottom(detail)
	in := panel(top, draw.Frame{Title: "Problems", Foot: strconv.Itoa(len(list)) + " · " + foot, Focus: true, Zone: "problems"})
	table, text := in, draw.Area{}
	if detail == 0 { // The message is read below, where there is no room for its place.
		table, text = in.Bottom(min(leastLines, max(0, in.H-leastLines)))
	}
	p.window = max(1, table.H-1)
	table.Table(draw.Table{
		Columns: []draw.Column{{Title: "place", Min: 6}, {Title: "", Min: 1}, {Title: "what is wrong", Grow: true, Min: 10}},
		List:    &p.list, Zone: "problem",
		Row: func(i int) []draw.Cell { return problemCells(c, list[i], in.W) },
	})
	if detail > 0 {
		drawProblem(bottom, list[p.list.Cursor])
	} else if text.H > 0 {
		d := list[p.list.Cursor]
		message := d.Message
		if d.Hint != "" {
			message += " · " + d.Hint
		}
		text.Wrap(0, 0, draw.Bold, tidy(a.Look(), message))
	}
}

func problemCells(c *page.Context, d source.Diagnostic, width int) []draw.Cell {
	style, sign := draw.Bad, draw.SignNo
	if d.Severity == source.Warning {
		style, sign = draw.Warn, draw.SignWarn
	}
	at := place(d.Span)
	if width < changeWidth && !d.Span.IsZero() {
		at = path.Base(d.Span.File.Name) + ":" + strconv.Itoa(d.Span.File.Position(d.Span.Start).Line)
	}
	return []draw.Cell{{Text: at, Style: draw.Dim}, {Text: c.Look.Sign(sign), Style: style}, {Text: d.Message}}
}

// place is file, line and column.
func place(s source.Span) string {
	if s.IsZero() {
		return "project"
	}
	at := s.File.Position(s.Start)
	return s.File.Name + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
}

// drawProblem draws a problem with its line of the file.
func drawProblem(a draw.Area, d source.Diagnostic) {
	word := "error"
	if d.Severity == source.Warning {
		word = "warning"
	}
	in := panel(a, draw.Frame{Title: place(d.Span) + " · " + word + " " + string(d.Code)})
	y := in.Wrap(0, 0, draw.Bold, d.Message)
	if !d.Span.IsZero() && in.H-y > leastLines {
		y += drawSource(in.Sub(0, y+1, in.W, in.H), d.Span) + 1
	}
	if d.Hint != "" && in.H-y > 0 {
		if in.H-y > leastLines {
			y++
		}
		y += in.Sub(0, y, in.W, in.H).Wrap(0, 0, draw.Normal, "hint: "+d.Hint)
	}
	for _, r := range d.Related {
		if y >= in.H {
			return
		}
		y += in.Sub(0, y, in.W, in.H).Wrap(0, 0, draw.Dim, place(r.Span)+" "+r.Message)
	}
}

// drawSource draws the line of a place with a mark below it. Of a long line the
// part is shown that holds the place.
func drawSource(a draw.Area, s source.Span) int {
	at := s.File.Position(s.Start)
	text := []rune(strings.ReplaceAll(s.File.Line(at.Line), "\t", " "))
	number := strconv.Itoa(at.Line) + " "
	from := 0
	room := max(1, a.W-draw.Width(number))
	if marked := at.Column - 1 + len([]rune(firstLine(s.Text()))); marked > room {
		from = max(0, min(len(text), at.Column-room/2)) //nolint:mnd // The place stands in the middle.
	}
	x := a.Put(0, 0, draw.Dim, number)
	a.Fit(x, 0, room, draw.Normal, string(text[from:]))
	before := draw.Width(string(text[from:max(from, min(len(text), at.Column-1))]))
	wide := max(1, draw.Width(firstLine(s.Text())))
	a.Sub(x, 0, a.W-x, a.H).Put(before, 1, draw.Bad|draw.Bold, strings.Repeat("^", min(wide, max(1, room-before))))
	return 2
}
