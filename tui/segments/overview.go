package segments

import (
	"strconv"
	"strings"

	"strata/reports"
	"strata/segments/check"
	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// facts are what is known of one unit.
type facts struct {
	unit

	// size is its size now; nil where it is not counted yet. old says that it is
	// of an earlier as-of or of a run.
	size   *ask.Size
	sized  page.State
	stored *int64
	run    *ask.StoredRun
	// course is how it came there, nil where it is not known.
	course   *ask.Course
	followed page.State
	// stages are those of a partition.
	stages []stageFact
	// customers is the population, 0 where nobody knows.
	customers int64
}

// stageFact is a stage with its size.
type stageFact struct {
	name string
	n    int64
	from origin
	week *change
}

// factsOf are the facts of a unit in the answers about all.
func factsOf(k known, u unit) facts {
	f := facts{unit: u, sized: k.live.State, followed: k.follows.State, run: k.stored.Value.Run}
	if s, ok := k.sizes[u.name]; ok {
		f.size, f.customers = &s, s.Customers
	} else if n, ok := k.stored.Value.Sizes[u.name]; ok {
		f.stored = &n
	}
	if course, ok := k.courses[u.name]; ok {
		f.course = &course
	}
	for _, s := range u.stages() {
		fact := stageFact{name: s.stage}
		fact.n, fact.from = k.size(s.name)
		if course, ok := k.courses[s.name]; ok {
			if week, ok := changeOf(course.Points, weekDays); ok {
				fact.week = &week
			}
		}
		f.customers = max(f.customers, k.sizes[s.name].Customers)
		f.stages = append(f.stages, fact)
	}
	return f
}

// The ranks of sections: what goes first where there is no room has the highest.
const (
	rankRun = iota + 1
	rankRule
	rankMoved
	rankDrift
	rankChart
	rankOwner
	rankUsed
	rankLast
	rankText
)

// overview are the sections that tell of a unit.
func overview(c *page.Context, f facts, width int) []section {
	list := head(f, width)
	list = append(list, numbers(c, f, width)...)
	if f.partition() != nil {
		list = append(list, stageSection(c, f, width))
	} else {
		list = append(list, chartSection(c, f))
		list = append(list, movement(c, f, width)...)
	}
	list = append(list, ruleSection(f, width))
	return append(list, around(c, f, width)...)
}

// brief are the sections for a few lines: numbers in one line, then the rule.
func brief(c *page.Context, f facts, width int) []section {
	if f.partition() != nil {
		return []section{stageSection(c, f, width)}
	}
	list := numbers(c, f, width)
	if f.size != nil && f.size.Skipped == "" && f.course != nil {
		pieces := sizeLines(f)[:1]
		if week, ok := changeOf(f.course.Points, weekDays); ok {
			pieces = append(pieces, changeWords(c.Look, week, weekDays))
		}
		if alerting(*f.course) {
			sign, style, word, reason := verdict(c, *f.course)
			pieces = append(pieces, line{{Style: style, Text: sign + " " + word + " "}, {Text: reason}})
		}
		list = []section{{lines: flow(width, pieces...)}}
	}
	rule := section{rank: rankRule, shrinks: true}
	for _, text := range wrapped(ruleText(f.unit), width) {
		rule.lines = append(rule.lines, line{{Text: text}})
	}
	return append(list, rule)
}

// head says what the unit is called, whose it is and what it is for.
func head(f facts, width int) []section {
	about := f.about()
	name := about.Title
	if name == "" {
		name = f.name
	}
	if f.stage != "" {
		name += ": " + f.stage
	}
	first := section{}
	for _, text := range wrapped(name, width) {
		first.lines = append(first.lines, line{{Style: draw.Bold, Text: text}})
	}
	list := []section{first}
	var parts []string
	if about.Owner != "" {
		parts = append(parts, "owner "+about.Owner)
	}
	if len(about.Tags) > 0 {
		parts = append(parts, "tags "+strings.Join(about.Tags, ", "))
	}
	if len(parts) > 0 {
		list = append(list, section{glued: true, rank: rankOwner, lines: []line{{{Style: draw.Dim, Text: strings.Join(parts, " · ")}}}})
	}
	if about.Description != "" && f.stage == "" {
		text := wrapped(about.Description, width)
		s := section{rank: rankText}
		for i, t := range text {
			if i == 3 { //nolint:mnd // More is for the file.
				break
			}
			s.lines = append(s.lines, line{{Style: draw.Dim, Text: t}})
		}
		list = append(list, s)
	}
	return list
}

// numbers are the size, its share, who may be contacted, and the changes.
func numbers(c *page.Context, f facts, width int) []section {
	if f.partition() != nil {
		text := draw.Plural(int64(len(f.stages)), "stage", "stages")
		if f.customers > 0 {
			text += " of " + draw.Count(f.customers) + " customers"
		}
		return []section{{lines: []line{{{Style: draw.Bold, Text: text}}}}}
	}
	var lines []line
	switch {
	case f.size != nil && f.size.Skipped != "":
		lines = labelled("no size", width, 4, draw.Warn, f.size.Skipped) //nolint:mnd // As long as a reason is.
	case f.size != nil:
		lines = flow(width, sizeLines(f)...)
	case f.stored != nil:
		text := " members in the last run"
		lines = []line{{{Style: draw.Dim, Text: draw.Count(*f.stored) + text}}}
	case f.sized.Err != nil:
		lines = labelled("no size", width, 4, draw.Bad, f.sized.Err.Error()) //nolint:mnd // As long as a reason is.
	default:
		lines = []line{{{Style: draw.Dim, Text: "counting …"}}}
	}
	list := []section{{lines: lines}}
	if f.course == nil {
		return list
	}
	var changes []line
	for _, days := range []int{weekDays, monthDays} {
		if ch, ok := changeOf(f.course.Points, days); ok {
			changes = append(changes, changeWords(c.Look, ch, days))
		}
	}
	if len(changes) > 0 {
		list = append(list, section{glued: true, rank: rankRun, lines: faded(flow(width, changes...), f.followed)})
	}
	return list
}

func sizeLines(f facts) []line {
	style := page.StyleOf(f.sized)
	list := []line{
		{{Style: style | draw.Bold, Text: draw.Count(f.size.Members)}, {Style: style, Text: " " + plainPlural(f.size.Members)}},
		{{Style: draw.Dim, Text: draw.Percent(share(f.size.Members, f.size.Customers), 1) + " of " + draw.Count(f.size.Customers) + " customers"}},
	}
	if f.gated() {
		text := draw.Count(f.size.Contactable) + " contactable (" + draw.Percent(share(f.size.Contactable, f.size.Members), 1) + ")"
		list = append(list, line{{Style: style, Text: text}})
	}
	return list
}

func plainPlural(n int64) string {
	if n == 1 {
		return "member"
	}
	return "members"
}

// share is a part of a whole; of nothing nothing can be said.
func share(part, whole int64) float64 {
	return float64(part) / float64(whole)
}

// faded draws lines of an old answer dim.
func faded(lines []line, s page.State) []line {
	if !s.Old {
		return lines
	}
	for _, l := range lines {
		for i := range l {
			l[i].Style = draw.Dim
		}
	}
	return lines
}

// movement is who came and went, and whether that is unusual.
func movement(c *page.Context, f facts, width int) []section {
	if f.course == nil {
		return nil
	}
	var list []section
	if joined, left, ok := moves(f.course.Points, weekDays); ok {
		before := f.course.Points[back(f.course.Points, weekDays)].Size
		text := draw.Count(joined) + " joined · " + draw.Count(left) + " left · at least " + draw.Count(max(0, before-left)) + " stayed"
		list = append(list, section{rank: rankMoved, lines: faded(labelled("7 days", width, leastLines, draw.Normal, text), f.followed)})
	}
	sign, style, word, reason := verdict(c, *f.course)
	lines := labelled("drift", width, 4, draw.Normal, sign+" "+word+" · "+reason) //nolint:mnd // As long as a reason is.
	if len(lines) > 0 && f.course.Drift.Verdict != reports.DriftUnknown {
		text, mark := lines[0][1].Text, sign+" "+word
		if rest, ok := strings.CutPrefix(text, mark); ok {
			lines[0] = line{lines[0][0], {Style: style, Text: mark}, {Style: draw.Normal, Text: rest}}
		}
	}
	return append(list, section{glued: len(list) > 0, rank: rankDrift, lines: faded(lines, f.followed)})
}

// ruleSection is the rule as it is written, with its place.
func ruleSection(f facts, width int) section {
	file, at := f.place()
	lines := labelled("rule", width, 1, draw.Dim, file+":"+strconv.Itoa(at))
	for _, text := range ruleLines(f.unit) {
		indent := len(text) - len(strings.TrimLeft(text, " "))
		for i, part := range wrapped(strings.TrimLeft(text, " "), max(1, width-2-indent-2)) {
			pad := strings.Repeat(" ", indent+2)
			if i > 0 {
				pad += "  "
			}
			lines = append(lines, line{{Text: pad + part}})
		}
	}
	return section{lines: lines, rank: rankRule, shrinks: true}
}

// usesText names the definitions that a rule is made of, and the gates.
func usesText(f facts) string {
	var parts []string
	for _, need := range f.def.Needs() {
		parts = append(parts, need.DefinitionName())
	}
	for _, gate := range check.GatesOf(f.def) {
		parts = append(parts, "gate "+gate.DefinitionName())
	}
	return strings.Join(parts, ", ")
}

// around says who uses the unit, and when it was stored last.
func around(c *page.Context, f facts, width int) []section {
	program := programOf(c)
	if program == nil {
		return nil
	}
	var list []section
	if uses := usesText(f); uses != "" {
		list = append(list, section{rank: rankLast, lines: labelled("uses", width, leastLines, draw.Normal, uses)})
	}
	var parts []string
	definitions, campaigns := usedBy(program, f.def)
	if n := len(definitions); n > 0 {
		parts = append(parts, strings.Join(definitions, ", "))
	}
	if n := len(campaigns); n > 0 {
		parts = append(parts, draw.Plural(int64(n), "campaign", "campaigns")+": "+strings.Join(campaigns, ", "))
	}
	text := "nothing"
	if len(parts) > 0 {
		text = strings.Join(parts, " · ")
	}
	list = append(list, section{glued: len(list) > 0, rank: rankUsed, lines: labelled("used by", width, leastLines, draw.Normal, text)})
	if f.run != nil {
		text := "#" + strconv.FormatInt(f.run.ID, 10) + " of " + minute(f.run.AsOf.In(c.AsOf.Location())) + ", taken " + draw.Ago(c.Now.Sub(f.run.TakenAt))
		list = append(list, section{glued: true, rank: rankLast, lines: labelled("last run", width, leastLines, draw.Dim, text)})
	}
	return list
}
