package customers

import (
	"strconv"
	"strings"

	"strata/segments/result"
	"strata/tui/draw"
	"strata/tui/page"
)

// Draw implements page.Page.
func (p *Why) Draw(c *page.Context, a draw.Area) {
	if !p.ready(c) {
		a.Wrap(0, 0, draw.Normal, "There are no definitions that are right. Press ! to see what is wrong.")
		return
	}
	p.drawProof(c, a)
	if p.prompt != nil {
		p.prompt.refresh(c)
		p.prompt.picker.Draw(a)
	}
}

// headline is the answer in a sentence, and whether it is yes.
func headline(why result.Why, word string) (yes bool, text string) {
	if why.Kind == "segment" { // A stage and a rule have no name of their own.
		why.Name = strings.Join(strings.Fields(word), " ")
	}
	switch {
	case !why.Known:
		return false, why.Customer + " is not among the customers at this moment: " + why.Reason
	case why.Kind == "partition":
		return true, why.Customer + " is in stage " + why.Stage + " of " + why.Name
	case why.Member:
		return true, why.Customer + " is a member of " + why.Name
	}
	return false, why.Customer + " is NOT a member of " + why.Name
}

func (p *Why) drawProof(c *page.Context, a draw.Area) {
	got := p.answer(c)
	title := "Why?"
	if p.customer != "" && p.word != "" {
		title = "Why " + p.customer + " in " + strings.Join(strings.Fields(p.word), " ") + "?"
	}
	foot := page.Waiting(c, got.State, "explaining")
	if got.Has && foot == "" && p.prompt == nil {
		foot = p.hint(c)
	}
	in := a.Panel(draw.Frame{Title: title, Foot: foot, Focus: p.prompt == nil, Zone: "why"})
	if p.customer == "" || p.word == "" {
		switch {
		case p.customer != "":
			in.Put(0, 0, draw.Normal, "customer "+p.customer)
		case p.word != "":
			in.Fit(0, 0, in.W, draw.Normal, "segment "+strings.Join(strings.Fields(p.word), " "))
		}
		return
	}
	if !got.Has {
		page.DrawState(c, in, got.State, "explaining")
		return
	}
	if got.Err != nil && !got.Loading {
		used := min(page.DrawError(in, got.Err)+1, in.H)
		in = in.Sub(0, used, in.W, in.H-used)
	}
	used := p.drawHead(in, got.Value, got.Old)
	in = in.Sub(0, used, in.W, in.H-used)
	p.drawRows(p.drawFacts(c, in, got), p.rows(c), got.Old)
}

// drawFacts draws since when and until when, if they have room above the proof,
// and returns what is left of the area.
func (p *Why) drawFacts(c *page.Context, in draw.Area, got page.Got[result.Why]) draw.Area {
	facts := p.facts(c, got.Value, in.W)
	t := tree{zone: zone(c), look: c.Look, open: p.open, folded: p.folded}
	if proof := len(t.rows(got.Value)); len(facts) > in.H/3 && len(facts)+proof+2 > in.H {
		p.leads(facts)
		return in
	}
	p.leads(nil)
	if len(facts) == 0 {
		return in
	}
	for y, line := range facts {
		in.Put(0, y, page.StyleOf(got.State), line)
	}
	skip := len(facts) + 1
	return in.Sub(0, skip, in.W, in.H-skip)
}

// leads sets the facts that scroll with the proof, as they have no room above it.
// The cursor stays on its line.
func (p *Why) leads(facts []string) {
	if p.list.Cursor > 0 {
		p.list.Cursor = max(0, p.list.Cursor+len(facts)-len(p.lead))
	}
	p.lead = facts
}

// hint says what enter does on the line under the cursor.
func (p *Why) hint(c *page.Context) string {
	rows := p.rows(c)
	p.list.Resize(len(rows))
	if len(rows) == 0 {
		return ""
	}
	switch r := rows[p.list.Cursor]; {
	case r.key != "" && r.evidence && p.open[r.key]:
		return "enter hides the rows"
	case r.key != "" && r.evidence:
		return "enter shows the rows behind it"
	case r.key != "" && r.parts && p.folded[r.key]:
		return "enter unfolds it"
	case r.key != "" && r.parts:
		return "enter folds it · a shows the rows behind all values"
	}
	return draw.Plural(int64(len(rows)), "line", "lines")
}

// drawHead draws the answer and returns the lines used.
func (p *Why) drawHead(a draw.Area, why result.Why, old bool) int {
	yes, text := headline(why, p.word)
	sign, style := a.Look().Sign(draw.SignNo), draw.Bad
	if yes {
		sign, style = a.Look().Sign(draw.SignYes), draw.Good
	}
	if why.Kind == "partition" && why.Known {
		sign, style = "=", draw.Accent
	}
	body := draw.Bold
	if old {
		style, body = draw.Dim, draw.Dim
	}
	a.Put(0, 0, style|draw.Bold, sign)
	write := func(y int, s draw.Style, text string) int {
		if a.H < small { // One line must do.
			a.Fit(2, y, a.W-2, s, text)
			return 1
		}
		return a.Sub(2, y, a.W-2, a.H-y).Wrap(0, 0, s, text) //nolint:mnd // Behind the sign.
	}
	n := write(0, body, text)
	if yes && len(why.Gates) > 0 && !why.Contactable {
		n += write(n, draw.Warn, a.Look().Sign(draw.SignWarn)+" may not be contacted: "+failedGates(why))
	}
	return n
}

// small is the height below which an answer has one line.
const small = 8

// failedGates names the gates that are not passed.
func failedGates(why result.Why) string {
	var names []string
	for _, gate := range why.Gates {
		if gate.Verdict != result.True {
			names = append(names, gate.Name)
		}
	}
	switch len(names) {
	case 0:
		return "a gate is not passed"
	case 1:
		return "gate " + names[0] + " is not passed"
	}
	return "gates " + strings.Join(names, ", ") + " are not passed"
}

// facts are since when and until when, broken into lines.
func (p *Why) facts(c *page.Context, why result.Why, width int) []string {
	var lines []string
	for _, text := range teller(c).Course(why) {
		lines = append(lines, broken(text, "  ", "    ", width)...)
	}
	return lines
}

// broken breaks a text at blanks only, so that dates stay whole; what is longer
// than a line is cut into pieces.
func broken(text, first, further string, width int) []string {
	var lines []string
	line, empty := first, true
	for word := range strings.FieldsSeq(text) {
		if !empty && draw.Width(line)+1+draw.Width(word) > width {
			lines = append(lines, line)
			line, empty = further, true
		}
		if !empty {
			line += " "
		}
		for room := max(1, width-draw.Width(line)); draw.Width(word) > room; room = max(1, width-draw.Width(further)) {
			pieces := draw.Lines(word, room)
			if len(pieces) < 2 { //nolint:mnd // It cannot be cut further.
				break
			}
			lines = append(lines, line+pieces[0])
			line, word = further, word[len(pieces[0]):]
		}
		line += word
		empty = false
	}
	return append(lines, line)
}

// rows are the lines of the proof, or nothing without an answer.
func (p *Why) rows(c *page.Context) []row {
	got := p.answer(c)
	if !got.Has {
		return nil
	}
	rows := make([]row, 0, len(p.lead))
	for _, line := range p.lead {
		rows = append(rows, row{text: line})
	}
	if len(rows) > 0 {
		rows = append(rows, row{head: true})
	}
	t := tree{zone: zone(c), look: c.Look, open: p.open, folded: p.folded}
	return append(rows, t.rows(got.Value)...)
}

// widths of the columns of a proof.
type widths struct{ label, value, need, note, data int }

// drawRows draws the proof: the tests at the left, what was found at the right.
func (p *Why) drawRows(a draw.Area, rows []row, old bool) {
	p.list.Resize(len(rows))
	if len(rows) == 0 || a.H <= 0 {
		return
	}
	const margin = 2
	w := measure(rows, a.W-margin)
	foot, top := 0, 1
	if a.H > 8 { //nolint:mnd // The whole text of a line that is cut, where there is room.
		foot = 2
	}
	if len(p.lead) > 0 { // The titles stand behind the facts.
		top = 0
	} else {
		drawHeads(a.Sub(margin, 0, a.W-margin, 1), w, draw.Normal)
	}
	body := a.Sub(0, top, a.W, a.H-top-foot)
	if body.H <= 0 {
		return
	}
	from, to := p.list.Visible(body.H)
	for i := from; i < to; i++ {
		line, flags := body.Sub(0, i-from, body.W, 1), draw.Normal
		line.Zone("row:" + strconv.Itoa(i))
		if i == p.list.Cursor {
			flags = draw.Selected
			line.FillLine(0, flags)
			line.Put(0, 0, draw.Accent|flags, a.Look().Sign(draw.SignCursor))
			if a.Look().Plain {
				line.Cursor(0, 0)
			}
		}
		p.drawRow(line.Sub(margin, 0, line.W-margin, 1), rows[i], w, flags, old)
	}
	if foot > 0 {
		r := rows[p.list.Cursor]
		if draw.Width(r.prefix+r.sign+" "+r.label) > r.room(w, a.W-margin) {
			_, last := a.Bottom(1)
			last.Fit(0, 0, last.W, draw.Dim, strings.TrimSpace(r.label))
		}
	}
}

// measure gives the columns their widths: what was found is never cut before the
// tests are, and goes by columns where there is no room.
func measure(rows []row, width int) widths {
	w := widths{value: len("value")}
	label := 0
	for _, r := range rows {
		if !r.whole() {
			label = max(label, draw.Width(r.prefix+r.sign+" "+r.label))
		}
		w.value = max(w.value, draw.Width(r.value))
		w.need = max(w.need, draw.Width(r.need))
		w.note = max(w.note, draw.Width(r.note))
		w.data = max(w.data, draw.Width(r.data))
	}
	for _, column := range []struct {
		width *int
		title string
	}{{&w.need, needTitle}, {&w.note, noteTitle}, {&w.data, dataTitle}} {
		if *column.width > 0 {
			*column.width = max(*column.width, len(column.title))
		}
	}
	w.value = min(w.value, width/3) //nolint:mnd // A third is left for a long value.
	w.need, w.note = min(w.need, width/6), min(w.note, width/3)
	least := min(label, width/2) //nolint:mnd // Half for the tests.
	gap := func(n int) int {
		if n > 0 {
			return n + 2 //nolint:mnd // Blanks between columns.
		}
		return 0
	}
	rest := func() int { return width - gap(w.value) - gap(w.need) - gap(w.note) - gap(w.data) }
	for _, column := range []*int{&w.data, &w.need, &w.note} {
		if rest() < least {
			*column = 0
		}
	}
	w.label = max(0, min(rest(), max(label, len("test"))))
	return w
}

// The titles of columns that may be left out.
const (
	needTitle = "needs"
	noteTitle = "margin"
	dataTitle = "rows that count"
)

func drawHeads(a draw.Area, w widths, flags draw.Style) {
	style := draw.Dim | flags
	a.Fit(0, 0, w.label, style, "test")
	x := w.label + 2
	a.Right(x+w.value, 0, style, "value")
	x += w.value + 2
	for _, column := range []struct {
		title string
		width int
	}{{needTitle, w.need}, {noteTitle, w.note}, {dataTitle, w.data}} {
		if column.width > 0 {
			a.Fit(x, 0, column.width, style, column.title)
			x += column.width + 2
		}
	}
}

// room is how wide the label of a row may be: all of the line where nothing at
// the right needs the place.
func (r row) room(w widths, width int) int {
	if r.value != "" || r.need != "" && w.need > 0 || r.note != "" && w.note > 0 || r.data != "" && w.data > 0 {
		return w.label
	}
	return width
}

// whole reports whether a row has nothing but its label.
func (r row) whole() bool { return r.value == "" && r.need == "" && r.note == "" && r.data == "" }

func (p *Why) drawRow(a draw.Area, r row, w widths, flags draw.Style, old bool) {
	style, sign := draw.Normal, r.style
	if r.dim || old {
		style = draw.Dim
	}
	if old {
		sign = draw.Dim
	}
	if r.text != "" {
		a.Fit(0, 0, a.W, style|flags, strings.TrimPrefix(r.text, "  "))
		return
	}
	if r.head {
		drawHeads(a, w, flags)
		return
	}
	x := a.Put(0, 0, draw.Border|flags, r.prefix)
	if r.sign != "" {
		x = a.Put(x, 0, sign|draw.Bold|flags, r.sign) + 1
	}
	a.Fit(x, 0, r.room(w, a.W)-x, style|flags, r.label)
	x = w.label + 2
	value := draw.Cut(r.value, w.value, a.Look())
	a.Right(x+w.value, 0, style|flags, value)
	x += w.value + 2
	for _, column := range []struct {
		text  string
		width int
		style draw.Style
	}{{r.need, w.need, style}, {r.note, w.note, noteStyle(r, style)}, {r.data, w.data, draw.Dim}} {
		if column.width > 0 {
			a.Fit(x, 0, column.width, column.style|flags, column.text)
			x += column.width + 2
		}
	}
}

// noteStyle marks what is short.
func noteStyle(r row, style draw.Style) draw.Style {
	if r.style == draw.Bad && style == draw.Normal {
		return draw.Warn
	}
	return draw.Dim
}
