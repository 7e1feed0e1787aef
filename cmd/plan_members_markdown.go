package cmd

import (
	"fmt"
	"strings"

	"strata/reports/render"
	"strata/segments/revision"
)

// revisionMarkdown writes a report as a comment for a pull request: a line of
// summary and a table, then a part for each change, folded away.
func (s *session) revisionMarkdown(r *revision.Report, shown []revision.Change, note string) (string, error) {
	m := &markdown{}
	m.line("**Segments: %s**", summaryOf(r))
	m.line("")
	before := code(r.Before.Name)
	if r.Before.Commit != "" {
		before += " (" + revision.Commit{Hash: r.Before.Commit}.Short() + ")"
	}
	headline := strings.Replace(s.headline(r), versionText(r.Before), before, 1)
	m.line("%s", strings.ToUpper(headline[:1])+headline[1:]+".")
	if broken := r.Broken(); len(broken) > 0 {
		m.line("")
		for _, b := range broken {
			m.line("- :warning: bound broken: %s", code(boundText(b)+placeText(b.File, b.Line)))
		}
	}
	m.list(r.Notes, plainText)
	if len(r.Edits) > 0 {
		m.line("")
		for _, e := range r.Edits {
			m.line("- %s %s: %s", e.Kind, code(e.Name), code(editText(e)))
		}
	}
	if len(shown) > 0 {
		m.line("")
		if err := m.table(changesTable(shown, true)); err != nil {
			return "", err
		}
	}
	for i := range shown {
		if err := m.change(&shown[i]); err != nil {
			return "", err
		}
	}
	if len(r.Renames) > 0 {
		m.line("")
		for _, x := range r.Renames {
			m.line("- renamed? %s is gone and %s has its rule: add %s to it (%s:%d) to keep its history", code(x.From), code(x.To), code("was: "+x.From), x.File, x.Line)
		}
	}
	if note != "" {
		m.line("")
		m.line("%s", plainText(note))
	}
	return m.out.String(), nil
}

// markdown is a page on its way.
type markdown struct{ out strings.Builder }

func (m *markdown) line(format string, args ...any) { _, _ = fmt.Fprintf(&m.out, format+"\n", args...) }

// list writes texts as a list, if there are any.
func (m *markdown) list(texts []string, write func(string) string) {
	if len(texts) > 0 {
		m.line("")
	}
	for _, text := range texts {
		m.line("- %s", write(text))
	}
}

func (m *markdown) table(t render.Table) error {
	_, err := render.Write(&m.out, t, render.Options{Format: render.Markdown})
	return err
}

// change writes what the table does not say, folded away.
func (m *markdown) change(c *revision.Change) error {
	if !detailed(c) {
		return nil
	}
	m.line("")
	m.line("<details><summary><code>%s</code>: %s</summary>", c.Name, shortly(c))
	m.list(detailLines(c), plainText)
	if len(c.Causes)+len(c.Together) > 0 {
		m.line("")
		if err := m.table(causesTable(c)); err != nil {
			return err
		}
		m.rules(c)
	}
	if len(c.Moves) > 0 {
		m.line("")
		if err := m.table(matrix(c)); err != nil {
			return err
		}
	}
	if lines := exampleLines(c); len(lines) > 0 {
		m.line("")
		for _, line := range lines {
			m.line("- %s: %s", plainText(line[0]), code(line[1]))
		}
	}
	m.line("")
	m.line("</details>")
	return nil
}

// shortly is a change in a few words.
func shortly(c *revision.Change) string {
	switch {
	case c.Skipped != "":
		return "not evaluated"
	case c.Kind == partitionKind:
		return number(c.Moved) + " move"
	case c.Joined+c.Left > 0:
		return number(c.Joined) + " joined, " + number(c.Left) + " left"
	}
	return "nobody joined or left"
}

// rules writes the leaves that are written differently as a diff.
func (m *markdown) rules(c *revision.Change) {
	var lines []string
	for _, line := range ruleLines(c) {
		lines = append(lines, line.sign+line.name+": "+render.Clean(line.rule))
	}
	if len(lines) == 0 {
		return
	}
	fence := strings.Repeat("`", max(3, longestRun(strings.Join(lines, "\n"))+1))
	m.line("")
	m.line("%sdiff", fence)
	for _, line := range lines {
		m.line("%s", line)
	}
	m.line("%s", fence)
}

// code writes text that is shown as it is: nothing in it is markup, the name of
// a person or a link.
func code(text string) string {
	text = render.Clean(text)
	fence := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || text == "" {
		text = " " + text + " "
	}
	return fence + text + fence
}

// longestRun is the length of the longest run of backquotes.
func longestRun(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// plainText writes text in which nothing is markup.
func plainText(text string) string {
	escape := strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`, "#", `\#`, "@", "@\u200b", "~", `\~`)
	return escape.Replace(render.Clean(text))
}
