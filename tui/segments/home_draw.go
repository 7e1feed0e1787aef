package segments

import (
	"strconv"
	"strings"

	"strata/segments/source"
	"strata/tui/draw"
	"strata/tui/page"
)

// Sizes at which the list changes its shape.
const (
	twoPanes     = 100
	previewWidth = 60
	previewRows  = 18
	previewLines = 6
	changeWidth  = 44
	sparkInside  = 57
	panelEdge    = 4
	listMost     = 84
)

// Draw implements page.Page.
func (h *home) Draw(c *page.Context, a draw.Area) {
	k := h.sync(c)
	switch {
	case h.alone && !h.typing: // What a filter can say stands beside it.
		h.drawList(c, a, k)
	case beside(a):
		// A little more than half: names must be read, and weeks be seen.
		left, right := a.Left(min(max(a.W*52/100, min(sparkInside+panelEdge, a.W-twoPanes/2)), listMost)) //nolint:mnd // Per cent.
		h.drawList(c, left, k)
		h.drawPreview(c, right, k, true)
	case a.W >= previewWidth && a.H >= previewRows:
		top, bottom := a.Bottom(previewLines)
		h.drawList(c, top, k)
		h.drawPreview(c, bottom, k, false)
	default:
		h.drawList(c, a, k)
	}
}

// drawList draws the panel of the list.
func (h *home) drawList(c *page.Context, a draw.Area, k known) {
	title := "Segments"
	if text := h.doing(c, k); text != "" {
		title += " · " + text
	}
	inside := panel(a, draw.Frame{Title: title, Foot: h.foot(c, k, a.W), Focus: true, Zone: "list"})
	for _, l := range h.notices(c, k, inside.W) {
		top, rest := inside.Top(1)
		drawLine(top, 0, l.line)
		if l.zone != "" {
			top.Zone(l.zone)
		}
		inside = rest
	}
	if h.typing || h.input.String() != "" {
		top, rest := inside.Top(1)
		top.Zone("filter")
		top.Put(0, 0, draw.Accent|draw.Bold, "/")
		h.input.draw(top, 2, 0, h.typing) //nolint:mnd // Behind the sign.
		inside = rest
	}
	if len(h.rows) == 0 {
		h.drawEmpty(c, inside)
		return
	}
	h.window = max(1, inside.H-1)
	h.drawTable(c, inside, k)
}

// doing says what is being asked, the numbers before the courses.
func (h *home) doing(c *page.Context, k known) string {
	for _, s := range []struct {
		state page.State
		what  string
	}{{k.live.State, "counting"}, {k.follows.State, "following the weeks"}} {
		if s.state.Loading {
			return page.Waiting(c, s.state, s.what)
		}
	}
	return ""
}

// notice is a line above the list.
type notice struct {
	line line
	zone string
}

// notices say what is wrong: with the files, with the filter, with the numbers.
func (h *home) notices(c *page.Context, k known, width int) []notice {
	var list []notice
	if c.Project != nil && c.Project.Problems.HasErrors() {
		for i, text := range brokenLines(c, width-2) { //nolint:mnd // Behind the sign.
			sign := c.Look.Sign(draw.SignWarn)
			if i > 0 {
				sign = " "
			}
			list = append(list, notice{line{{Style: draw.Warn | draw.Bold, Text: sign + " "}, {Style: draw.Warn, Text: text}}, "problems"})
		}
	}
	if err := k.live.Err; err != nil {
		details := " · ! details"
		text := draw.Cut(c.Look.Sign(draw.SignNo)+" "+firstLine(err.Error()), max(0, width-draw.Width(details)), c.Look)
		list = append(list, notice{line: line{{Style: draw.Bad, Text: text}, {Style: draw.Dim, Text: details}}})
	}
	if wrong := h.tree.filter.wrong; wrong != "" {
		list = append(list, notice{line: line{{Style: draw.Warn, Text: c.Look.Sign(draw.SignWarn) + " " + wrong}}})
	}
	return list
}

// brokenLines say that files are wrong, on two lines where one is too short.
func brokenLines(c *page.Context, width int) []string {
	details := problemKeys(c)[0] + " details"
	text, more := problemsText(c.Project.Problems), "showing the last good definitions · "+details
	if c.Project.Program == nil {
		more = details
	}
	switch {
	case draw.Width(text+" · "+more) <= width:
		return []string{text + " · " + more}
	case c.Height < previewRows/2 || draw.Width(more) > width:
		return []string{text + " · " + details}
	}
	return []string{text, more}
}

func firstLine(text string) string {
	head, _, _ := strings.Cut(text, "\n")
	return head
}

// problemsText counts what is wrong and names the file, or how many files.
func problemsText(list source.List) string {
	errors, files := 0, map[string]bool{}
	name := ""
	for _, d := range list {
		if d.Severity == source.Warning {
			continue
		}
		errors++
		if !d.Span.IsZero() {
			name = d.Span.File.Name
			files[name] = true
		}
	}
	text := draw.Plural(int64(errors), "error", "errors")
	switch len(files) {
	case 0:
		return text
	case 1:
		return text + " in " + name
	}
	return text + " in " + strconv.Itoa(len(files)) + " files"
}

// drawEmpty says why there is nothing and what to do.
func (h *home) drawEmpty(c *page.Context, a draw.Area) {
	body := a.Sub(0, min(1, max(0, a.H-2)), a.W, a.H) //nolint:mnd // A blank line above, where there is room.
	switch {
	case programOf(c) == nil && c.Project != nil:
		body.Wrap(0, 0, draw.Normal, "No definition was right so far. "+problemsHint(c)+"what is wrong and where.")
	case !h.tree.filter.empty():
		text := "No segment matches " + strings.TrimSpace(h.input.String()) + ". esc clears the filter"
		if h.links.Workbench != nil && !h.typing {
			text += " · n writes a new segment"
		}
		body.Wrap(0, 0, draw.Normal, text)
	default:
		text := "There are no segments yet."
		if h.links.Workbench != nil {
			text += " n writes the first one."
		}
		body.Wrap(0, 0, draw.Normal, text)
	}
}

func problemsHint(c *page.Context) string {
	if len(c.Project.Problems) == 0 {
		return "strata check says "
	}
	return problemKeys(c)[0] + " shows "
}

// foot counts, and names the tags as far as there is room.
func (h *home) foot(c *page.Context, k known, width int) string {
	all := len(units(programOf(c)))
	if all == 0 {
		return ""
	}
	text := strconv.Itoa(all)
	if !h.tree.filter.empty() {
		text = strconv.Itoa(h.found) + " found"
	}
	text += " · sorted by " + string(h.tree.order)
	if run := k.stored.Value.Run; run != nil && !k.live.Has && len(k.stored.Value.Sizes) > 0 {
		text += " · * run #" + strconv.FormatInt(run.ID, 10) + " of " + day(run.AsOf.In(c.AsOf.Location()))
	}
	sep := " · tag:"
	for _, t := range tagCounts(programOf(c)) {
		more := sep + t.tag + " " + strconv.Itoa(t.n)
		if draw.Width(text+more) > width-2*panelEdge {
			break
		}
		text += more
		sep = " · "
	}
	return text
}

// drawTable draws the rows.
func (h *home) drawTable(c *page.Context, a draw.Area, k known) {
	columns := []draw.Column{{Title: "name", Min: 8, Grow: true}, {Title: "members", Right: true}} //nolint:mnd // Some letters of a name.
	change, spark, title := a.W+panelEdge >= changeWidth, a.W >= sparkInside && !c.Look.Plain, h.alone && a.W >= twoPanes
	if change {
		columns = append(columns, draw.Column{Title: "7 days", Right: true}, draw.Column{Title: " "})
	}
	if spark {
		columns = append(columns, draw.Column{Title: strconv.Itoa(sparkWeeks) + " weeks"})
	}
	h.pickWidths(c, columns, k, change)
	if title { // The names have the room that they need, titles the rest.
		columns[0].Grow = false
		for i := range h.rows {
			columns[0].Min = max(columns[0].Min, min(cellWidth(h.nameCell(c, &h.rows[i])), twoPanes/2))
		}
		columns = append(columns, draw.Column{Title: "title", Grow: true, Min: previewRows})
	}
	a.Table(draw.Table{Columns: columns, List: &h.list, Zone: "row", Row: func(i int) []draw.Cell {
		r := &h.rows[i]
		cells := []draw.Cell{h.nameCell(c, r), sizeCell(r, k)}
		if change {
			cells = append(cells, weekCell(c, r, k), markCell(c, r))
		}
		if spark {
			cells = append(cells, sparkCell(c, r, k, i == h.list.Cursor))
		}
		if title {
			cells = append(cells, titleCell(r))
		}
		return cells
	}})
}

// pickWidths gives the columns of numbers one width for all rows, so that they
// do not move while one scrolls.
func (h *home) pickWidths(c *page.Context, columns []draw.Column, k known, change bool) {
	for i := range h.rows {
		r := &h.rows[i]
		columns[1].Min = max(columns[1].Min, draw.Width(sizeCell(r, k).Text))
		if change {
			columns[2].Min = max(columns[2].Min, draw.Width(weekCell(c, r, k).Text)) //nolint:mnd // Behind name and members.
		}
	}
	last := &columns[len(columns)-1]
	if strings.HasSuffix(last.Title, "weeks") {
		last.Min = sparkWeeks
	}
}

// cellWidth is the width of a cell.
func cellWidth(cell draw.Cell) int { return draw.Width(cell.Text) + line(cell.Spans).width() }

// titleCell is the title of a row; a stage has that of its partition above it.
func titleCell(r *row) draw.Cell {
	if r.child {
		return draw.Cell{}
	}
	return draw.Cell{Text: r.about().Title, Style: draw.Dim}
}

// nameCell is the name with what the row is in the tree.
func (h *home) nameCell(c *page.Context, r *row) draw.Cell {
	if r.child {
		return draw.Cell{Text: "  " + r.short()}
	}
	spans := []draw.Span{{Text: r.name}}
	if r.partition() != nil {
		sign := " ▸"
		switch {
		case r.open && c.Look.Simple():
			sign = " -"
		case c.Look.Simple():
			sign = " +"
		case r.open:
			sign = " ▾"
		}
		spans = append(spans, draw.Span{Style: draw.Dim, Text: sign})
	}
	if r.pinned {
		spans = append(spans, draw.Span{Style: draw.Accent, Text: " " + c.Look.Sign(draw.SignPin)})
	}
	if len(spans) == 1 {
		return draw.Cell{Text: r.name}
	}
	return draw.Cell{Spans: spans}
}

// sizeCell is the number of members; that of a run has a mark.
func sizeCell(r *row, k known) draw.Cell {
	if p := r.partition(); p != nil {
		return draw.Cell{Text: draw.Plural(int64(len(p.Stages)), "stage", "stages"), Style: draw.Dim}
	}
	switch r.from {
	case liveSize:
		return draw.Cell{Text: draw.Count(r.size), Style: page.StyleOf(k.live.State)}
	case storedSize:
		return draw.Cell{Text: "*" + draw.Count(r.size), Style: draw.Dim}
	case skippedSize:
		return draw.Cell{Text: "skipped", Style: draw.Warn}
	case unknownSize:
	}
	if k.live.Err != nil || k.live.Has {
		return draw.Cell{Text: draw.Unknown, Style: draw.Dim}
	}
	return draw.Cell{Text: "…", Style: draw.Dim}
}

func weekCell(c *page.Context, r *row, k known) draw.Cell {
	if !r.hasWeek {
		return draw.Cell{}
	}
	style := page.StyleOf(k.follows.State)
	if r.week.delta() == 0 {
		style = draw.Dim
	}
	return draw.Cell{Text: changeText(c.Look, r.week), Style: style}
}

// markCell marks what stands out.
func markCell(c *page.Context, r *row) draw.Cell {
	if !r.alert {
		return draw.Cell{}
	}
	text := c.Look.Sign(draw.SignWarn)
	if c.Look.Plain {
		text = "unusual"
	}
	return draw.Cell{Text: text, Style: draw.Warn | draw.Bold}
}

// sparkCell are the last weeks. The eye should find what stands out and what is
// chosen, so all others are dim.
func sparkCell(c *page.Context, r *row, k known, chosen bool) draw.Cell {
	if len(r.spark) == 0 {
		return draw.Cell{}
	}
	style := draw.Dim
	switch {
	case k.follows.Old:
	case r.alert:
		style = draw.Warn
	case chosen:
		style = draw.Accent
	}
	return draw.Cell{Text: draw.PadLeft(spark(c.Look, r.spark), sparkWeeks), Style: style}
}
