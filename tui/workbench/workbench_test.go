package workbench_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/edit"
	"strata/tui/page"
	"strata/tui/pagetest"
	"strata/tui/workbench"
)

func TestFrames(t *testing.T) {
	t.Run("saved", func(t *testing.T) {
		b, _ := bench(t, "luxury_cart_abandoners", "")
		b.Goldens("saved")
	})
	t.Run("draft", func(t *testing.T) {
		b, _ := bench(t, "frequent_30_days", "")
		b.Type(" and country = 'DE'")
		leave(b)
		b.Goldens("draft")
	})
	t.Run("mistake", func(t *testing.T) {
		b, _ := bench(t, "frequent_30_days", "")
		b.Type(" and contry = 'DE'")
		b.Goldens("mistake")
	})
	t.Run("offers", func(t *testing.T) {
		b, _ := bench(t, "frequent_30_days", "")
		b.Type(" and eng")
		b.Goldens("offers")
	})
	t.Run("values", func(t *testing.T) {
		b, _ := bench(t, "", "")
		b.Type("country = '")
		b.Goldens("values")
	})
	t.Run("threshold", func(t *testing.T) {
		b, _ := bench(t, "frequent_30_days", "count(order) last 30 days > 3 and ltv >= 500 and not high_value")
		leave(b).Key("down", "down", "right")
		b.Goldens("threshold")
	})
	t.Run("off", func(t *testing.T) {
		b, _ := bench(t, "luxury_cart_abandoners", "")
		leave(b).Key("down", "down", "space")
		b.Goldens("off")
	})
	t.Run("diff", func(t *testing.T) {
		b, _ := bench(t, "luxury_cart_abandoners", "")
		b.Key("enter").Type("- rich: ltv > 900").Key("f2")
		leave(b)
		b.Goldens("diff")
	})
	t.Run("empty", func(t *testing.T) {
		b, _ := bench(t, "", "")
		b.Goldens("empty")
	})
	t.Run("naming", func(t *testing.T) {
		b, _ := bench(t, "", "ltv > 900")
		b.Type(" ").Key("ctrl+s").Type("big spend").Key("enter")
		b.Goldens("naming")
	})
	t.Run("conflict", func(t *testing.T) {
		b, f := bench(t, "frequent_30_days", "")
		f.save = &ask.ConflictError{File: "segments/value.yaml", Theirs: "count(order) last 30 days > 5"}
		b.Type(" and vip")
		leave(b).Key("ctrl+s")
		started(t, b)
		b.Goldens("conflict")
	})
	t.Run("sql", func(t *testing.T) {
		b, _ := bench(t, "shared_address", "")
		b.Goldens("sql")
	})
}

func TestStates(t *testing.T) {
	b, f := bench(t, "frequent_30_days", "")
	b.Type(" and vip")
	leave(b)
	for slot := range map[string]bool{"exact": true, "funnel": true, "compare": true, "sql": true} {
		b.Hold[slot] = true
	}
	b.Key("i").Type(" and ltv > 1")
	leave(b)
	b.Context.Now = b.Context.Now.Add(1200 * time.Millisecond)
	pagetest.Golden(t, "loading", b.Frame(120, 32))
	pagetest.Golden(t, "loading_small", b.Frame(80, 20))

	f.err = errors.New("the warehouse is locked by process 4711")
	wrong := pagetest.New(t, workbench.New("vip", "ltv > 2", links), f).Settle()
	pagetest.Golden(t, "failed", wrong.Frame(120, 32))
}

func TestLooks(t *testing.T) {
	for name, look := range map[string]draw.Look{
		"ascii": {Theme: draw.Dark, ASCII: true}, "plain": {Theme: draw.Dark, Plain: true}, "nocolor": {NoColor: true}, "ansi": {Theme: draw.ANSI}, "light": {Theme: draw.Light},
	} {
		b, _ := bench(t, "frequent_30_days", "")
		b.Context.Look = look
		b.Type(" and contry = 'DE' and eng")
		pagetest.Golden(t, "look_"+name, b.Frame(80, 20))
	}
}

// TestNoQueryForWrongRule types a mistake and demands that nothing is asked, and
// that the old number says what it is.
func TestNoQueryForWrongRule(t *testing.T) {
	b, f := bench(t, "frequent_30_days", "")
	before := len(f.asked)
	require.Contains(t, b.Frame(120, 32), "1,012 members  exact")
	b.Type(" and")
	require.Len(t, f.asked, before)
	frame := b.Frame(120, 32)
	require.Contains(t, frame, "! of the last right rule")
	require.Contains(t, frame, "expected a value")
	b.Type(" vip")
	require.Contains(t, b.Frame(120, 32), draw.Count(f.size("count(order) last 30 days > 3 and vip"))+" members  exact")
	require.Contains(t, f.asked, "compare count(order) last 30 days > 3 and vip with frequent_30_days")
}

func TestTabMendsAndCompletes(t *testing.T) {
	b, _ := bench(t, "frequent_30_days", "regin = 'DE-BY'")
	b.Key("tab")
	require.Equal(t, "region = 'DE-BY'", text(b))
	b.Type(" and high_sp").Key("tab")
	require.Equal(t, "region = 'DE-BY' and high_spenders", text(b))
	require.True(t, b.Page.(page.Typing).Typing())
	b.Key("tab")
	require.False(t, b.Page.(page.Typing).Typing(), "with nothing to complete tab goes on")
}

func TestValuesAreOffered(t *testing.T) {
	b, f := bench(t, "", "")
	b.Type("country = 'C")
	require.Contains(t, f.asked, "values country C")
	b.Key("down", "enter")
	require.Equal(t, "country = 'Côte d''Ivoire'", text(b))
}

func TestToggleAsksForNoScan(t *testing.T) {
	b, f := bench(t, "luxury_cart_abandoners", "")
	leave(b).Key("down")
	before := len(f.asked)
	b.Key("space")
	require.Len(t, f.asked, before)
	require.Contains(t, b.Frame(120, 32), "1 leaf off: 74 members  (+44)")
	b.Key("space")
	require.NotContains(t, b.Frame(120, 32), "off:")
}

func TestThresholdMoves(t *testing.T) {
	b, f := bench(t, "frequent_30_days", "")
	leave(b).Key("down", "right")
	require.Equal(t, "count(order) last 30 days > 4", text(b))
	asked := len(f.asked)
	b.Key(".")
	require.Equal(t, "count(order) last 30 days > 5", text(b))
	require.Equal(t, []string{"count count(order) last 30 days > 5", "compare count(order) last 30 days > 5 with frequent_30_days"}, f.asked[asked:],
		"the curve stays while the threshold moves along it")
	b.Key("left", "left", ",", ",", ",", ",", ",")
	require.Equal(t, "count(order) last 30 days > 0", text(b))
	b.Key("ctrl+z")
	require.Equal(t, "count(order) last 30 days > 3", text(b), "the steps of a threshold are undone together")
	require.Equal(t, []string{"count", "frequent_30_days"}, b.Page.CLI(&b.Context))
}

// TestThresholdOfParam writes the number in the place of the param.
func TestThresholdOfParam(t *testing.T) {
	b, _ := bench(t, "luxury_cart_abandoners", "")
	leave(b).Key("down", "right")
	require.Contains(t, text(b), "- high_value: sum(order.amount) last 6 months > 5500\n")
	b.Key("ctrl+z")
	require.Contains(t, text(b), "> $min_spend\n")
	require.Empty(t, b.Page.(page.Unsaved).Unsaved())
}

func TestSave(t *testing.T) {
	b, f := bench(t, "frequent_30_days", "")
	b.Key("ctrl+s")
	require.Equal(t, page.Toast{Text: "nothing was changed"}, b.Last())
	b.Type(" and vip").Key("ctrl+s")
	confirm, ok := b.Last().(page.Confirm)
	require.True(t, ok)
	require.Contains(t, confirm.Question, "Write the rule of frequent_30_days into segments/value.yaml:")
	require.Equal(t, "the draft of frequent_30_days is not saved", b.Page.(page.Unsaved).Unsaved())
	require.Equal(t, "saved frequent_30_days in segments/value.yaml:93", started(t, b))
	require.Equal(t, []ask.Edit{{Name: "frequent_30_days", Text: "count(order) last 30 days > 3 and vip", Base: "count(order) last 30 days > 3"}}, f.saved)
	require.Empty(t, b.Page.(page.Unsaved).Unsaved())
	require.NotContains(t, b.Context.Memory, "draft:frequent_30_days")
}

func TestConflict(t *testing.T) {
	for key, want := range map[string]string{"o": "count(order) last 30 days > 3 and vip", "u": "count(order) last 30 days > 5", "k": "count(order) last 30 days > 3 and vip"} {
		b, f := bench(t, "frequent_30_days", "")
		f.save = &ask.ConflictError{File: "segments/value.yaml", Theirs: "count(order) last 30 days > 5"}
		b.Type(" and vip").Key("ctrl+s")
		require.Contains(t, started(t, b), "segments/value.yaml was changed")
		require.Contains(t, b.Frame(120, 32), "- count(order) last 30 days > 5")
		f.save = nil
		b.Key(key)
		require.Equal(t, want, text(b))
		if key == "o" {
			started(t, b)
			require.Equal(t, "count(order) last 30 days > 5", f.saved[1].Base)
		}
		require.NotContains(t, b.Frame(120, 32), "overwrite")
	}
}

func TestSaveNew(t *testing.T) {
	b, f := bench(t, "", "")
	b.Type("ltv > 900").Key("ctrl+s").Type("Bad").Key("enter")
	require.Contains(t, b.Frame(120, 32), "lower-case")
	b.Key("backspace", "backspace", "backspace").Type("vip").Key("enter")
	require.Contains(t, b.Frame(120, 32), "there is a segment of this name")
	b.Key("backspace", "backspace", "backspace").Type("big").Key("enter")
	started(t, b)
	require.Equal(t, []ask.Edit{{Name: "big", Text: "ltv > 900", File: "segments/big.yaml"}}, f.saved)
	require.Equal(t, "big · edit", b.Page.Crumb())
	require.Empty(t, b.Page.(page.Unsaved).Unsaved())
}

// TestDraftSurvives leaves the page and comes back.
func TestDraftSurvives(t *testing.T) {
	b, f := bench(t, "vip", "")
	saved := text(b)
	b.Key("ctrl+end").Send(tea.PasteMsg{Content: "\n    - buyers"})
	again := pagetest.New(t, workbench.New("vip", "", links), f)
	again.Context.Memory = b.Context.Memory
	again.Settle()
	require.Equal(t, saved+"\n    - buyers", text(again))
	again.Key("alt+up")
	require.Equal(t, saved, text(again), "the saved rule was counted first")
	again.Key("alt+down")
	require.Equal(t, saved+"\n    - buyers", text(again))
}

func TestLinksAndKeys(t *testing.T) {
	b, _ := bench(t, "frequent_30_days", "")
	b.Type(" and vip").Key("f4")
	require.Equal(t, "members count(order) last 30 days > 3 and vip", b.Last().(page.Open).Page.(opened).what)
	b.Key("ctrl+o")
	require.Equal(t, "segments/value.yaml", b.Last().(page.EditFile).File)
	leave(b).Key("tab", "down", "enter")
	require.Equal(t, "why C-ÜBER-東京 count(order) last 30 days > 3 and vip", b.Last().(page.Open).Page.(opened).what)
	require.Equal(t, []string{"count", "count(order) last 30 days > 3 and vip"}, b.Page.CLI(&b.Context))
	b.Key("tab")
	require.True(t, b.Page.(page.Typing).Typing())
	closing := b.Page.(page.Closing)
	require.True(t, closing.Close(), "esc leaves the text first")
	require.False(t, closing.Close())
}

// TestClicks puts the cursor where the mouse points.
func TestClicks(t *testing.T) {
	b, _ := bench(t, "frequent_30_days", "ltv > 5\nand vip")
	b.Frame(120, 32)
	b.Send(page.Click{ID: "text", X: 4 + 3, Y: 1}).Type("x")
	require.Equal(t, "ltv > 5\nandx vip", text(b))
	b.Send(page.Click{ID: "leaf:1"})
	require.False(t, b.Page.(page.Typing).Typing())
}

// TestFileChanges takes another program under the page.
func TestFileChanges(t *testing.T) {
	b, _ := bench(t, "frequent_30_days", "")
	project := *b.Context.Project
	project.Program = pagetest.Program(t)
	b.Context.Project = &project
	b.Settle()
	require.Equal(t, "count(order) last 30 days > 3", text(b))
	require.Empty(t, b.Page.(page.Unsaved).Unsaved())
}

// leave takes the keys away from the text.
func leave(b *pagetest.Bench) *pagetest.Bench {
	for b.Page.(page.Typing).Typing() {
		b.Key("esc")
	}
	return b
}

// text is what the page would copy as the rule.
func text(b *pagetest.Bench) string {
	return b.Page.(page.Subject).Copies(&b.Context)[0].Text
}

func TestNothingReadable(t *testing.T) {
	b, _ := bench(t, "lifecycle", "")
	require.Contains(t, b.Frame(80, 20), "lifecycle is no segment")
	require.Empty(t, b.Page.Actions(&b.Context))
	sql, _ := bench(t, "shared_address", "")
	require.Contains(t, sql.Frame(80, 20), "given by sql")
	sql.Key("E")
	require.Equal(t, "segments/value.yaml", sql.Last().(page.EditFile).File)
}

var exactly = regexp.MustCompile(`([0-9,]+) members?  exact`)

// TestRandom does anything in any order. Nothing panics, no line is wider than
// the screen, and the number that is shown is that of the rule that the label
// says: of the text, of the saved rule where the text says the same, or of the
// last right rule where the text has a mistake.
func TestRandom(tt *testing.T) {
	program := pagetest.Program(tt)
	pieces := []string{" and ", "ltv > 5", "vip", "count(order)", " last 30 days", " >= 2", "(", ")", "'", "country = 'D", "\n", "- x: ltv > 1", "all:", "é漢", "not ", " or ", "# "}
	keys := []string{
		"tab", "shift+tab", "esc", "enter", "up", "down", "left", "right", "space", ",", ".", "home", "end", "backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+z", "ctrl+y",
		"f2", "f3", "ctrl+s", "alt+up", "alt+down", "pgup", "pgdown", "i", "o", "u", "ctrl+left", "ctrl+right",
	}
	zones := []string{"text", "leaf:1", "leaf:7", "sample:0", "offer:0", "offer:9", "lower", "funnel", "panel", "text:x"}
	rapid.Check(tt, func(t *rapid.T) {
		f := &fake{program: program, values: []string{"DE"}, sizes: map[string]int64{"luxury_cart_abandoners": 30}}
		name := rapid.SampledFrom([]string{"luxury_cart_abandoners", "frequent_30_days", "", "vip"}).Draw(t, "name")
		b := pagetest.New(tt, workbench.New(name, "", links), f).Settle()
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0, 1:
				b.Type(rapid.SampledFrom(pieces).Draw(t, "type"))
			case 2, 3:
				b.Key(rapid.SampledFrom(keys).Draw(t, "key"))
			case 4:
				b.Send(tea.PasteMsg{Content: rapid.SampledFrom(pieces).Draw(t, "paste")})
			default:
				b.Send(page.Click{
					ID: rapid.SampledFrom(zones).Draw(t, "zone"), X: rapid.IntRange(0, 90).Draw(t, "x"), Y: rapid.IntRange(0, 9).Draw(t, "y"),
					Wheel: rapid.IntRange(-1, 1).Draw(t, "wheel"),
				})
			}
			size := rapid.SampledFrom(append(pagetest.Sizes(), [2]int{41, 10}, [2]int{200, 60})).Draw(t, "size")
			requireTrue(t, b, f, program, b.Frame(size[0], size[1]), size[0])
		}
	})
}

// requireTrue holds a frame against the text.
func requireTrue(t *rapid.T, b *pagetest.Bench, f *fake, program *check.Program, frame string, width int) {
	for line := range strings.Lines(frame) {
		require.LessOrEqual(t, draw.Width(strings.TrimRight(line, "\n")), width)
	}
	match := exactly.FindStringSubmatch(frame)
	if match == nil || strings.Contains(frame, "tab takes it") {
		return // What can be written may lie over the number and its label.
	}
	word := b.Page.CLI(&b.Context)[1]
	require.Equal(t, draw.Count(f.size(word)), match[1])
	now := edit.Read(program, text(b))
	if strings.Contains(frame, "of the last right rule") {
		require.Nil(t, now.Segment)
		return
	}
	require.NotNil(t, now.Segment, "a wrong rule has no number of its own:\n%s", frame)
	if d, ok := program.Lookup(word); ok && now.Word != word {
		saved, err := definition.RuleText(program.Set, d.DefinitionName())
		require.NoError(t, err)
		require.Equal(t, edit.Read(program, saved).Meaning, now.Meaning)
		return
	}
	require.Equal(t, now.Word, word)
}
