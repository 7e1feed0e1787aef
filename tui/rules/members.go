package rules

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports/render"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/prompt"
)

// pageRows is the number of members on a page.
const pageRows = 100

// Members is the members of a segment, a page at a time.
type Members struct {
	word  string
	links Links
	reader
	stages stages

	list   draw.List
	offset int64
	// hidden is how many columns had no room when the page was drawn.
	hidden int
	// find is the line that finds a key while finding says so; after that its text
	// stays in force.
	find    prompt.Line
	finding bool
	choose  *chooser
	// taste is what is kept for the segment.
	taste   taste
	decided bool
}

// taste is how somebody wants to see the members of a segment.
type taste struct {
	Columns []string
	Sort    string
	Down    bool
}

// NewMembers makes the page of a word.
func NewMembers(word string, links Links) *Members { return &Members{word: word, links: links} }

// ID implements page.Page.
func (*Members) ID() string { return "members" }

// Crumb implements page.Page.
func (p *Members) Crumb() string { return oneLine(p.word) + " members" }

// Typing implements page.Typing.
func (p *Members) Typing() bool { return p.finding || p.choose != nil }

// Close implements page.Closing.
func (p *Members) Close() bool {
	switch {
	case p.choose != nil:
		p.choose = nil
	case p.finding || p.find.Text() != "":
		p.finding = false
		p.find.Set("")
		p.first()
	default:
		return false
	}
	return true
}

// first goes to the first row of the first page.
func (p *Members) first() {
	p.offset = 0
	p.list.To(0)
}

// recall reads what was chosen for the segment before.
func (p *Members) recall(c *page.Context) {
	if p.decided || c.Project == nil || c.Project.Program == nil {
		return
	}
	p.decided = true
	if kept, ok := c.Memory[p.place()].(taste); ok {
		p.taste = kept
		p.taste.Columns = slices.DeleteFunc(slices.Clone(kept.Columns), func(name string) bool { return wrongColumn(c.Project.Program, name) != "" })
		if p.taste.Sort != "" && !slices.Contains(p.taste.Columns, p.taste.Sort) {
			p.taste.Sort = ""
		}
		return
	}
	p.taste.Columns = usualColumns(c.Project.Program, p.read(c, p.word))
}

// keep remembers what is chosen.
func (p *Members) keep(c *page.Context) {
	if c.Memory != nil {
		c.Memory[p.place()] = taste{Columns: slices.Clone(p.taste.Columns), Sort: p.taste.Sort, Down: p.taste.Down}
	}
}

func (p *Members) place() string { return "members:" + p.word }

// key is what customers' keys are called.
func keyName(c *page.Context) string {
	if c.Project == nil || c.Project.Program == nil || c.Project.Program.Customers == nil {
		return "customer"
	}
	return c.Project.Program.Customers.Key.Name
}

// question is what is asked for.
func (p *Members) question(c *page.Context) ask.MembersPage {
	p.recall(c)
	return ask.MembersPage{
		Word: p.stages.word(p.read(c, p.word)), Columns: p.taste.Columns, Sort: p.taste.Sort, Down: p.taste.Down,
		Find: strings.TrimSpace(p.find.Text()), Offset: p.offset, Limit: pageRows,
	}
}

// CLI implements page.Page.
func (p *Members) CLI(c *page.Context) []string {
	args := p.command(c)
	args = append(args, "--limit", strconv.Itoa(pageRows))
	if p.offset > 0 {
		args = append(args, "--offset", strconv.FormatInt(p.offset, 10))
	}
	return args
}

// command lists the members with the chosen columns, in the chosen order.
func (p *Members) command(c *page.Context) []string {
	q := p.question(c)
	args := append([]string{"members", q.Word}, columnFlags(q.Columns)...)
	if q.Sort != "" {
		args = append(args, "--sort", q.Sort)
	}
	if q.Down {
		args = append(args, "--desc")
	}
	if q.Find != "" {
		args = append(args, "--find", q.Find)
	}
	return args
}

// Needs implements page.Page.
func (p *Members) Needs(c *page.Context) []page.Need {
	if p.read(c, p.word).wrong != "" {
		return nil
	}
	q := p.question(c)
	q.Columns = slices.Clone(q.Columns)
	return []page.Need{{
		Slot: "members", Key: fmt.Sprintf("members:%+q", []string{
			q.Word, strings.Join(q.Columns, "\x00"), q.Sort, strconv.FormatBool(q.Down), q.Find, strconv.FormatInt(q.Offset, 10),
		}),
		Typed: p.finding, Doing: "listing",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Members(ctx, q, at) },
	}}
}

// answer is the page of members that is there.
func (p *Members) answer(c *page.Context) page.Got[ask.MembersList] {
	return page.Answer[ask.MembersList](c, "members")
}

// selected is the key of the member under the cursor.
func (p *Members) selected(c *page.Context) string {
	got := p.answer(c)
	if !got.Has || len(got.Value.Table.Rows) == 0 {
		return ""
	}
	p.list.Resize(len(got.Value.Table.Rows))
	row := got.Value.Table.Rows[p.list.Cursor]
	if len(row) == 0 {
		return ""
	}
	return render.Cell(row[0], render.Column{Kind: render.Figure})
}

// Update implements page.Page.
func (p *Members) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	p.recall(c)
	switch {
	case p.choose != nil:
		if p.choose.update(c.Project.Program, msg) {
			p.chosen(c)
		}
	case p.finding:
		p.updateFind(msg)
	default:
		p.move(c, msg)
	}
	return nil
}

// updateFind types into the line that finds a key.
func (p *Members) updateFind(msg tea.Msg) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "enter", "tab":
			p.finding = false
			return
		case "up", "down", "pgup", "pgdown":
			p.list.Key(key.String(), pageRows/4) //nolint:mnd // A page of the screen, about.
			return
		}
	}
	before := p.find.Text()
	if p.find.Update(msg); p.find.Text() != before {
		p.first()
	}
}

func (p *Members) move(c *page.Context, msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		key := msg.String()
		if by := map[string]int{"left": -1, "h": -1, "right": 1, "l": 1}[key]; by != 0 {
			if p.stages.move(p.read(c, p.word), by) {
				p.first()
			}
			return
		}
		p.list.Key(key, max(2, c.Height-6)) //nolint:mnd // The frame, the head and the lines below.
	case page.Click:
		var row int
		if msg.Wheel != 0 {
			p.list.Move(3 * msg.Wheel) //nolint:mnd // As other programs do.
		} else if n, err := fmt.Sscanf(msg.ID, "row:%d", &row); err == nil && n == 1 {
			p.list.To(row)
		} else if n, err := fmt.Sscanf(msg.ID, "stage:%d", &row); err == nil && n == 1 && p.stages.move(p.read(c, p.word), row-p.stages.chosen) {
			p.first()
		}
	}
}

// chosen takes over what the chooser has picked.
func (p *Members) chosen(c *page.Context) {
	if slices.Equal(p.taste.Columns, p.choose.picked) {
		return
	}
	p.taste.Columns = slices.Clone(p.choose.picked)
	if p.taste.Sort != "" && !slices.Contains(p.taste.Columns, p.taste.Sort) {
		p.taste.Sort, p.taste.Down = "", false
		p.first()
	}
	p.keep(c)
}

// Actions implements page.Page.
func (p *Members) Actions(c *page.Context) []page.Action {
	p.recall(c)
	s := p.read(c, p.word)
	switch {
	case s.wrong != "" || p.finding:
		return nil
	case p.choose != nil:
		return nil
	}
	actions := p.pageActions(c)
	actions = append(actions,
		page.Action{
			ID: "members.sort", Keys: []string{"s"}, Title: "Sort by the next column, or the other way round", Hint: "sort",
			Do: func() tea.Cmd { p.sort(c); return nil },
		},
		page.Action{
			ID: "members.columns", Keys: []string{"c"}, Title: "Choose columns", Hint: "columns",
			Do: func() tea.Cmd { p.choose = newChooser(c.Project.Program, p.taste.Columns); return nil },
		},
		page.Action{
			ID: "members.find", Keys: []string{"/"}, Title: "Find a customer by the beginning of the key", Hint: "find",
			Do: func() tea.Cmd { p.finding = true; return nil },
		})
	return append(actions, p.customerActions(c)...)
}

// pageActions go to other pages.
func (p *Members) pageActions(c *page.Context) []page.Action {
	total := p.answer(c).Value.Total
	next, previous := "", ""
	if p.offset+pageRows >= total {
		next = "this is the last page"
	}
	if p.offset == 0 {
		previous = "this is the first page"
	}
	turn := func(by int64) func() tea.Cmd {
		return func() tea.Cmd {
			p.offset = max(0, p.offset+by*pageRows)
			p.list.To(0)
			return nil
		}
	}
	return []page.Action{
		{ID: "members.next", Keys: []string{"n"}, Title: "Next page", Hint: "next", Off: next, Do: turn(1)},
		{ID: "members.previous", Keys: []string{"p"}, Title: "Page before", Hint: "before", Off: previous, Do: turn(-1)},
	}
}

// customerActions open what is known about the member under the cursor.
func (p *Members) customerActions(c *page.Context) []page.Action {
	key, off := p.selected(c), ""
	if key == "" {
		off = "there is no member here"
	}
	word := p.stages.word(p.read(c, p.word))
	var actions []page.Action
	if p.links.Customer != nil {
		actions = append(actions, page.Action{
			ID: "members.profile", Keys: []string{"enter"}, Title: "Profile of this customer", Hint: "profile", Off: off,
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Customer(key)}) },
		})
	}
	if p.links.Why != nil {
		actions = append(actions, page.Action{
			ID: "members.why", Keys: []string{"w"}, Title: "Why is this customer in?", Hint: "why?", Off: off,
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Why(key, word)}) },
		})
	}
	return actions
}

// sort goes from the key over all columns, each upwards and then downwards.
func (p *Members) sort(c *page.Context) {
	if !p.taste.Down {
		p.taste.Down = true
	} else {
		p.taste.Down = false
		names := append([]string{""}, p.taste.Columns...)
		p.taste.Sort = names[(slices.Index(names, p.taste.Sort)+1)%len(names)]
	}
	p.first()
	p.keep(c)
}

// Copies implements page.Subject.
func (p *Members) Copies(c *page.Context) []page.Copy {
	var copies []page.Copy
	if key := p.selected(c); key != "" {
		copies = append(copies, page.Copy{What: "customer", Text: key})
		got := p.answer(c)
		row := got.Value.Table.Rows[p.list.Cursor]
		cells := make([]string, 0, len(row))
		for i, v := range row {
			cells = append(cells, p.cell(v, got.Value.Table.Columns[i]))
		}
		copies = append(copies, page.Copy{What: "row", Text: strings.Join(cells, "\t")})
	}
	return append(copies, page.Copy{What: "name", Text: p.stages.word(p.read(c, p.word))})
}

// Exports implements page.Exporting.
func (p *Members) Exports(c *page.Context) []page.Export {
	s := p.read(c, p.word)
	if s.wrong != "" {
		return nil
	}
	name := fileName(s.name())
	if s.partition != nil {
		name = fileName(p.stages.word(s))
	}
	what := "all members"
	if find := p.question(c).Find; find != "" {
		what = "members whose key begins with " + find
	}
	return []page.Export{{
		What: what, Command: append(p.command(c), "--limit", "0"), Name: name + "-members", Formats: tableFormats(),
	}}
}
