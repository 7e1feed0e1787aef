package workbench

import (
	"strings"

	"strata/tui/draw"
	"strata/tui/edit"
	"strata/tui/page"
)

// line is a line of several styles.
type line []draw.Span

func said(s draw.Style, text string) line { return line{{Style: s, Text: text}} }

// drawLive draws the size of the rule, the difference to the saved one, and the
// curve of a threshold or some customers.
func (p *Page) drawLive(c *page.Context, a draw.Area) {
	in := a.Panel(framed(a, draw.Frame{Title: "Size", Focus: p.focus == onSample}))
	lines := p.sizeLines(c, in.Look())
	if more := p.differenceLines(c, in.Look()); len(more) > 0 {
		lines = append(append(lines, nil), more...)
	}
	y := putLines(in, lines)
	if y < in.H-1 {
		p.drawMore(c, in.Sub(0, y+1, in.W, in.H-y-1))
	}
}

// drawMore draws the curve of the threshold under the cursor, or else customers
// who join or leave.
func (p *Page) drawMore(c *page.Context, a draw.Area) {
	if p.threshold() != nil && p.drawCurve(c, a) {
		return
	}
	p.drawSamples(c, a)
}

// putLines writes lines, broken where they are too long, and returns how many
// these were.
func putLines(a draw.Area, lines []line) int {
	y := 0
	for _, l := range lines {
		width := 0
		for _, s := range l {
			width += draw.Width(s.Text)
		}
		if width <= a.W || len(l) == 0 {
			a.Spans(0, y, l...)
			y++
			continue
		}
		x := 0
		for _, s := range l {
			if x > 0 && x+draw.Width(strings.TrimRight(s.Text, " ")) > a.W {
				x, y = 0, y+1
			}
			text := s.Text
			if x == 0 {
				text = strings.TrimLeft(text, " ")
			}
			if draw.Width(text) > a.W {
				y += a.Sub(0, y, a.W, a.H).Wrap(0, 0, s.Style, text) - 1
				x = a.W
				continue
			}
			x = a.Put(x, y, s.Style, text)
		}
		y++
	}
	return min(y, a.H)
}

// exact is the count of the rule, if it is there.
func (p *Page) exact(c *page.Context) (page.Got[counted], bool) {
	got := page.Answer[counted](c, "exact")
	return got, got.Has && !got.Old && got.Value.key == p.key()
}

// sizeText is the size in a few words, "" where it is not known.
func (p *Page) sizeText(c *page.Context) string {
	if got, ok := p.exact(c); ok && p.shownIsGood() {
		return draw.Plural(got.Value.count.Members, "member", "members")
	}
	if got := page.Answer[estimated](c, "estimate"); got.Has && !got.Old && got.Value.key == p.key() && p.shownIsGood() {
		return about(c.Look) + draw.Plural(got.Value.estimate.Members, "member", "members")
	}
	return ""
}

func about(l draw.Look) string {
	if l.Simple() {
		return "about "
	}
	return "≈ "
}

// sizeLines say how large the rule is, of which rule the number is, and how it
// was found.
func (p *Page) sizeLines(c *page.Context, look draw.Look) []line {
	if p.word() == "" {
		return []line{said(draw.Dim, "no rule yet: type one, tab completes")}
	}
	style := draw.Bold | draw.Accent
	var lines []line
	if !p.shownIsGood() {
		style = draw.Dim
		lines = append(lines, said(draw.Warn, look.Sign(draw.SignWarn)+" of the last right rule"))
	}
	got, ok := p.exact(c)
	if ok {
		count := got.Value.count
		lines = append(lines,
			line{{Style: style, Text: draw.Plural(count.Members, "member", "members")}, {Style: draw.Dim, Text: "  exact in " + draw.Took(got.Took)}},
			said(draw.Dim, share(count.Members, count.Customers)))
		contactable := "contactable: not known for a draft"
		if p.isSaved() {
			contactable = draw.Count(count.Contactable) + " contactable"
		}
		return append(lines, said(draw.Dim, contactable))
	}
	return append(lines, p.unsettled(c, look, style, got)...)
}

// unsettled is what to show before the count is there: the estimate, what was
// counted before, and what is being done.
func (p *Page) unsettled(c *page.Context, look draw.Look, style draw.Style, got page.Got[counted]) []line {
	var lines []line
	estimate := page.Answer[estimated](c, "estimate")
	switch {
	case estimate.Has && !estimate.Old && estimate.Value.key == p.key():
		e := estimate.Value.estimate
		lines = append(lines,
			line{{Style: style, Text: about(look) + draw.Plural(e.Members, "member", "members")}, {Style: draw.Dim, Text: "  estimate in " + draw.Took(estimate.Took)}},
			said(draw.Dim, draw.Count(e.Low)+" to "+draw.Count(e.High)+" at 95%, from "+draw.Count(e.Sampled)+" of "+draw.Count(e.Customers)))
	case got.Has:
		lines = append(lines, line{
			{Style: draw.Dim, Text: draw.Plural(got.Value.count.Members, "member", "members")},
			{Style: draw.Dim, Text: "  of the rule before"},
		})
	}
	switch {
	case got.Err != nil:
		lines = append(lines, said(draw.Bad, look.Sign(draw.SignNo)+" "+got.Err.Error()))
		if hint := page.HintOf(got.Err); hint != "" {
			lines = append(lines, said(draw.Dim, hint))
		}
	case got.Stopped:
		lines = append(lines, said(draw.Dim, dotted("stopped · r asks again", look)))
	default:
		if waiting := page.Waiting(c, got.State, "counting"); waiting != "" {
			lines = append(lines, said(draw.Dim, waiting))
		}
	}
	return lines
}

func share(part, whole int64) string {
	if whole == 0 {
		return "of 0 customers"
	}
	return draw.Percent(float64(part)/float64(whole), 2) + " of " + draw.Count(whole) + " customers" //nolint:mnd // Two places.
}

// differenceLines say who joins and leaves, and what leaving leaves out does.
func (p *Page) differenceLines(c *page.Context, look draw.Look) []line {
	var lines []line
	if got := page.Answer[compared](c, "compare"); p.known != "" && p.word() != "" && !p.isSaved() {
		const head = "against the saved rule"
		switch {
		case got.Has && got.Value.key == p.key() && !got.Old:
			d := got.Value.comparison
			lines = append(lines, said(draw.Normal, head+" ("+draw.Count(d.Saved)+")"), line{
				{Style: draw.Bold, Text: "+ " + draw.Count(d.Joins) + " join"},
				{Style: draw.Dim, Text: "   "},
				{Style: draw.Bold, Text: minus(look) + " " + draw.Count(d.Leaves) + " leave"},
				{Style: draw.Dim, Text: "   " + draw.Count(d.Stays) + " stay"},
			})
		case got.Err != nil:
			lines = append(lines, said(draw.Bad, look.Sign(draw.SignNo)+" "+head+": "+got.Err.Error()))
		default:
			lines = append(lines, said(draw.Dim, head+": "+waitingOr(c, got.State, "comparing")))
		}
	}
	if l := p.withoutLine(c, look); l != nil {
		lines = append(lines, l)
	}
	return lines
}

func waitingOr(c *page.Context, s page.State, doing string) string {
	if waiting := page.Waiting(c, s, doing); waiting != "" {
		return waiting
	}
	return doing
}

func minus(l draw.Look) string {
	if l.Simple() {
		return "-"
	}
	return "−"
}

// withoutLine is the size with the leaves that are switched off left out.
func (p *Page) withoutLine(c *page.Context, look draw.Look) line {
	if len(p.off) == 0 {
		return nil
	}
	got := page.Answer[sieved](c, "without")
	names := draw.Plural(int64(len(p.off)), "leaf", "leaves") + " off: "
	if !got.Has || got.Old || got.Value.key != p.key() || got.Value.off != p.offKey() {
		return said(draw.Dim, names+waitingOr(c, got.State, "counting"))
	}
	text := draw.Plural(got.Value.funnel.Members, "member", "members")
	if exact, ok := p.exact(c); ok {
		change := draw.Signed(got.Value.funnel.Members - exact.Value.count.Members)
		if !look.Simple() {
			change = strings.Replace(change, "-", "−", 1)
		}
		text += "  (" + change + ")"
	}
	return line{{Style: draw.Normal, Text: names}, {Style: draw.Bold, Text: text}}
}

// sample is a customer who joins or leaves.
type sample struct {
	key   string
	joins bool
}

// sampleList are some customers who leave or join, those who leave first.
func (p *Page) sampleList(c *page.Context) []sample {
	got := page.Answer[compared](c, "compare")
	if !got.Has || got.Old || got.Value.key != p.key() || p.isSaved() {
		return nil
	}
	var list []sample
	for _, key := range got.Value.comparison.Leaving {
		list = append(list, sample{key, false})
	}
	for _, key := range got.Value.comparison.Joining {
		list = append(list, sample{key, true})
	}
	return list
}

// drawSamples lists customers who join or leave.
func (p *Page) drawSamples(c *page.Context, a draw.Area) {
	list := p.sampleList(c)
	if len(list) == 0 || a.H < 2 { //nolint:mnd // A heading and a customer.
		return
	}
	heading := "some of them"
	if p.links.Why != nil && p.focus == onSample {
		heading += " · enter tells why"
	}
	a.Fit(0, 0, a.W, draw.Dim, dotted(heading, a.Look()))
	from, to := p.samples.Visible(a.H - 1)
	for i := from; i < to; i++ {
		row := a.Sub(0, 1+i-from, a.W, 1)
		row.Zone("sample:" + itoa(i))
		flags := draw.Normal
		if p.focus == onSample && i == p.samples.Cursor {
			flags = draw.Selected
			row.Fill(flags)
			row.Put(0, 0, draw.Accent|flags, a.Look().Sign(draw.SignCursor))
		}
		word := minus(a.Look()) + " leaves"
		if list[i].joins {
			word = "+ joins"
		}
		x := row.Put(2, 0, draw.Dim|flags, draw.PadRight(word, 9)) //nolint:mnd // Behind the cursor.
		row.Fit(x, 0, row.W-x, flags, list[i].key)
	}
}

// drawCurve draws the sizes at nine thresholds; false where it has no room.
func (p *Page) drawCurve(c *page.Context, a draw.Area) bool {
	t := p.threshold()
	p.curve()
	if a.H < 3 { //nolint:mnd // A heading and some values.
		return false
	}
	const keys = "  , less  . more"
	a.Spans(0, 0, draw.Span{Style: draw.Normal, Text: draw.Cut(t.Of, a.W-len(keys), a.Look())}, draw.Span{Style: draw.Dim, Text: keys})
	got := page.Answer[curved](c, "curve")
	fits := got.Has && got.Value.key == p.slider.key() && len(got.Value.counts) == len(p.slider.values)
	most, width := int64(1), 0
	for i, v := range p.slider.values {
		width = max(width, draw.Width(v))
		if fits {
			most = max(most, got.Value.counts[i].Members)
		}
	}
	rows := min(a.H-1, len(p.slider.values))
	from := p.curveTop(t, rows)
	for i := range rows {
		v := p.slider.values[from+i]
		row := a.Sub(0, 1+i, a.W, 1)
		style, flags := draw.Dim, draw.Normal
		if edit.SameNumber(v, t.Value) {
			style, flags = draw.Normal, draw.Selected
			row.Fill(flags)
			row.Put(0, 0, draw.Accent|flags, a.Look().Sign(draw.SignCursor))
		}
		x := row.Put(2, 0, style|flags, string(t.Op)+" "+draw.PadLeft(v, width)) //nolint:mnd // Behind the cursor.
		if !fits {
			row.Put(x+2, 0, draw.Dim|flags, waitingOr(c, got.State, "counting"))
			continue
		}
		n := got.Value.counts[from+i].Members
		const counts = 9
		x = row.Put(x+1, 0, style|flags, draw.PadLeft(draw.Count(n), counts))
		row.Put(x+1, 0, draw.Accent|flags, a.Look().Bar(float64(n)/float64(most), row.W-x-1))
	}
	return true
}

// curveTop is the first of the thresholds that are shown: the one in force is
// among them.
func (p *Page) curveTop(t *edit.Threshold, rows int) int {
	for i, v := range p.slider.values {
		if edit.SameNumber(v, t.Value) {
			return max(0, min(len(p.slider.values)-rows, i-rows/2)) //nolint:mnd // In the middle.
		}
	}
	return 0
}
