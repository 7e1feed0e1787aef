package cmd

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/tui"
	"strata/tui/draw"
	"strata/tui/drive"
)

// screens are the terminal UI on the demo shop, in a terminal that is large enough
// for everything.
type screens struct {
	*drive.Driver

	t   *testing.T
	env Env
}

func demoScreens(t *testing.T) *screens {
	t.Helper()
	env := atDemo(t)
	commandOutput(t, env, "run")
	d, _ := deskAt(t, env)
	s := &screens{t: t, env: env}
	s.Driver = drive.New(t.Context(), tui.Options{Backend: d, Look: draw.Look{Theme: draw.Dark}}, env.Now(), 200, 70)
	s.rest()
	return s
}

func (s *screens) rest() {
	s.t.Helper()
	require.NoError(s.t, s.Rest(), s.Text())
}

// open presses keys and waits for all answers.
func (s *screens) open(keys ...string) *screens {
	s.t.Helper()
	for _, key := range keys {
		s.Press(key)
		s.rest()
	}
	return s
}

// command are the arguments of the command that the screen names, as a shell
// reads them.
func (s *screens) command() []string {
	s.t.Helper()
	for line := range strings.SplitSeq(s.Text(), "\n") {
		if _, words, ok := strings.Cut(line, "CLI: strata "); ok {
			return shellWords(strings.TrimSpace(words))
		}
	}
	require.Fail(s.t, "the screen names no command", s.Text())
	return nil
}

// shellWords reads words and single quotes.
func shellWords(line string) []string {
	var words []string
	word, quoted, open := "", false, false
	for _, r := range line {
		switch {
		case r == '\'':
			quoted, open = !quoted, true
		case r == ' ' && !quoted:
			if open {
				words = append(words, word)
			}
			word, open = "", false
		default:
			word, open = word+string(r), true
		}
	}
	if open {
		words = append(words, word)
	}
	return words
}

// asRows are the rows of a table.
func asRows(t *testing.T, data any) []map[string]any {
	t.Helper()
	list, ok := data.([]any)
	require.True(t, ok)
	rows := make([]map[string]any, 0, len(list))
	for _, r := range list {
		row, ok := r.(map[string]any)
		require.True(t, ok)
		rows = append(rows, row)
	}
	return rows
}

// sizesOfRows are the sizes by name.
func sizesOfRows(rows []map[string]any) map[string]any {
	sizes := map[string]any{}
	for _, row := range rows {
		sizes[fmt.Sprint(row["name"])] = row["size"]
	}
	return sizes
}

// rows runs the command that the screen names and returns its rows.
func (s *screens) rows() []map[string]any {
	s.t.Helper()
	data := dataIn(s.t, commandOutput(s.t, s.env, append(s.command(), "-o", "json")...))
	if table, several := data.(map[string]any); several {
		data = table[slices.Sorted(maps.Keys(table))[0]]
	}
	return asRows(s.t, data)
}

// count is a number of an answer as screens show it.
func count(v any) string {
	n, _ := v.(float64)
	return draw.Count(int64(n))
}

// lineWith is the line of the screen that holds all texts.
func (s *screens) lineWith(first string, more ...string) {
	s.t.Helper()
	texts := append([]string{first}, more...)
	for line := range strings.SplitSeq(s.Text(), "\n") {
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) }) {
			return
		}
	}
	require.Fail(s.t, "no line holds all of it", "%q\n%s", texts, s.Text())
}

// texts are the values that are known.
func texts(values ...any) []string {
	var known []string
	for _, v := range values {
		if v != nil {
			known = append(known, fmt.Sprint(v))
		}
	}
	return known
}

// TestScreens goes through the pages of one program, since following all segments
// through the weeks takes its time.
func TestScreens(t *testing.T) {
	t.Parallel()
	s := demoScreens(t)
	for _, tour := range []struct {
		name string
		walk func(t *testing.T, s *screens)
	}{{"commands", segmentTour}, {"analyses", analysesTour}, {"keys", keysTour}} {
		t.Run(tour.name, func(t *testing.T) {
			s.t = t
			tour.walk(t, s)
			s.home()
		})
	}
}

// home goes back to the list, without a filter.
func (s *screens) home() {
	s.t.Helper()
	for range 20 {
		if !strings.Contains(strings.SplitN(s.Text(), "\n", 2)[0], " › ") {
			return
		}
		s.open("esc")
	}
	require.Fail(s.t, "no way back", s.Text())
}

// segmentTour runs on each page of a segment the command that its status line
// names, and looks for the command's numbers on the screen.
func segmentTour(t *testing.T, s *screens) {
	t.Helper()
	shown := 0
	require.Equal(t, []string{"list", "--live"}, s.command())
	live, stored := s.rows(), dataIn(t, commandOutput(t, s.env, "list", "-o", "json"))
	require.Equal(t, asJSON(t, sizesOfRows(live)), asJSON(t, sizesOfRows(asRows(t, stored))), "a run at the same as-of kept the same sizes")
	for _, row := range live {
		name := fmt.Sprint(row["name"])
		if row["kind"] == "segment" && strings.Contains(s.Text(), "  "+name+"  ") {
			s.lineWith(name, count(row["size"]))
			shown++
		}
	}
	require.Greater(t, shown, 40, "the sizes that are evaluated")

	s.open("/").Type("vip")
	s.open("enter", "enter")
	require.Equal(t, []string{"count", "vip"}, s.command())
	vip := s.rows()[0]
	s.lineWith(count(vip["members"])+" members", count(vip["customers"])+" customers")
	s.open("2")
	require.Contains(t, commandOutput(t, s.env, s.command()...), "SELECT")
	s.open("3")
	for _, row := range s.rows()[1:] {
		s.lineWith(fmt.Sprint(row["leaf"]), count(row["alone"]), count(row["so_far"]), count(row["left_out"]))
	}
	s.open("4")
	for _, row := range s.rows()[:20] {
		s.lineWith(fmt.Sprintf("%.0f", row["customer_id"]), fmt.Sprint(row["country"]))
	}
	s.open("6")
	drift := s.rows()[0]
	s.lineWith(count(drift["size_from"])+" then, "+count(drift["size_to"])+" now", fmt.Sprintf("%+.0f", drift["change"]))
	s.lineWith("entered", count(drift["entered"]))
	s.lineWith("left", count(drift["exited"]))
	s.lineWith("stayed", count(drift["retained"]))
	s.open("7")
	metrics := 0
	for _, row := range s.rows() {
		if title := fmt.Sprint(row["title"]); strings.Contains(s.Text(), "  "+title+"  ") {
			s.lineWith(title, texts(row["shown"], row["shown_all"])...)
			metrics++
		}
	}
	require.Greater(t, metrics, 15)
	s.open("8")
	days := s.rows()
	last := days[len(days)-1]
	s.lineWith("2026-10-31", count(last["size"]), count(last["entered"]), count(last["exited"]))
}

// analysesTour does so for the pages about many segments, and for campaigns and
// runs.
func analysesTour(t *testing.T, s *screens) {
	t.Helper()
	s.open(":").Type("drift of all")
	s.open("enter")
	require.Equal(t, []string{"drift"}, s.command())
	for _, row := range s.rows() {
		if name := fmt.Sprint(row["name"]); strings.Contains(s.Text(), " "+name+"  ") && row["skipped"] == nil {
			s.lineWith(name, count(row["size_to"]))
		}
	}
	s.open("esc", "C")
	require.Equal(t, []string{"campaign"}, s.command())
	for _, row := range s.rows() {
		s.lineWith(fmt.Sprint(row["name"]), fmt.Sprint(row["state"]), fmt.Sprint(row["audience"]))
	}
	s.open("enter")
	require.Equal(t, []string{"campaign", "report", "autumn_2026"}, s.command())
	for _, row := range s.rows() {
		if row["comparison"] == "campaign" {
			s.lineWith(fmt.Sprint(row["shown_treated"]), fmt.Sprint(row["shown_control"]), fmt.Sprint(row["read"]))
		}
	}
	s.open("esc", "esc", "R")
	require.Equal(t, "runs", s.command()[0])
	s.open("esc", "w").Type("10033")
	s.open("enter", "enter")
	require.Equal(t, "why", s.command()[0])
	commandOutput(t, s.env, s.command()...)
}

// keysTour goes through all pages and finds the actions that settings of users
// could not name.
func keysTour(t *testing.T, s *screens) {
	t.Helper()
	known := tui.ActionNames()
	require.True(t, slices.IsSorted(known))
	missing := map[string]bool{}
	look := func() {
		for _, name := range s.Model.Known() {
			if !slices.Contains(known, name) {
				missing[name] = true
			}
		}
	}
	for _, way := range [][]string{
		{},
		{"1"},
		{"2"},
		{"3"},
		{"4"},
		{"5"},
		{"6"},
		{"tab", "tab"},
		{"7"},
		{"8"},
		{"esc", "o"},
		{"esc", "d"},
		{"enter"},
		{"esc", "esc", "C"},
		{"enter"},
		{"esc", "esc", "R"},
		{"esc", "n"},
		{"esc", "esc", "w"},
		{"esc", "esc", "f6"},
		{"esc", "P"},
	} {
		s.open(way...)
		look()
	}
	require.Empty(t, slices.Sorted(maps.Keys(missing)))
}
