package source

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// TextOptions says how RenderText writes.
type TextOptions struct {
	// Color marks places, carets and hints with ANSI colours.
	Color bool
	// Context is how many lines are shown before the line with the place.
	Context int
	// Width cuts source lines to this many columns, keeping the start of the
	// underlined part in view; 0 shows them whole.
	Width int
	// Summary adds a closing line that counts errors and warnings.
	Summary bool
}

// The colours of a terminal, by what they are used for.
const (
	styleNone    = ""
	stylePlace   = "\x1b[1m"
	styleError   = "\x1b[31m"
	styleWarning = "\x1b[33m"
	styleHint    = "\x1b[36m"
	styleEnd     = "\x1b[0m"
)

// RenderText writes diagnostics for people: the place, the message and the
// code, the source line with what is meant underlined, and what to do. The
// list is written in its order.
func RenderText(w io.Writer, list List, opt TextOptions) error {
	r := textRenderer{opt: opt}
	errors := 0
	for i, d := range list {
		if i > 0 {
			r.line(styleNone, "")
		}
		r.diagnostic(d)
		if d.Severity != Warning {
			errors++
		}
	}
	if opt.Summary && len(list) > 0 {
		r.line(styleNone, "")
		r.line(stylePlace, summary(errors, len(list)-errors))
	}
	if _, err := io.WriteString(w, r.out.String()); err != nil {
		return fmt.Errorf("write diagnostics: %w", err)
	}
	return nil
}

// summary counts errors and warnings in words.
func summary(errors, warnings int) string {
	var parts []string
	if errors > 0 {
		parts = append(parts, Counted(errors, "error"))
	}
	if warnings > 0 {
		parts = append(parts, Counted(warnings, "warning"))
	}
	return strings.Join(parts, ", ")
}

type textRenderer struct {
	opt TextOptions
	out strings.Builder
}

// line writes a line in a style.
func (r *textRenderer) line(style, text string) {
	r.out.WriteString(r.styled(style, text))
	r.out.WriteByte('\n')
}

func (r *textRenderer) styled(style, text string) string {
	if !r.opt.Color || style == styleNone || text == "" {
		return text
	}
	return style + text + styleEnd
}

func (r *textRenderer) diagnostic(d Diagnostic) {
	style := styleError
	if d.Severity == Warning {
		style = styleWarning
	}
	place := ""
	if !d.Span.IsZero() {
		place = r.styled(stylePlace, d.Span.place()+":") + " "
	}
	r.line(styleNone, place+shown(d.Message)+r.styled(style, fmt.Sprintf(" [%s]", d.Code)))
	if !d.Span.IsZero() {
		r.source(d.Span, style)
	}
	if d.Hint != "" {
		r.line(styleNone, "   "+r.styled(styleHint, "hint:")+" "+shown(d.Hint))
	}
	for _, related := range d.Related {
		at := ""
		if !related.Span.IsZero() {
			at = related.Span.place() + ": "
		}
		r.line(styleNone, "   "+r.styled(styleHint, "see:")+" "+at+shown(related.Message))
	}
}

// place writes where a span starts: file, line and column.
func (s Span) place() string {
	p := s.File.Position(s.Start)
	return fmt.Sprintf("%s:%d:%d", shown(s.File.Name), p.Line, p.Column)
}

// source writes the line a span starts in, underlined from there to the
// span's end. Of a span over several lines the first is shown, and how far it
// reaches.
func (r *textRenderer) source(s Span, style string) {
	start, end := s.File.Position(s.Start), s.File.Position(s.End)
	digits := max(4, len(strconv.Itoa(start.Line)))
	for n := max(1, start.Line-r.opt.Context); n < start.Line; n++ {
		text, _ := r.cut(shown(s.File.Line(n)), 0)
		r.line(styleNone, strings.TrimRight(fmt.Sprintf("%*d | %s", digits, n, text), " "))
	}
	line := s.File.Line(start.Line)
	before, rest := splitRunes(line, start.Column-1)
	marked, further := rest, ""
	if end.Line == start.Line {
		marked, _ = splitRunes(rest, end.Column-start.Column)
	} else {
		further = fmt.Sprintf(" to line %d, column %d", end.Line, end.Column)
	}
	indent, length := width(shown(before)), max(1, width(shown(marked)))
	text, left := r.cut(shown(line), indent)
	if r.opt.Width > 0 {
		length = max(1, min(length, r.opt.Width-(indent-left)))
	}
	r.line(styleNone, strings.TrimRight(fmt.Sprintf("%*d | %s", digits, start.Line, text), " "))
	r.line(styleNone, fmt.Sprintf("%*s | %s%s", digits, "", strings.Repeat(" ", indent-left),
		r.styled(style, strings.Repeat("^", length)+further)))
}

// splitRunes splits a text behind its first n code points.
func splitRunes(text string, n int) (before, after string) {
	at := 0
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return text[:at], text[at:]
}

// cut shortens a line to the wanted width so that the column keep stays in
// view. It returns the text and how many columns went missing on the left.
func (r *textRenderer) cut(text string, keep int) (string, int) {
	limit := r.opt.Width
	if limit <= 0 || width(text) <= limit {
		return text, 0
	}
	left, marked := 0, ""
	if keep > limit*2/3 {
		// A third of the width stays for what stands before the place.
		left, marked = keep-limit/3, "…"
	}
	skipped := 0
	for text != "" && skipped < left+width(marked) {
		c, size := utf8.DecodeRuneInString(text)
		skipped += runeWidth(c)
		text = text[size:]
	}
	if marked != "" {
		left = skipped - width(marked)
	}
	room := limit - width(marked)
	if width(text) <= room {
		return marked + text, left
	}
	end := 0
	for i, c := range text {
		if room -= runeWidth(c); room < 1 {
			break
		}
		end = i + utf8.RuneLen(c)
	}
	return marked + text[:end] + "…", left
}
