package rules

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/source"
	"strata/tui/draw"
	"strata/tui/page"
	"strata/tui/prompt"
)

// usualMost is how many columns are shown where nobody has chosen any.
const usualMost = 5

// usualColumns are the traits and fields that the rule is about, then some of the
// customers' fields.
func usualColumns(program *check.Program, s subject) []string {
	var columns []string
	add := func(name string) {
		if len(columns) < usualMost && !slices.Contains(columns, name) && wrongColumn(program, name) == "" {
			columns = append(columns, name)
		}
	}
	if s.segment != nil {
		for _, x := range check.ExpressionsOf(s.segment) {
			check.Walk(x, func(part check.Expr) bool {
				switch part := part.(type) {
				case *check.Field:
					add(part.Field.Name)
				case *check.Ref:
					if _, ok := part.Target.(*check.Trait); ok {
						add(part.Target.DefinitionName())
					}
				}
				return true
			})
		}
	}
	for _, name := range []string{"country", "region", "created_at"} {
		if program.Customers.Fields[name] != nil {
			add(name)
		}
	}
	for _, item := range columnItems(program) {
		if len(columns) >= 3 { //nolint:mnd // A few are enough to begin with.
			break
		}
		add(item.Text)
	}
	return columns
}

// columnItems are all fields and traits, in the order of the alphabet. A field
// that has the name of its role as well stands there once.
func columnItems(program *check.Program) []prompt.Item {
	var items []prompt.Item
	for name, field := range program.Customers.Fields {
		own := program.Customers.Fields[field.Name]
		role := own != nil && own.Column == field.Column && len(field.Path) == 0 && name != field.Name
		if field.Column != program.Customers.Key.Column && !role {
			items = append(items, prompt.Item{Text: name, Note: typeWord(field.Type)})
		}
	}
	for _, trait := range program.Traits {
		note := "trait, " + typeWord(trait.Type())
		if title := trait.About().Title; title != "" {
			note += ": " + title
		}
		items = append(items, prompt.Item{Text: trait.DefinitionName(), Note: note})
	}
	slices.SortFunc(items, func(a, b prompt.Item) int { return strings.Compare(a.Text, b.Text) })
	return items
}

// columnFlags are the flags that name columns. Those without a comma share one.
func columnFlags(columns []string) []string {
	var flags []string
	shared := false
	for _, column := range columns {
		if plain := !strings.Contains(column, ","); plain && shared {
			flags[len(flags)-1] += "," + column
			continue
		} else {
			shared = plain
		}
		flags = append(flags, "--columns", column)
	}
	return flags
}

func typeWord(t catalog.Type) string { return t.Kind.String() }

// wrongColumn says why an expression is no column.
func wrongColumn(program *check.Program, text string) string {
	_, problems := program.Expression(source.WholeFile(source.NewFile("column", text)))
	return problemText(problems)
}

// chooser is the list of columns, and a line for an expression.
type chooser struct {
	picker prompt.Picker
	all    []prompt.Item
	picked []string
	// writing says that the line of the expression takes keys.
	writing    bool
	expression prompt.Line
	wrong      string
}

func newChooser(program *check.Program, picked []string) *chooser {
	ch := &chooser{picked: slices.Clone(picked)}
	ch.picker.Title, ch.picker.Empty = "Columns", "type to filter"
	items := columnItems(program)
	// What is picked stands first, expressions among it.
	for _, name := range picked {
		item := prompt.Item{Text: name, Note: "expression"}
		if i := slices.IndexFunc(items, func(it prompt.Item) bool { return it.Text == name }); i >= 0 {
			item = items[i]
			items = slices.Delete(items, i, i+1)
		}
		ch.all = append(ch.all, item)
	}
	ch.all = append(ch.all, items...)
	ch.filter()
	return ch
}

func (ch *chooser) filter() { ch.picker.Items = prompt.Filter(ch.all, ch.picker.Line.Text()) }

// update takes a key, a paste or a click, and reports whether what is picked may
// have changed.
func (ch *chooser) update(program *check.Program, msg tea.Msg) bool {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch name := key.String(); {
		case name == "tab" || name == "shift+tab":
			ch.writing = !ch.writing
			return false
		case name == "enter" && ch.writing:
			return ch.add(program)
		case name == "enter", name == "space" && !ch.writing:
			return ch.toggle(ch.picker.Chosen())
		}
	}
	if click, ok := msg.(page.Click); ok {
		if click.Wheel != 0 {
			ch.picker.Move(click.Wheel)
			return false
		}
		return ch.toggle(prompt.Clicked(click.ID))
	}
	if ch.writing {
		if before := ch.expression.Text(); ch.expression.Update(msg) && ch.expression.Text() != before {
			ch.wrong = ""
			if text := strings.TrimSpace(ch.expression.Text()); text != "" {
				ch.wrong = wrongColumn(program, text)
			}
		}
		return false
	}
	if changed, _ := ch.picker.Update(msg); changed {
		ch.filter()
	}
	return false
}

// toggle picks an item, or drops it.
func (ch *chooser) toggle(i int) bool {
	if i < 0 || i >= len(ch.picker.Items) {
		return false
	}
	name := ch.picker.Items[i].Text
	if at := slices.Index(ch.picked, name); at >= 0 {
		ch.picked = slices.Delete(ch.picked, at, at+1)
	} else {
		ch.picked = append(ch.picked, name)
	}
	return true
}

// add picks the expression, if it is right.
func (ch *chooser) add(program *check.Program) bool {
	text := strings.TrimSpace(ch.expression.Text())
	if text == "" {
		return false
	}
	if ch.wrong = wrongColumn(program, text); ch.wrong != "" {
		return false
	}
	ch.expression.Set("")
	if !slices.Contains(ch.picked, text) {
		ch.picked = append(ch.picked, text)
	}
	if !slices.ContainsFunc(ch.all, func(it prompt.Item) bool { return it.Text == text }) {
		ch.all = slices.Insert(ch.all, 0, prompt.Item{Text: text, Note: "expression"})
	}
	ch.filter()
	return true
}

// draw draws the chooser over what is there.
func (ch *chooser) draw(a draw.Area) {
	ch.picker.Off = ch.writing
	ch.picker.Marks = func(i int) bool { return slices.Contains(ch.picked, ch.picker.Items[i].Text) }
	ch.picker.Help = "space picks" + dot(a.Look()) + "tab expression" + dot(a.Look()) + "esc closes"
	if ch.writing {
		ch.picker.Help = "enter adds it" + dot(a.Look()) + "tab list" + dot(a.Look()) + "esc closes"
	}
	ch.picker.Below = 2
	below := ch.picker.Draw(a)
	x := below.Put(0, 0, draw.Accent|draw.Bold, "+ ")
	ch.expression.Draw(below.Sub(x, 0, below.W-x, 1), ch.writing, "an expression, such as count(order) last 30 days")
	below.Sub(0, 1, below.W, 1).Fit(0, 0, below.W, draw.Bad, ch.wrong)
}
