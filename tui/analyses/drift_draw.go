package analyses

import (
	"fmt"
	"slices"
	"strings"

	"strata/reports"
	"strata/tui/draw"
	"strata/tui/page"
)

// Draw implements page.Page.
func (p *Drift) Draw(c *page.Context, a draw.Area) {
	all, got := p.all(c)
	usual := "sorted by " + driftOrders()[p.by]
	foot := status(c, got.State, "comparing", usual)
	if foot == usual {
		foot = likeStatus(c, usual)
	}
	list, detail := a, draw.Area{}
	if len(all) > 0 {
		list, detail = panes(a)
	}
	if d := p.chosen(c); d != nil && foot == usual && detail.H == 0 {
		foot = blindWords(d, foot)
	}
	inside := body(list, true, p.title(all), foot, usual)
	if !got.Has || len(all) == 0 {
		if got.Has && got.Err == nil && !got.Loading {
			inside.Wrap(0, 0, draw.Dim, "there is no segment that could drift · n on the first page makes one")
			return
		}
		page.DrawState(c, inside, got.State, "comparing with "+spanWords(p.days)+" before")
		return
	}
	p.drawList(inside, got.Old)
	if detail.H > 0 {
		d := &all[p.list.Cursor]
		drawDriftDetail(c, detail.Panel(draw.Frame{Title: d.Name}), d, page.StyleOf(got.State))
	}
}

// panes are a list and what is said of its selected row: beside it, below it, or
// nowhere.
func panes(a draw.Area) (list, detail draw.Area) {
	switch {
	case a.W >= wideFrom && !a.Look().Plain: // Without frames columns of text run into each other.
		return a.Left(a.W * 5 / 8) //nolint:mnd // The list takes a little more than half.
	case a.W >= middleFrom && a.H >= previewFrom:
		return a.Bottom(previewTall)
	}
	return a, a.Sub(0, 0, 0, 0)
}

// blindWords say why nothing is known of a segment, where that stands nowhere
// else.
func blindWords(d *reports.Drift, usual string) string {
	switch {
	case d.Skipped != "":
		return d.Name + ": " + d.Skipped
	case d.Size.Reason != "":
		return d.Name + ": " + d.Size.Reason
	}
	return usual
}

func spanWords(days int) string { return fmt.Sprintf("%d days", days) }

// title says how many stand out.
func (p *Drift) title(all []reports.Drift) string {
	text := "Drift · " + spanWords(p.days)
	if len(all) == 0 {
		return text
	}
	bad, unknown := 0, 0
	for _, d := range all {
		if badness(d) > 2 { //nolint:mnd // Worse than stable.
			bad++
		}
		if blind(d) {
			unknown++
		}
	}
	text += fmt.Sprintf(" · %d of %d to look at", bad, len(all))
	if unknown > 0 {
		text += fmt.Sprintf(" · no verdict at %d", unknown)
	}
	return text
}

// likeStatus says what became of the comparison of members, which comes after that
// of sizes.
func likeStatus(c *page.Context, usual string) string {
	got := page.Answer[[]reports.Drift](c, compositionSlot)
	switch {
	case got.Loading || got.Queued:
		// Esc stops what is asked in front; R shows what runs behind it, and stops it.
		if text := page.Waiting(c, got.State, "comparing what members are like"); text != "" {
			return strings.TrimSuffix(text, " · esc stops")
		}
	case got.Err != nil:
		return c.Look.Sign(draw.SignNo) + " what members are like is not known: " + got.Err.Error()
	case got.Stopped:
		return "what members are like was not compared: stopped · r asks again"
	}
	return usual
}

// drawList draws the table.
func (p *Drift) drawList(a draw.Area, old bool) {
	look := a.Look()
	const spark = 12
	p.tall = a.Table(draw.Table{
		Columns: []draw.Column{
			{Title: sorted(a.Look(), "segment", p.by == 3), Min: nameWidth(a, func(i int) string { return p.rows[i].Name }, len(p.rows)), Grow: true},
			{Title: sorted(a.Look(), "size is", p.by == 0), Drop: 1},
			{Title: "traits are", Drop: 2},
			{Title: sorted(a.Look(), "members", p.by == 2), Right: true},
			{Title: sorted(a.Look(), "change", p.by == 1), Right: true},
			{Title: "", Right: true, Min: 6, Drop: 3},
			{Title: "entered, left", Right: true, Drop: 4},
			{Title: "jaccard", Right: true, Drop: 6},
			{Title: "12 weeks", Min: spark, Drop: 7},
		},
		List: &p.list, Zone: "row", Dim: old,
		Row: func(i int) []draw.Cell { return driftRow(look, p.rows[i], spark) },
	})
}

func driftRow(look draw.Look, d reports.Drift, spark int) []draw.Cell {
	if d.Skipped != "" {
		unknown := draw.Cell{Text: draw.Unknown, Style: draw.Dim}
		return []draw.Cell{
			{Text: d.Name, Style: draw.Dim}, {Text: look.Sign(draw.SignUnknown) + " left out", Style: draw.Dim}, unknown, unknown, unknown, unknown, unknown, unknown, {},
		}
	}
	m := d.Membership
	name := draw.Normal
	if badness(d) > 2 { //nolint:mnd // Worse than stable.
		name = draw.Bold
	}
	return []draw.Cell{
		{Text: d.Name, Style: name},
		verdictCell(look, d.Size.Verdict),
		likeCell(look, d.Composition),
		{Text: draw.Count(m.Size1)},
		{Text: changeWords(look, m.Size0, m.Size1)},
		{Text: signedPercent(m.Growth, 1), Style: draw.Dim},
		{Text: draw.Signed(m.Entered) + "  " + draw.PadLeft(draw.Signed(-m.Exited), 6), Style: draw.Dim},
		{Text: numberOf(m.Jaccard, 2), Style: draw.Dim}, //nolint:mnd // Places.
		{Text: look.Spark(draw.Resampled(sizes(d.Size.Series), spark)), Style: draw.Accent},
	}
}

// verdictCell is a verdict in a list.
func verdictCell(look draw.Look, v reports.DriftVerdict) draw.Cell {
	text, style := verdictWords(look, v)
	if v == reports.DriftUnknown {
		text = look.Sign(draw.SignUnknown) + " unknown"
	}
	return draw.Cell{Text: text, Style: style}
}

// likeCell is the verdict on what members are like, which may not be there yet.
func likeCell(look draw.Look, x *reports.CompositionDrift) draw.Cell {
	if x == nil {
		return draw.Cell{Text: draw.Unknown, Style: draw.Dim}
	}
	return verdictCell(look, x.Verdict)
}

// sizes are the sizes of a series.
func sizes(series []reports.SizePoint) []float64 {
	values := make([]float64, len(series))
	for i, point := range series {
		values[i] = float64(point.Size)
	}
	return values
}

// drawDriftDetail says in words what is known of a segment.
func drawDriftDetail(c *page.Context, a draw.Area, d *reports.Drift, style draw.Style) {
	l := &lines{a: a}
	if d.Skipped != "" {
		l.say(draw.Dim, "left out: "+d.Skipped)
		return
	}
	drawVerdict(l, "size", d.Size.Verdict, judgedWords(d.Size))
	if d.Size.Reason != "" {
		l.say(draw.Dim, sentence(d.Size.Reason))
	}
	if x := d.Composition; x != nil {
		drawVerdict(l, "traits", x.Verdict, likeWords(x))
	}
	l.gap()
	m := d.Membership
	l.say(style, sizeWords(c, m))
	l.say(style, movedWords(m))
	if l.left() > 12 && !a.Look().Plain { //nolint:mnd // Only a chart that is tall enough says something.
		l.gap()
		drawSizes(c, l.a.Sub(0, l.y, a.W, min(9, l.left()-5)), d) //nolint:mnd // Words stand below.
		l.y += min(9, l.left()-5)                                 //nolint:mnd // As above.
	}
	if d.Size.Leak != nil || len(d.Size.Flags) > 0 {
		l.gap()
	}
	drawFlags(c, l, d.Size, style)
}

// likeWords name the trait that changed most, or say why there is no verdict.
func likeWords(x *reports.CompositionDrift) string {
	if x.Reason != "" {
		return sentence(x.Reason)
	}
	traits := sortedTraits(x.Traits)
	if len(traits) == 0 || !traits[0].Verdict.Worse(reports.DriftWatch) {
		return ""
	}
	text := clean(traits[0].Trait)
	if b, ok := guilty(traits[0]); ok {
		text += fmt.Sprintf(": %s %s to %s", binName(b), draw.PercentOf(b.Share0, 1), draw.PercentOf(b.Share1, 1))
	}
	return text
}

// drawVerdict writes a verdict with its reason.
func drawVerdict(l *lines, what string, v reports.DriftVerdict, why string) {
	text, style := verdictWords(l.a.Look(), v)
	if l.left() == 0 {
		return
	}
	x := l.a.Put(0, l.y, draw.Dim, what+" ")
	x = l.a.Put(x, l.y, style, text)
	if why == "" {
		l.y++
		return
	}
	if x+2+draw.Width(why) <= l.a.W {
		l.a.Put(x+2, l.y, draw.Normal, why)
		l.y++
		return
	}
	l.y++
	l.say(draw.Normal, why)
}

// movedWords say who came and went.
func movedWords(m reports.MembershipDrift) string {
	exit := ""
	if m.ExitRate.Low != nil && m.ExitRate.High != nil {
		exit = fmt.Sprintf(" (%s, 95%% %s to %s)", exactPercent(m.ExitRate.Value), exactPercent(m.ExitRate.Low), exactPercent(m.ExitRate.High))
	}
	entry := ""
	if m.EntryRate != nil {
		entry = " (" + exactPercent(m.EntryRate) + ")"
	}
	return words(
		draw.Count(m.Entered)+" entered"+entry, draw.Count(m.Exited)+" left"+exit, draw.Count(m.Retained)+" stayed", "jaccard "+numberOf(m.Jaccard, 2), //nolint:mnd // Places.
	)
}

// drawFlags says what stands out, the slow change first.
func drawFlags(c *page.Context, l *lines, s reports.SizeDrift, style draw.Style) {
	sign := l.a.Look().Sign(draw.SignWarn)
	one := func(text string) {
		if l.left() == 0 {
			return
		}
		l.a.Put(0, l.y, draw.Warn, sign)
		l.hang(2, style, text) //nolint:mnd // Behind the sign.
	}
	if text := leakWords(c, s.Leak); text != "" {
		one(text)
	}
	for _, f := range slices.Backward(s.Flags) { // The newest say most.
		one(flagWords(c, f))
	}
}

// marked are the places of a series that stand out.
func marked(s reports.SizeDrift) map[int]bool {
	days := map[int]bool{}
	for i, point := range s.Series {
		for _, f := range s.Flags {
			if f.At.Equal(point.At) {
				days[i] = true
			}
		}
		if s.Leak != nil && s.Leak.Noticed.Equal(point.At) {
			days[i] = true
		}
	}
	return days
}

// drawSizes draws the size by days, those that stand out marked.
func drawSizes(c *page.Context, a draw.Area, d *reports.Drift) {
	series := d.Size.Series
	if len(series) < 2 || a.Look().Plain { //nolint:mnd // A point is no course, and a chart cannot be read aloud.
		return
	}
	if a.H >= 6 { //nolint:mnd // A chart, and a line of signs above it.
		drawSigns(a, d.Size)
		_, a = a.Top(1)
	}
	var labels []string
	const shown = 5
	for i := range shown {
		labels = append(labels, series[i*(len(series)-1)/(shown-1)].At.In(zoneOf(c)).Format("2 Jan"))
	}
	a.Columns(draw.Columns{Values: sizes(series), Labels: labels, Marked: marked(d.Size), Style: draw.Accent})
}

// drawSigns sets a sign above each day that stands out, so that it is not the
// colour alone that says so. It places them as draw.Area.Columns places columns.
func drawSigns(a draw.Area, s reports.SizeDrift) {
	values := sizes(s.Series)
	scale := max(len(draw.Short(slices.Max(values))), len(draw.Short(slices.Min(values)))) + 1
	room := a.W - scale - 1
	n := min(room, len(values))
	if n <= 0 {
		return
	}
	wide := max(1, room/n)
	for at := range marked(s) {
		column := (at*n + n - 1) / len(values)
		a.Put(scale+1+min(column, n-1)*wide, 0, draw.Warn|draw.Bold, a.Look().Sign(draw.SignWarn))
	}
}

// driftText is a drift in words, as it is copied.
func driftText(c *page.Context, d *reports.Drift) string {
	if d.Skipped != "" {
		return d.Name + ": left out: " + d.Skipped
	}
	text := words(d.Name+": size "+string(d.Size.Verdict), sizeWords(c, d.Membership), movedWords(d.Membership), d.Size.Reason, leakWords(c, d.Size.Leak))
	for _, f := range d.Size.Flags {
		text = words(text, flagWords(c, f))
	}
	return words(text, whyWords(d.Why))
}
