package segments

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
	"strata/tui/page"
)

// What Memory keeps of the list.
const (
	memoryFilter = "segments.filter"
	memoryOrder  = "segments.order"
	memoryPins   = "segments.pins"
	memoryOpen   = "segments.open"
	memoryAlone  = "segments.alone"
)

// home is the list of all segments with an overview of the chosen one.
type home struct {
	links Links

	tree   tree
	input  input
	typing bool
	// chosen is the name of the selected row; the list may change around it.
	chosen string
	list   draw.List
	rows   []row
	found  int
	// window is the number of rows that were seen last.
	window int
	loaded bool
	// alone says that the list has all the room.
	alone bool
}

// New makes the list of all segments.
func New(links Links) page.Page {
	return &home{links: links, tree: tree{order: byName, pinned: map[string]bool{}, open: map[string]bool{}}, window: 1}
}

// ID implements page.Page.
func (h *home) ID() string { return "segments" }

// Crumb implements page.Page.
func (h *home) Crumb() string { return "segments" }

// CLI implements page.Page. Tags and owners of the filter are selectors too.
func (h *home) CLI(*page.Context) []string {
	args := []string{"list", "--live"}
	f := h.tree.filter
	if len(f.tags) == 1 && len(f.owners) == 0 {
		return append(args, "tag:"+f.tags[0])
	}
	if len(f.owners) == 1 && len(f.tags) == 0 {
		return append(args, "owner:"+f.owners[0])
	}
	return args
}

// Needs implements page.Page.
func (h *home) Needs(*page.Context) []page.Need {
	return []page.Need{storedNeed(), sizesNeed(), coursesNeed()}
}

// Typing implements page.Typing.
func (h *home) Typing() bool { return h.typing }

// Close implements page.Closing: it clears the filter.
func (h *home) Close() bool {
	was := h.typing || h.input.String() != ""
	h.typing = false
	h.input.set("")
	h.tree.filter = filter{}
	return was
}

// sync makes the rows of what is known now; the cursor stays on the name that was
// chosen, or on the first row while that is filtered out.
func (h *home) sync(c *page.Context) known {
	h.remember(c)
	k := knownOf(c)
	if c.Project == nil {
		h.rows, h.found = nil, 0
		h.list.Resize(0)
		return k
	}
	h.rows, h.found = h.tree.rows(c.Project.Program, k)
	h.list.Resize(len(h.rows))
	at := slices.IndexFunc(h.rows, func(r row) bool { return r.name == h.chosen })
	if at < 0 && h.chosen != "" {
		// A stage that was folded away leaves the cursor on its partition.
		at = slices.IndexFunc(h.rows, func(r row) bool { return r.partition() != nil && r.holds(h.chosen) })
	}
	if h.chosen != "" {
		h.list.To(max(0, at))
	}
	return k
}

// holds reports whether a word is a stage of the row's partition.
func (r *row) holds(word string) bool {
	return slices.ContainsFunc(r.stages(), func(s unit) bool { return s.name == word })
}

// remember reads what an earlier list was like, and writes what this one is.
func (h *home) remember(c *page.Context) {
	if !h.loaded {
		h.loaded = true
		if text, ok := c.Memory[memoryFilter].(string); ok {
			h.input.set(text)
		}
		if o, ok := c.Memory[memoryOrder].(order); ok {
			h.tree.order = o
		}
		if pins, ok := c.Memory[memoryPins].(map[string]bool); ok {
			h.tree.pinned = pins
		}
		if open, ok := c.Memory[memoryOpen].(map[string]bool); ok {
			h.tree.open = open
		}
		h.alone, _ = c.Memory[memoryAlone].(bool)
	}
	h.tree.filter = parseFilter(h.input.String())
	if c.Memory == nil {
		return
	}
	c.Memory[memoryFilter], c.Memory[memoryOrder] = h.input.String(), h.tree.order
	c.Memory[memoryPins], c.Memory[memoryOpen] = h.tree.pinned, h.tree.open
	c.Memory[memoryAlone] = h.alone
}

// current is the selected row, nil in an empty list.
func (h *home) current() *row {
	if h.list.Cursor < 0 || h.list.Cursor >= len(h.rows) {
		return nil
	}
	return &h.rows[h.list.Cursor]
}

// choose remembers the row under the cursor.
func (h *home) choose() {
	if r := h.current(); r != nil {
		h.chosen = r.name
	}
}

// Copies implements page.Subject.
func (h *home) Copies(c *page.Context) []page.Copy {
	h.sync(c)
	if r := h.current(); r != nil {
		return copiesOf(r.unit)
	}
	return nil
}

// Exports implements page.Exporting.
func (h *home) Exports(c *page.Context) []page.Export {
	h.sync(c)
	list := []page.Export{{What: "the list", Command: h.CLI(c), Name: "segments", Formats: tableFormats()}}
	if r := h.current(); r != nil {
		list = append(list, exportsOf(r.unit)...)
	}
	return list
}

// Update implements page.Page.
func (h *home) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	h.sync(c)
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return h.key(c, msg)
	case tea.PasteMsg:
		h.typing = true
		h.input.insert(msg.Content)
		h.sync(c)
	case page.Click:
		return h.click(c, msg)
	case committed:
		return page.Send(page.Refresh{})
	}
	return nil
}

func (h *home) key(c *page.Context, msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	if h.typing && h.typed(c, name, msg) {
		return nil
	}
	switch {
	case h.list.Key(name, h.window):
		h.choose()
	case name == "left" || name == "h":
		h.fold(c, false)
	case name == "right" || name == "l":
		h.fold(c, true)
	case name == "space":
		if r := h.current(); r != nil {
			h.fold(c, r.partition() != nil && !r.open)
		}
	case len(name) == 1 && name >= "1" && name <= "9":
		return h.open(c, int(name[0]-'1'))
	}
	return nil
}

// typed takes a key of the filter and reports whether it was one.
func (h *home) typed(c *page.Context, name string, msg tea.KeyPressMsg) bool {
	if name == "up" || name == "down" || !h.input.key(msg) {
		return false
	}
	h.sync(c)
	return true
}

// fold shows or hides the stages of the partition under the cursor, or of that
// whose stage is there.
func (h *home) fold(c *page.Context, open bool) {
	r := h.current()
	if r == nil || r.def.DefinitionKind() != "partition" {
		return
	}
	name := r.def.DefinitionName()
	if h.tree.open[name] == open {
		return
	}
	h.tree.open[name] = open
	h.chosen = name
	h.sync(c)
}

func (h *home) click(c *page.Context, msg page.Click) tea.Cmd {
	var n int
	switch {
	case msg.Wheel != 0 && (msg.ID == "list" || isZone(msg.ID, "row", &n)):
		h.list.Move(msg.Wheel)
		h.choose()
	case msg.Wheel != 0:
	case msg.ID == "problems":
		return page.Send(page.Open{Page: NewProblems()})
	case msg.ID == "filter":
		h.typing = true
	case isZone(msg.ID, "row", &n) && n < len(h.rows):
		if n == h.list.Cursor && h.chosen == h.rows[n].name {
			return h.open(c, 0)
		}
		h.list.To(n)
		h.choose()
	case isZone(msg.ID, "open", &n):
		return h.open(c, n)
	}
	return nil
}

// open shows the segment under the cursor with one of its tabs.
func (h *home) open(c *page.Context, tab int) tea.Cmd {
	k := h.sync(c)
	r := h.current()
	if r == nil {
		return nil
	}
	s := newSegment(r.name, h.links)
	if tab >= len(s.tabs) {
		return nil
	}
	s.tab, s.seed = tab, seedOf(c, k, r.unit)
	return page.Send(page.Open{Page: s})
}
