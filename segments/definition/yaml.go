package definition

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"strata/segments/source"
)

// readYAML returns the tree of a file, or nil where there is none because the
// file is empty or is no YAML.
func readYAML(f *source.File) (*node, source.List) {
	y := &yamlReader{file: f, lines: newYAMLLines(f.Text)}
	root, err := y.documents()
	if err != nil {
		y.report(y.syntax(err))
		return nil, y.list
	}
	if root == nil || len(root.Content) == 0 {
		return nil, y.list
	}
	n := y.convert(root.Content[0])
	if n.isNull() && n.span.Start == n.span.End {
		return nil, y.list
	}
	return n, y.list
}

// yamlReader turns the parser's nodes into ours.
type yamlReader struct {
	file  *source.File
	lines yamlLines
	list  source.List
}

func (y *yamlReader) report(d source.Diagnostic) { y.list.Add(d) }

func (y *yamlReader) span(start, end int) source.Span {
	return source.Span{File: y.file, Start: start, End: max(start, end)}
}

// documents returns the first document and reports that there are more.
func (y *yamlReader) documents() (first *yaml.Node, err error) {
	// The parser panics with errors of its own making on states it believes
	// impossible; a file must never be able to end the program.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("read YAML: %v", r)
		}
	}()
	loader, err := yaml.NewLoader(strings.NewReader(y.file.Text))
	if err != nil {
		return nil, fmt.Errorf("start the YAML reader: %w", err)
	}
	for n := 0; ; n++ {
		document := &yaml.Node{}
		err := loader.Load(document)
		if errors.Is(err, io.EOF) {
			return first, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read YAML: %w", err)
		}
		switch n {
		case 0:
			first = document
		case 1:
			at := y.lines.offset(document.Line, document.Column)
			y.report(diagDocuments(y.span(at, lineEnd(y.file.Text, at))))
		}
	}
}

// convert turns a node and all below it into ours, reporting what of YAML is
// not used here.
func (y *yamlReader) convert(from *yaml.Node) *node {
	reported := len(y.list)
	n := y.convertAt(from, y.properties(from))
	// What stands behind a tag or an anchor may be the rest of an expression,
	// and an alias one that lacks its quotes.
	n.cut = n.kind == scalarNode && len(y.list) > reported
	return n
}

func (y *yamlReader) convertAt(from *yaml.Node, at int) *node {
	switch from.Kind {
	case yaml.MappingNode:
		return y.convertMap(from, at)
	case yaml.SequenceNode:
		n := &node{kind: listNode, flow: from.Style&yaml.FlowStyle != 0}
		for _, item := range from.Content {
			n.items = append(n.items, y.convert(item))
		}
		y.close(n, at, ']')
		return n
	case yaml.AliasNode:
		end := at + 1 + len(from.Value)
		y.report(diagAlias(y.span(at, end), "*"+from.Value, quotedHint(y.file, at)))
		return &node{kind: scalarNode, scalar: y.nothing(at), style: plain, span: y.span(at, end)}
	case yaml.ScalarNode, yaml.DocumentNode, yaml.StreamNode:
	}
	return y.convertScalar(from, at)
}

func (y *yamlReader) convertMap(from *yaml.Node, at int) *node {
	n := &node{kind: mapNode, flow: from.Style&yaml.FlowStyle != 0}
	for i := 0; i+1 < len(from.Content); i += 2 {
		key, value := y.convert(from.Content[i]), y.convert(from.Content[i+1])
		if value.isNull() && value.span.Start == value.span.End {
			// Nothing is written there; the parser places it anywhere up to
			// the next token.
			end := y.behindColon(key.span.End)
			value.span = y.span(end, end)
			value.scalar.Text.At = end
		}
		if key.kind == scalarNode && key.style == plain && key.scalar.Value == "<<" {
			y.report(diagMerge(key.span))
		}
		n.pairs = append(n.pairs, pair{key, value})
	}
	y.close(n, at, '}')
	return n
}

func (y *yamlReader) behindColon(at int) int {
	if i := skipBlanks(y.file.Text, at); i < len(y.file.Text) && y.file.Text[i] == ':' {
		return i + 1
	}
	return at
}

func (y *yamlReader) convertScalar(from *yaml.Node, at int) *node {
	s := plain
	switch {
	case from.Style&yaml.DoubleQuotedStyle != 0:
		s = double
	case from.Style&yaml.SingleQuotedStyle != 0:
		s = single
	case from.Style&yaml.LiteralStyle != 0:
		s = literal
	case from.Style&yaml.FoldedStyle != 0:
		s = folded
	}
	fragment, end := walkScalar(y.file, at, s, from.Value)
	n := &node{kind: scalarNode, style: s, span: y.span(at, end)}
	n.scalar = Scalar{
		Value: from.Value, Text: fragment, Quoted: s != plain,
		Null:  s == plain && isNullWord(from.Value),
		whole: n.span,
	}
	return n
}

func isNullWord(text string) bool {
	return text == "" || text == "~" || text == "null" || text == "Null" || text == "NULL"
}

// nothing is the scalar that stands where a node could not be used.
func (y *yamlReader) nothing(at int) Scalar {
	return Scalar{Text: source.Fragment{File: y.file, At: at}, Null: true}
}

// properties reports a node's tag and anchor and returns where the node
// itself starts.
func (y *yamlReader) properties(from *yaml.Node) int {
	at := y.lines.offset(from.Line, from.Column)
	text := y.file.Text
	if from.Anchor == "" && from.Style&yaml.TaggedStyle == 0 && from.Tag != "!" {
		return at
	}
	for range 2 {
		if at >= len(text) || (text[at] != '!' && text[at] != '&') {
			break
		}
		end := at
		for end < len(text) && !isBlank(text[end]) {
			if width, _ := breakAt(text, end); width > 0 {
				break
			}
			end++
		}
		hint := quotedHint(y.file, at)
		if text[at] == '!' {
			y.report(diagTag(y.span(at, end), text[at:end], hint))
		} else {
			y.report(diagAnchor(y.span(at, end), text[at:end], hint))
		}
		next := skipSpace(text, end)
		if next >= len(text) {
			break
		}
		at = next
	}
	return at
}

// skipSpace skips blanks, line breaks and comments.
func skipSpace(text string, at int) int {
	for at < len(text) {
		width, _ := breakAt(text, at)
		switch {
		case isBlank(text[at]):
			at++
		case width > 0:
			at += width
		case text[at] == '#':
			at = lineEnd(text, at)
		default:
			return at
		}
	}
	return at
}

// close finds the end of a list or map: its last part's end, or the bracket
// behind it.
func (y *yamlReader) close(n *node, at int, bracket byte) {
	text := y.file.Text
	end := at
	for _, item := range n.items {
		end = max(end, item.span.End)
	}
	for _, p := range n.pairs {
		end = max(end, p.key.span.End, p.value.span.End)
	}
	n.braces = n.flow && at < len(text) && (text[at] == '[' || text[at] == '{')
	if n.braces {
		i := max(end, at+1)
		for i < len(text) && text[i] != bracket {
			next := skipSpace(text, i)
			if next == i {
				next++
			}
			i = next
		}
		end = min(i+1, len(text))
	}
	n.span = y.span(at, end)
}
