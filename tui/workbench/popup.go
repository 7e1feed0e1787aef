package workbench

import (
	"slices"
	"strings"

	"strata/tui/draw"
	"strata/tui/edit"
	"strata/tui/page"
)

// popup is the list of what can be written at the cursor.
type popup struct {
	open bool
	done edit.Completion
	list draw.List
	// moved says that the user chose a row.
	moved bool
}

// complete opens the popup where there is something to write.
func (p *Page) complete(explicit bool) {
	p.popup = popup{}
	if p.program == nil {
		return
	}
	done := edit.Complete(p.program, p.buf.Text(), p.buf.Cursor(), explicit)
	p.popup = popup{open: len(done.Items) > 0 || done.Values != nil, done: done}
}

// items are the rows of the popup: those that are known and the values that came.
// Values of a shorter beginning are of use until those of the longer one come.
func (p *Page) items(c *page.Context) []edit.Candidate {
	if !p.popup.open {
		return nil
	}
	items := p.popup.done.Items
	want := p.popup.done.Values
	got := page.Answer[valued](c, "values")
	if want == nil || !got.Has || got.Value.want.Field != want.Field {
		return items
	}
	var fitting []string
	for _, v := range got.Value.values {
		if strings.HasPrefix(strings.ToLower(v), strings.ToLower(want.Prefix)) {
			fitting = append(fitting, v)
		}
	}
	return append(slices.Clip(items), edit.ValueItems(fitting)...)
}

// accept writes a row of the popup.
func (p *Page) accept(item edit.Candidate) {
	done := p.popup.done
	p.buf = p.buf.Replace(done.Start, done.End, item.Text)
	p.popup = popup{}
	if strings.HasSuffix(item.Text, "(") || strings.HasSuffix(item.Text, ".") || strings.HasSuffix(item.Text, " ") {
		p.complete(false)
	}
}

// mend applies the change that the nearest mistake's hint offers.
func (p *Page) mend() bool {
	if len(p.fixes) == 0 || p.reading.Text != p.buf.Text() {
		return false
	}
	best := p.fixes[0]
	for _, fix := range p.fixes {
		if fix.Start <= p.buf.Cursor() {
			best = fix
		}
	}
	cursor := p.buf.Cursor()
	p.buf = p.buf.Replace(best.Start, best.End, best.Text)
	if cursor >= best.End { // What was typed behind it goes on behind it.
		p.buf = p.buf.At(cursor + len(best.Text) - (best.End - best.Start))
	}
	return true
}
