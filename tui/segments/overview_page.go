package segments

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// The slots of a single segment.
const (
	slotCount  = "count"
	slotCourse = "course"
	slotAhead  = "forecast"
)

// seed is what another page knew of a unit when it opened this one. It stands in
// until the answers are there.
type seed struct {
	at     time.Time
	size   *ask.Size
	course *ask.Course
}

func seedOf(c *page.Context, k known, u unit) seed {
	s := seed{at: c.AsOf}
	if size, ok := k.sizes[u.name]; ok {
		s.size = &size
	}
	if course, ok := k.courses[u.name]; ok {
		s.course = &course
	}
	return s
}

// overviewPage is the first tab of a segment.
type overviewPage struct {
	word string
	seed func() seed
	// top is the first section that is shown.
	top int
}

// ID implements page.Page.
func (o *overviewPage) ID() string { return "overview" }

// Crumb implements page.Page.
func (o *overviewPage) Crumb() string { return o.word }

// CLI implements page.Page.
func (o *overviewPage) CLI(*page.Context) []string { return []string{"count", o.word} }

// Needs implements page.Page. A segment is counted and followed by itself, so that
// going through time is quick; stages are counted together.
func (o *overviewPage) Needs(c *page.Context) []page.Need {
	u, ok := find(programOf(c), o.word)
	if !ok {
		return nil
	}
	if u.partition() != nil {
		return []page.Need{storedNeed(), sizesNeed(), coursesNeed()}
	}
	return []page.Need{storedNeed(), countNeed(o.word), courseNeed(o.word)}
}

func countNeed(word string) page.Need {
	return page.Need{
		Slot: slotCount, Key: "Count " + word, Doing: "counting",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Count(ctx, word, at) },
	}
}

func courseNeed(word string) page.Need {
	return page.Need{
		Slot: slotCourse, Key: "Course " + word, Doing: "following the last weeks",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Course(ctx, word, at) },
	}
}

// facts are what the answers say, and where there is none what is known from
// before.
func (o *overviewPage) facts(c *page.Context, u unit) facts {
	if u.partition() != nil {
		return factsOf(knownOf(c), u)
	}
	stored := page.Answer[ask.Stored](c, slotStored)
	count := page.Answer[result.Count](c, slotCount)
	course := page.Answer[ask.Course](c, slotCourse)
	f := facts{unit: u, sized: count.State, followed: course.State, run: stored.Value.Run}
	if n, ok := stored.Value.Sizes[u.name]; ok {
		f.stored = &n
	}
	before := seed{}
	if o.seed != nil {
		before = o.seed()
	}
	switch {
	case count.Has:
		v := count.Value
		f.size = &ask.Size{Name: u.name, Members: v.Members, Contactable: v.Contactable, Customers: v.Customers}
	case before.size != nil && count.Err == nil:
		f.size, f.sized.Old = before.size, !before.at.Equal(c.AsOf)
	}
	switch {
	case course.Has:
		f.course = &course.Value
	case before.course != nil && before.course.Skipped == "" && course.Err == nil: // By itself it may have one.
		f.course, f.followed.Old = before.course, !before.at.Equal(c.AsOf)
	}
	return f
}

// Update implements page.Page: it scrolls by sections.
func (o *overviewPage) Update(_ *page.Context, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch msg.String() {
		case "down", "j", "pgdown":
			o.top++
		case "up", "k", "pgup":
			o.top--
		case "home", "g":
			o.top = 0
		}
	case page.Click:
		o.top += msg.Wheel
	}
	o.top = max(0, o.top)
	return nil
}

// Draw implements page.Page.
func (o *overviewPage) Draw(c *page.Context, a draw.Area) {
	u, ok := find(programOf(c), o.word)
	if !ok {
		a.Wrap(0, 0, draw.Warn, a.Look().Sign(draw.SignWarn)+" "+o.word+" is not defined any more. esc goes back.")
		return
	}
	f := o.facts(c, u)
	title := u.kind() + " " + u.name
	if text := waiting(c, f); text != "" {
		title += " · " + text
	}
	if beside(a) {
		o.drawWide(c, a, f, title)
		return
	}
	list := overview(c, f, max(1, a.W-panelEdge))
	if total(list, false) > a.H-2 { //nolint:mnd // The edges of the panel.
		list = textLast(list)
	}
	o.top = min(o.top, o.last(list, a.H-2)) //nolint:mnd // The edges of the panel.
	foot := ""
	if total(list, false) > a.H-2 {
		foot = "↑↓ more"
	}
	inside := panel(a, draw.Frame{Title: title, Foot: foot, Focus: true, Zone: "overview"})
	if foot == "" {
		compose(inside, list)
		return
	}
	scrolled(inside, list[o.top:])
}

// waiting says what is still being asked, the numbers before the course.
func waiting(c *page.Context, f facts) string {
	if text := page.Waiting(c, f.sized, "counting"); text != "" {
		return text
	}
	return page.Waiting(c, f.followed, "following the last weeks")
}

// textLast puts the description behind the numbers, where not all is seen at once.
func textLast(list []section) []section {
	var first, last []section
	for _, s := range list {
		if s.rank == rankText {
			last = append(last, s)
		} else {
			first = append(first, s)
		}
	}
	return append(first, last...)
}

// last is the first section of the last screen.
func (o *overviewPage) last(list []section, height int) int {
	n := len(list)
	for n > 1 && total(list[n-1:], false) <= height {
		n--
	}
	if total(list, false) <= height {
		return 0
	}
	return min(n, len(list)-1)
}

// scrolled draws sections from the top and cuts what does not fit.
func scrolled(a draw.Area, list []section) {
	y := 0
	for i, s := range list {
		if i > 0 && !s.glued && a.H >= chartLeast+chartMost {
			y++
		}
		if s.draw != nil {
			if a.H-y >= min(s.least, a.H) {
				s.draw(a.Sub(0, y, a.W, min(s.least, a.H-y)))
			}
			y += s.least
			continue
		}
		for _, l := range s.lines {
			drawLine(a, y, l)
			y++
		}
	}
}

// drawWide draws numbers beside the rule.
func (o *overviewPage) drawWide(c *page.Context, a draw.Area, f facts, title string) {
	left, right := a.Left(a.W * 58 / 100) //nolint:mnd // The chart wants more than the rule.
	in := panel(left, draw.Frame{Title: title, Focus: true, Zone: "overview"})
	numbersSide := append(head(f, in.W), numbers(c, f, in.W)...)
	if f.partition() != nil {
		numbersSide = append(numbersSide, stageSection(c, f, in.W))
	} else {
		chart := chartSection(c, f)
		if chart.most > 1 {
			chart.most = 14
		}
		numbersSide = append(append(numbersSide, chart), movement(c, f, in.W)...)
	}
	compose(in, numbersSide)
	side := panel(right, draw.Frame{Title: "Definition", Zone: "definition"})
	compose(side, append([]section{ruleSection(f, side.W)}, around(c, f, side.W)...))
}

// Actions implements page.Page.
func (o *overviewPage) Actions(*page.Context) []page.Action { return nil }

// Copies implements page.Subject.
func (o *overviewPage) Copies(c *page.Context) []page.Copy {
	u, ok := find(programOf(c), o.word)
	if !ok {
		return nil
	}
	list := copiesOf(u)
	if count := page.Answer[result.Count](c, slotCount); count.Has {
		list = append(list, page.Copy{What: "number of members", Text: draw.Count(count.Value.Members)})
	}
	return list
}

// Exports implements page.Exporting.
func (o *overviewPage) Exports(c *page.Context) []page.Export {
	if u, ok := find(programOf(c), o.word); ok {
		return exportsOf(u)
	}
	return nil
}
