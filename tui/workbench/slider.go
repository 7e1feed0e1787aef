package workbench

import (
	"slices"
	"strings"

	"strata/tui/edit"
)

// slider is a threshold that is moved: the rule around its number, and the
// numbers of the curve.
type slider struct {
	// before and after are the text around the number.
	before, after string
	values        []string
}

// key stands for the nine rules of the curve.
func (s slider) key() string {
	return s.before + "\x00" + s.after + "\x00" + strings.Join(s.values, " ")
}

// threshold is that of the leaf under the cursor of the funnel, nil where there is
// none, or where the text is not what the funnel shows.
func (p *Page) threshold() *edit.Threshold {
	leaf := p.funnel.Cursor - 1
	if p.focus != onFunnel || p.reading.Segment == nil || leaf < 0 || leaf >= len(p.reading.Leaves) {
		return nil
	}
	return p.reading.Leaves[leaf].Threshold
}

// curve are the rules with nine numbers around the threshold, nil without one.
// The numbers stay while the threshold moves among them.
func (p *Page) curve() []string {
	t := p.threshold()
	if t == nil {
		return nil
	}
	text := p.buf.Text()
	before, after := text[:t.Start], text[t.End:]
	at := slices.ContainsFunc(p.slider.values, func(v string) bool { return edit.SameNumber(v, t.Value) })
	if p.slider.before != before || p.slider.after != after || !at {
		p.slider = slider{before: before, after: after, values: edit.Around(t.Value, curvePoints)}
	}
	words := make([]string, len(p.slider.values))
	for i, v := range p.slider.values {
		words[i] = strings.Trim(before+v+after, "\n")
	}
	return words
}

// slide moves the threshold under the cursor by steps of the curve, or by
// sensible ones beyond its ends.
func (p *Page) slide(steps int) {
	t := p.threshold()
	if t == nil {
		return
	}
	p.curve()
	value := edit.Stepped(t.Value, steps)
	at := slices.IndexFunc(p.slider.values, func(v string) bool { return edit.SameNumber(v, t.Value) })
	if at >= 0 && at+steps >= 0 && at+steps < len(p.slider.values) {
		value = p.slider.values[at+steps]
	}
	p.buf = p.buf.Slide(t.Start, t.End, value)
}
