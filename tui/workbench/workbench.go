package workbench

import (
	"errors"
	"strings"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/edit"
	"strata/tui/page"
)

// Links open other pages; what is nil is not offered.
type Links struct {
	// Members lists the members of a word: a name or a rule.
	Members func(word string) page.Page
	// Why proves where a customer stands.
	Why func(customer, word string) page.Page
}

// focus is the pane that takes the keys.
type focus uint8

const (
	onText focus = iota
	onFunnel
	onSample
)

// view is what stands in the lower pane.
type view uint8

const (
	viewNothing view = iota
	viewSQL
	viewDiff
)

// Page is the workbench.
type Page struct {
	name  string
	start string
	links Links

	program *check.Program
	// refused is why the rule cannot be edited, "" where it can.
	refused string
	// base is the rule as it stood in its file when the edit began, "" for a new one.
	base  string
	saved edit.Reading
	// spreadOf is the rule whose text with a line for each term is spreadText.
	spreadOf, spreadText string
	// known is the meaning of the rule that the program has under the name, which is
	// what questions about the name are answered for.
	known string

	buf     edit.Buffer
	reading edit.Reading
	fixes   []edit.Fix
	// good is the last reading without errors.
	good edit.Reading

	focus   focus
	funnel  draw.List
	samples draw.List
	// off are the leaves that are switched off, offOf the meaning they belong to.
	off   map[int]bool
	offOf string

	popup popup
	// view is the lower pane; chosen says that the user chose it.
	view     view
	chosen   bool
	viewTop  int
	top      int
	slider   slider
	naming   *naming
	conflict *ask.ConflictError
	past     past
	// changed says that the file holds another rule than the edit began with.
	changed bool
}

// New makes a workbench. name is that of a segment, "" for a new one; rule is the
// text to begin with, "" for the saved one.
func New(name, rule string, links Links) *Page {
	return &Page{name: name, start: rule, links: links, off: map[int]bool{}}
}

// ID implements page.Page.
func (p *Page) ID() string { return "workbench" }

// Crumb implements page.Page.
func (p *Page) Crumb() string {
	if p.name == "" {
		return "new rule"
	}
	return p.name + " · edit"
}

// CLI implements page.Page.
func (p *Page) CLI(c *page.Context) []string {
	p.sync(c)
	if word := p.word(); word != "" {
		return []string{"count", word}
	}
	return nil
}

// Typing implements page.Typing.
func (p *Page) Typing() bool {
	return p.refused == "" && (p.naming != nil || p.focus == onText && p.conflict == nil)
}

// Unsaved implements page.Unsaved.
func (p *Page) Unsaved() string {
	switch {
	case p.program == nil || !p.dirty():
		return ""
	case p.name == "":
		return "a new rule is not saved"
	}
	return "the draft of " + p.name + " is not saved"
}

// Close implements page.Closing.
func (p *Page) Close() bool {
	switch {
	case p.popup.open:
		p.popup = popup{}
	case p.naming != nil:
		p.naming = nil
	case p.conflict != nil:
		p.conflict = nil
	case p.refused == "" && p.focus == onText:
		p.focus = onFunnel
	default:
		return false
	}
	return true
}

// Copies implements page.Subject.
func (p *Page) Copies(c *page.Context) []page.Copy {
	p.sync(c)
	copies := []page.Copy{{What: "rule", Text: p.buf.Text()}}
	if got := page.Answer[stated](c, "sql"); got.Has && got.Value.key == p.key() {
		copies = append(copies, page.Copy{What: "SQL", Text: got.Value.text})
	}
	if file, line := p.file(); file != "" {
		copies = append(copies, page.Copy{What: "link to the file", Text: file + ":" + itoa(line)})
	}
	return copies
}

// sync takes a new program, keeps the draft, and reads the text again where it
// changed.
func (p *Page) sync(c *page.Context) {
	if c.Project == nil || c.Project.Program == nil {
		p.refused = "there are no definitions that could be read"
		return
	}
	if p.program != c.Project.Program {
		first := p.program == nil
		p.program = c.Project.Program
		p.take(c, first)
		p.read()
	}
	if p.reading.Text != p.buf.Text() {
		p.read()
	}
	p.keep(c)
	p.resize(c)
}

// read checks the text.
func (p *Page) read() {
	p.reading = edit.Read(p.program, p.buf.Text())
	p.fixes = nil
	if p.reading.Segment == nil {
		p.fixes = edit.Fixes(p.program, p.reading)
		return
	}
	p.good = p.reading
	if p.offOf != p.good.Meaning {
		p.off, p.offOf = map[int]bool{}, p.good.Meaning
	}
}

// take reads the saved rule from a program.
func (p *Page) take(c *page.Context, first bool) {
	p.refused = ""
	p.known = ""
	base, err := "", error(nil)
	if p.name != "" {
		base, err = definition.RuleText(p.program.Set, p.name)
	}
	switch {
	case errors.Is(err, definition.ErrSQLRule):
		p.refused = p.name + " is given by sql: it is edited in its file"
	case err != nil:
		p.refused = p.name + " is no segment: only the rule of a segment is edited here"
	}
	if p.refused != "" {
		return
	}
	if base != "" {
		p.known = edit.Read(p.program, base).Meaning
	}
	switch {
	case first:
		p.begin(c, base)
	case base == p.base:
		return
	case !p.dirty():
		p.buf = p.buf.SetText(spread(base))
	default:
		p.changed = !p.ours(base)
		if p.changed {
			return // Saving finds the conflict and shows it.
		}
	}
	p.base, p.changed = base, false
	p.saved = edit.Read(p.program, base)
}

// ours reports whether a saved rule is what the text says.
func (p *Page) ours(base string) bool {
	own, err := definition.FormatRule(p.buf.Text())
	return err == nil && own == base
}

// begin fills the text: with a draft that was left, a rule that was given, or the
// saved one.
func (p *Page) begin(c *page.Context, base string) {
	text := spread(base)
	if p.start != "" {
		text = spread(p.start)
	}
	if draft, ok := c.Memory[p.draftKey()].(string); ok && p.start == "" {
		text = draft
	}
	p.buf = edit.New(text)
	p.past = pastOf(c, p.name)
}

func (p *Page) draftKey() string { return "draft:" + p.name }

// keep puts the draft where it survives the page.
func (p *Page) keep(c *page.Context) {
	if p.refused != "" || c.Memory == nil {
		return
	}
	if p.dirty() {
		c.Memory[p.draftKey()] = p.buf.Text()
	} else {
		delete(c.Memory, p.draftKey())
	}
	if got := page.Answer[counted](c, "exact"); got.Has && !got.Old && got.Value.key == p.key() && p.reading.Segment != nil {
		p.past.add(c, p.name, p.buf.Text())
	}
}

// same reports whether the text says what the saved rule does.
func (p *Page) same() bool {
	return p.reading.Segment != nil && p.saved.Segment != nil && p.reading.Meaning == p.saved.Meaning
}

// dirty reports whether there is something to save.
func (p *Page) dirty() bool {
	text := p.buf.Text()
	switch {
	case p.base == "":
		return strings.TrimSpace(text) != ""
	case text == p.shownBase(), text == p.base:
		return false
	}
	return !p.same() || definition.IsTree(text) || definition.IsTree(p.base)
}

// shownBase is the saved rule as it is shown.
func (p *Page) shownBase() string {
	if p.spreadOf != p.base {
		p.spreadOf, p.spreadText = p.base, spread(p.base)
	}
	return p.spreadText
}

// isSaved reports whether the numbers that are shown are those of the saved rule.
func (p *Page) isSaved() bool {
	return p.known != "" && p.good.Meaning == p.known
}

// word is what the numbers are asked for: the name while the rule says what it
// did, so that gates count; else the text of the last right rule.
func (p *Page) word() string {
	switch {
	case p.good.Segment == nil:
		return ""
	case p.isSaved():
		return p.name
	}
	return p.good.Word
}

// key stands for the rule that numbers are about.
func (p *Page) key() string {
	if p.isSaved() {
		return "saved " + p.name + "\n" + p.good.Meaning
	}
	return p.good.Meaning
}

// shownIsGood reports whether the numbers are about what the text says now.
func (p *Page) shownIsGood() bool { return p.reading.Segment != nil }

// file is where the saved rule stands.
func (p *Page) file() (string, int) {
	if p.program == nil || p.name == "" {
		return "", 0
	}
	for _, s := range p.program.Set.Segments {
		if s.Name.Name == p.name {
			at := s.At
			if s.Where != nil {
				at = s.Where.At
			}
			return at.File.Name, at.File.Position(at.Start).Line
		}
	}
	return "", 0
}

// wide is the length from which an expression is shown with a line for each of
// its terms.
const wide = 60

// spread gives each term of a long expression a line of its own.
func spread(text string) string {
	if len(text) < wide || definition.IsTree(text) || strings.Contains(text, "\n") {
		return text
	}
	x, problems := rule.Parse(source.WholeFile(source.NewFile("rule", text)))
	if problems.HasErrors() {
		return text
	}
	var out strings.Builder
	at := 0
	for i, leaf := range rule.Leaves(x) {
		span := leaf.Span()
		if i > 0 && strings.EqualFold(strings.TrimSpace(text[at:span.Start]), "and") {
			out.WriteString("\nand " + text[span.Start:span.End])
		} else {
			out.WriteString(text[at:span.End])
		}
		at = span.End
	}
	return out.String() + text[at:]
}
