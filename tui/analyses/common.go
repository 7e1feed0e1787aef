package analyses

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports/render"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Links open pages of other packages. A nil one leaves its action out.
type Links struct {
	// Members lists the members of a word: a name or a rule.
	Members func(word string) page.Page
	// Workbench edits a rule; the name is "" for a new one.
	Workbench func(name, rule string) page.Page
	// Segment shows a segment or stage.
	Segment func(name string) page.Page
	// Why proves where a customer stands; the customer is "" to be chosen there.
	Why func(customer, word string) page.Page
}

// From which widths and heights on there is room for more.
const (
	wideFrom    = 100 // Columns for two panes.
	middleFrom  = 60  // Columns for a preview.
	previewFrom = 18  // Lines for a preview below.
	framedFrom  = 9   // Lines for a frame.
	airyFrom    = 16  // Lines for blank ones between groups.
	previewTall = 9   // Lines of a preview below.
	wheelRows   = 3
)

// openPage sends a page made by a constructor.
func openPage(p page.Page) tea.Cmd { return page.Send(page.Open{Page: p}) }

// askFor makes the function of a need.
func askFor[T any](f func(ctx context.Context, b ask.Backend, at time.Time) (T, error)) func(context.Context, ask.Backend, time.Time) (any, error) {
	return func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
		value, err := f(ctx, b, at)
		if err != nil {
			return nil, err
		}
		return value, nil
	}
}

// keyOf joins the parts of a question so that no two questions are alike.
func keyOf(parts ...string) string { return strings.Join(parts, "\x1f") }

// status is what the foot of a page says: what runs or went wrong, or else the
// usual.
func status(c *page.Context, s page.State, doing, usual string) string {
	switch {
	case s.Loading || s.Queued:
		if text := page.Waiting(c, s, doing); text != "" {
			return text
		}
		return usual
	case s.Err != nil:
		text := c.Look.Sign(draw.SignNo) + " " + s.Err.Error() + ", so this is old"
		if hint := page.HintOf(s.Err); hint != "" {
			text += " · " + hint
		}
		return text
	case s.Stopped:
		return "stopped, so this is old · r asks again"
	}
	return usual
}

// body is the area of a page inside its frame. A tab has none of its own, and
// neither has a low screen: there the foot is the last line, where it says more
// than the usual.
func body(a draw.Area, framed bool, title, foot, usual string) draw.Area {
	if framed && a.H >= framedFrom {
		return a.Panel(draw.Frame{Title: title, Foot: foot, Focus: true})
	}
	if foot == "" || foot == usual && a.H < framedFrom {
		return a
	}
	rest, last := a.Bottom(1)
	last.Fit(0, 0, last.W, draw.Dim, foot)
	return rest
}

// drawParts draws the names of the parts of a page, the chosen one marked; the
// mouse hits them as "part:0" and so on. It is not draw.Area.Tabs since the page
// may be a tab itself.
func drawParts(a draw.Area, names []string, chosen int) {
	from := 0
	for from < chosen && partsWidth(names[from:chosen+1]) > a.W {
		from++
	}
	x := 0
	for i := from; i < len(names) && x < a.W; i++ {
		text, style := " "+names[i]+" ", draw.Dim
		if i == chosen {
			text, style = "["+names[i]+"]", draw.Accent|draw.Bold
		}
		a.Sub(x, 0, draw.Width(text), 1).Zone("part:" + strconv.Itoa(i))
		x = a.Fit(x, 0, a.W-x, style, text)
	}
}

func partsWidth(names []string) int {
	width := 0
	for _, name := range names {
		width += draw.Width(name) + 2 //nolint:mnd // A bracket on each side.
	}
	return width
}

// clicked is the number behind a zone such as "part:2", -1 for another zone.
func clicked(id, prefix string) int {
	text, ok := strings.CutPrefix(id, prefix+":")
	if !ok {
		return -1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// partKey moves between parts by the name of a key.
func partKey(key string, chosen, n int) (int, bool) {
	switch key {
	case "tab":
		return (chosen + 1) % n, true
	case "shift+tab":
		return (chosen + n - 1) % n, true
	}
	return chosen, false
}

// moveList moves a list by a key or the mouse, and reports whether a row was
// clicked that was selected already.
func moveList(l *draw.List, msg tea.Msg, zone string, height int) (chosen bool) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		l.Key(msg.String(), height)
	case page.Click:
		if msg.Wheel != 0 {
			l.Move(msg.Wheel * wheelRows)
			return false
		}
		if row := clicked(msg.ID, zone); row >= 0 && row < l.Len {
			chosen = row == l.Cursor
			l.To(row)
		}
	}
	return chosen
}

// lines writes texts one below the other.
type lines struct {
	a draw.Area
	y int
}

// left is how many lines are free.
func (l *lines) left() int { return max(0, l.a.H-l.y) }

// gap leaves a line free, but not at the top and not where lines are scarce.
func (l *lines) gap() {
	if l.y > 0 && l.a.H >= previewTall {
		l.y++
	}
}

// say writes a text on as many lines as it needs; what does not fit is marked.
func (l *lines) say(s draw.Style, text string) { l.hang(0, s, text) }

// hang writes a text behind a margin.
func (l *lines) hang(margin int, s draw.Style, text string) {
	at := l.a.Sub(margin, l.y, l.a.W-margin, l.left())
	if at.H == 0 || at.W == 0 {
		return
	}
	rows := broken(text, at.W)
	if len(rows) > at.H {
		rows = rows[:at.H]
		rows[at.H-1] = draw.Cut(draw.PadRight(rows[at.H-1]+" ", at.W+1), at.W, at.Look())
	}
	for i, row := range rows {
		at.Put(0, i, s, row)
	}
	l.y += len(rows)
}

// broken breaks a text into lines at blanks, and never at the hyphens of dates and
// of negative numbers.
func broken(text string, width int) []string {
	const stay = "\uE000" // No text of people has it.
	rows := draw.Lines(strings.ReplaceAll(text, "-", stay), width)
	for i := range rows {
		rows[i] = strings.ReplaceAll(rows[i], stay, "-")
	}
	return rows
}

// stack puts what is said of the selected row right below a table with so many
// rows, and at the foot where the table needs all the room.
func stack(a draw.Area, rows, said int) (table, below draw.Area) {
	table, below = a.Bottom(said)
	if used := rows + 1; used < table.H {
		return a.Sub(0, 0, a.W, used), a.Sub(0, used, a.W, a.H-used)
	}
	return table, below
}

// nameWidth is how wide a column of names stays as long as other columns can go.
func nameWidth(a draw.Area, names func(i int) string, n int) int {
	widest := 8
	for i := range min(n, namesLooked) {
		widest = max(widest, draw.Width(names(i)))
	}
	most := 24
	if a.W < middleFrom {
		most = 14
	}
	return min(widest, most)
}

// namesLooked is how many names are measured: more are not worth the time.
const namesLooked = 500

// fact writes a label and what it says.
func (l *lines) fact(label string, width int, s draw.Style, text string) {
	if l.left() == 0 {
		return
	}
	l.a.Fit(0, l.y, min(width, l.a.W), draw.Dim, label)
	l.hang(min(width, l.a.W/2), s, text) //nolint:mnd // A label takes at most half.
}

// rest is the area below what was written.
func (l *lines) rest() draw.Area { return l.a.Sub(0, l.y, l.a.W, l.left()) }

// words joins texts that are there by dots.
func words(texts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" }), " · ")
}

// listed are names as a sentence has them: a, b and c.
func listed(names []string, last string) string {
	if len(names) < 2 { //nolint:mnd // Nothing to join.
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + last + " " + names[len(names)-1]
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// known is a name that the definitions have: a segment, a partition or a stage.
// The partition of a stage comes with it.
func known(c *page.Context, word string) (segment, partition bool, stageOf string) {
	if c.Project == nil || c.Project.Program == nil {
		return false, false, ""
	}
	for _, d := range c.Project.Program.Segments {
		if strings.EqualFold(d.DefinitionName(), word) {
			return true, false, ""
		}
	}
	for _, d := range c.Project.Program.Partitions {
		if strings.EqualFold(d.DefinitionName(), word) {
			return false, true, ""
		}
		if front, _, ok := strings.Cut(word, "."); ok && strings.EqualFold(d.DefinitionName(), front) {
			return false, false, d.DefinitionName()
		}
	}
	return false, false, ""
}

// zoneOf is the project's time zone.
func zoneOf(c *page.Context) *time.Location {
	if c.Project == nil || c.Project.Program == nil || c.Project.Program.Zone == nil {
		return time.UTC
	}
	return c.Project.Program.Zone
}

// day is the day of a moment.
func day(c *page.Context, at time.Time) string { return at.In(zoneOf(c)).Format(time.DateOnly) }

// spans are the days that a comparison goes back; D goes through them.
func spans() []int { return []int{30, 90, 7} }

// usualDays is what the commands take where nobody says.
const usualDays = 30

func nextSpan(days int) int {
	all := spans()
	return all[(slices.Index(all, days)+1)%len(all)]
}

// daysArgs are the arguments of a command for a span.
func daysArgs(days int) []string {
	if days == usualDays {
		return nil
	}
	return []string{"--from", "-" + strconv.Itoa(days) + "d"}
}

// fileName makes a name of a file from a word.
func fileName(parts ...string) string {
	clean := func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '.', r == '-':
			return r
		}
		return '_'
	}
	name := strings.Map(clean, strings.Join(parts, "-"))
	const most = 60
	return name[:min(len(name), most)]
}

// formats are endings of files with rows, and whole those of several tables.
func formats() []string { return []string{"csv", "json"} }

func exportOf(what string, command []string, name string) page.Export {
	return page.Export{What: what, Command: command, Name: name, Formats: formats()}
}

func wholeOf(command []string, name string) page.Export {
	return page.Export{What: "all tables", Command: command, Name: name, Formats: []string{"json"}}
}

// reportOf is the HTML page about some words.
func reportOf(selectors []string, more ...string) page.Export {
	command := append(append([]string{"report"}, selectors...), more...)
	return page.Export{What: "report", Command: command, Name: "strata-report", Formats: []string{"html"}}
}

// clean is a text of the data on one line.
func clean(text string) string { return render.Clean(text) }

// memory reads a value that survives a page.
func memory[T any](c *page.Context, key string, usual T) T {
	if value, ok := c.Memory[key].(T); ok {
		return value
	}
	return usual
}

// remember keeps a value.
func remember(c *page.Context, key string, value any) {
	if c.Memory != nil {
		c.Memory[key] = value
	}
}
