package cmd

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/result"
	"strata/segments/since"
)

// farAhead is the most years that --horizon looks ahead.
const farAhead = 20

// parseHorizon reads --horizon and returns the last as-of that is looked at.
func (s *session) parseHorizon(text string) (time.Time, error) {
	ahead, err := parseMoment("+" + text)
	if err != nil || ahead.kind != momentOffset || ahead.offset.N <= 0 {
		return s.asOf, usage("--horizon takes a length of time, not %q", text).advise("write 90d, 6mo or 1y")
	}
	to := calendar.Step(s.asOf, ahead.offset, s.program.Zone)
	if most := calendar.Step(s.asOf, calendar.Duration{N: farAhead, Unit: calendar.Year}, s.program.Zone); to.After(most) {
		return s.asOf, usage("--horizon %s is too far ahead", text).advise("it is %dy at most", farAhead)
	}
	return to, nil
}

// explain proves a definition for one customer and adds its time. The customer's
// rows are read once, into memory, unless the rule compares customers with each
// other or is given by sql.
func (s *session) explain(ctx context.Context, customer string, d check.Definition, to time.Time) (why result.Why, err error) {
	definitions := []check.Definition{d}
	narrow, err := s.evaluator.Narrow(ctx, customer, definitions, s.asOf)
	if err != nil {
		return why, err
	}
	defer func() { err = errors.Join(err, narrow.Close(ctx)) }()
	prover := narrow.Evaluator
	if needsOthers(d, map[check.Definition]bool{}) {
		prover = s.evaluator
	}
	if why, err = prover.Why(ctx, customer, d, s.asOf); err != nil || !why.Known {
		return why, err
	}
	asker := &since.Asker{Narrow: narrow, Customer: customer, AsOf: s.asOf, To: to, Changes: !why.Member}
	why.Time, err = asker.Explain(ctx, d)
	return why, err
}

// spells adds since when and until when the answers about one customer hold.
func (s *session) spells(ctx context.Context, customer string, all []result.Why, to time.Time) (err error) {
	var definitions []check.Definition
	var places []int
	for i, why := range all {
		if d, ok := s.program.Lookup(why.Name); ok && why.Known {
			definitions, places = append(definitions, d), append(places, i)
		}
	}
	if len(definitions) == 0 {
		return nil
	}
	narrow, err := s.evaluator.Narrow(ctx, customer, definitions, s.asOf)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, narrow.Close(ctx)) }()
	asker := &since.Asker{Narrow: narrow, Customer: customer, AsOf: s.asOf, To: to}
	courses, err := asker.Spells(ctx, definitions)
	for i, course := range courses {
		all[places[i]].Time = course
	}
	return err
}

// needsOthers reports whether a definition, or one that it needs, compares
// customers with each other or is given by sql.
func needsOthers(d check.Definition, seen map[check.Definition]bool) bool {
	if seen[d] {
		return false
	}
	seen[d] = true
	if segment, ok := d.(*check.Segment); ok && segment.SQL != "" {
		return true
	}
	found := slices.ContainsFunc(check.GatesOf(d), func(gate *check.Gate) bool { return needsOthers(gate, seen) })
	for _, x := range check.ExpressionsOf(d) {
		check.Walk(x, func(part check.Expr) bool {
			switch part := part.(type) {
			case *check.Ranking:
				found = true
			case *check.Ref:
				found = found || needsOthers(part.Target, seen)
			}
			return !found
		})
	}
	return found
}

// course writes since when and until when it is so, and what would change it.
func (p *proofPrinter) course(why result.Why) {
	c := why.Time
	if c == nil {
		return
	}
	switch {
	case !c.Followed:
		p.line("since when is not known: " + c.Reason)
	case why.Kind == "partition":
		p.stage(why)
	case why.Member:
		p.line(begun("member since ", c.Since, c, p) + p.because(c.By, past))
		p.ending(c, "until ")
	default:
		p.outside(c)
	}
	for _, change := range c.Changes {
		p.line(p.change(change))
	}
}

// begun says since when, or that it was so before anybody looked.
func begun(word string, at *time.Time, c *result.Course, p *proofPrinter) string {
	if at == nil {
		return word + "before " + p.at(c.From)
	}
	return word + p.at(*at)
}

// ending says until when it is so if nothing happens.
func (p *proofPrinter) ending(c *result.Course, word string) {
	if c.Until == nil {
		p.line("for as long as nothing happens, at least until " + p.at(c.To))
		return
	}
	p.line(word + p.at(*c.Until) + " if nothing happens" + p.because(c.Ends, ahead))
}

func (p *proofPrinter) stage(why result.Why) {
	c := why.Time
	text := begun("in "+why.Stage+" since ", c.Since, c, p)
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
func (p *proofPrinter) outside(c *result.Course) {
	switch last := c.LastSpell; {
	case last != nil:
		from := "before " + p.at(c.From)
		if last.From != nil {
			from = p.at(*last.From)
		}
		p.line("last a member from " + from + " to " + p.at(last.To) + p.because(c.By, past))
	case c.Since != nil:
		p.line("never a member since " + p.at(*c.Since) + ", when the customer was created")
	default:
		p.line("never a member since " + p.at(c.From))
	}
	if c.Until == nil {
		p.line("time alone does not bring the customer in before " + p.at(c.To))
		return
	}
	p.line("in by time alone on " + p.at(*c.Until) + p.because(c.Ends, ahead))
}

// at is a moment for people, cut to the second: what is seen a microsecond after
// a row is shown with the row's own time.
func (p *proofPrinter) at(t time.Time) string { return t.In(p.zone).Format(proofTime) }

// tense is when something happens.
type tense uint8

const (
	past tense = iota
	ahead
)

// causesShown is how many causes are written out.
const causesShown = 3

// because is what turned an answer.
func (p *proofPrinter) because(causes []result.Cause, when tense) string {
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
		if c.Leaf != "" && !slices.Contains(leaves[text], inert(c.Leaf)) {
			leaves[text] = append(leaves[text], inert(c.Leaf))
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

func (p *proofPrinter) cause(c result.Cause, when tense) string {
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
func (p *proofPrinter) overTime(c result.Cause) string {
	switch {
	case c.Kind == result.HeldLong && c.Moment != nil:
		return "so for " + c.Window + ", since " + p.at(*c.Moment)
	case c.Kind == result.HeldLong:
		return "so for " + c.Window
	case c.Kind == result.Earlier && c.Moment != nil:
		return "what it was " + c.Window + " before changed, at " + p.at(*c.Moment)
	}
	return "by the clock"
}

func days(c result.Cause) string {
	if c.Days == nil {
		return "the days that"
	}
	return plural(int(*c.Days), "day")
}

// time is what days are counted from, or what a window is about.
func (p *proofPrinter) time(c result.Cause) string {
	if len(c.Rows) > 0 {
		return p.row(c, true)
	}
	return inert(c.Of) + ", " + p.show(c.Value)
}

// show is a value, a moment in the project's zone.
func (p *proofPrinter) show(v any) string {
	if at, ok := v.(time.Time); ok {
		return p.at(at)
	}
	return show(v)
}

// row names the first row of a cause and says how many others there are.
func (p *proofPrinter) row(c result.Cause, dated bool) string {
	row := c.Rows[0]
	text := c.Stream
	if row.ID != "" {
		text += " #" + inert(row.ID)
	}
	if row.Value != nil {
		text += " (" + p.show(row.Value) + ")"
	}
	if dated {
		text += " of " + p.at(row.At)
	}
	if c.Count > 1 {
		text += " and " + strconv.FormatInt(c.Count-1, 10) + " more"
	}
	return text
}

// change is what would make a member of who is none.
func (p *proofPrinter) change(c result.Change) string {
	var parts []string
	for _, need := range c.Needs {
		if text := rowsNeeded(need); c.Tried {
			parts = append(parts, text+" ("+inert(need.Leaf)+")")
		} else {
			parts = append(parts, inert(need.Leaf)+lacking(need, text))
		}
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
		return "in with " + together + ", before " + p.at(c.Before.Add(time.Microsecond))
	}
	return "in with " + together
}

// lacking is what a leaf lacks, in brackets.
func lacking(n result.Need, rows string) string {
	switch {
	case rows != "":
		return " (" + rows + ")"
	case !n.Holds:
		return " (not " + inert(n.Rule) + ")"
	case n.Rule == n.Leaf:
		return ""
	}
	return " (" + inert(n.Rule) + ")"
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
		text += " where " + inert(n.Where)
	}
	if n.Amount != "" {
		text += " with " + inert(n.Column) + " " + n.Compare + " " + n.Amount
	}
	return text
}

// lineWidth is the width that lines of text keep to.
const lineWidth = 80

// line writes a line below the answer, broken where it is too long.
func (p *proofPrinter) line(text string) {
	at := "  "
	width := utf8.RuneCountInString(at)
	for i, word := range strings.Fields(inert(text)) {
		n := utf8.RuneCountInString(word)
		if i > 0 && width+1+n > lineWidth {
			at += "\n    "
			width = 4
		} else if i > 0 {
			at += " "
			width++
		}
		at += word
		width += n
	}
	p.out.WriteString(at + "\n")
}
