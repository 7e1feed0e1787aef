package edit

import (
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// Reading is what the checker makes of a text.
type Reading struct {
	Text string
	// Segment is nil where the text has errors.
	Segment *check.Segment
	// Problems are errors and warnings, placed in the text.
	Problems source.List
	// Meaning is equal for texts that differ in layout only; "" where there are
	// errors. Word is the text as a question takes it.
	Meaning, Word string
	// Leaves are those of a text without errors, in order.
	Leaves []Leaf
}

// Leaf is a leaf of a rule.
type Leaf struct {
	Name string
	// Start and End are where its expression stands in the text.
	Start, End int
	// Threshold is nil where it compares with no number.
	Threshold *Threshold
}

// Read checks a text.
func Read(program *check.Program, text string) Reading {
	r := Reading{Text: text}
	file := source.NewFile("rule", text)
	r.Segment, r.Problems = program.RuleText(source.WholeFile(file))
	if r.Segment == nil {
		return r
	}
	r.Word = strings.TrimSpace(text)
	if definition.IsTree(text) {
		r.Word = strings.Trim(text, "\n")
	}
	r.Meaning = r.Segment.Definition.Canonical()
	if r.Segment.Definition.Where == nil {
		return r
	}
	r.leaves(program, file, r.Segment.Definition.Where)
	return r
}

func (r *Reading) leaves(program *check.Program, file *source.File, t *definition.Tree) {
	for _, child := range t.Children {
		r.leaves(program, file, child)
	}
	if t.Kind != definition.Leaf || t.X == nil {
		return
	}
	leaf := Leaf{Name: t.Name.Name}
	if at := t.X.Span(); at.File == file { // A bare name gives the segment of its own file.
		leaf.Start, leaf.End = at.Start, at.End
		leaf.Threshold = thresholdOf(program, file, t.X)
	}
	r.Leaves = append(r.Leaves, leaf)
}

// Span is a piece of a text and what it is.
type Span struct {
	Start, End int
	Kind       rule.TokenKind
}

// What only the YAML of a tree has.
const (
	// KeyToken is a word before a colon.
	KeyToken rule.TokenKind = "key"
	// CommentToken is a comment.
	CommentToken rule.TokenKind = "comment"
)

// Highlight cuts a text into its pieces, in order. Blanks belong to none.
func Highlight(text string) []Span {
	file := source.NewFile("rule", text)
	if !definition.IsTree(text) {
		return tokens(nil, file, 0, len(text))
	}
	var spans []Span
	for at := 0; at < len(text); {
		end := lineEnd(text, at)
		p := pieceOf(text[at:end])
		if p.key != "" {
			spans = append(spans, Span{at + p.keyAt, at + p.keyAt + len(p.key), KeyToken})
		}
		spans = tokens(spans, file, at+p.start, at+p.end)
		if p.comment >= 0 {
			spans = append(spans, Span{at + p.comment, end, CommentToken})
		}
		at = end + 1
	}
	return spans
}

func tokens(spans []Span, file *source.File, start, end int) []Span {
	for _, t := range rule.Tokens(source.Verbatim(file, start, end)) {
		if t.Span.Start < t.Span.End {
			spans = append(spans, Span{t.Span.Start, t.Span.End, t.Kind})
		}
	}
	return spans
}

// piece is a line of a tree: the key before its colon, the expression behind it,
// and the comment.
type piece struct {
	key        string
	keyAt      int
	start, end int
	comment    int
	// dash says that the line begins an entry.
	dash bool
}

// pieceOf cuts a line. It looks at the line alone, as the eye does.
func pieceOf(line string) piece {
	p := piece{end: len(line), comment: commentAt(line)}
	if p.comment >= 0 {
		p.end = p.comment
	}
	i := 0
	for i < p.end && (line[i] == ' ' || line[i] == '-' && endsWord(line, i+1, p.end)) {
		p.dash = p.dash || line[i] == '-'
		i++
	}
	word := i
	for word < p.end && kindOf(rune(line[word])) == 1 {
		word++
	}
	if word > i && word < p.end && line[word] == ':' && endsWord(line, word+1, p.end) {
		p.key, p.keyAt = line[i:word], i
		i = word + 1
		i += len(line[i:p.end]) - len(strings.TrimLeft(line[i:p.end], " "))
	}
	p.start = i
	return p.unquoted(line)
}

// unquoted leaves the quotes out that YAML has around an expression.
func (p piece) unquoted(line string) piece {
	if p.start < p.end && (line[p.start] == '"' || line[p.start] == '\'') {
		if last := strings.LastIndexByte(line[:p.end], line[p.start]); last > p.start {
			p.end = last
		}
		p.start++
	}
	p.start = min(p.start, p.end)
	return p
}

// endsWord reports whether a blank or the end stands at an offset.
func endsWord(line string, at, end int) bool { return at >= end || line[at] == ' ' }

// commentAt is where a comment begins, -1 without one. One inside a text in
// quotes is none.
func commentAt(line string) int {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') && strings.Count(line[:i], "'")%2 == 0 {
			return i
		}
	}
	return -1
}
