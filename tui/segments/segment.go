package segments

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/page"
)

// tab is one of a segment's pages, made when it is first shown.
type tab struct {
	// name is what the line of tabs says, short what it says where room is scarce.
	name, short string
	make        func() page.Page
	page        page.Page
}

// segment is a segment, stage or partition with its tabs.
type segment struct {
	word  string
	links Links
	tabs  []*tab
	tab   int
	seed  seed
}

// NewSegment makes the page of a segment, partition or stage.
func NewSegment(word string, links Links) page.Page { return newSegment(word, links) }

func newSegment(word string, links Links) *segment {
	s := &segment{word: word, links: links}
	s.add("Overview", "Ov", func(word string) page.Page {
		return &overviewPage{word: word, seed: func() seed { return s.seed }}
	})
	s.add("Rule", "Rule", links.Rule)
	s.add("Funnel", "Fun", links.Funnel)
	s.add("Members", "Mem", links.Members)
	s.add("Overlap", "Ovl", links.OverlapOf)
	s.add("Drift", "Dri", links.DriftOf)
	s.add("KPIs", "KPI", links.KPIs)
	s.add("History", "His", func(word string) page.Page { return newHistory(word, links) })
	return s
}

// add adds a tab, if there is a page for it.
func (s *segment) add(name, short string, make func(word string) page.Page) {
	if make == nil {
		return
	}
	s.tabs = append(s.tabs, &tab{name: name, short: short, make: func() page.Page { return make(s.word) }})
}

// names are the tabs with their keys, in full and short.
func (s *segment) names() [][2]string {
	list := make([][2]string, len(s.tabs))
	for i, t := range s.tabs {
		n := strconv.Itoa(i+1) + " "
		list[i] = [2]string{n + t.name, n + t.short}
	}
	return list
}

// shown is the page of the chosen tab.
func (s *segment) shown() page.Page {
	t := s.tabs[s.tab]
	if t.page == nil {
		t.page = t.make()
	}
	return t.page
}

// slots are the answers of a tab: each has its own names of slots.
type slots struct {
	page.Answers

	prefix string
}

// Slot implements page.Answers.
func (s slots) Slot(name string) page.State { return s.Answers.Slot(s.prefix + name) }

// prefix stands before the slots of a tab.
func (s *segment) prefix() string { return s.tabs[s.tab].name + "/" }

// inner is the context of the chosen tab: one line less, and slots of its own.
func (s *segment) inner(c *page.Context) *page.Context {
	in := *c
	in.Height = max(0, c.Height-1)
	in.Answers = slots{Answers: c.Answers, prefix: s.prefix()}
	return &in
}

// ID implements page.Page.
func (s *segment) ID() string { return "segment" }

// Crumb implements page.Page.
func (s *segment) Crumb() string { return s.word }

// CLI implements page.Page.
func (s *segment) CLI(c *page.Context) []string { return s.shown().CLI(s.inner(c)) }

// Needs implements page.Page.
func (s *segment) Needs(c *page.Context) []page.Need {
	list := s.shown().Needs(s.inner(c))
	out := make([]page.Need, len(list))
	for i, need := range list {
		need.Slot = s.prefix() + need.Slot
		out[i] = need
	}
	return out
}

// Typing implements page.Typing.
func (s *segment) Typing() bool {
	t, ok := s.shown().(page.Typing)
	return ok && t.Typing()
}

// Unsaved implements page.Unsaved for all tabs that were opened.
func (s *segment) Unsaved() string {
	for _, t := range s.tabs {
		if u, ok := t.page.(page.Unsaved); ok && u.Unsaved() != "" {
			return u.Unsaved()
		}
	}
	return ""
}

// Close implements page.Closing.
func (s *segment) Close() bool {
	closing, ok := s.shown().(page.Closing)
	return ok && closing.Close()
}

// Copies implements page.Subject.
func (s *segment) Copies(c *page.Context) []page.Copy {
	if subject, ok := s.shown().(page.Subject); ok {
		return subject.Copies(s.inner(c))
	}
	if u, ok := find(programOf(c), s.word); ok {
		return copiesOf(u)
	}
	return nil
}

// Exports implements page.Exporting.
func (s *segment) Exports(c *page.Context) []page.Export {
	if e, ok := s.shown().(page.Exporting); ok {
		return e.Exports(s.inner(c))
	}
	return nil
}

// Update implements page.Page. What is neither key nor click is for all tabs: a
// task that one of them began may end while another is shown.
func (s *segment) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case tea.KeyPressMsg:
		if n, ok := digit(m); ok && !s.Typing() {
			return s.choose(c, n)
		}
	case page.Click:
		var n int
		if isZone(m.ID, "segment.tab", &n) {
			if m.Wheel != 0 {
				return nil
			}
			return s.choose(c, n)
		}
	case tea.PasteMsg, page.Shown:
	default:
		return s.all(c, msg)
	}
	return s.shown().Update(s.inner(c), msg)
}

// digit is the tab that a key stands for.
func digit(msg tea.KeyPressMsg) (int, bool) {
	name := msg.String()
	if len(name) != 1 || name < "1" || name > "9" {
		return 0, false
	}
	return int(name[0] - '1'), true
}

// all hands a message to all tabs that were opened.
func (s *segment) all(c *page.Context, msg tea.Msg) tea.Cmd {
	var commands []tea.Cmd
	at := s.tab
	for i, t := range s.tabs {
		if t.page == nil {
			continue
		}
		s.tab = i
		commands = append(commands, t.page.Update(s.inner(c), msg))
	}
	s.tab = at
	return tea.Batch(commands...)
}

// choose shows a tab.
func (s *segment) choose(c *page.Context, n int) tea.Cmd {
	if n < 0 || n >= len(s.tabs) || n == s.tab {
		return nil
	}
	s.tab = n
	return s.shown().Update(s.inner(c), page.Shown{})
}

// Actions implements page.Page: those of the tab come first, so that a key means
// what the tab says where both have it.
func (s *segment) Actions(c *page.Context) []page.Action {
	list := s.shown().Actions(s.inner(c))
	taken, ids := map[string]bool{}, map[string]bool{}
	for _, a := range list {
		ids[a.ID] = true
		for _, key := range a.Keys {
			taken[key] = true
		}
	}
	for _, a := range s.own(c) {
		free := a.Keys[:0:0]
		for _, key := range a.Keys {
			if !taken[key] {
				free = append(free, key)
			}
		}
		if ids[a.ID] || len(free) == 0 {
			continue
		}
		a.Keys = free
		list = append(list, a)
	}
	return list
}

// own are the actions of the segment itself.
func (s *segment) own(c *page.Context) []page.Action {
	u, ok := find(programOf(c), s.word)
	nothing := ""
	if !ok {
		nothing = s.word + " is not defined any more"
	}
	list := unitActions(s.links, u, "segment", nothing)
	move := func(by int) func() tea.Cmd {
		return func() tea.Cmd { return s.choose(c, (s.tab+by+len(s.tabs))%len(s.tabs)) }
	}
	list = append(list, page.Action{ID: "segment.next", Keys: []string{"]"}, Title: "Next tab", Hint: "tab", Do: move(1)},
		page.Action{ID: "segment.previous", Keys: []string{"["}, Title: "Previous tab", Do: move(-1)})
	for i, t := range s.tabs {
		list = append(list, page.Action{
			ID: "segment.tab." + strings.ToLower(t.name), Keys: []string{strconv.Itoa(i + 1)},
			Title: "Show the tab " + t.name, Do: func() tea.Cmd { return s.choose(c, i) },
		})
	}
	return list
}

// Draw implements page.Page.
func (s *segment) Draw(c *page.Context, a draw.Area) {
	top, rest := a.Top(1)
	drawTabs(top.Inset(1), s.names(), s.tab, "segment.tab")
	s.shown().Draw(s.inner(c), rest)
}

// drawTabs draws a line of tabs: in full, or else short, the chosen one last, or
// else those around the chosen one.
func drawTabs(a draw.Area, names [][2]string, chosen int, zone string) {
	texts := fitTabs(names, chosen, a.W)
	from := 0
	for tabsWidth(texts[from:]) > a.W && from < chosen && tabsWidth(texts[from:chosen+1]) > a.W-2 { //nolint:mnd // Room for the sign of more.
		from++
	}
	x := 0
	for i := from; i < len(texts); i++ {
		style := draw.Dim
		text := texts[i]
		if i == chosen {
			text, style = "["+text+"]", draw.Accent|draw.Bold
		}
		if x+draw.Width(text) > a.W-2*min(1, len(texts)-1-i) {
			a.Put(x, 0, draw.Dim, draw.Cut("››", 1, a.Look()))
			return
		}
		a.Sub(x, 0, draw.Width(text), 1).Zone(zone + ":" + strconv.Itoa(i))
		x = a.Put(x, 0, style, text) + 1
	}
}

// fitTabs are the texts of tabs that come nearest to a width.
func fitTabs(names [][2]string, chosen, width int) []string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = n[0]
	}
	for i, n := range names {
		if i != chosen && tabsWidth(texts) > width {
			texts[i] = n[1]
		}
	}
	if len(texts) > 0 && tabsWidth(texts) > width {
		texts[chosen] = names[chosen][1]
	}
	return texts
}

// tabsWidth is the room of tabs: a blank between them, and brackets around one.
func tabsWidth(texts []string) int {
	n := 1
	for _, t := range texts {
		n += draw.Width(t) + 1
	}
	return n
}
