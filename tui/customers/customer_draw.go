package customers

import (
	"strconv"
	"strings"

	"strata/reports/render"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// The widths from which there are two panes, and the height from which both fit
// one above the other.
const (
	twoPanes = 100
	tall     = 18
)

// Draw implements page.Page.
func (p *Customer) Draw(c *page.Context, a draw.Area) {
	if p.customer != "" {
		p.drawPanes(c, a)
	} else {
		a.Panel(draw.Frame{Title: "Customer"})
	}
	if p.prompt != nil {
		p.prompt.refresh(c)
		p.prompt.picker.Draw(a)
	}
}

func (p *Customer) drawPanes(c *page.Context, a draw.Area) {
	switch {
	case a.Look().Plain && p.profile:
		p.drawProfile(c, a, "tab segments")
	case a.Look().Plain:
		p.drawPlaces(c, a, "tab profile")
	case a.W >= twoPanes:
		left, right := a.Left(min(a.W*3/8, max(narrowest, p.needs(c))))
		p.drawProfile(c, left, "")
		p.drawPlaces(c, right, "")
	case a.H >= tall:
		share := a.H / 3
		if p.profile {
			share = a.H * 2 / 3
		}
		top, rest := a.Top(max(6, min(share, len(p.facts(c))+2))) //nolint:mnd // A frame with some lines.
		p.drawProfile(c, top, "")
		p.drawPlaces(c, rest, "")
	case p.profile:
		p.drawProfile(c, a, "tab segments")
	default:
		p.drawPlaces(c, a, "tab profile")
	}
}

// narrowest is how narrow the profile may be beside the segments.
const narrowest = 36

// needs is the width that shows the whole profile.
func (p *Customer) needs(c *page.Context) int {
	name, value := 0, 0
	for _, f := range p.facts(c) {
		name, value = max(name, draw.Width(f.name)), max(value, draw.Width(f.value))
	}
	return name + value + 8 //nolint:mnd // The frame, the sign of the cursor, and blanks.
}

func (p *Customer) drawProfile(c *page.Context, a draw.Area, hint string) {
	got := page.Answer[render.Table](c, "profile")
	facts := p.facts(c)
	p.fields.Resize(len(facts))
	foot := page.Waiting(c, got.State, "reading the profile")
	if foot == "" && got.Has {
		foot = draw.Plural(int64(len(facts)), "value", "values")
		if hint != "" {
			foot += " · " + hint
		}
	}
	in := a.Panel(draw.Frame{Title: "Customer " + p.customer, Foot: foot, Focus: p.profile && p.prompt == nil, Zone: "profile"})
	if !got.Has {
		page.DrawState(c, in, got.State, "reading the profile")
		return
	}
	if got.Err != nil && !got.Loading {
		used := min(page.DrawError(in, got.Err)+1, in.H)
		in = in.Sub(0, used, in.W, in.H-used)
	}
	width := 0
	for _, f := range facts {
		width = max(width, draw.Width(f.name))
	}
	width = min(width, in.W/2) //nolint:mnd // Half is left for values.
	if in.H <= 0 {
		return
	}
	from, to := p.fields.Visible(in.H)
	for i := from; i < to; i++ {
		p.drawFact(in.Sub(0, i-from, in.W, 1), facts[i], width, i, got.Old)
	}
}

func (p *Customer) drawFact(line draw.Area, f fact, width, i int, old bool) {
	flags, style := draw.Normal, draw.Normal
	if i == p.fields.Cursor && p.profile {
		flags = draw.Selected
		line.FillLine(0, flags)
		line.Put(0, 0, draw.Accent|flags, line.Look().Sign(draw.SignCursor))
		if line.Look().Plain {
			line.Cursor(0, 0)
		}
	}
	if f.missing || old {
		style = draw.Dim
	}
	line.Fit(2, 0, width, draw.Dim|flags, f.name)
	line.Fit(width+4, 0, line.W-width-4, style|flags, f.value)
	line.Zone(zoneName("field", i))
}

func zoneName(kind string, i int) string { return kind + ":" + strconv.Itoa(i) }

func (p *Customer) drawPlaces(c *page.Context, a draw.Area, hint string) {
	got := page.Answer[ask.Memberships](c, "memberships")
	seen := p.seen(c)
	p.places.Resize(len(seen))
	foot := page.Waiting(c, got.State, "looking into all segments")
	if foot == "" && got.Has {
		foot = counts(got.Value)
		if hint != "" {
			foot += " · " + hint
		}
	}
	in := a.Panel(draw.Frame{Title: "Segments", Foot: foot, Focus: !p.profile && p.prompt == nil, Zone: "places"})
	if p.filtering || p.filter.Text() != "" {
		x := in.Put(0, 0, draw.Accent|draw.Bold, "/ ")
		p.filter.Draw(in.Sub(x, 0, in.W-x, 1), p.filtering, "a name, a word of the title, or member")
		skip := 1
		if in.H > 10 { //nolint:mnd // A blank line where there is room.
			skip++
		}
		in = in.Sub(0, skip, in.W, in.H-skip)
	}
	if !got.Has {
		page.DrawState(c, in, got.State, "looking into all segments")
		return
	}
	if got.Err != nil && !got.Loading {
		used := min(page.DrawError(in, got.Err)+1, in.H)
		in = in.Sub(0, used, in.W, in.H-used)
	}
	if len(seen) == 0 {
		text := "There is no segment yet."
		if strings.TrimSpace(p.filter.Text()) != "" {
			text = "No segment matches " + strings.TrimSpace(p.filter.Text()) + ". esc shows all."
		}
		in.Wrap(0, 0, draw.Normal, text)
		return
	}
	in.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "  segment", Min: 12},
			{Title: "customer is", Min: 8},
			{Title: "since", Drop: 1},
			{Title: "until", Drop: 2},
			{Title: "title", Min: 10, Grow: true, Drop: 3},
		},
		List: &p.places, Zone: "place", Dim: got.Old,
		Row: func(i int) []draw.Cell { return placeCells(a.Look(), seen[i]) },
	})
}

func placeCells(look draw.Look, pl place) []draw.Cell {
	sign, name := look.Sign(pl.sign), draw.Bold
	if pl.stage {
		sign = "="
	}
	if pl.style == draw.Dim {
		name = draw.Dim
	}
	says := pl.style
	if pl.style == draw.Good || pl.style == draw.Accent {
		says = draw.Normal
	}
	return []draw.Cell{
		{Spans: []draw.Span{{Style: pl.style, Text: sign + " "}, {Style: name, Text: pl.name}}},
		{Text: pl.says, Style: says},
		{Text: pl.since, Style: draw.Dim},
		{Text: pl.until, Style: draw.Dim},
		{Text: pl.title, Style: draw.Dim},
	}
}

// counts says how many segments the customer is in.
func counts(m ask.Memberships) string {
	var in, all int64
	for _, why := range m.All {
		if why.Kind == "partition" {
			continue
		}
		all++
		if why.Known && why.Member {
			in++
		}
	}
	return "member of " + draw.Count(in) + " of " + draw.Plural(all, "segment", "segments")
}
