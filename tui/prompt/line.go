package prompt

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"strata/tui/draw"
)

// Line is a line of text with a cursor. Its zero value is empty.
type Line struct {
	// parts are graphemes, so that the cursor never stands inside of one.
	parts []string
	at    int
}

// Text is what was typed.
func (l *Line) Text() string { return strings.Join(l.parts, "") }

// Set replaces the text and puts the cursor behind it.
func (l *Line) Set(text string) {
	l.parts = split(text)
	l.at = len(l.parts)
}

// longest is the number of graphemes that a line holds.
const longest = 500

// split cuts a text into graphemes. Line breaks become blanks; other characters
// that steer a terminal are left out.
func split(text string) []string {
	var parts []string
	for text != "" && len(parts) < longest {
		cluster, _ := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		if cluster == "" {
			break
		}
		text = text[len(cluster):]
		r := []rune(cluster)[0]
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			parts = append(parts, " ")
		case unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
		default:
			parts = append(parts, cluster)
		}
	}
	return parts
}

// insert writes a text at the cursor.
func (l *Line) insert(text string) {
	added := split(text)
	if room := longest - len(l.parts); len(added) > room {
		added = added[:max(0, room)]
	}
	before := strings.Join(l.parts[:l.at], "") + strings.Join(added, "")
	// A combining character joins the grapheme before it.
	l.parts = split(before + strings.Join(l.parts[l.at:], ""))
	l.at = min(len(split(before)), len(l.parts))
}

// Update takes a key or a paste and reports whether it was one for the line.
func (l *Line) Update(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		l.insert(msg.Content)
		return true
	case tea.KeyPressMsg:
		if msg.Text != "" && msg.Mod&(tea.ModCtrl|tea.ModAlt) == 0 {
			l.insert(msg.Text)
			return true
		}
		return l.edit(msg.String())
	}
	return false
}

func (l *Line) edit(key string) bool {
	switch key {
	case "left", "ctrl+b":
		l.at = max(0, l.at-1)
	case "right", "ctrl+f":
		l.at = min(len(l.parts), l.at+1)
	case "home", "ctrl+a":
		l.at = 0
	case "end", "ctrl+e":
		l.at = len(l.parts)
	case "backspace", "ctrl+h":
		if l.at > 0 {
			l.remove(l.at-1, l.at)
		}
	case "delete":
		if l.at < len(l.parts) {
			l.remove(l.at, l.at+1)
		}
	case "ctrl+u":
		l.remove(0, l.at)
	case "ctrl+w", "alt+backspace":
		l.remove(l.word(), l.at)
	default:
		return false
	}
	return true
}

// word is where the word before the cursor begins.
func (l *Line) word() int {
	from := l.at
	for from > 0 && l.parts[from-1] == " " {
		from--
	}
	for from > 0 && l.parts[from-1] != " " {
		from--
	}
	return from
}

func (l *Line) remove(from, to int) {
	l.parts = slices.Delete(l.parts, from, to)
	l.at = from
}

// Draw draws the line at the top of an area, scrolled so that the cursor is
// seen, and shows the cursor where the line takes keys. empty stands there
// while nothing was typed.
func (l *Line) Draw(a draw.Area, focus bool, empty string) {
	if a.W <= 0 || a.H <= 0 {
		return
	}
	if len(l.parts) == 0 {
		a.Fit(0, 0, a.W, draw.Dim, empty)
		if focus {
			a.Cursor(0, 0)
		}
		return
	}
	from, before := l.at, 0
	for from > 0 && before+draw.Width(l.parts[from-1]) < a.W {
		from--
		before += draw.Width(l.parts[from])
	}
	a.Put(0, 0, draw.Normal, strings.Join(l.parts[from:min(len(l.parts), from+a.W)], ""))
	if focus {
		a.Cursor(before, 0)
	}
}
