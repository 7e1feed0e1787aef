package analyses

import (
	"fmt"
	"slices"

	"strata/reports"
	"strata/tui/draw"
)

// drawComposition draws traits by how much they changed, or the values of one.
func (p *DriftOf) drawComposition(a draw.Area, x *reports.CompositionDrift, style draw.Style) {
	l := &lines{a: a}
	if x == nil {
		l.say(draw.Dim, "nothing is known of what its members are like")
		return
	}
	if p.inBins && p.bins.Len > 0 {
		p.drawBins(a, p.rows[p.traits.Cursor], style)
		return
	}
	drawVerdict(l, "traits", x.Verdict, x.Reason)
	if a.H >= airyFrom {
		l.gap()
	}
	if len(p.rows) == 0 {
		return
	}
	rest := l.rest()
	below := 0
	switch {
	case rest.H >= previewTall:
		below = 5
	case rest.H >= 4: //nolint:mnd // A head and two rows above.
		below = 1
	}
	table, said := stack(rest, len(p.rows), below)
	look := a.Look()
	p.tall = table.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "trait", Min: nameWidth(a, func(i int) string { return p.rows[i].Trait }, len(p.rows)), Grow: true},
			{Title: "members are", Drop: 1},
			{Title: "psi", Right: true},
			{Title: "by chance", Right: true, Drop: 5},
			{Title: "above", Right: true, Drop: 4},
			{Title: "most changed", Min: 12, Drop: 3},
			{Title: "then", Right: true, Drop: 2},
			{Title: "now", Right: true, Drop: 2},
			{Title: "pp", Right: true, Drop: 2},
		},
		List: &p.traits, Zone: "row", Dim: style == draw.Dim,
		Row: func(i int) []draw.Cell { return traitRow(look, p.rows[i]) },
	})
	more := &lines{a: said}
	if below > 1 {
		more.y = 1
	}
	more.say(style, traitWords(p.rows[p.traits.Cursor]))
}

// guilty is the bin that changed most.
func guilty(t reports.TraitDrift) (reports.DriftBin, bool) {
	at := slices.IndexFunc(t.Bins, func(b reports.DriftBin) bool { return t.Guilty != "" && b.Label == t.Guilty })
	if at < 0 {
		return reports.DriftBin{}, false
	}
	return t.Bins[at], true
}

func traitRow(look draw.Look, t reports.TraitDrift) []draw.Cell {
	const places = 3
	verdict, style := verdictWords(look, t.Verdict)
	cells := []draw.Cell{
		{Text: clean(t.Trait)},
		{Text: verdict, Style: style},
		{Text: numberOf(t.PSI, places)},
		{Text: numberOf(t.Noise, places), Style: draw.Dim},
		{Text: numberOf(t.Excess, places)},
	}
	b, ok := guilty(t)
	if !ok {
		reason := draw.Unknown
		if t.Reason != "" {
			reason = clean(t.Reason)
		}
		return append(cells, draw.Cell{Text: reason, Style: draw.Dim}, draw.Cell{}, draw.Cell{}, draw.Cell{})
	}
	return append(cells, draw.Cell{Text: binName(b)}, draw.Cell{Text: draw.PercentOf(b.Share0, 1)}, draw.Cell{Text: draw.PercentOf(b.Share1, 1)},
		draw.Cell{Text: points(difference(b)), Style: draw.Dim})
}

// binName is a bin as people read it.
func binName(b reports.DriftBin) string {
	if b.Missing && b.Label == "" {
		return "missing"
	}
	return clean(b.Label)
}

// difference is that of the shares of a bin.
func difference(b reports.DriftBin) *float64 {
	if b.Share0 == nil || b.Share1 == nil {
		return nil
	}
	d := *b.Share1 - *b.Share0
	return &d
}

// traitWords say how a trait changed, and by whom.
func traitWords(t reports.TraitDrift) string {
	text := clean(t.Trait) + ": " + draw.Count(t.Before) + " members then, " + draw.Count(t.Now) + " now"
	if t.Reason != "" {
		text += " · " + t.Reason
	}
	if t.Adjusted != nil {
		text += " · p " + pText(t.Adjusted) + " after correction for all traits"
	}
	b, ok := guilty(t)
	if !ok || difference(b) == nil {
		return text
	}
	text += fmt.Sprintf(" · %s %s to %s (%s pp", binName(b), draw.PercentOf(b.Share0, 1), draw.PercentOf(b.Share1, 1), points(difference(b)))
	if b.Changed != nil && b.Arrived != nil && b.Departed != nil {
		text += fmt.Sprintf(" = %s who stayed and changed, %s entrants who differ, %s leavers who differed", points(b.Changed), points(b.Arrived), points(b.Departed))
	}
	return text + ")"
}

// pText is a p-value as people read it.
func pText(p *float64) string {
	const least = 0.001
	if p == nil {
		return draw.Unknown
	}
	if *p < least {
		return "< 0.001"
	}
	return draw.Number(*p, 3) //nolint:mnd // Places.
}

// drawBins draws the values of a trait then and now, as pairs of bars.
func (p *DriftOf) drawBins(a draw.Area, t reports.TraitDrift, style draw.Style) {
	l := &lines{a: a}
	drawVerdict(l, clean(t.Trait), t.Verdict, words(t.Reason, "psi "+numberOf(t.PSI, 3)+", by chance "+numberOf(t.Noise, 3))) //nolint:mnd // Places.
	if a.H >= airyFrom {
		l.gap()
	}
	p.bins.Resize(len(t.Bins))
	most := 0.0
	widest := 8
	for _, b := range t.Bins {
		most = max(most, valueOf(b.Share0), valueOf(b.Share1))
		widest = max(widest, draw.Width(binName(b)))
	}
	widest = min(widest, max(8, a.W/3)) //nolint:mnd // At most a third for names.
	rest := l.rest()
	from := 0
	p.tall = drawItems(rest, &p.bins, &from, func(i int, at draw.Area) int {
		return drawBin(at, t.Bins[i], widest, most, style)
	}, func(int, int) int { return 2 }) //nolint:mnd // Then and now.
}

// drawBin draws a value: its share then, and its share now with the difference.
func drawBin(a draw.Area, b reports.DriftBin, names int, most float64, style draw.Style) int {
	const numbers, after = 8, 22
	a.Fit(0, 0, names, style, binName(b))
	bar := max(4, a.W-names-7-numbers-after) //nolint:mnd // Beside the name, the word and the numbers.
	one := func(y int, word string, share *float64, n int64, s draw.Style, more string) {
		x := a.Put(names+2, y, draw.Dim, draw.PadRight(word, 5)) //nolint:mnd // The word and a blank.
		length := 0.0
		if most > 0 {
			length = valueOf(share) / most
		}
		a.Fit(x, y, bar, s, a.Look().Bar(length, bar))
		a.Right(x+bar+numbers, y, style, draw.PercentOf(share, 1))
		a.Fit(x+bar+numbers+2, y, after, draw.Dim, words(draw.Count(n), more))
	}
	one(0, "then", b.Share0, b.Before, draw.Dim, "")
	more := ""
	if d := difference(b); d != nil {
		more = points(d) + " pp"
	}
	one(1, "now", b.Share1, b.Now, draw.Accent, more)
	return 2 //nolint:mnd // As above.
}
