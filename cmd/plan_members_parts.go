package cmd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"strata/reports/render"
	"strata/segments/revision"
	"strata/sql/warehouse"
)

// What people read of a report, on a terminal as well as in a pull request.

// headline says what is compared with what, and of which moment.
func (s *session) headline(r *revision.Report) string {
	text := "working files against " + versionText(r.Before) + ", as of " + r.AsOf.In(s.program.Zone).Format("2006-01-02 15:04:05 MST")
	if r.KnownAt != nil {
		text += ", as known at " + r.KnownAt.In(s.program.Zone).Format("2006-01-02 15:04:05 MST")
	}
	return text
}

func versionText(v revision.Version) string {
	if v.Commit == "" {
		return v.Name
	}
	return v.Name + " (" + revision.Commit{Hash: v.Commit}.Short() + ")"
}

// summaryOf counts changes by status.
func summaryOf(r *revision.Report) string {
	var parts []string
	for _, status := range []revision.Status{revision.New, revision.Deleted, revision.Renamed, revision.Edited, revision.Affected} {
		if n := r.Count(status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
	}
	if n := r.Count(revision.DataOnly); n > 0 {
		parts = append(parts, fmt.Sprintf("%d with other data", n))
	}
	if len(parts) == 0 {
		parts = append(parts, "no difference")
	}
	return strings.Join(append(parts, fmt.Sprintf("%d unchanged", r.Unchanged)), ", ")
}

// editText says how something without members differs.
func editText(e revision.Edit) string {
	text := string(e.Status)
	switch {
	case e.Before != "" && e.After != "" && e.Status == revision.Edited:
		text = e.Before + " -> " + e.After
	case e.Status == revision.New && e.After != "":
		text += ": " + e.After
	}
	if e.Affects > 0 {
		text += " (" + pluralWord(e.Affects, "definition", "definitions") + " affected)"
	}
	return text
}

func renameText(r revision.Rename) string {
	return fmt.Sprintf("%s is gone and %s has its rule: add 'was: %s' to %s (%s:%d) to keep its history", r.From, r.To, r.From, r.To, r.File, r.Line)
}

// changesTable is the table of all changes. Where there is room, it says how many
// stay and may be contacted as well, which else stands with each change.
func changesTable(changes []revision.Change, wide bool) render.Table {
	t := render.Table{Columns: []render.Column{
		{Name: "name"},
		{Name: "before", Kind: render.Count},
		{Name: "after", Kind: render.Count},
		{Name: "joined", Kind: render.Count},
		{Name: "left", Kind: render.Count},
	}}
	if wide {
		t.Columns = append(t.Columns, render.Column{Name: "stayed", Kind: render.Count}, render.Column{Name: "contactable", Align: render.Right})
	}
	t.Columns = append(t.Columns, render.Column{Name: "why"})
	for i := range changes {
		c := &changes[i]
		row := []any{c.Name, membersOf(c.Before), membersOf(c.After), c.Joined, c.Left, c.Stayed, orUnknown(contactableText(c))}
		if c.Skipped != "" {
			row = []any{c.Name, nil, nil, nil, nil, nil, nil}
		}
		if !wide {
			row = row[:5]
		}
		t.Rows = append(t.Rows, append(row, whyText(c)))
	}
	return t
}

func membersOf(s *revision.Size) any {
	if s == nil {
		return nil
	}
	return s.Members
}

// whyText says how a definition differs and, of a partition, how many move.
func whyText(c *revision.Change) string {
	switch {
	case c.Skipped != "":
		return c.Why() + "; not evaluated"
	case c.Moved > 0:
		return number(c.Moved) + " move; " + c.Why()
	}
	return c.Why()
}

// contactableText is the number of members who may be contacted, before and
// after.
func contactableText(c *revision.Change) string {
	switch {
	case c.Skipped != "":
		return ""
	case c.Before == nil && c.After != nil:
		return number(c.After.Contactable)
	case c.After == nil && c.Before != nil:
		return number(c.Before.Contactable)
	case c.Before != nil && c.Before.Contactable != c.After.Contactable:
		return number(c.Before.Contactable) + " -> " + number(c.After.Contactable)
	case c.After != nil:
		return number(c.After.Contactable)
	}
	return ""
}

// detailed reports whether there is more to say than the table does.
func detailed(c *revision.Change) bool {
	if c.Status == revision.New || c.Status == revision.Deleted {
		return len(c.Bounds) > 0 || c.Skipped != "" || len(c.JoinedKeys)+len(c.LeftKeys) > 0
	}
	return c.Joined+c.Left+c.Moved > 0 || len(c.Bounds) > 0 || c.Skipped != "" || strings.Contains(contactableText(c), ">")
}

// detailLines are the sentences about a change.
func detailLines(c *revision.Change) []string {
	var lines []string
	if c.File != "" {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", c.File, c.Line, c.Why()))
	}
	if c.Skipped != "" {
		return append(lines, "not evaluated: "+c.Skipped)
	}
	if c.Before != nil && c.After != nil {
		text := number(c.Before.Members) + " -> " + number(c.After.Members)
		if c.Before.Members != c.After.Members {
			text += " " + sizeChange(c.Before.Members, c.After.Members)
		}
		text += fmt.Sprintf(": %s joined, %s left, %s stay", number(c.Joined), number(c.Left), number(c.Stayed))
		if c.Joined+c.Left == 0 {
			text = pluralWord(c.After.Members, "member", "members") + ", none joined or left"
		}
		if c.Kind == partitionKind {
			text = fmt.Sprintf("%s of %s customers move", number(c.Moved), number(c.After.Members))
			if c.Joined+c.Left > 0 {
				text += fmt.Sprintf(", %s joined, %s left", number(c.Joined), number(c.Left))
			}
		}
		lines = append(lines, text)
		if *c.Before != (revision.Size{Members: c.Before.Members, Contactable: c.Before.Members}) ||
			*c.After != (revision.Size{Members: c.After.Members, Contactable: c.After.Members}) {
			lines = append(lines, "contactable: "+contactableText(c))
		}
	}
	for _, b := range c.Bounds {
		lines = append(lines, "bound broken: "+boundText(b)+placeText(b.File, b.Line))
	}
	if len(c.Affects) > 0 {
		lines = append(lines, "affects "+strings.Join(c.Affects, ", "))
	}
	if c.Unexplained != "" && c.Unexplained != revision.OnlyMembers {
		lines = append(lines, "which leaf makes the moves is not known: "+c.Unexplained)
	}
	return lines
}

// partitionKind is the kind of definitions that have stages.
const partitionKind = "partition"

func placeText(file string, line int) string {
	if file == "" {
		return ""
	}
	return " (" + file + ":" + strconv.Itoa(line) + ")"
}

// mostCombinations is how many combinations of causes people are shown.
const mostCombinations = 5

// causesTable lays the moves of a segment at the door of causes. Its numbers add
// up to those who joined and left.
func causesTable(c *revision.Change) render.Table {
	t := render.Table{Columns: []render.Column{
		{Name: "cause"},
		{Name: "joined", Kind: render.Count},
		{Name: "left", Kind: render.Count},
		{Name: "with others", Kind: render.Count},
		{Name: "what changed"},
	}}
	for _, cause := range c.Causes {
		t.Rows = append(t.Rows, []any{cause.Name, cause.Joined, cause.Left, cause.TogetherJoined + cause.TogetherLeft, causeText(cause)})
	}
	shown := c.Together[:min(len(c.Together), mostCombinations)]
	for _, set := range shown {
		t.Rows = append(t.Rows, []any{strings.Join(set.Causes, " + "), set.Joined, set.Left, nil, "only together"})
	}
	if rest := c.Together[len(shown):]; len(rest) > 0 {
		var joined, left int64
		for _, set := range rest {
			joined, left = joined+set.Joined, left+set.Left
		}
		t.Rows = append(t.Rows, []any{pluralWord(len(rest), "other combination", "other combinations"), joined, left, nil, "only together"})
	}
	return t
}

// causeText says what changed about a cause.
func causeText(cause revision.Cause) string {
	switch cause.Kind {
	case revision.LeafThrough:
		return "through " + strings.Join(cause.Through, ", ")
	case revision.Structure:
		return "all, any, not"
	case revision.Customers:
		return "in one version's customers only"
	case revision.LeafEdited, revision.LeafAdded, revision.LeafRemoved:
	}
	return string(cause.Kind)
}

// ruleLine is a leaf before or after, with the sign of a diff.
type ruleLine struct{ sign, name, rule string }

// ruleLines are the leaves that are written differently, before and after, and
// those that are not but have a part in the moves.
func ruleLines(c *revision.Change) []ruleLine {
	var lines []ruleLine
	for _, cause := range c.Causes {
		switch {
		case cause.Before == cause.After && cause.After != "" && cause.After != cause.Name:
			lines = append(lines, ruleLine{"  ", cause.Name, cause.After})
		case cause.Before != cause.After:
			if cause.Before != "" {
				lines = append(lines, ruleLine{"- ", cause.Name, cause.Before})
			}
			if cause.After != "" {
				lines = append(lines, ruleLine{"+ ", cause.Name, cause.After})
			}
		}
	}
	return lines
}

// matrix has a row for each stage before and a column for each one after. Those
// who stay are on the diagonal.
func matrix(c *revision.Change) render.Table {
	t := render.Table{Columns: []render.Column{{Name: "from \\ to"}}}
	count := map[[2]string]int64{}
	var rows, columns []string
	for _, stage := range c.Stages {
		if stage.Before != nil {
			rows = append(rows, stage.Name)
			count[[2]string{stage.Name, stage.Name}] = stage.Before.Members
		}
		if stage.After != nil {
			columns = append(columns, stage.Name)
		}
	}
	for _, move := range c.Moves {
		count[[2]string{move.From, move.To}] = move.Customers
		count[[2]string{move.From, move.From}] -= move.Customers
		if move.From == "" && !slices.Contains(rows, "") {
			rows = append(rows, "")
		}
		if move.To == "" && !slices.Contains(columns, "") {
			columns = append(columns, "")
		}
	}
	delete(count, [2]string{}) // Nobody stays outside.
	for _, to := range columns {
		t.Columns = append(t.Columns, render.Column{Name: orNobody(to), Kind: render.Count})
	}
	for _, from := range rows {
		row := []any{orNobody(from)}
		for _, to := range columns {
			n, some := count[[2]string{from, to}]
			if row = append(row, n); !some {
				row[len(row)-1] = nil
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// exampleLines are the examples of a change, each with what it is of.
func exampleLines(c *revision.Change) [][2]string {
	var lines [][2]string
	add := func(what string, all int64, keys []any) {
		if len(keys) > 0 {
			lines = append(lines, [2]string{what + " (" + strconv.Itoa(len(keys)) + " of " + number(all) + ")", strings.Join(keyTexts(keys), ", ")})
		}
	}
	add("joined", c.Joined, c.JoinedKeys)
	add("left", c.Left, c.LeftKeys)
	for _, move := range c.Moves {
		add(orNobody(move.From)+" -> "+orNobody(move.To), move.Customers, move.Keys)
	}
	return lines
}

func keyTexts(keys []any) []string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = render.Clean(warehouse.Text(key))
	}
	return texts
}
