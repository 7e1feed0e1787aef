package workbench

import (
	"strings"

	"strata/tui/draw"
	"strata/tui/edit"
	"strata/tui/page"
)

// popupRows is how many candidates are seen at once.
const popupRows = 8

// drawPopup draws what can be written at the cursor, below it or above it.
func (p *Page) drawPopup(c *page.Context, a draw.Area, at point) {
	items := p.items(c)
	p.popup.list.Resize(len(items))
	if len(items) == 0 {
		return
	}
	below, above := a.H-at.y-1, at.y
	height := min(popupRows, len(items)) + 2 //nolint:mnd // The frame.
	y := at.y + 1
	switch {
	case height <= below:
	case above > below:
		height = min(height, above)
		y = at.y - height
	default:
		height = min(height, below)
	}
	if height < 3 || a.W < 20 { //nolint:mnd // A candidate in its frame.
		return
	}
	from, to := p.popup.list.Visible(height - 2) //nolint:mnd // The frame.
	text, kind := 0, 0
	for _, item := range items[from:to] {
		text, kind = max(text, draw.Width(item.Text)), max(kind, draw.Width(kindText(item)))
	}
	text = min(text, a.W-12) //nolint:mnd // Some room for what it is.
	width := min(a.W, max(24, text+kind+titleWidth(items[from:to])+10))
	box := a.Sub(max(0, min(at.x-2, a.W-width)), y, width, height)
	box.Fill(draw.Normal)
	foot := itoa(p.popup.list.Cursor+1) + "/" + itoa(len(items)) + " · tab takes it"
	in := box.Panel(framed(box, draw.Frame{Foot: foot, Focus: true}))
	for i := from; i < to; i++ {
		row := in.Sub(0, i-from, in.W, 1)
		row.Zone("offer:" + itoa(i))
		flags := draw.Normal
		if i == p.popup.list.Cursor {
			flags = draw.Selected
			row.Fill(flags)
			row.Put(0, 0, draw.Accent|flags, a.Look().Sign(draw.SignCursor))
		}
		item := items[i]
		row.Fit(2, 0, text, flags|draw.Bold, item.Text)                         //nolint:mnd // Behind the cursor.
		x := row.Fit(2+text+2, 0, row.W-text-4, flags|draw.Dim, kindText(item)) //nolint:mnd // Blanks between columns.
		if item.Title != "" {
			row.Fit(max(x, 4+text+kind)+2, 0, row.W-kind-text-6, flags|draw.Dim, item.Title) //nolint:mnd // As above.
		}
	}
}

func titleWidth(items []edit.Candidate) int {
	width := 0
	for _, item := range items {
		width = max(width, draw.Width(item.Title))
	}
	const most = 40
	return min(width, most)
}

// kindText says what a candidate is, and its type.
func kindText(item edit.Candidate) string {
	if item.Type == "" || item.Kind == edit.SegmentKind || item.Kind == edit.ListKind {
		return string(item.Kind)
	}
	return string(item.Kind) + " " + item.Type
}

// drawNaming asks for a name.
func (p *Page) drawNaming(a draw.Area) {
	const width, height = 64, 7
	box := a.Center(width, height)
	box.Fill(draw.Normal)
	in := box.Panel(framed(box, draw.Frame{Title: "Save as a new segment", Foot: "enter saves · tab changes the field · esc", Focus: true}))
	n := p.naming
	const label = 6
	in.Put(0, 0, draw.Dim, "name")
	n.name.Draw(in.Sub(label, 0, in.W-label, 1), !n.onFile, "")
	in.Put(0, 2, draw.Dim, "file")
	field := in.Sub(label, 2, in.W-label, 1) //nolint:mnd // The third line.
	if n.own || n.onFile {
		if !n.own {
			n.file.Set(n.path())
		}
		n.file.Draw(field, n.onFile, "")
	} else {
		field.Fit(0, 0, field.W, draw.Dim, n.path())
	}
	if n.wrong != "" {
		in.Sub(0, 3, in.W, in.H-3).Wrap(0, 0, draw.Bad, in.Look().Sign(draw.SignNo)+" "+n.wrong) //nolint:mnd // Below the fields.
	}
}

// drawConflict shows what somebody else wrote and asks what to do.
func (p *Page) drawConflict(a draw.Area) {
	theirs, mine := strings.Split(spread(p.conflict.Theirs), "\n"), strings.Split(p.buf.Text(), "\n")
	changes := diff(theirs, mine)
	box := a.Center(min(a.W-2, 90), min(a.H, len(changes)+7)) //nolint:mnd // The words around the difference.
	box.Fill(draw.Normal)
	in := box.Panel(framed(box, draw.Frame{Title: p.conflict.File + " was changed meanwhile", Focus: true}))
	y := 0
	if in.H > 6 { //nolint:mnd // Where there is room for words.
		y = in.Wrap(0, 0, draw.Normal, "Nothing was written. The file's rule (-) and yours (+):") + 1
	}
	room := in.H - y - 2 //nolint:mnd // A blank line and the keys.
	for i, d := range changes {
		if i < room {
			in.Spans(0, y+i, draw.Span{Style: draw.Bold, Text: d.sign + " "}, draw.Span{Text: d.text})
		}
	}
	in.Keys(in.H-1, []draw.KeyHint{{Key: "o", Does: "overwrite"}, {Key: "u", Does: "use theirs"}, {Key: "k", Does: "keep editing"}})
}
