package customers

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports/render"
	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/prompt"
)

// Customer is the profile of a customer beside all segments.
type Customer struct {
	customer string
	links    Links
	prompt   *asking

	// profile says that the profile takes the keys.
	profile        bool
	fields, places draw.List
	filter         prompt.Line
	filtering      bool
}

// NewCustomer makes the page of a customer; "" is asked for.
func NewCustomer(customer string, links Links) *Customer {
	p := &Customer{customer: customer, links: links}
	if customer == "" {
		p.prompt = askCustomer()
	}
	return p
}

// ID implements page.Page.
func (*Customer) ID() string { return "customer" }

// Crumb implements page.Page.
func (p *Customer) Crumb() string {
	if p.customer == "" {
		return "customer?"
	}
	return "customer " + p.customer
}

// CLI implements page.Page.
func (p *Customer) CLI(*page.Context) []string {
	if p.customer == "" {
		return nil
	}
	return []string{"why", p.customer}
}

// Typing implements page.Typing.
func (p *Customer) Typing() bool { return p.prompt != nil || p.filtering }

// Close implements page.Closing.
func (p *Customer) Close() bool {
	switch {
	case p.prompt != nil && p.customer == "":
		return false
	case p.prompt != nil:
		p.prompt = nil
	case p.filtering || p.filter.Text() != "":
		p.filtering = false
		p.filter.Set("")
		p.places.To(0)
	default:
		return false
	}
	return true
}

// Needs implements page.Page.
func (p *Customer) Needs(*page.Context) []page.Need {
	var needs []page.Need
	if customer := p.customer; customer != "" {
		needs = append(needs, page.Need{
			Slot: "profile", Key: "profile:" + customer, Doing: "reading the profile",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				return b.Profile(ctx, customer, at)
			},
		}, page.Need{
			Slot: "memberships", Key: "memberships:" + customer, Doing: "looking into all segments",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				return b.Memberships(ctx, customer, at)
			},
		})
	}
	if p.prompt != nil {
		needs = append(needs, p.prompt.need()...)
	}
	return needs
}

// Update implements page.Page.
func (p *Customer) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	if p.prompt != nil {
		if choice, done := p.prompt.update(c, msg); done {
			p.customer, p.prompt = choice, nil
			p.fields.To(0)
			p.places.To(0)
		}
		return nil
	}
	p.fields.Resize(len(p.facts(c)))
	p.places.Resize(len(p.seen(c)))
	list := &p.places
	if p.profile {
		list = &p.fields
	}
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if p.filtering {
			p.typed(msg)
		}
	case tea.KeyPressMsg:
		p.key(msg, list, c.Height)
	case page.Click:
		p.click(msg)
	}
	return nil
}

// typed types into the filter.
func (p *Customer) typed(msg tea.Msg) {
	before := p.filter.Text()
	if p.filter.Update(msg); p.filter.Text() != before {
		p.places.To(0)
	}
}

func (p *Customer) key(msg tea.KeyPressMsg, list *draw.List, height int) {
	key := msg.String()
	if p.filtering {
		switch key {
		case "enter", "tab":
			p.filtering = false
		case "up", "down", "pgup", "pgdown":
			p.places.Key(key, max(2, height-6)) //nolint:mnd // The frame and the lines around the list.
		default:
			p.typed(msg)
		}
		return
	}
	switch key {
	case "tab", "shift+tab", "left", "right", "h", "l":
		p.profile = !p.profile
	default:
		list.Key(key, max(2, height-6)) //nolint:mnd // The frame and the lines around the list.
	}
}

func (p *Customer) click(msg page.Click) {
	name, place, _ := strings.Cut(msg.ID, ":")
	profile := name == "field" || name == "profile"
	if msg.Wheel != 0 {
		list := &p.places
		if profile {
			list = &p.fields
		}
		list.Move(3 * msg.Wheel) //nolint:mnd // As other programs do.
		return
	}
	var row int
	_, err := fmt.Sscan(place, &row)
	switch {
	case name == "place" && err == nil:
		p.profile = false
		p.places.To(row)
	case name == "field" && err == nil:
		p.profile = true
		p.fields.To(row)
	case name == "profile" || name == "places":
		p.profile = profile
	}
}

// Actions implements page.Page.
func (p *Customer) Actions(c *page.Context) []page.Action {
	if p.prompt != nil || p.filtering {
		return nil
	}
	side, hint := "Go to the profile", "profile"
	if p.profile {
		side, hint = "Go to the segments", "segments"
	}
	actions := []page.Action{{ID: "customer.side", Keys: []string{"tab"}, Title: side, Hint: hint, Do: func() tea.Cmd {
		p.profile = !p.profile
		return nil
	}}}
	if p.links.Why != nil {
		chosen, off := p.chosen(c), ""
		if chosen == "" {
			off = "there is no segment here"
		}
		why := func() tea.Cmd { return page.Send(page.Open{Page: p.links.Why(p.customer, chosen)}) }
		actions = append(actions, page.Action{
			ID: "customer.why", Keys: []string{"enter", "w"}, Title: "Why is the customer in this segment, or not?", Hint: "why?", Off: off, Do: why,
		})
	}
	actions = append(actions,
		page.Action{ID: "customer.filter", Keys: []string{"/"}, Title: "Filter the segments", Hint: "filter", Do: func() tea.Cmd {
			p.filtering, p.profile = true, false
			return nil
		}},
		page.Action{ID: "customer.other", Keys: []string{"c"}, Title: "Another customer", Hint: "other customer", Do: func() tea.Cmd {
			p.prompt = askCustomer()
			return nil
		}})
	if chosen := p.chosen(c); p.links.Segment != nil && chosen != "" {
		actions = append(actions, page.Action{
			ID: "customer.segment", Keys: []string{"o"}, Title: "Open the segment", Hint: "segment",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Segment(chosen)}) },
		})
	}
	return actions
}

// place is a segment or partition, and what is said of the customer.
type place struct {
	name, title string
	sign        draw.Sign
	// stage is the sign of a partition instead.
	stage bool
	style draw.Style
	says  string
	// since and until are when it became so and, if nothing happens, ends.
	since, until string
}

// The order of the list: what the customer is in comes first.
const (
	rankMember = iota
	rankStage
	rankOther
	rankSkipped
)

// seen are the segments that pass the filter.
func (p *Customer) seen(c *page.Context) []place {
	got := page.Answer[ask.Memberships](c, "memberships")
	if !got.Has {
		return nil
	}
	var ranked [rankSkipped + 1][]place
	for _, why := range got.Value.All {
		pl, rank := p.place(c, why)
		ranked[rank] = append(ranked[rank], pl)
	}
	for _, s := range got.Value.Skipped {
		ranked[rankSkipped] = append(ranked[rankSkipped], place{
			name: s.Name, title: title(c, s.Name), sign: draw.SignUnknown, style: draw.Warn, says: "not known: " + s.Reason,
		})
	}
	words := strings.Fields(strings.ToLower(p.filter.Text()))
	return slices.DeleteFunc(slices.Concat(ranked[:]...), func(pl place) bool {
		text := strings.ToLower(pl.name + " " + pl.title + " " + pl.says)
		return slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	})
}

func title(c *page.Context, name string) string {
	if c.Project == nil || c.Project.Program == nil {
		return ""
	}
	if d, ok := c.Project.Program.Lookup(name); ok {
		return d.About().Title
	}
	return ""
}

// place says where the customer is.
func (p *Customer) place(c *page.Context, why result.Why) (place, int) {
	pl := place{name: why.Name, title: title(c, why.Name), sign: draw.SignNo, style: draw.Dim, says: "not a member"}
	if course := why.Time; course != nil && course.Followed {
		if course.Since != nil && (why.Member || why.Stage != "") {
			pl.since = course.Since.In(zone(c)).Format(time.DateOnly)
		}
		if course.Until != nil {
			pl.until = course.Until.In(zone(c)).Format(time.DateOnly)
		}
	}
	switch {
	case !why.Known:
		pl.sign, pl.style, pl.says = draw.SignUnknown, draw.Warn, "not known: "+why.Reason
		return pl, rankSkipped
	case why.Kind == "partition":
		pl.stage, pl.style, pl.says = true, draw.Accent, "stage "+why.Stage
		return pl, rankStage
	case why.Member:
		pl.sign, pl.style, pl.says = draw.SignYes, draw.Good, "member"
		if !why.Contactable {
			pl.says = "member, no contact"
		}
		return pl, rankMember
	}
	return pl, rankOther
}

// chosen is the name of the segment under the cursor.
func (p *Customer) chosen(c *page.Context) string {
	seen := p.seen(c)
	p.places.Resize(len(seen))
	if len(seen) == 0 {
		return ""
	}
	return seen[p.places.Cursor].name
}

// fact is a field or trait with its value.
type fact struct {
	name, value string
	missing     bool
}

// facts are the profile: a record with its fields side by side, or rows of a name
// and a value.
func (p *Customer) facts(c *page.Context) []fact {
	got := page.Answer[render.Table](c, "profile")
	if !got.Has {
		return nil
	}
	t := got.Value
	var out []fact
	if len(t.Columns) == 2 && !t.Record { //nolint:mnd // Name and value.
		for _, row := range t.Rows {
			out = append(out, factOf(c, fmt.Sprint(row[0]), row[1], t.Columns[1]))
		}
		return out
	}
	for _, row := range t.Rows {
		for i, column := range t.Columns {
			name := column.Title
			if name == "" {
				name = column.Name
			}
			out = append(out, factOf(c, name, row[i], column))
		}
	}
	return out
}

func factOf(c *page.Context, name string, v any, column render.Column) fact {
	if x, ok := v.(float64); ok && x != math.Trunc(x) && column.Kind == render.Number {
		column.Digits = digits(x)
	}
	text := render.Cell(v, column)
	if at, ok := v.(time.Time); ok && column.Kind != render.Date {
		text = at.In(zone(c)).Format("2006-01-02 15:04")
	}
	return fact{name: name, value: strings.Join(strings.Fields(text), " "), missing: v == nil}
}

// Copies implements page.Subject.
func (p *Customer) Copies(c *page.Context) []page.Copy {
	if p.customer == "" {
		return nil
	}
	copies := []page.Copy{{What: "customer", Text: p.customer}}
	var b strings.Builder
	facts := p.facts(c)
	for _, f := range facts {
		b.WriteString(f.name + "\t" + f.value + "\n")
	}
	if b.Len() > 0 {
		copies = append(copies, page.Copy{What: "profile", Text: b.String()})
	}
	if p.profile && p.fields.Cursor < len(facts) {
		copies = append(copies, page.Copy{What: facts[p.fields.Cursor].name, Text: facts[p.fields.Cursor].value})
	} else if chosen := p.chosen(c); chosen != "" {
		copies = append(copies, page.Copy{What: "name", Text: chosen})
	}
	return copies
}

// Exports implements page.Exporting.
func (p *Customer) Exports(*page.Context) []page.Export {
	if p.customer == "" {
		return nil
	}
	return []page.Export{{What: "all segments", Command: []string{"why", p.customer}, Name: "why-" + fileName(p.customer), Formats: []string{"json"}}}
}
