package analyses

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
)

// drawSummary draws verdicts, numbers of membership, and the chart where there is
// room.
func (p *DriftOf) drawSummary(c *page.Context, a draw.Area, d *reports.Drift, style draw.Style) {
	facts, chart := a, draw.Area{}
	switch {
	case a.Look().Plain:
	case a.W >= wideFrom && a.H >= previewTall:
		facts, chart = a.Left(a.W/2 - 2) //nolint:mnd // A half, with blanks between.
		chart = chart.Sub(4, 0, chart.W-4, min(chart.H, 16))
	case a.H >= 22: //nolint:mnd // Facts, and a chart below.
		facts, chart = a.Bottom(8)
	}
	if chart.H > 0 && len(d.Size.Series) > 1 {
		head, rest := chart.Top(1)
		head.Fit(0, 0, head.W, draw.Dim, "members by day; ! stands above days that stand out")
		drawSizes(c, rest, d)
	}
	l := &lines{a: facts}
	drawVerdict(l, "size", d.Size.Verdict, judgedWords(d.Size))
	if d.Size.Reason != "" {
		l.say(draw.Dim, sentence(d.Size.Reason))
	}
	l.gap()
	label := 13
	for _, fact := range membershipFacts(c, d.Membership) {
		l.fact(fact[0], label, style, fact[1])
	}
	if few := fewWords(d.Membership); few != "" {
		l.say(draw.Dim, few)
	}
	if flagCount(d.Size) > 0 {
		l.gap()
		drawFlags(c, l, d.Size, style)
	}
}

// fewWords warn of rates of few members.
func fewWords(m reports.MembershipDrift) string {
	const few = 30
	if m.Size0 >= few {
		return ""
	}
	return fmt.Sprintf("rates of fewer than %d members say little", few)
}

// membershipFacts are the numbers of membership, each with what it is a part of.
func membershipFacts(c *page.Context, m reports.MembershipDrift) [][2]string {
	entered := draw.Count(m.Entered)
	if m.EntryRate != nil {
		entered += fmt.Sprintf("  %s of %s", exactPercent(m.EntryRate), draw.Count(m.Size0))
	}
	left := draw.Count(m.Exited)
	if m.ExitRate.Low != nil && m.ExitRate.High != nil {
		left += fmt.Sprintf("  %s of %s (95%% %s to %s)", exactPercent(m.ExitRate.Value), draw.Count(m.ExitRate.Of), exactPercent(m.ExitRate.Low), exactPercent(m.ExitRate.High))
	}
	if m.Removed > 0 {
		left += fmt.Sprintf(", %s of them are no customers any more", draw.Count(m.Removed))
	}
	facts := [][2]string{
		{"members", fmt.Sprintf("%s then, %s now", draw.Count(m.Size0), draw.Count(m.Size1)) + growthWords(c, m)},
		{"entered", entered},
		{"left", left},
		{"stayed", draw.Count(m.Retained)},
		{"jaccard", numberOf(m.Jaccard, 2) + "  stayed, of those who were in at either end"}, //nolint:mnd // Places.
		{"turnover", exactPercent(m.Turnover) + "  entered and left, of both sizes together"},
		{"half-life", halfLife(m)},
	}
	if m.MedianDays != nil {
		facts = append(facts, [2]string{"median stay", draw.Number(*m.MedianDays, 0) + " days"})
	}
	if m.CameBack != nil && m.Watched != nil {
		facts = append(facts, [2]string{"came back", fmt.Sprintf("%s of %s within 30 days", draw.Count(*m.CameBack), draw.Count(*m.Watched))})
	}
	return facts
}

func growthWords(c *page.Context, m reports.MembershipDrift) string {
	if m.Size0 == m.Size1 {
		return ", as on " + day(c, m.From)
	}
	return fmt.Sprintf("  %s (%s) since %s", draw.Signed(m.Size1-m.Size0), signedPercent(m.Growth, 1), day(c, m.From))
}

func halfLife(m reports.MembershipDrift) string {
	switch {
	case m.HalfLifeDays == nil && m.Size0 > 0:
		return "nobody left, so there is none"
	case m.HalfLifeDays == nil:
		return draw.Unknown
	}
	return draw.Number(*m.HalfLifeDays, 0) + " days until half of them would be gone"
}

// flagCount is how many things stand out about a size.
func flagCount(s reports.SizeDrift) int {
	n := len(s.Flags)
	if s.Leak != nil {
		n++
	}
	return n
}

// drawSize draws the size by days, and what stands out.
func (p *DriftOf) drawSize(c *page.Context, a draw.Area, d *reports.Drift, style draw.Style) {
	top, below := a, a
	words := flagCount(d.Size)
	tall := 3 + min(2*words, a.H/3) //nolint:mnd // Verdict, reason, and what stands out, at most a third more.
	if a.H >= previewTall && !a.Look().Plain {
		top, below = a.Bottom(min(tall, a.H/2)) //nolint:mnd // At most half.
		drawSizes(c, top.Sub(0, 0, top.W, top.H-1), d)
		if len(d.Size.Series) < 2 { //nolint:mnd // A point is no course.
			top.Fit(0, 0, top.W, draw.Dim, "there is no series of sizes")
		}
	}
	l := &lines{a: below}
	drawVerdict(l, "size", d.Size.Verdict, judgedWords(d.Size))
	if d.Size.Reason != "" {
		l.say(draw.Dim, sentence(d.Size.Reason))
	}
	p.flags.Resize(words)
	rest := l.rest()
	if words == 0 || rest.H == 0 {
		return
	}
	texts := flagTexts(c, d.Size)
	from := 0
	p.tall = drawItems(rest, &p.flags, &from, func(i int, at draw.Area) int {
		item := &lines{a: at}
		item.say(style, texts[i])
		return item.y
	}, func(i, width int) int { return len(broken(texts[i], width)) })
}

// flagTexts are what stands out, the slow change first, then the newest.
func flagTexts(c *page.Context, s reports.SizeDrift) []string {
	var texts []string
	if text := leakWords(c, s.Leak); text != "" {
		texts = append(texts, text)
	}
	flags := slices.Clone(s.Flags)
	slices.SortStableFunc(flags, func(a, b reports.SizeFlag) int { return b.At.Compare(a.At) })
	for _, f := range flags {
		texts = append(texts, flagWords(c, f))
	}
	return texts
}

// drawWhy draws the attribution: a sentence, the waterfall, and the selected
// cause in words.
func (p *DriftOf) drawWhy(a draw.Area, d *reports.Drift, style draw.Style) {
	w := d.Why
	l := &lines{a: a}
	switch {
	case w == nil:
		l.say(draw.Dim, "nothing is known of the causes")
		return
	case w.Refused != "":
		l.say(draw.Dim, "the causes are not known: "+w.Refused)
		return
	}
	if a.H >= previewTall {
		l.a = a.Sub(0, 0, a.W, max(2, a.H/4)) //nolint:mnd // A quarter for the sentence.
		l.say(style, whyWords(w))
		l.a = a
		if a.H >= airyFrom {
			l.gap()
		}
	}
	rest := l.rest()
	notes := whyNotes(w)
	below := 0
	if rest.H >= previewTall {
		below = min(rest.H/3, 3+len(notes)) //nolint:mnd // The cause, and a line for each note.
	}
	fall, said := stack(rest, len(w.Causes)+1, below)
	p.drawWaterfall(fall, w, style)
	if below == 0 {
		return
	}
	more := &lines{a: said, y: 1}
	if len(w.Causes) > 0 {
		more.say(style, causeDetail(w.Causes[p.causes.Cursor]))
	}
	for _, note := range notes {
		more.say(draw.Dim, sentence(note))
	}
}

func whyNotes(w *reports.DriftWhy) []string {
	notes := slices.Clone(w.Notes)
	if !w.Exact {
		notes = append(notes, "the parts are the means of 2,000 drawn orders of the causes")
	}
	return notes
}

// causeDetail says what a cause is made of.
func causeDetail(x reports.DriftCause) string {
	text := fmt.Sprintf("%s: %s entered, %s left by it", x.Name(), draw.Number(x.Entered, 1), draw.Number(math.Abs(x.Exited), 1))
	if math.Abs(x.Within) >= 0.05 { //nolint:mnd // Shown as 0.1.
		text += ", " + draw.Number(x.Within, 1) + " where causes worked against each other"
	}
	if x.SE > 0 {
		text += ", standard error " + draw.Number(x.SE, 1)
	}
	if x.Rule != "" && x.Leaf != "" && x.Rule != x.Leaf {
		text += " · " + clean(x.Rule)
	}
	return text
}

// drawWaterfall draws a line for the size then, each cause and the size now. The
// scale is of the change, so that nothing is where it began.
func (p *DriftOf) drawWaterfall(a draw.Area, w *reports.DriftWhy, style draw.Style) {
	ends := []float64{0}
	at := int64(0)
	for _, x := range w.Causes {
		at += x.Members
		ends = append(ends, float64(at))
	}
	names := min(a.W/2, nameRoom(w.Causes)) //nolint:mnd // At most a half.
	numbers := 10
	scale := draw.Around(names+numbers+1, max(4, a.W-names-numbers-1), ends...)
	rows := min(max(1, a.H-2), len(w.Causes)) //nolint:mnd // The sizes then and now.
	from, to := 0, 0
	if rows > 0 {
		from, to = p.causes.Visible(rows)
	}
	p.tall = max(1, rows)
	a.Zero(0, min(a.H, to-from+2), scale)
	a.Fit(2, 0, names-2, draw.Bold, "members then")
	a.Right(names+numbers-1, 0, draw.Bold, draw.Count(w.Size0))
	for i := from; i < to; i++ {
		p.drawCause(a, i-from+1, scale, w.Causes[i], i, ends[i], names, numbers, style)
	}
	y := to - from + 1
	a.Fit(2, y, names-2, draw.Bold, "members now")
	a.Right(names+numbers-1, y, draw.Bold, draw.Count(w.Size1))
	if at != 0 {
		a.Step(y, scale, draw.Normal, 0, float64(at))
	}
	if hidden := len(w.Causes) - (to - from); hidden > 0 && a.H > y+1 {
		a.Fit(2, y+1, a.W-2, draw.Dim, a.Look().Sign(draw.SignMore)+" "+draw.Plural(int64(hidden), "more cause", "more causes"))
	}
}

// nameRoom is the room that the names of causes need, at most a short sentence.
func nameRoom(causes []reports.DriftCause) int {
	const least, most = 16, 60
	widest := least
	for _, x := range causes {
		widest = max(widest, draw.Width(clean(x.Name()))+2) //nolint:mnd // The cursor and a blank.
	}
	return min(widest, most)
}

// drawCause draws a step of the waterfall.
func (p *DriftOf) drawCause(a draw.Area, y int, scale draw.Scale, x reports.DriftCause, i int, start float64, names, numbers int, style draw.Style) {
	line := a.Sub(0, y, a.W, 1)
	line.Zone(fmt.Sprintf("row:%d", i))
	name := style
	if i == p.causes.Cursor {
		name = draw.Accent | draw.Bold
		a.Put(0, y, draw.Accent, a.Look().Sign(draw.SignCursor))
		if a.Look().Plain {
			a.Cursor(0, y)
		}
	}
	a.Fit(2, y, names-2, name, clean(x.Name()))
	s := draw.Dim
	switch {
	case x.Members > 0:
		s = draw.Accent
	case x.Members < 0:
		s = draw.Warn
	}
	a.Right(names+numbers-1, y, s, changeWords(a.Look(), 0, x.Members))
	if x.Members != 0 {
		a.Step(y, scale, s, start, start+float64(x.Members))
	}
}

// sortedTraits are traits by their verdict and how far they are above chance.
func sortedTraits(traits []reports.TraitDrift) []reports.TraitDrift {
	all := slices.Clone(traits)
	rank := func(t reports.TraitDrift) int {
		switch t.Verdict {
		case reports.DriftMajor, reports.DriftAlert:
			return 0
		case reports.DriftWatch:
			return 1
		case reports.DriftStable:
			return 2 //nolint:mnd // Behind watch.
		case reports.DriftUnknown:
		}
		return 3 //nolint:mnd // The last.
	}
	slices.SortStableFunc(all, func(a, b reports.TraitDrift) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(valueOf(b.Excess), valueOf(a.Excess)))
	})
	return all
}

// span is a range of days in words.
func span(c *page.Context, from, to time.Time) string { return day(c, from) + " to " + day(c, to) }
