package segments

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/segments/check"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// committed says that a run was written.
type committed struct{}

// Actions implements page.Page.
func (h *home) Actions(c *page.Context) []page.Action {
	h.sync(c)
	if h.typing {
		return []page.Action{{
			ID: "segments.keep", Keys: []string{"enter"}, Title: "Keep the filter and go to the list", Hint: "to the list",
			Do: func() tea.Cmd { h.typing = false; return nil },
		}}
	}
	nothing := "no segment is selected"
	u := unit{}
	if r := h.current(); r != nil {
		u, nothing = r.unit, ""
	}
	list := []page.Action{
		{
			ID: "segments.open", Keys: []string{"enter"}, Title: "Open the segment", Hint: "open", Off: nothing,
			Do: func() tea.Cmd { return h.open(c, 0) },
		},
	}
	list = append(list, unitActions(h.links, u, "segments", nothing)...)
	list = append(list, []page.Action{
		{
			ID: "segments.filter", Keys: []string{"/"}, Title: "Filter by text, tag:, owner:, size> or drift", Hint: "filter",
			Do: func() tea.Cmd { h.typing = true; return nil },
		},
		{
			ID: "segments.sort", Keys: []string{"s"}, Title: "Sort by " + string(h.tree.order.next()), Hint: "sort",
			Do: func() tea.Cmd { h.tree.order = h.tree.order.next(); return nil },
		},
		{ID: "segments.pin", Keys: []string{"p"}, Title: "Pin to the top, or let go", Off: pinOff(u, nothing), Do: func() tea.Cmd { return h.pin(u) }},
	}...)
	list = append(list, h.zoom()...)
	list = append(list, h.others(c)...)
	if c.Project != nil && len(c.Project.Problems) > 0 {
		keys := problemKeys(c)
		list = append(list, page.Action{
			ID: "segments.problems", Keys: keys, Title: "Show what is wrong in the files", Hint: "problems",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: NewProblems()}) },
		})
	}
	return list
}

// zoom are the actions that give the list all the room, and take it back.
func (h *home) zoom() []page.Action {
	more, less := "", "the overview is shown"
	if h.alone {
		more, less = "the list has all the room", ""
	}
	set := func(alone bool) func() tea.Cmd {
		return func() tea.Cmd { h.alone = alone; return nil }
	}
	return []page.Action{
		{ID: "segments.zoom", Keys: []string{"+"}, Title: "Give the list all the room", Off: more, Do: set(true)},
		{ID: "segments.unzoom", Keys: []string{"_", "-"}, Title: "Show the overview beside the list", Off: less, Do: set(false)},
	}
}

// problemKeys open the problems. The sign is left to an answer that failed, whose
// details it shows everywhere.
func problemKeys(c *page.Context) []string {
	if c.Project.Problems.HasErrors() && knownOf(c).live.Err == nil {
		return []string{"!", "P"}
	}
	return []string{"P"}
}

// others are the actions that are not about the selected segment.
func (h *home) others(c *page.Context) []page.Action {
	var list []page.Action
	if h.links.Workbench != nil {
		list = append(list, page.Action{
			ID: "segments.new", Keys: []string{"n"}, Title: "Write a new segment", Hint: "new",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: h.links.Workbench("", "")}) },
		})
	}
	if h.links.Campaigns != nil {
		list = append(list, page.Action{
			ID: "segments.campaigns", Keys: []string{"C"}, Title: "Show the campaigns", Hint: "campaigns",
			Do: func() tea.Cmd { return page.Send(page.Open{Page: h.links.Campaigns()}) },
		})
	}
	at := c.AsOf
	return append(list, page.Action{
		ID: "segments.run", Keys: []string{"W"}, Title: "Evaluate all segments and store a run",
		Do: func() tea.Cmd { return commit(at) },
	})
}

// commit asks and then writes a run.
func commit(at time.Time) tea.Cmd {
	start := page.Start{
		Title: "run of all segments", Writes: true, Then: committed{},
		Do: func(ctx context.Context, b ask.Backend, at time.Time, say func(string)) (string, error) {
			run, err := b.Run(ctx, nil, at, say)
			if err != nil {
				return "", err
			}
			return "run #" + strconv.FormatInt(run.ID, 10) + " stored: " + draw.Plural(int64(run.Units), "segment", "segments") +
				" of " + draw.Count(run.Customers) + " customers in " + draw.Took(run.Took), nil
		},
	}
	return page.Send(page.Confirm{Question: "Evaluate all segments as of " + minute(at) + " and store the run?", Yes: page.Send(start)})
}

func pinOff(u unit, nothing string) string {
	if u.stage != "" {
		return "a stage stands below its partition"
	}
	return nothing
}

func (h *home) pin(u unit) tea.Cmd {
	if h.tree.pinned[u.name] {
		delete(h.tree.pinned, u.name)
	} else {
		h.tree.pinned[u.name] = true
	}
	h.chosen = u.name
	return nil
}

// unitActions are what can be done with a segment wherever it is shown. nothing
// says why none can.
func unitActions(links Links, u unit, prefix, nothing string) []page.Action {
	var list []page.Action
	add := func(have bool, id, key, title, hint, off string, do func() page.Page) {
		if !have {
			return
		}
		if off == "" {
			off = nothing
		}
		list = append(list, page.Action{
			ID: prefix + "." + id, Keys: []string{key}, Title: title, Hint: hint, Off: off,
			Do: func() tea.Cmd { return page.Send(page.Open{Page: do()}) },
		})
	}
	add(links.Workbench != nil, "edit", "e", "Edit the rule in the workbench", "edit", editOff(u), func() page.Page { return links.Workbench(u.name, "") })
	add(links.Why != nil, "why", "w", "Why is a customer in it, or not?", "why", wholeOff(u), func() page.Page { return links.Why(u.name) })
	if prefix == "segments" {
		add(links.Overlap != nil, "overlap", "o", "Compare it with other segments", "overlap", wholeOff(u), func() page.Page { return links.Overlap([]string{u.name}) })
		add(links.Drift != nil, "drift", "d", "How did it change, and why?", "drift", wholeOff(u), func() page.Page { return links.Drift(u.name) })
	}
	file, line := "", 0
	if u.def != nil {
		file, line = u.place()
	}
	off := nothing
	if off == "" && file == "" {
		off = "it stands in no file"
	}
	return append(list, page.Action{
		ID: prefix + ".file", Keys: []string{"E"}, Title: "Open its file in the editor", Off: off,
		Do: func() tea.Cmd { return page.Send(page.EditFile{File: file, Line: line}) },
	})
}

// editOff says why the workbench cannot edit a unit.
func editOff(u unit) string {
	switch {
	case u.def == nil:
		return ""
	case u.stage != "" || u.partition() != nil:
		return "stages are edited in the file: E opens it"
	case u.segment() != nil && u.segment().SQL != "":
		return "it is given by SQL: E opens the file"
	}
	return ""
}

// wholeOff says that a question is about a segment or stage, not a partition.
func wholeOff(u unit) string {
	if u.def != nil && u.partition() != nil {
		return "choose one of its stages: space shows them"
	}
	return ""
}

// copiesOf are the texts of a unit.
func copiesOf(u unit) []page.Copy {
	list := []page.Copy{{What: "name", Text: u.name}}
	if lines := ruleLines(u); len(lines) > 0 {
		list = append(list, page.Copy{What: "rule", Text: strings.Join(lines, "\n")})
	}
	if file, line := u.place(); file != "" {
		list = append(list, page.Copy{What: "place in the file", Text: file + ":" + strconv.Itoa(line)})
	}
	return list
}

// tableFormats are the endings that every table has.
func tableFormats() []string { return []string{"csv", "json", "markdown"} }

// exportsOf are what can be written of a unit.
func exportsOf(u unit) []page.Export {
	if u.partition() != nil {
		return []page.Export{{What: "sizes of the stages", Command: []string{"count", u.name}, Name: u.name, Formats: tableFormats()}}
	}
	return []page.Export{
		{What: "members", Command: []string{"members", u.name, "--limit", "0"}, Name: u.name + "_members", Formats: []string{"csv", "jsonl", "json"}},
		{What: "history of its size", Command: []string{"history", u.name, "--exact"}, Name: u.name + "_history", Formats: tableFormats()},
	}
}

// programOf is the program of a project, nil without one.
func programOf(c *page.Context) *check.Program {
	if c.Project == nil {
		return nil
	}
	return c.Project.Program
}
