package edit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/tui/edit"
)

// units are characters as people see them; none joins with another.
var units = []string{"a", "B", "_", "7", "(", ">", "'", " ", " ", "\n", "\n", "\t", "ä", "漢", "e\u0301", "👩\u200d👧", "ש"}

func widthOf(unit string, x int) int {
	switch unit {
	case "漢", "👩\u200d👧":
		return 2
	case "\t":
		return edit.TabWidth - x%edit.TabWidth
	}
	return 1
}

func kindOf(unit string) int {
	switch unit {
	case " ", "\n", "\t":
		return 0
	case "(", ">", "'", "👩\u200d👧":
		return 2
	}
	return 1
}

// model is a buffer in the most simple way: a list of characters.
type model struct {
	units  []string
	at     int
	wanted int
	undo   []model
	redo   []model
	last   string
}

func (m model) text() string { return strings.Join(m.units, "") }
func (m model) cursor() int  { return len(strings.Join(m.units[:m.at], "")) }

func (m *model) to(at int) {
	m.at, m.wanted, m.last = max(0, min(at, len(m.units))), -1, ""
}

func (m *model) change(start, end int, units []string, kind string) {
	if start == end && len(units) == 0 || slices.Equal(m.units[start:end], units) {
		m.to(start + len(units))
		return
	}
	if kind == "" || kind != m.last {
		m.undo = append(slices.Clone(m.undo), model{units: m.units, at: m.at})
	}
	m.redo = nil
	m.units = slices.Concat(m.units[:start], units, m.units[end:])
	m.to(start + len(units))
	m.last = kind
}

func (m *model) lineStart() int {
	i := m.at
	for i > 0 && m.units[i-1] != "\n" {
		i--
	}
	return i
}

func (m *model) lineEnd() int {
	i := m.at
	for i < len(m.units) && m.units[i] != "\n" {
		i++
	}
	return i
}

func (m *model) column() int {
	x := 0
	for _, unit := range m.units[m.lineStart():m.at] {
		x += widthOf(unit, x)
	}
	return x
}

// vertical moves to the line that begins at an index.
func (m *model) vertical(start int) {
	wanted := m.wanted
	if wanted < 0 {
		wanted = m.column()
	}
	x, i := 0, start
	for i < len(m.units) && m.units[i] != "\n" && x+widthOf(m.units[i], x) <= wanted {
		x += widthOf(m.units[i], x)
		i++
	}
	m.to(i)
	m.wanted = wanted
}

func (m *model) wordLeft() int {
	i := m.at
	for i > 0 && kindOf(m.units[i-1]) == 0 {
		i--
	}
	for j := i; i > 0 && kindOf(m.units[i-1]) == kindOf(m.units[j-1]); {
		i--
	}
	return i
}

func (m *model) wordRight() int {
	i := m.at
	for i < len(m.units) && kindOf(m.units[i]) == 0 {
		i++
	}
	for j := i; i < len(m.units) && kindOf(m.units[i]) == kindOf(m.units[j]); {
		i++
	}
	return i
}

// step does one thing to both.
func step(t *rapid.T, b edit.Buffer, m *model) edit.Buffer {
	switch rapid.IntRange(0, 17).Draw(t, "step") {
	case 0, 1, 2:
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		kind := ""
		if len([]rune(unit)) == 1 && kindOf(unit) != 0 {
			kind = "typed"
		}
		m.change(m.at, m.at, []string{unit}, kind)
		return b.Insert(unit)
	case 3:
		pasted := rapid.SliceOfN(rapid.SampledFrom(units[:9]), 2, 6).Draw(t, "paste")
		m.change(m.at, m.at, pasted, "")
		return b.Insert(strings.Join(pasted, ""))
	case 4:
		m.change(max(0, m.at-1), m.at, nil, "erased")
		return b.Backspace()
	case 5:
		m.change(m.at, min(len(m.units), m.at+1), nil, "erased")
		return b.Delete()
	case 6:
		m.to(m.at - 1)
		return b.Left()
	case 7:
		m.to(m.at + 1)
		return b.Right()
	case 8:
		if m.lineStart() == 0 {
			m.to(0)
		} else {
			start := *m
			start.at = m.lineStart() - 1
			m.vertical(start.lineStart())
		}
		return b.Up()
	case 9:
		if m.lineEnd() == len(m.units) {
			m.to(len(m.units))
		} else {
			m.vertical(m.lineEnd() + 1)
		}
		return b.Down()
	case 10:
		first := m.lineStart()
		for first < m.lineEnd() && (m.units[first] == " " || m.units[first] == "\t") {
			first++
		}
		if m.at == first {
			first = m.lineStart()
		}
		m.to(first)
		return b.Home()
	case 11:
		m.to(m.lineEnd())
		return b.End()
	case 12:
		m.change(m.wordLeft(), m.at, nil, "")
		return b.DeleteWordLeft()
	case 13:
		m.change(m.at, m.wordRight(), nil, "")
		return b.DeleteWordRight()
	case 14:
		m.to(m.wordLeft())
		return b.WordLeft()
	case 15:
		m.to(m.wordRight())
		return b.WordRight()
	case 16:
		after, ok := b.Undo()
		require.Equal(t, len(m.undo) > 0, ok)
		if ok {
			m.redo = append(slices.Clone(m.redo), model{units: m.units, at: m.at})
			back := m.undo[len(m.undo)-1]
			m.undo = m.undo[:len(m.undo)-1]
			m.units = back.units
			m.to(back.at)
		}
		return after
	default:
		after, ok := b.Redo()
		require.Equal(t, len(m.redo) > 0, ok)
		if ok {
			m.undo = append(slices.Clone(m.undo), model{units: m.units, at: m.at})
			back := m.redo[len(m.redo)-1]
			m.redo = m.redo[:len(m.redo)-1]
			m.units = back.units
			m.to(back.at)
		}
		return after
	}
}

// TestBufferAgreesWithModel does random things to a buffer and to a list of
// characters.
func TestBufferAgreesWithModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, m := edit.New(""), &model{wanted: -1}
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			earlier, was := b, b.Text()
			b = step(t, b, m)
			require.Equal(t, m.text(), b.Text())
			require.Equal(t, m.cursor(), b.Cursor())
			require.Equal(t, strings.Count(b.Text()[:b.Cursor()], "\n"), b.Line())
			require.Equal(t, m.column(), b.Column())
			require.Equal(t, was, earlier.Text(), "an earlier buffer is never changed")
		}
	})
}

// TestUndoToTheStart takes everything back and does it again.
func TestUndoToTheStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := edit.New("count(order) ever\n  > 3")
		b := start
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			b = rapid.SampledFrom([]edit.Buffer{
				b.Insert("x"), b.Insert(" "), b.Newline(), b.Backspace(), b.Delete(), b.Up(), b.Down(), b.Left(), b.Right(),
				b.SetText("a\nb"), b.Replace(1, 3, "é"), b.Slide(0, 1, "9"), b.DeleteLineLeft(), b.Top(), b.Bottom(),
			}).Draw(t, "b")
		}
		text, undone := b.Text(), 0
		back := b
		for ok := true; ok; undone++ {
			back, ok = back.Undo()
		}
		require.Equal(t, start.Text(), back.Text())
		for range undone - 1 {
			back, _ = back.Redo()
		}
		require.Equal(t, text, back.Text())
	})
}

func TestTypingIsUndoneByWords(t *testing.T) {
	b := edit.New("")
	for _, r := range "count of" {
		b = b.Insert(string(r))
	}
	b, _ = b.Undo()
	require.Equal(t, "count ", b.Text())
	b, _ = b.Undo()
	require.Equal(t, "count", b.Text())
	b, _ = b.Undo()
	require.Empty(t, b.Text())
	_, ok := b.Undo()
	require.False(t, ok)
}

func TestPaste(t *testing.T) {
	b := edit.New("x").Insert("all:\r\n\t- a: b\r\n\t\tc\u202e\x00\u2028d\xff")
	require.Equal(t, "xall:\n  - a: b\n    c\nd", b.Text())
	require.Equal(t, len(b.Text()), b.Cursor())
	require.Equal(t, "a\tb", edit.New("").Insert("a\tb").Text())
}

func TestNewlineKeepsIndentation(t *testing.T) {
	require.Equal(t, "all:\n  - a\n  ", edit.New("all:\n  - a").Newline().Text())
	require.Equal(t, "\n", edit.New("").Newline().Text())
}

// TestAnyTextIsSafe does everything at every place of any text.
func TestAnyTextIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := edit.New(rapid.String().Draw(t, "text")).At(rapid.IntRange(-3, 30).Draw(t, "at"))
		for _, after := range []edit.Buffer{
			b.Left(), b.Right(), b.Up(), b.Down(), b.Home(), b.End(), b.WordLeft(), b.WordRight(), b.Backspace(), b.Delete(),
			b.DeleteWordLeft(), b.DeleteWordRight(), b.DeleteLineLeft(), b.Newline(), b.Insert(rapid.String().Draw(t, "insert")),
			b.Replace(rapid.IntRange(-1, 20).Draw(t, "start"), rapid.IntRange(-1, 20).Draw(t, "end"), "x"),
		} {
			require.GreaterOrEqual(t, after.Cursor(), 0)
			require.LessOrEqual(t, after.Cursor(), len(after.Text()))
			require.Equal(t, after.Cursor(), after.At(after.Cursor()).Cursor())
			require.NotContains(t, after.Text(), "\r")
		}
	})
}
