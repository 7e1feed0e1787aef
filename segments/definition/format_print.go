package definition

import (
	"strings"
	"unicode/utf8"
)

// step is how many spaces one level of the canonical form is indented.
const step = 2

// printer writes a tree in canonical form. It takes comments and blank lines
// from the source between the nodes, where nothing else can stand but marks
// such as dashes and commas.
type printer struct {
	src string
	out strings.Builder
	// pos is the source offset up to which everything is written.
	pos int
	// line is what stands on the line that is being written.
	line string
	// lineStart says that the source up to pos ended with a line break, or is
	// at the start of the file.
	lineStart bool
	// levels are the columns of the blocks around pos, in the source and in
	// the output; they place the comments at a block's end.
	levels []level
	// kept is how much of the output may not be trimmed, because a block
	// scalar keeps the line breaks at its end.
	kept int
}

type level struct{ from, to int }

func (p *printer) write(text string) { p.line += text }

// endLine ends the line that is being written.
func (p *printer) endLine() {
	p.out.WriteString(p.line + "\n")
	p.line = ""
}

// finish returns the whole text: no blank lines at its start and end.
func (p *printer) finish() string {
	if p.line != "" {
		p.endLine()
	}
	text := p.out.String()
	text = text[:p.kept] + strings.TrimRight(text[p.kept:], "\n")
	text = strings.TrimLeft(text, "\n")
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// column returns where in its line an offset lies.
func (p *printer) column(at int) int {
	start := strings.LastIndexAny(p.src[:at], "\n\r") + 1
	return utf8.RuneCountInString(p.src[start:at])
}

// gap writes the comments and blank lines before offset end, where a node of
// source column from begins that is written in column to.
func (p *printer) gap(end, from, to int) {
	breaks, marked := 0, false
	if p.lineStart {
		breaks = 1
	}
	for i := p.pos; i < end; {
		width, _ := breakAt(p.src, i)
		switch {
		case width > 0:
			// A break behind a dash does not separate entries.
			if !marked {
				breaks++
			}
			i += width
		case p.src[i] == '#':
			stop := lineEnd(p.src, i)
			p.ownLine(breaks > 1)
			p.write(strings.Repeat(" ", p.commentColumn(p.column(i), from, to)) + p.comment(i))
			p.endLine()
			breaks, i = 0, stop
		default:
			marked = marked || !isBlank(p.src[i])
			i++
		}
	}
	p.ownLine(breaks > 1)
	p.pos, p.lineStart = end, false
	for len(p.levels) > 0 && p.levels[len(p.levels)-1].from >= from {
		p.levels = p.levels[:len(p.levels)-1]
	}
	p.levels = append(p.levels, level{from, to})
}

// comment returns the comment that begins at an offset.
func (p *printer) comment(at int) string {
	return strings.TrimRight(p.src[at:lineEnd(p.src, at)], " \t")
}

// ownLine begins a new line, with a blank one before it if wanted.
func (p *printer) ownLine(blank bool) {
	if p.line != "" {
		p.endLine()
	}
	if blank {
		p.endLine()
	}
}

// commentColumn returns the output column of a comment on its own line: that
// of the deepest block it can belong to.
func (p *printer) commentColumn(column, from, to int) int {
	if column <= from {
		return to
	}
	best := to
	for _, l := range p.levels {
		if l.from > from && l.from <= column {
			best = l.to
		}
	}
	return best
}

// tail writes the comment behind offset at on the same line, if there is one.
func (p *printer) tail(at int) {
	i := skipBlanks(p.src, at)
	p.pos = at
	if i >= len(p.src) || i == at || p.src[i] != '#' {
		return
	}
	blanks := 1
	if i-at > 1 {
		// Comments that were aligned stay so where there is room.
		blanks = max(1, p.column(i)+p.shift(i)-utf8.RuneCountInString(p.line))
	}
	p.write(strings.Repeat(" ", blanks) + p.comment(i))
	p.pos = lineEnd(p.src, i)
}

// shift is how far the line being written begins to the right of the source
// line that holds an offset.
func (p *printer) shift(at int) int {
	start := strings.LastIndexAny(p.src[:at], "\n\r") + 1
	return skipBlanks(p.line, 0) - (skipBlanks(p.src, start) - start)
}

// top writes the file's root.
func (p *printer) top(n *node, s *shape) {
	if n.flow || n.kind == scalarNode {
		p.gap(n.span.Start, 0, 0)
		p.value(n, s, 0)
		p.tail(n.span.End)
		return
	}
	p.block(n, s, 0)
}

// block writes a block list or map whose entries begin in column indent.
func (p *printer) block(n *node, s *shape, indent int) {
	s = s.known()
	for _, entry := range n.pairs {
		p.gap(entry.key.span.Start, p.column(entry.key.span.Start), indent)
		p.write(strings.Repeat(" ", indent))
		p.pair(entry, s, indent)
	}
	for _, item := range n.items {
		p.gap(item.span.Start, p.dash(item), indent)
		p.write(strings.Repeat(" ", indent) + "-")
		p.item(item, s.list, indent)
	}
}

// dash returns the source column of the dash before an item.
func (p *printer) dash(item *node) int {
	for i := item.span.Start - 1; i >= 0; i-- {
		if p.src[i] == '-' && strings.TrimLeft(p.src[i+1:item.span.Start], " \t") == "" {
			return p.column(i)
		}
	}
	return max(0, p.column(item.span.Start)-step)
}

// pair writes "key: value" on a line that is indented already.
func (p *printer) pair(entry pair, s *shape, indent int) {
	key, value := entry.key, entry.value
	if !p.isBlock(value) && value.span.Start > key.span.End {
		// Comments between a key and its value would end up inside the line.
		// They go above it.
		p.liftComments(key.span.End, value.span.Start, indent)
	}
	p.write(p.src[key.span.Start:key.span.End] + ":")
	child := s.child(key.scalar.Value)
	if p.isBlock(value) {
		p.tail(p.colon(key.span.End))
		p.block(value, child, indent+step)
		return
	}
	if value.span.End > value.span.Start {
		p.write(" ")
	}
	p.value(value, child, indent)
	p.behind(value)
}

// behind writes the comment behind a value that is no block. That of a block
// scalar stands in its header.
func (p *printer) behind(n *node) {
	if n.style == literal || n.style == folded {
		return
	}
	p.tail(n.span.End)
}

func (p *printer) colon(at int) int {
	if i := skipBlanks(p.src, at); i < len(p.src) && p.src[i] == ':' {
		return i + 1
	}
	return at
}

// item writes a list's item behind its dash.
func (p *printer) item(n *node, s *shape, indent int) {
	s = s.known()
	if !p.isBlock(n) {
		if n.span.End > n.span.Start {
			p.write(" ")
		}
		if n.flow {
			indent += step
		}
		p.value(n, s, indent)
		p.behind(n)
		return
	}
	// The first entry stands on the dash's line.
	indent += step
	p.write(" ")
	if n.kind == listNode {
		p.levels = append(p.levels, level{p.dash(n.items[0]), indent})
		p.liftComments(p.pos, n.items[0].span.Start, indent)
		p.write("-")
		p.item(n.items[0], s.list, indent)
		p.block(&node{kind: listNode, items: n.items[1:]}, s, indent)
		return
	}
	p.levels = append(p.levels, level{p.column(n.pairs[0].key.span.Start), indent})
	p.pair(n.pairs[0], s, indent)
	p.block(&node{kind: mapNode, pairs: n.pairs[1:]}, s, indent)
}

// isBlock reports whether a node is written as lines of its own.
func (p *printer) isBlock(n *node) bool {
	return n.kind != scalarNode && !n.flow && len(n.items)+len(n.pairs) > 0
}

// liftComments moves comments between two offsets above the line that is
// being written.
func (p *printer) liftComments(from, to, indent int) {
	begun := p.line
	for i := from; i < to; {
		if p.src[i] != '#' {
			i++
			continue
		}
		p.line = strings.Repeat(" ", indent) + p.comment(i)
		p.endLine()
		i = lineEnd(p.src, i)
	}
	p.line = begun
}
