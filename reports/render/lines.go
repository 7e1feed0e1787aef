package render

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
)

// writePlain writes one row a line, cells apart by tabs. A record is written
// one property a line.
func writePlain(w io.Writer, t *Table, opt Options) error {
	out := bufio.NewWriter(w)
	if t.Record {
		for _, row := range t.Rows {
			for i, c := range t.Columns {
				writeLine(out, []string{c.Name, Clean(forPrograms(row[i], c))})
			}
		}
		return out.Flush()
	}
	if opt.header(false) {
		writeLine(out, t.fields())
	}
	cells := make([]string, len(t.Columns))
	for _, row := range t.Rows {
		for i, c := range t.Columns {
			cells[i] = Clean(forPrograms(row[i], c))
		}
		writeLine(out, cells)
	}
	return out.Flush()
}

// writeLine writes cells apart by tabs. An error is kept by the writer until
// it is flushed.
func writeLine(out *bufio.Writer, cells []string) {
	_, _ = out.WriteString(strings.Join(cells, "\t"))
	_ = out.WriteByte('\n')
}

func writeCSV(w io.Writer, t *Table, opt Options) error {
	out := csv.NewWriter(w)
	if opt.header(true) {
		if err := out.Write(t.fields()); err != nil {
			return err
		}
	}
	cells := make([]string, len(t.Columns))
	for _, row := range t.Rows {
		for i, c := range t.Columns {
			cells[i] = forPrograms(row[i], c)
		}
		if len(cells) == 1 && cells[0] == "" {
			// Readers skip a line with nothing on it, and the row would be lost.
			out.Flush()
			if _, err := io.WriteString(w, "\"\"\n"); err != nil {
				return err
			}
			continue
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// writeMarkdown writes a table in the form that code hosts show.
func writeMarkdown(w io.Writer, t *Table) error {
	out := bufio.NewWriter(w)
	if t.Record {
		t = t.turned()
	}
	cells, rule := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, c := range t.Columns {
		cells[i], rule[i] = inMarkdown(c.title()), "---"
		if c.right() {
			rule[i] = "---:"
		}
	}
	writeRow(out, cells)
	writeRow(out, rule)
	for _, row := range t.Rows {
		for i, c := range t.Columns {
			cells[i] = inMarkdown(forEyes(row[i], c))
		}
		writeRow(out, cells)
	}
	return out.Flush()
}

func writeRow(out *bufio.Writer, cells []string) {
	_, _ = out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// inMarkdown escapes what would end a cell or start markup inside it.
func inMarkdown(text string) string {
	escape := strings.NewReplacer(`\`, `\\`, `|`, `\|`, `<`, `&lt;`, `*`, `\*`, "`", "\\`", `[`, `\[`)
	return escape.Replace(text)
}

// turned returns a record as a table of two columns, its properties and their
// values.
func (t *Table) turned() *Table {
	turned := &Table{Columns: []Column{{Name: "property"}, {Name: "value"}}}
	for _, row := range t.Rows {
		for i, c := range t.Columns {
			turned.Rows = append(turned.Rows, []any{c.title(), forEyes(row[i], c)})
		}
	}
	return turned
}
