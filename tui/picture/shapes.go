package picture

import (
	"fmt"
	"strings"
)

// arms are the ends of a line that go from the middle of a cell to its edges.
type arms uint8

const (
	up arms = 1 << iota
	right
	down
	left
	// rounded joins two arms by an arc.
	rounded
)

// lines are the characters that are drawn as lines.
var lines = map[string]arms{
	"─": left | right, "│": up | down, "┌": down | right, "┐": down | left, "└": up | right, "┘": up | left,
	"├": up | down | right, "┤": up | down | left, "┬": left | right | down, "┴": left | right | up, "┼": up | right | down | left,
	"╭": down | right | rounded, "╮": down | left | rounded, "╰": up | right | rounded, "╯": up | left | rounded,
	"╴": left, "╵": up, "╶": right, "╷": down,
}

// box is a part of a cell: from its left upper corner, in eighths.
type box struct{ x, y, w, h float64 }

// eighth is the part of a cell that blocks are made of.
const eighth = 8.0

// shades are blocks that let something through: their places in opacities.
var shades = map[string]int{"░": 1, "▒": 2, "▓": 3}

// opacities are how much blocks cover; the first covers all.
var opacities = [...]string{"", ".25", ".5", ".75"}

// quadrants are the quarters of a cell by the last digit of their character from
// U+2596 on: 1 is left above, 2 right above, 4 left below, 8 right below.
var quadrants = [...]int{4, 8, 1, 13, 9, 7, 11, 2, 6, 14}

// blocks are the parts of a cell that a block covers, nil for no block.
func blocks(text string) []box {
	r := []rune(text)
	if len(r) != 1 {
		return nil
	}
	switch n := float64(r[0] - 0x2580); {
	case r[0] == '▀':
		return []box{{0, 0, eighth, eighth / 2}}
	case r[0] >= 0x2581 && r[0] <= 0x2588:
		return []box{{0, eighth - n, eighth, n}}
	case r[0] >= 0x2589 && r[0] <= 0x258F:
		return []box{{0, 0, 2*eighth - n, eighth}}
	case r[0] == '▐':
		return []box{{eighth / 2, 0, eighth / 2, eighth}}
	case shades[text] != 0:
		return []box{{0, 0, eighth, eighth}}
	case r[0] == '▔':
		return []box{{0, 0, eighth, 1}}
	case r[0] == '▕':
		return []box{{eighth - 1, 0, 1, eighth}}
	case r[0] >= 0x2596 && r[0] <= 0x259F:
		return quarters(quadrants[r[0]-0x2596])
	}
	return nil
}

func quarters(which int) []box {
	var out []box
	for i, b := range []box{{0, 0, 4, 4}, {4, 0, 4, 4}, {0, 4, 4, 4}, {4, 4, 4, 4}} {
		if which&(1<<i) != 0 {
			out = append(out, b)
		}
	}
	return out
}

// signs are drawn alike whatever the font has, from the middle of their cell;
// they are filled or only drawn along.
var signs = map[string]struct {
	path   string
	filled bool
}{
	"●": {"m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z", true},
	"○": {"m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z", false},
	"•": {"m-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z", true},
	"▲": {"m-3.8 3.2l3.8 -6.6l3.8 6.6z", true},
	"▼": {"m-3.8 -3.2l3.8 6.6l3.8 -6.6z", true},
	"◂": {"m2.6 -3.6l-5 3.6l5 3.6z", true},
	"▸": {"m-2.6 -3.6l5 3.6l-5 3.6z", true},
	"✓": {"m-3.4 .6l2.4 3l4.4 -7.4", false},
	"✗": {"m-3 -3.4l6 7m0 -7l-6 7", false},
}

// shaped reports whether a character is drawn as a shape.
func shaped(text string) bool {
	_, line := lines[text]
	_, sign := signs[text]
	return line || sign || blocks(text) != nil
}

// layer are shapes of one colour.
type layer struct {
	// strokes are drawn along, signs filled, and so are blocks, by how much they
	// cover.
	strokes, signs strings.Builder
	blocks         [len(opacities)]strings.Builder
}

// layers collects shapes by colour, in the order in which colours appear.
type layers struct {
	order  []string
	byName map[string]*layer
}

func (ls *layers) of(colour string) *layer {
	l := ls.byName[colour]
	if l == nil {
		l = &layer{}
		ls.byName[colour] = l
		ls.order = append(ls.order, colour)
	}
	return l
}

// shapes draws lines, blocks and signs, those of one colour as one path.
func (p *painter) shapes() {
	ls := &layers{byName: map[string]*layer{}}
	p.horizontals(ls)
	p.verticals(ls)
	for y := range p.h {
		for x := range p.w {
			if text, l, _, ok := p.cell(x, y); ok {
				p.corner(ls, x, y, text, p.fill(l))
			}
		}
		p.blocks(ls, y)
	}
	for _, colour := range ls.order {
		l := ls.byName[colour]
		for i, opacity := range opacities {
			if l.blocks[i].Len() == 0 {
				continue
			}
			attributes := ""
			if opacity != "" {
				attributes = ` fill-opacity="` + opacity + `"`
			}
			fmt.Fprintf(&p.out, `<path d="%s" fill="%s"%s shape-rendering="crispEdges"/>`+"\n", l.blocks[i].String(), colour, attributes)
		}
		if l.strokes.Len() > 0 {
			fmt.Fprintf(&p.out, `<path d="%s" fill="none" stroke="%s" stroke-width="1.2"/>`+"\n", l.strokes.String(), colour)
		}
		if l.signs.Len() > 0 {
			fmt.Fprintf(&p.out, `<path d="%s" fill="%s"/>`+"\n", l.signs.String(), colour)
		}
	}
}

// straight are the arms of a cell that are no arc, with the colour.
func (p *painter) straight(x, y int) (arms, string) {
	text, l, _, ok := p.cell(x, y)
	a := lines[text]
	if !ok || a == 0 || a&rounded != 0 {
		return 0, ""
	}
	return a, p.fill(l)
}

// horizontals draws what goes from left to right, across as many cells as it
// can.
func (p *painter) horizontals(ls *layers) {
	for y := range p.h {
		at := float64(y)*cellTall + cellTall/2
		from, to, colour := 0.0, 0.0, ""
		flush := func() {
			if to > from {
				fmt.Fprintf(&ls.of(colour).strokes, "M%s %sH%s", number(from), number(at), number(to))
			}
			from, to = 0, 0
		}
		for x := range p.w {
			a, c := p.straight(x, y)
			start, end := span(a&left != 0, a&right != 0, float64(x)*cellWide, cellWide)
			if start == end {
				flush()
				continue
			}
			if to <= from || start > to+1e-6 || c != colour {
				flush()
				from, colour = start, c
			}
			to = end
		}
		flush()
	}
}

// verticals draws what goes from above to below.
func (p *painter) verticals(ls *layers) {
	for x := range p.w {
		at := float64(x)*cellWide + cellWide/2
		from, to, colour := 0.0, 0.0, ""
		flush := func() {
			if to > from {
				fmt.Fprintf(&ls.of(colour).strokes, "M%s %sV%s", number(at), number(from), number(to))
			}
			from, to = 0, 0
		}
		for y := range p.h {
			a, c := p.straight(x, y)
			start, end := span(a&up != 0, a&down != 0, float64(y)*cellTall, cellTall)
			if start == end {
				flush()
				continue
			}
			if to <= from || start > to+1e-6 || c != colour {
				flush()
				from, colour = start, c
			}
			to = end
		}
		flush()
	}
}

// span is the part of a cell between its middle and the edges that a line goes
// to.
func span(first, second bool, at, size float64) (from, to float64) {
	from, to = at+size/2, at+size/2
	if first {
		from = at
	}
	if second {
		to = at + size
	}
	return from, to
}

// corner draws a rounded corner or a sign.
func (p *painter) corner(ls *layers, x, y int, text, colour string) {
	cx, cy := float64(x)*cellWide+cellWide/2, float64(y)*cellTall+cellTall/2
	if sign, ok := signs[text]; ok {
		to := &ls.of(colour).strokes
		if sign.filled {
			to = &ls.of(colour).signs
		}
		fmt.Fprintf(to, "M%s %s%s", number(cx), number(cy), sign.path)
		return
	}
	a := lines[text]
	if a&rounded == 0 {
		return
	}
	const radius = cellWide / 2
	endY, bend := cy+cellTall/2, cy+radius
	if a&up != 0 {
		endY, bend = cy-cellTall/2, cy-radius
	}
	endX := cx + cellWide/2
	if a&left != 0 {
		endX = cx - cellWide/2
	}
	fmt.Fprintf(&ls.of(colour).strokes, "M%s %sV%sQ%s %s %s %s", number(cx), number(endY), number(bend), number(cx), number(cy), number(endX), number(cy))
}

// blocks draws the blocks of a line; equal ones side by side are one.
func (p *painter) blocks(ls *layers, y int) {
	for x := 0; x < p.w; {
		text, l, _, ok := p.cell(x, y)
		list := blocks(text)
		if !ok || list == nil {
			x++
			continue
		}
		colour, many := p.fill(l), 1
		if len(list) == 1 && list[0].w == eighth {
			for x+many < p.w {
				next, nl, _, ok := p.cell(x+many, y)
				if !ok || next != text || p.fill(nl) != colour {
					break
				}
				many++
			}
		}
		to := &ls.of(colour).blocks[shades[text]]
		for _, b := range list {
			left, top := (float64(x)+b.x/eighth)*cellWide, (float64(y)+b.y/eighth)*cellTall
			wide, tall := (b.w/eighth+float64(many-1))*cellWide, b.h/eighth*cellTall
			fmt.Fprintf(to, "M%s %sh%sv%sh-%sz", number(left), number(top), number(wide), number(tall), number(wide))
		}
		x += many
	}
}
