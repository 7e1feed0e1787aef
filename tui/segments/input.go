package segments

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"strata/tui/draw"
)

// input is a line of text that is typed.
type input struct {
	text []rune
	at   int
}

func (i *input) String() string { return string(i.text) }

// set replaces the text and goes to its end.
func (i *input) set(text string) { i.text, i.at = []rune(text), len([]rune(text)) }

// insert writes a text at the cursor, line breaks as blanks.
func (i *input) insert(text string) {
	clean := []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text))
	i.text = append(i.text[:i.at:i.at], append(clean, i.text[i.at:]...)...)
	i.at += len(clean)
}

// key takes a key that edits and reports whether it was one.
func (i *input) key(msg tea.KeyPressMsg) bool {
	switch msg.String() {
	case "backspace", "ctrl+h":
		i.cut(i.at-1, i.at)
	case "delete":
		i.cut(i.at, i.at+1)
	case "left":
		i.at = max(0, i.at-1)
	case "right":
		i.at = min(len(i.text), i.at+1)
	case "home", "ctrl+a":
		i.at = 0
	case "end", "ctrl+e":
		i.at = len(i.text)
	case "ctrl+u":
		i.cut(0, i.at)
	case "ctrl+w", "alt+backspace":
		from := i.at
		for from > 0 && i.text[from-1] == ' ' {
			from--
		}
		for from > 0 && i.text[from-1] != ' ' {
			from--
		}
		i.cut(from, i.at)
	default:
		if msg.Text == "" {
			return false
		}
		i.insert(msg.Text)
	}
	return true
}

// cut removes the characters from..to, as far as they are there.
func (i *input) cut(from, to int) {
	from, to = max(0, from), min(to, len(i.text))
	if from >= to {
		return
	}
	i.text = append(i.text[:from:from], i.text[to:]...)
	i.at = from
}

// draw writes the line with the terminal's cursor; of a long one that part is
// seen that holds it.
func (i *input) draw(a draw.Area, x, y int, typing bool) {
	from := 0
	for from < i.at && draw.Width(string(i.text[from:i.at])) >= a.W-x {
		from++
	}
	a.Put(x, y, draw.Normal, string(i.text[from:]))
	if typing {
		a.Cursor(x+draw.Width(string(i.text[from:i.at])), y)
	}
}
