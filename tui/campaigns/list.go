package campaigns

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/segments/check"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// List is the list of all campaigns.
type List struct {
	links Links
	list  draw.List
	// shown are the campaigns that the filter lets through, as drawn last.
	shown []ask.CampaignLine
	// height is that of the list, for keys that move by a page.
	height int
	filter string
	typing bool
}

// New makes the list.
func New(links Links) *List { return &List{links: links} }

// ID implements page.Page.
func (p *List) ID() string { return "campaigns" }

// Crumb implements page.Page.
func (p *List) Crumb() string { return "campaigns" }

// CLI implements page.Page.
func (p *List) CLI(*page.Context) []string { return []string{"campaign"} }

const slotCampaigns = "campaigns"

// linesNeed asks for all campaigns and how far they have come.
func linesNeed() page.Need {
	return page.Need{
		Slot: slotCampaigns, Key: "campaigns", Doing: "reading campaigns",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) { return b.Campaigns(ctx, at) },
	}
}

// Needs implements page.Page.
func (p *List) Needs(c *page.Context) []page.Need {
	needs := []page.Need{linesNeed()}
	p.read(c)
	// What is said of the selected one comes behind everything else, and only when
	// the user stays on it.
	if one, ok := p.selected(); ok && previews(c, len(p.shown)) {
		var need page.Need
		switch {
		case one.Measurable:
			need = reportNeed("report:"+one.Name, one.Name)
		case armsOf(c, one.Name) > 1:
			need = powerNeed("power:"+one.Name, one.Name)
		default:
			return needs
		}
		need.Typed = true
		needs = append(needs, need)
	}
	return needs
}

// read takes over what is known of the campaigns.
func (p *List) read(c *page.Context) page.Got[[]ask.CampaignLine] {
	got := page.Answer[[]ask.CampaignLine](c, slotCampaigns)
	before, had := p.selected()
	p.shown = p.shown[:0:0]
	for _, one := range got.Value {
		if p.matches(one) {
			p.shown = append(p.shown, one)
		}
	}
	p.list.Resize(len(p.shown))
	if had { // The cursor stays on the campaign, not on the row.
		if at := slices.IndexFunc(p.shown, func(one ask.CampaignLine) bool { return one.Name == before.Name }); at >= 0 {
			p.list.To(at)
		}
	}
	return got
}

// matches reports whether each word of the filter occurs in a campaign.
func (p *List) matches(one ask.CampaignLine) bool {
	all := strings.ToLower(strings.Join([]string{one.Name, one.Title, one.Owner, one.Audience, one.Primary, one.Stage}, " "))
	for word := range strings.FieldsSeq(strings.ToLower(p.filter)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

func (p *List) selected() (ask.CampaignLine, bool) {
	if p.list.Cursor < 0 || p.list.Cursor >= len(p.shown) {
		return ask.CampaignLine{}, false
	}
	return p.shown[p.list.Cursor], true
}

// campaignOf is the definition of a campaign, nil where the program has none.
func campaignOf(c *page.Context, name string) *check.Campaign {
	if c.Project == nil || c.Project.Program == nil {
		return nil
	}
	k, _ := c.Project.Program.Campaign(name)
	return k
}

func armsOf(c *page.Context, name string) int {
	if k := campaignOf(c, name); k != nil {
		return len(k.Arms())
	}
	return 0
}

// Typing implements page.Typing.
func (p *List) Typing() bool { return p.typing }

// Close implements page.Closing.
func (p *List) Close() bool {
	open := p.typing || p.filter != ""
	p.typing, p.filter = false, ""
	return open
}

// Update implements page.Page.
func (p *List) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	p.read(c)
	switch msg := msg.(type) {
	case frozen:
		return page.Send(page.Refresh{})
	case page.Click:
		return p.click(c, msg)
	case tea.PasteMsg:
		if p.typing {
			p.filter += oneLine(msg.Content)
		}
	case tea.KeyPressMsg:
		if p.typing {
			p.edit(msg)
		} else {
			p.list.Key(msg.String(), p.height)
		}
	}
	return nil
}

// oneLine is a pasted text without line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// edit takes a key while the filter is typed.
func (p *List) edit(msg tea.KeyPressMsg) {
	switch key := msg.String(); {
	case key == "enter" || key == "tab":
		p.typing = false
	case key == "backspace":
		if r := []rune(p.filter); len(r) > 0 {
			p.filter = string(r[:len(r)-1])
		}
	case key == "up" || key == "down":
		p.list.Key(key, p.height)
	case msg.Text != "":
		p.filter += msg.Text
	}
}

func (p *List) click(c *page.Context, msg page.Click) tea.Cmd {
	if msg.Wheel != 0 {
		p.list.Move(msg.Wheel)
		return nil
	}
	number, ok := strings.CutPrefix(msg.ID, "row:")
	at, err := strconv.Atoi(number)
	if !ok || err != nil || at < 0 || at >= len(p.shown) {
		return nil
	}
	if at == p.list.Cursor { // A second click opens.
		return p.open(c)
	}
	p.list.To(at)
	return nil
}

// open opens the selected one.
func (p *List) open(c *page.Context) tea.Cmd {
	one, ok := p.selected()
	switch {
	case !ok:
		return nil
	case one.Measurable:
		return page.Send(page.Open{Page: NewReport(one.Name, p.links)})
	case armsOf(c, one.Name) > 1:
		return page.Send(page.Open{Page: NewPower(one.Name)})
	}
	return page.Send(page.Toast{Text: whyNot(one), Bad: true})
}

func whyNot(one ask.CampaignLine) string {
	if one.Why != "" {
		return one.Name + ": " + one.Why
	}
	return one.Name + " has no arms to compare"
}

// Actions implements page.Page.
func (p *List) Actions(c *page.Context) []page.Action {
	p.read(c)
	one, ok := p.selected()
	none := ""
	if !ok {
		none = "no campaign is selected"
	}
	openTitle := "open the post-mortem"
	if ok && !one.Measurable {
		openTitle = "what it could show"
	}
	power, freeze := p.planned(c, one, none)
	list := []page.Action{
		{ID: "campaigns.open", Keys: []string{"enter"}, Title: openTitle, Hint: "open", Off: none, Do: func() tea.Cmd { return p.open(c) }},
		power, freeze,
		{ID: "campaigns.filter", Keys: []string{"/"}, Title: "filter campaigns", Hint: "find", Do: func() tea.Cmd { p.typing = true; return nil }},
	}
	if p.links.Segment != nil && ok && one.Audience != "" {
		list = append(list, page.Action{
			ID: "campaigns.audience", Keys: []string{"a"}, Title: "open the audience " + one.Audience, Hint: "audience",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: p.links.Segment(one.Audience)}) },
		})
	}
	if k := campaignOf(c, one.Name); ok && k != nil && k.Info.Name.At.File != nil {
		at := k.Info.Name.At
		list = append(list, page.Action{
			ID: "campaigns.edit", Keys: []string{"E"}, Title: "edit its file", Hint: "edit file",
			Do: func() tea.Cmd {
				return page.Send(page.EditFile{File: at.File.Name, Line: at.File.Position(at.Start).Line})
			},
		})
	}
	return list
}

// planned are the actions for campaigns that are divided here; none says why
// there is no campaign.
func (p *List) planned(c *page.Context, one ask.CampaignLine, none string) (power, freeze page.Action) {
	power = page.Action{
		ID: "campaigns.power", Keys: []string{"p"}, Title: "what its split could show", Hint: "power", Off: none,
		Do: func() tea.Cmd { return page.Send(page.Open{Page: NewPower(one.Name)}) },
	}
	freeze = freezeAction("campaigns.freeze", one.Name, none)
	if none != "" {
		return power, freeze
	}
	freeze.Off = frozenBefore(one)
	if k := campaignOf(c, one.Name); k != nil && k.Split == nil {
		power.Off = one.Name + " is not divided here: there is nothing to plan"
		freeze.Off = one.Name + " is not divided here: there is nothing to freeze"
	}
	return power, freeze
}

// frozenBefore says why a campaign cannot be frozen any more.
func frozenBefore(one ask.CampaignLine) string {
	switch one.Stage {
	case "frozen", "sent", "done", "measured":
		return one.Name + " is " + one.Stage + " already"
	}
	return ""
}

// frozen says that arms were written down.
type frozen struct{}

// freezeAction writes the arms of a campaign down, after a question.
func freezeAction(id, name, off string) page.Action {
	return page.Action{
		ID: id, Keys: []string{"f"}, Title: "freeze: write its arms down for good", Hint: "freeze", Off: off,
		Do: func() tea.Cmd {
			return page.Send(page.Confirm{
				Question: "Write the arms of " + name + " down? Who is in which arm cannot be changed afterwards.",
				Yes: page.Send(page.Start{
					Title: "freeze " + name, Writes: true, Then: frozen{},
					Do: func(ctx context.Context, b ask.Backend, at time.Time, _ func(string)) (string, error) {
						return b.Freeze(ctx, name, at)
					},
				}),
			})
		},
	}
}

// Copies implements page.Subject.
func (p *List) Copies(c *page.Context) []page.Copy {
	p.read(c)
	one, ok := p.selected()
	if !ok {
		return nil
	}
	list := []page.Copy{{What: "name", Text: one.Name}}
	if got := page.Answer[reports.CampaignReport](c, "report:"+one.Name); got.Has {
		list = append(list, page.Copy{What: "verdict", Text: got.Value.Verdict.Sentence})
	}
	return list
}

// Exports implements page.Exporting.
func (p *List) Exports(*page.Context) []page.Export {
	return []page.Export{{What: "campaigns", Command: []string{"campaign"}, Name: "campaigns", Formats: []string{"csv", "json"}}}
}
