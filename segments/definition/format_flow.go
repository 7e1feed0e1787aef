package definition

import "strings"

// flow writes a list or map in brackets: on one line if it stood on one, and
// with a line for each entry otherwise.
func (p *printer) flow(n *node, s *shape, indent int) {
	opening, closing := "[", "]"
	if n.kind == mapNode {
		opening, closing = "{", "}"
	}
	if !n.braces {
		opening, closing = "", ""
	}
	spread := n.braces && strings.ContainsAny(p.src[n.span.Start:n.span.End], "\n\r")
	p.write(opening)
	p.pos = n.span.Start + len(opening)
	count := len(n.items) + len(n.pairs)
	for i := range count {
		at, end := flowEntry(n, i)
		if spread {
			p.flowGap(at, indent+step)
		}
		p.entry(n, i, s, indent+step)
		if i < count-1 {
			p.write(",")
		}
		switch {
		case spread:
			p.tail(p.comma(end))
		case i < count-1:
			p.write(" ")
		}
	}
	if spread {
		p.flowGap(n.span.End-len(closing), indent+step)
		p.endOfFlow(indent)
	}
	p.write(closing)
	p.pos = n.span.End
}

// flowEntry returns where the i-th entry stands in the source.
func flowEntry(n *node, i int) (at, end int) {
	if n.kind == listNode {
		return n.items[i].span.Start, n.items[i].span.End
	}
	s := n.pairs[i].span()
	return s.Start, s.End
}

// entry writes the i-th entry of a flow list or map.
func (p *printer) entry(n *node, i int, s *shape, indent int) {
	if n.kind == listNode {
		p.flowValue(n.items[i], s.list, indent)
		return
	}
	entry := n.pairs[i]
	p.write(p.src[entry.key.span.Start:entry.key.span.End])
	if entry.value.span.End == entry.value.span.Start {
		// A key without a value needs its colon only if it had one.
		if strings.HasSuffix(p.src[:entry.value.span.End], ":") && entry.value.span.End > entry.key.span.End {
			p.write(":")
		}
		return
	}
	p.write(": ")
	p.flowValue(entry.value, s.child(entry.key.scalar.Value), indent)
}

func (p *printer) flowValue(n *node, s *shape, indent int) {
	s = s.known()
	if n.isText() {
		if text, _ := formatValue(n, s.value); text != "" {
			p.write(styled(text, true))
			return
		}
	}
	p.value(n, s, indent)
}

// flowGap ends the line before an entry of a spread flow list or map, writes
// the comments in between and indents the entry's own line.
func (p *printer) flowGap(at, indent int) {
	p.endLine()
	p.gap(at, p.column(at), indent)
	p.line = strings.Repeat(" ", indent)
}

// endOfFlow moves the closing bracket under the line that opened it.
func (p *printer) endOfFlow(indent int) { p.line = strings.Repeat(" ", indent) }

// comma returns the offset behind the comma that follows an entry, if one
// does on its line.
func (p *printer) comma(at int) int {
	if i := skipBlanks(p.src, at); i < len(p.src) && p.src[i] == ',' {
		return i + 1
	}
	return at
}
