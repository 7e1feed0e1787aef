package propose

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// defaultWarehouse stands where the caller names no warehouse.
const defaultWarehouse = "warehouse.duckdb"

// Project is the text of strata.yaml. What nobody could know stands in comments
// that start with "unsure".
func (p Proposal) Project() string {
	w := &writer{guesses: p.Guesses}
	warehouse := p.Warehouse
	if warehouse == "" {
		warehouse = defaultWarehouse
	}
	w.line("", "# Written after a look at the warehouse. Lines that start with \"unsure\" are guesses")
	w.line("", "# that nobody confirmed: correct what is wrong, then remove them.")
	w.line("", "warehouse: "+scalar(warehouse))
	w.line("", "store: strata.duckdb")
	w.doubts("", "timezone")
	w.line("", "timezone: "+scalar(p.zone))
	w.doubts("", "currency")
	if p.currency != "" {
		w.line("", "currency: "+scalar(p.currency))
	} else if len(w.guesses.under("currency", Unsure)) > 0 {
		w.line("", "# currency: EUR")
	}
	w.line("", "# The first whole second after the newest row. Write now once new rows keep coming.")
	w.line("", "as_of: latest")
	w.line("", "")
	w.line("", "sources:")
	for _, s := range p.sources {
		w.source(s)
	}
	if len(p.streams) > 0 {
		w.line("", "")
		w.line("", "streams:")
		w.doubts("  ", "streams")
		for _, s := range p.streams {
			w.doubts("  ", "streams."+s.name)
			w.stream(s)
		}
	}
	w.skipped(p.skipped)
	return w.String()
}

// writer writes YAML with the doubts about what it writes.
type writer struct {
	strings.Builder
	guesses guesses
}

func (w *writer) line(indent, text string) {
	if text != "" {
		text = indent + text
	}
	w.WriteString(text + "\n")
}

// doubts writes the unsure guesses about one subject.
func (w *writer) doubts(indent, subject string) {
	for _, g := range w.guesses {
		if g.Confidence == Unsure && g.Subject == subject {
			w.WriteString(comment(indent, "unsure: "+g.Reason))
		}
	}
}

func (w *writer) source(s *draft) {
	for _, g := range w.guesses {
		if g.Subject == subject(s.name) && g.Confidence != Unsure {
			w.WriteString(comment("  ", s.name+": "+rowsText(s)+g.Reason))
		}
	}
	w.doubts("  ", subject(s.name))
	w.line("  ", scalar(s.name)+":")
	const indent = "    "
	w.doubts(indent, subject(s.name, "query"))
	if s.isQuery() {
		w.line(indent, "query: |")
		for line := range strings.SplitSeq(s.query(), "\n") {
			w.line(indent+"  ", line)
		}
	} else {
		w.line(indent, "table: "+scalar(s.from.label()))
	}
	for _, r := range s.roles {
		w.doubts(indent, subject(s.name, r.name))
		w.line(indent, r.name+": "+scalar(s.mappedName(r.output)))
	}
	w.doubts(indent, subject(s.name, "zone"))
	if len(s.fields) == 0 {
		return
	}
	w.line(indent, "fields:")
	for _, f := range s.fields {
		switch {
		case f.path != "":
			w.line(indent+"  ", fmt.Sprintf("%s: {path: %s, type: %s}", scalar(f.name), scalar(f.path), f.kind))
		default:
			w.line(indent+"  ", fmt.Sprintf("%s: {column: %s}", scalar(f.name), scalar(f.column)))
		}
	}
}

// rowsText is the size of a table, "" where it is not known.
func rowsText(s *draft) string {
	if s.from.rows < 0 {
		return ""
	}
	return strconv.FormatInt(s.from.rows, 10) + " rows; "
}

func (w *writer) stream(s stream) {
	entry := "from: " + scalar(s.from)
	if s.kind != nil {
		entry += ", type: " + scalar(*s.kind)
	}
	if s.where != "" {
		entry += ", where: " + inBraces(s.where)
	}
	w.line("  ", s.name+": {"+entry+"}")
}

// inBraces is a rule as it stands between braces. The rules of a proposal start
// with a word.
func inBraces(rule string) string {
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	if strings.ContainsAny(rule, ",[]{}") || strings.Contains(rule, ": ") || strings.Contains(rule, " #") || strings.ContainsFunc(rule, hidden) {
		return scalarQuoted(rule)
	}
	return rule
}

// skipped lists the tables that are no sources, and why.
func (w *writer) skipped(list []skip) {
	if len(list) == 0 {
		return
	}
	w.line("", "")
	w.line("", "# Rules count rows that have a customer and a time. A query can give them to others.")
	for _, s := range list {
		w.WriteString(comment("", "unsure: "+s.from.label()+" is not used: "+s.reason))
	}
}
