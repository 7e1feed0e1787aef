package analyses

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"strata/reports"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// The parts of the drift of one segment, and the slots of their answers.
const (
	driftSummary = iota
	driftSize
	driftLike
	driftCauses

	compositionSlot = "composition"
	causesSlot      = "why"
)

func driftParts() []string { return []string{"Summary", "Size", "Composition", "Why"} }

// DriftOf is how one segment or stage drifts.
type DriftOf struct {
	links Links
	word  string
	// alone says that it is no tab and so draws its own frame.
	alone bool

	part int
	days int
	// stage is which of several is shown: those of a partition.
	stage int
	tall  int
	// traits and causes are lists of their parts, bins that of a trait.
	traits, bins, causes, flags draw.List
	inBins                      bool
	rows                        []reports.TraitDrift
}

// NewDriftOf is a tab about one segment or stage.
func NewDriftOf(links Links, word string) *DriftOf {
	return &DriftOf{links: links, word: word, days: usualDays}
}

// ID implements page.Page.
func (p *DriftOf) ID() string { return "drift-of" }

// Crumb implements page.Page.
func (p *DriftOf) Crumb() string { return "drift of " + p.word }

// CLI implements page.Page.
func (p *DriftOf) CLI(c *page.Context) []string {
	args := append([]string{"drift", p.name(c)}, daysArgs(p.days)...)
	switch p.part {
	case driftSize:
		return append(args, "--table", "size")
	case driftLike:
		if p.inBins && p.bins.Len > 0 {
			return append(args, "--trait", p.rows[p.traits.Cursor].Trait)
		}
		return append(args, "--table", "composition")
	case driftCauses:
		return append(args, "--why")
	}
	return args
}

// Needs implements page.Page.
func (p *DriftOf) Needs(c *page.Context) []page.Need {
	needs := []page.Need{driftNeed(driftSlot, "comparing", ask.DriftQuestion{Words: []string{p.word}, Days: p.days})}
	words := []string{p.name(c)}
	switch p.part {
	case driftLike:
		needs = append(needs, driftNeed(compositionSlot, "comparing members", ask.DriftQuestion{Words: words, Days: p.days, Composition: true}))
	case driftCauses:
		needs = append(needs, driftNeed(causesSlot, "looking for causes", ask.DriftQuestion{Words: words, Days: p.days, Why: true}))
	}
	return needs
}

// slot is that of the part that is shown.
func (p *DriftOf) slot() string {
	switch p.part {
	case driftLike:
		return compositionSlot
	case driftCauses:
		return causesSlot
	}
	return driftSlot
}

// answer is the drift in a slot, nil where there is none.
func (p *DriftOf) answer(c *page.Context, slot string) (*reports.Drift, page.State) {
	got := page.Answer[[]reports.Drift](c, slot)
	if !got.Has || len(got.Value) == 0 {
		return nil, got.State
	}
	if slot == driftSlot {
		p.stage = min(p.stage, len(got.Value)-1)
		return &got.Value[p.stage], got.State
	}
	return &got.Value[0], got.State
}

// name is what is shown: the word, or the chosen stage of a partition.
func (p *DriftOf) name(c *page.Context) string {
	if got := page.Answer[[]reports.Drift](c, driftSlot); len(got.Value) > 1 {
		return got.Value[min(p.stage, len(got.Value)-1)].Name
	}
	return p.word
}

// lists brings the lists up to what is known.
func (p *DriftOf) lists(c *page.Context) {
	if d, _ := p.answer(c, driftSlot); d != nil {
		p.flags.Resize(flagCount(d.Size))
	}
	p.rows = nil
	if d, _ := p.answer(c, compositionSlot); d != nil && d.Composition != nil {
		p.rows = sortedTraits(d.Composition.Traits)
	}
	p.traits.Resize(len(p.rows))
	p.bins.Resize(0)
	if len(p.rows) > 0 {
		p.bins.Resize(len(p.rows[p.traits.Cursor].Bins))
	}
	p.causes.Resize(0)
	if d, _ := p.answer(c, causesSlot); d != nil && d.Why != nil {
		p.causes.Resize(len(d.Why.Causes))
	}
}

// list is the list that keys move, nil where there is none.
func (p *DriftOf) list() *draw.List {
	switch {
	case p.part == driftSize:
		return &p.flags
	case p.part == driftLike && p.inBins:
		return &p.bins
	case p.part == driftLike:
		return &p.traits
	case p.part == driftCauses:
		return &p.causes
	}
	return nil
}

// Update implements page.Page.
func (p *DriftOf) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	p.lists(c)
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if part, moved := partKey(key.String(), p.part, len(driftParts())); moved {
			p.part, p.inBins = part, false
			return nil
		}
	}
	if click, ok := msg.(page.Click); ok && click.Wheel == 0 {
		if part := clicked(click.ID, "part"); part >= 0 && part < len(driftParts()) {
			p.part, p.inBins = part, false
			return nil
		}
	}
	list := p.list()
	if list == nil {
		return nil
	}
	if again := moveList(list, msg, "row", max(1, p.tall)); again && p.part == driftLike && !p.inBins && p.bins.Len > 0 {
		p.inBins = true
		p.bins.To(0)
	}
	return nil
}

// Close implements page.Closing.
func (p *DriftOf) Close() bool {
	closed := p.inBins
	p.inBins = false
	return closed
}

// Actions implements page.Page.
func (p *DriftOf) Actions(c *page.Context) []page.Action {
	p.lists(c)
	actions := []page.Action{
		{
			ID: "drift-of.part", Keys: []string{"tab"}, Title: "go to the next part: summary, size, composition, why", Hint: "part",
			Do: func() tea.Cmd { p.part, p.inBins = (p.part+1)%len(driftParts()), false; return nil },
		},
		{
			ID: "drift-of.days", Keys: []string{"D"}, Title: "compare with 7, 30 or 90 days before", Hint: "days",
			Do: func() tea.Cmd { p.days = nextSpan(p.days); return nil },
		},
	}
	if n := len(page.Answer[[]reports.Drift](c, driftSlot).Value); n > 1 {
		actions = append(actions, page.Action{
			ID: "drift-of.stage", Keys: []string{"m"}, Title: "show the next stage", Hint: "next stage",
			Do: func() tea.Cmd { p.stage, p.inBins = (p.stage+1)%n, false; return nil },
		})
	}
	if p.part == driftLike && !p.inBins {
		off := ""
		if p.bins.Len == 0 {
			off = "there are no values to compare"
		}
		actions = slices.Insert(actions, 0, page.Action{
			ID: "drift-of.bins", Keys: []string{"enter"}, Title: "show the values of the trait before and after", Hint: "values", Off: off,
			Do: func() tea.Cmd { p.inBins = true; p.bins.To(0); return nil },
		})
	}
	if p.part == driftCauses {
		actions = append(actions, p.causeActions(c)...)
	}
	if p.alone {
		actions = append(actions, segmentActions("drift-of", p.links, p.word)...)
	}
	return actions
}

// causeActions are those of a cause.
func (p *DriftOf) causeActions(c *page.Context) []page.Action {
	d, _ := p.answer(c, causesSlot)
	if d == nil || d.Why == nil || p.causes.Len == 0 || p.links.Workbench == nil {
		return nil
	}
	rule := d.Why.Causes[p.causes.Cursor].Rule
	off := ""
	if rule == "" {
		off = "this cause is no condition of the rule"
	}
	return []page.Action{{
		ID: "drift-of.try", Keys: []string{"n"}, Title: "take the condition of the cause to the workbench", Hint: "workbench", Off: off,
		Do: func() tea.Cmd { return openPage(p.links.Workbench("", rule)) },
	}}
}

// Copies implements page.Subject.
func (p *DriftOf) Copies(c *page.Context) []page.Copy {
	copies := []page.Copy{{What: "name", Text: p.word}}
	if d, _ := p.answer(c, driftSlot); d != nil {
		copies = append(copies, page.Copy{What: "the drift in words", Text: driftText(c, d)})
	}
	if d, _ := p.answer(c, causesSlot); d != nil {
		if text := whyWords(d.Why); text != "" {
			copies = append(copies, page.Copy{What: "the causes in words", Text: text})
		}
	}
	return copies
}

// Exports implements page.Exporting.
func (p *DriftOf) Exports(*page.Context) []page.Export {
	table := func(name string) []string {
		return append([]string{"drift", p.word, "--table", name}, daysArgs(p.days)...)
	}
	return []page.Export{
		exportOf("who entered and left", table("membership"), fileName("drift-membership", p.word)),
		exportOf("days that stand out", table("size"), fileName("drift-size", p.word)),
		exportOf("composition", table("composition"), fileName("drift-composition", p.word)),
		exportOf("values of each trait", table("bins"), fileName("drift-values", p.word)),
		exportOf("causes", table("why"), fileName("drift-why", p.word)),
		wholeOf(append([]string{"drift", p.word}, daysArgs(p.days)...), fileName("drift-all", p.word)),
	}
}

// Draw implements page.Page.
func (p *DriftOf) Draw(c *page.Context, a draw.Area) {
	p.lists(c)
	d, state := p.answer(c, p.slot())
	usual := "against " + spanWords(p.days) + " before · tab goes to the next part"
	if name := p.name(c); name != p.word {
		usual = name + " (m next stage) · " + usual
	}
	inside := body(a, p.alone, "Drift of "+p.word+" · "+spanWords(p.days), status(c, state, "comparing", usual), usual)
	head, rest := inside.Top(1)
	drawParts(head, driftParts(), p.part)
	if rest.H >= airyFrom {
		_, rest = rest.Top(1)
	}
	switch {
	case d == nil && state.Value != nil && state.Err == nil && !state.Loading && !state.Queued:
		rest.Wrap(0, 0, draw.Dim, "nothing is known of "+p.word)
	case d == nil:
		page.DrawState(c, rest, state, "comparing with "+spanWords(p.days)+" before")
	case d.Skipped != "":
		l := &lines{a: rest}
		l.say(draw.Dim, "this cannot be compared: "+d.Skipped)
	case p.part == driftSize:
		p.drawSize(c, rest, d, page.StyleOf(state))
	case p.part == driftLike:
		p.drawComposition(rest, d.Composition, page.StyleOf(state))
	case p.part == driftCauses:
		p.drawWhy(rest, d, page.StyleOf(state))
	default:
		p.drawSummary(c, rest, d, page.StyleOf(state))
	}
}
