package say

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"strata/segments/result"
)

// TimeFormat is how moments are written.
const TimeFormat = "2006-01-02 15:04:05 MST"

// Teller puts answers into words.
type Teller struct {
	// Zone is that of all moments.
	Zone *time.Location
	// Value writes a value that is no time, missing ones among them.
	Value func(v any) string
	// Unnamed, where set, tells names of leaves that the reader does not see, such
	// as numbers; they are left out.
	Unnamed func(leaf string) bool
}

// leaf is the name of a leaf, "" where the reader does not know it.
func (p Teller) leaf(name string) string {
	if p.Unnamed != nil && p.Unnamed(name) {
		return ""
	}
	return clean(name)
}

// clean makes text, from the data or a rule, safe for a line of a terminal: a
// control character becomes a space.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return r
	}, text)
}

// Course says since when and until when an answer holds, and what would change
// it, a fact a line. It is empty where nobody asked.
func (p Teller) Course(why result.Why) []string {
	c := why.Time
	if c == nil {
		return nil
	}
	w := writer{Teller: p}
	w.course(why, c)
	return w.lines
}

// writer collects lines.
type writer struct {
	Teller

	lines []string
}

func (p *writer) line(text string) { p.lines = append(p.lines, text) }

func (p *writer) course(why result.Why, c *result.Course) {
	switch {
	case !c.Followed:
		p.line("since when is not known: " + c.Reason)
	case why.Kind == "partition":
		p.stage(why)
	case why.Member:
		p.line(p.begun("member since ", c.Since, c) + p.because(c.By, past))
		p.ending(c, "until ")
	default:
		p.outside(c)
	}
	for _, change := range c.Changes {
		p.line(p.change(change))
	}
}

// begun says since when, or that it was so before anybody looked.
func (p Teller) begun(word string, at *time.Time, c *result.Course) string {
	if at == nil {
		return word + "before " + p.At(c.From)
	}
	return word + p.At(*at)
}

// ending says until when it is so if nothing happens.
func (p *writer) ending(c *result.Course, word string) {
	if c.Until == nil {
		p.line("for as long as nothing happens, at least until " + p.At(c.To))
		return
	}
	p.line(word + p.At(*c.Until) + " if nothing happens" + p.because(c.Ends, ahead))
}

func (p *writer) stage(why result.Why) {
	c := why.Time
	text := p.begun("in "+why.Stage+" since ", c.Since, c)
	if c.PreviousStage != "" {
		text += ", from " + c.PreviousStage
	}
	p.line(text + p.because(c.By, past))
	word := "until "
	if c.NextStage != "" {
		word = "then " + c.NextStage + ", on "
	}
	p.ending(c, word)
}

// outside is the time of who is no member.
func (p *writer) outside(c *result.Course) {
	switch last := c.LastSpell; {
	case last != nil:
		from := "before " + p.At(c.From)
		if last.From != nil {
			from = p.At(*last.From)
		}
		p.line("last a member from " + from + " to " + p.At(last.To) + p.because(c.By, past))
	case c.Since != nil:
		p.line("never a member since " + p.At(*c.Since) + ", when the customer was created")
	default:
		p.line("never a member since " + p.At(c.From))
	}
	if c.Until == nil {
		p.line("time alone does not bring the customer in before " + p.At(c.To))
		return
	}
	p.line("in by time alone on " + p.At(*c.Until) + p.because(c.Ends, ahead))
}

// At is a moment for people, cut to the second: what is seen a microsecond after
// a row is shown with the row's own time.
func (p Teller) At(t time.Time) string { return t.In(p.Zone).Format(TimeFormat) }

// tense is when something happens.
type tense uint8

const (
	past tense = iota
	ahead
)

// causesShown is how many causes are written out.
const causesShown = 3

// because is what turned an answer.
func (p Teller) because(causes []result.Cause, when tense) string {
	if len(causes) == 0 {
		return ""
	}
	var texts []string
	leaves := map[string][]string{}
	for _, c := range causes {
		text := p.cause(c, when)
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
		if leaf := p.leaf(c.Leaf); leaf != "" && !slices.Contains(leaves[text], leaf) {
			leaves[text] = append(leaves[text], leaf)
		}
	}
	more := len(texts) - causesShown
	texts = texts[:min(len(texts), causesShown)]
	for i, text := range texts {
		if of := leaves[text]; len(of) > 0 {
			texts[i] += " (" + strings.Join(of, ", ") + ")"
		}
	}
	if more > 0 {
		texts = append(texts, "and "+strconv.Itoa(more)+" more")
	}
	return ": " + strings.Join(texts, "; ")
}

func (p Teller) cause(c result.Cause, when tense) string {
	verb := func(word string) string {
		if when == past {
			return map[string]string{"comes": "came", "enters": "entered", "leaves": "left", "pass": "had passed", "are": "were"}[word]
		}
		return word
	}
	switch c.Kind {
	case result.RowCame:
		return p.row(c, false) + " " + verb("comes")
	case result.RowEntered:
		return p.row(c, true) + " " + verb("enters") + " `" + c.Window + "`"
	case result.RowLeft:
		return p.row(c, true) + " " + verb("leaves") + " `" + c.Window + "`"
	case result.Decided:
		return "no " + c.Of + " in the " + c.Window + " after " + p.row(c, true)
	case result.DaysPassed:
		return days(c) + " " + verb("pass") + " since " + p.time(c)
	case result.DaysLeft:
		return days(c) + " " + verb("are") + " left until " + p.time(c)
	case result.TimeEntered:
		return p.time(c) + " " + verb("enters") + " `" + c.Window + "`"
	case result.TimeLeft:
		return p.time(c) + " " + verb("leaves") + " `" + c.Window + "`"
	case result.FieldChanged:
		return c.Of + ", " + p.show(c.Before) + " before, became " + p.show(c.Value)
	case result.Created:
		return "the customer was created"
	case result.HeldLong, result.Earlier, result.Clock:
	}
	return p.overTime(c)
}

// overTime is a cause that looks at more than one moment, or no more than the
// clock.
func (p Teller) overTime(c result.Cause) string {
	switch {
	case c.Kind == result.HeldLong && c.Moment != nil:
		return "so for " + c.Window + ", since " + p.At(*c.Moment)
	case c.Kind == result.HeldLong:
		return "so for " + c.Window
	case c.Kind == result.Earlier && c.Moment != nil:
		return "what it was " + c.Window + " before changed, at " + p.At(*c.Moment)
	}
	return "by the clock"
}

func days(c result.Cause) string {
	if c.Days == nil {
		return "the days that"
	}
	return plural(*c.Days, "day")
}

// plural is a number of things.
func plural(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 { //nolint:mnd // Three digits a group.
		text = text[:at] + "," + text[at:]
	}
	return text + " " + thing + "s"
}

// time is what days are counted from, or what a window is about.
func (p Teller) time(c result.Cause) string {
	if len(c.Rows) > 0 {
		return p.row(c, true)
	}
	return clean(c.Of) + ", " + p.show(c.Value)
}

// show is a value, a moment in the project's zone.
func (p Teller) show(v any) string {
	if at, ok := v.(time.Time); ok {
		return p.At(at)
	}
	return p.Value(v)
}

// row names the first row of a cause and says how many others there are.
func (p Teller) row(c result.Cause, dated bool) string {
	row := c.Rows[0]
	text := c.Stream
	if row.ID != "" {
		text += " #" + clean(row.ID)
	}
	if row.Value != nil {
		text += " (" + p.show(row.Value) + ")"
	}
	if dated {
		text += " of " + p.At(row.At)
	}
	if c.Count > 1 {
		text += " and " + strconv.FormatInt(c.Count-1, 10) + " more"
	}
	return text
}

// change is what would make a member of who is none.
func (p Teller) change(c result.Change) string {
	var parts []string
	for _, need := range c.Needs {
		leaf, text := p.leaf(need.Leaf), rowsNeeded(need)
		if !c.Tried {
			text = lacking(need, text)
		}
		switch {
		case leaf == "":
		case c.Tried:
			text += " (" + leaf + ")"
		case text == "":
			text = leaf
		default:
			text = leaf + " (" + text + ")"
		}
		parts = append(parts, text)
	}
	together := strings.Join(parts, " and ")
	switch {
	case !c.Tried && len(parts) > 1:
		return "in if these change together: " + together
	case !c.Tried:
		return "in if this changes: " + together
	case c.OnlyNow:
		return "in with " + together + ", at once"
	case c.Before != nil: // A row is seen a microsecond later.
		return "in with " + together + ", before " + p.At(c.Before.Add(time.Microsecond))
	}
	return "in with " + together
}

// lacking is what a leaf lacks, "" where its name says it.
func lacking(n result.Need, rows string) string {
	switch {
	case rows != "":
		return rows
	case !n.Holds:
		return "not " + clean(n.Rule)
	case n.Rule == n.Leaf:
		return ""
	}
	return clean(n.Rule)
}

// rowsNeeded are the rows that a test lacks, "" where none would do.
func rowsNeeded(n result.Need) string {
	if n.Rows == 0 {
		return ""
	}
	text := strconv.FormatInt(n.Rows, 10) + " more " + n.Stream
	if n.Rows > 1 {
		text = strconv.FormatInt(n.Rows, 10) + " more rows of " + n.Stream
	}
	if n.Where != "" {
		text += " where " + clean(n.Where)
	}
	if n.Amount != "" {
		text += " with " + clean(n.Column) + " " + n.Compare + " " + n.Amount
	}
	return text
}
