package definition

import (
	"strconv"
	"strings"
)

// value writes a scalar, or a flow list or map, into the current line.
func (p *printer) value(n *node, s *shape, indent int) {
	s = s.known()
	if n.kind != scalarNode {
		p.flow(n, s, indent)
		return
	}
	text, _ := formatValue(n, s.value)
	switch {
	case text != "":
		p.write(styled(text, false) + p.headComment(n))
		p.skipBlockTail(n)
	case n.style == literal || n.style == folded:
		p.blockScalar(n, indent)
	default:
		p.verbatim(n, indent)
	}
	p.pos = max(p.pos, n.span.End)
}

// styled returns a rule as a YAML scalar, quoted only where it must be.
func styled(text string, flow bool) string {
	if needsQuotes(text, flow) {
		return quoted(text)
	}
	return text
}

// verbatim writes a scalar as it stands in the source. Its further lines are
// indented anew, which means nothing in these styles.
func (p *printer) verbatim(n *node, indent int) {
	text := p.src[n.span.Start:n.span.End]
	if isMark(text) {
		text = quoted(text)
	}
	for i, line := range splitLines(text) {
		if i > 0 {
			p.endLine()
			line = strings.TrimLeft(line, " \t")
			if line != "" {
				line = strings.Repeat(" ", indent+step) + line
			}
		}
		p.write(line)
	}
}

// splitLines cuts a text at the breaks that editors know.
func splitLines(text string) []string {
	return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

// blockScalar writes a literal or folded text with its lines indented anew.
func (p *printer) blockScalar(n *node, indent int) {
	value := n.scalar.Value
	body := strings.TrimRight(value, "\n")
	if body == "" || strings.ContainsAny(p.src[n.span.Start:n.span.End], "\u0085\u2028\u2029") || loneReturn(p.src[n.span.Start:n.span.End]) {
		p.write(strconv.Quote(value) + p.headComment(n))
		p.skipBlockTail(n)
		return
	}
	first := strings.IndexFunc(value, func(r rune) bool { return r != '\n' })
	kept := len(value) - len(body)
	p.write(blockMark(n.style, isBlank(value[first]), kept) + p.headComment(n))
	head := lineEnd(p.src, n.span.Start)
	own := p.column(n.scalar.Text.Starts[first])
	for _, line := range splitLines(p.src[head:n.span.End])[1:] {
		p.endLine()
		if cut := min(skipSpaces(line, 0), own); cut < len(line) {
			p.line = strings.Repeat(" ", indent+step) + line[cut:]
		}
	}
	if kept > 1 {
		for range kept {
			p.endLine()
		}
		p.kept = p.out.Len()
	}
	p.skipBlockTail(n)
}

// blockMark returns the header of a block scalar whose value ends in a number
// of line breaks.
func blockMark(s style, blankFirst bool, breaks int) string {
	mark := "|"
	if s == folded {
		mark = ">"
	}
	if blankFirst {
		mark += strconv.Itoa(step)
	}
	switch breaks {
	case 0:
		return mark + "-"
	case 1:
		return mark
	default:
		return mark + "+"
	}
}

// headComment returns the comment in the header of a block scalar, with the
// blank before it.
func (p *printer) headComment(n *node) string {
	if n.style != literal && n.style != folded {
		return ""
	}
	head := p.src[n.span.Start:lineEnd(p.src, n.span.Start)]
	if i := strings.Index(head, "#"); i >= 0 {
		return " " + p.comment(n.span.Start+i)
	}
	return ""
}

// loneReturn reports a carriage return that is not part of a line break as
// editors know it.
func loneReturn(text string) bool {
	return strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r")
}

// skipBlockTail goes behind the line breaks that belong to a block scalar, so
// that they are not taken for blank lines between entries.
func (p *printer) skipBlockTail(n *node) {
	p.pos = max(p.pos, n.span.End)
	if n.style != literal && n.style != folded {
		return
	}
	for kept := len(n.scalar.Value) - len(strings.TrimRight(n.scalar.Value, "\n")); kept > 1; kept-- {
		next := skipBlanks(p.src, p.pos)
		width, _ := breakAt(p.src, next)
		p.pos = next + width
	}
}
