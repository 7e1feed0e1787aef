package runs

import (
	"context"
	"errors"
	"strconv"
	"time"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// Draw implements page.Page.
func (p *Page) Draw(c *page.Context, a draw.Area) {
	p.follow(c)
	top, body := a.Top(1)
	if a.H >= 10 && !c.Look.Plain { //nolint:mnd // A small screen has no room for margins.
		top = top.Inset(1)
	}
	top.Tabs(0, p.tabs(c), int(p.part))
	switch p.part {
	case partStore:
		p.store(c, body)
	default:
		p.work(c, body)
	}
}

// tabs are the names of the parts, with what is to be found there.
func (p *Page) tabs(c *page.Context) []string {
	out := make([]string, partCount)
	for i, name := range names {
		out[i] = strconv.Itoa(i+1) + " " + name
	}
	running := 0
	for _, j := range c.Work {
		if j.Running {
			running++
		}
	}
	if running > 0 {
		out[partNow] += " (" + strconv.Itoa(running) + ")"
	}
	return out
}

// divide cuts the body into a list and what stands beside or below it.
func divide(c *page.Context, a draw.Area, below int) (list, rest draw.Area) {
	switch {
	case wide(c):
		return a.Left(a.W * 11 / 20) //nolint:mnd // A little more than half.
	case a.H >= below+8 && below > 0: //nolint:mnd // Some rows of the list stay.
		return a.Bottom(below)
	}
	return a, draw.Area{}
}

// jobTall is the height of what is said of a task below the list.
const jobTall = 8

// work draws questions and tasks.
func (p *Page) work(c *page.Context, a draw.Area) {
	jobs := p.jobs(c)
	list, detail := a, draw.Area{}
	if len(jobs) > 0 {
		list, detail = divide(c, a, jobTall)
	}
	title := "What runs and ran"
	if p.part == partSlow {
		title = "Slowest questions"
	}
	foot := ""
	if len(jobs) > 0 {
		foot = draw.Plural(int64(len(jobs)), "entry", "entries")
	}
	inside := list.Panel(draw.Frame{Title: title, Foot: foot, Focus: true, Zone: "work"})
	if len(jobs) == 0 {
		words := "Nothing has run yet. Questions of the pages appear here while they are asked. W writes a run."
		if p.part == partSlow {
			words = "No question has ended yet."
		}
		inside.Wrap(0, 0, draw.Dim, words)
		return
	}
	p.height = inside.Table(draw.Table{
		Columns: []draw.Column{{Title: "what", Min: 12, Grow: true}, {Title: "state"}, {Title: "took", Right: true}, {Title: "began", Drop: 1}},
		List:    &p.lists[p.part], Zone: "row",
		Row: func(i int) []draw.Cell { return jobRow(c, jobs[i]) },
	})
	if one, ok := p.selectedJob(c); ok && detail.H > 0 {
		p.jobDetail(c, detail, one)
	}
}

// state is how a job is: a word with its sign and style.
type state struct {
	word  string
	sign  draw.Sign
	style draw.Style
}

func stateOf(j page.Job) state {
	switch {
	case j.Running:
		return state{"runs", draw.SignBusy, draw.Accent}
	case stopped(j.Err):
		return state{"stopped", draw.SignIdle, draw.Dim}
	case j.Err != nil:
		return state{"failed", draw.SignNo, draw.Bad}
	}
	return state{"done", draw.SignYes, draw.Good}
}

// stopped reports whether an error says that the user, or a newer question, ended
// a job.
func stopped(err error) bool {
	return errors.Is(err, page.ErrStopped) || errors.Is(err, context.Canceled)
}

// took is how long a job took, or has by now.
func took(c *page.Context, j page.Job) time.Duration {
	if j.Running {
		return max(j.Took, c.Now.Sub(j.Started))
	}
	return j.Took
}

func jobRow(c *page.Context, j page.Job) []draw.Cell {
	s := stateOf(j)
	sign := c.Look.Sign(s.sign)
	if j.Running {
		sign = c.Look.Spinner(c.Turn)
	}
	title := draw.Cell{Text: j.Title}
	if j.Writes {
		title.Text += " (writes)"
	}
	return []draw.Cell{
		title,
		{Spans: []draw.Span{{Style: s.style, Text: sign + " "}, {Style: s.style, Text: s.word}}},
		{Text: draw.Took(took(c, j))},
		{Style: draw.Dim, Text: j.Started.In(c.AsOf.Location()).Format("15:04:05")},
	}
}

// jobDetail draws what is known of a job: its progress, its error, what it said last.
func (p *Page) jobDetail(c *page.Context, a draw.Area, j page.Job) {
	inside := a.Panel(draw.Frame{Title: j.Title, Zone: "job"})
	s := stateOf(j)
	x := inside.Put(0, 0, s.style|draw.Bold, c.Look.Sign(s.sign)+" "+s.word)
	x = inside.Put(x, 0, draw.Normal, "  "+draw.Took(took(c, j)))
	began := "  began "
	if j.Running {
		began = "  since "
	}
	inside.Put(x, 0, draw.Dim, began+j.Started.In(c.AsOf.Location()).Format("15:04:05"))
	y := 1
	if j.Running {
		y += progress(c, inside.Sub(0, y, inside.W, 1), j)
		inside.Put(0, y, draw.Dim, "X stops it")
		y++
	}
	if j.Err != nil && !stopped(j.Err) {
		y++
		y += page.DrawError(inside.Sub(0, y, inside.W, inside.H-y), j.Err)
	}
	if len(j.Log) == 0 || y+1 >= inside.H {
		return
	}
	// The last lines matter most.
	rest := inside.Sub(0, y+1, inside.W, inside.H-y-1)
	var log []string
	for _, line := range j.Log[max(0, len(j.Log)-rest.H):] {
		log = append(log, draw.Lines(line, rest.W)...)
	}
	for i, line := range log[max(0, len(log)-rest.H):] {
		rest.Fit(0, i, rest.W, draw.Dim, line)
	}
}

// store draws the runs of the store, and one of them.
func (p *Page) store(c *page.Context, a draw.Area) {
	got := runsOf(c)
	list, detail := a, draw.Area{}
	switch {
	case len(got.Value) == 0:
	case wide(c):
		list, detail = divide(c, a, 0)
	case p.inUnits:
		list, detail = draw.Area{}, a
	}
	if list.H > 0 {
		p.runs(c, list, got)
	}
	if one, ok := p.selectedRun(c); ok && detail.H > 0 {
		p.show(c, detail, one)
	}
}

func (p *Page) runs(c *page.Context, a draw.Area, got page.Got[[]ask.Run]) {
	foot := ""
	if got.Has {
		foot = draw.Plural(int64(len(got.Value)), "run", "runs")
	}
	inside := a.Panel(draw.Frame{Title: "Runs of the store", Foot: foot, Focus: !p.inUnits, Zone: "runs"})
	switch {
	case !got.Has || got.Err != nil:
		page.DrawState(c, inside, got.State, listing)
		return
	case len(got.Value) == 0:
		inside.Wrap(0, 0, draw.Dim, "There is no run yet. W evaluates all segments and writes one; from then on sizes, moves and drift can be looked up.")
		return
	}
	if waiting := page.Waiting(c, got.State, listing); waiting != "" && inside.H > 3 { //nolint:mnd // A head and some rows.
		var top draw.Area
		top, inside = inside.Top(1)
		top.Fit(0, 0, top.W, draw.Dim, waiting)
	}
	p.height = inside.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "run", Right: true},
			{Title: "as of"},
			{Title: "kind", Drop: 3},
			{Title: "customers", Right: true, Drop: 1},
			{Title: "segments", Right: true, Drop: 4},
			{Title: "took", Right: true, Drop: 2},
			{Title: "taken", Drop: 5},
		},
		List: &p.lists[partStore], Zone: "row", Dim: got.Old,
		Row: func(i int) []draw.Cell { return runRow(c, got.Value[i]) },
	})
}

func runRow(c *page.Context, r ask.Run) []draw.Cell {
	zone := c.AsOf.Location()
	return []draw.Cell{
		{Text: strconv.FormatInt(r.ID, 10)},
		{Text: r.AsOf.In(zone).Format("2006-01-02 15:04")},
		{Style: draw.Dim, Text: r.Kind},
		{Text: draw.Count(r.Customers)},
		{Text: draw.Count(int64(r.Units))},
		{Text: draw.Took(r.Took)},
		{Style: draw.Dim, Text: draw.Ago(c.Now.Sub(r.TakenAt))},
	}
}

// show draws a run with its segments.
func (p *Page) show(c *page.Context, a draw.Area, r ask.Run) {
	id := strconv.FormatInt(r.ID, 10)
	got := p.detail(c)
	foot := ""
	if got.Has {
		foot = draw.Plural(int64(len(got.Value.Units)), "segment or stage", "segments and stages")
	}
	inside := a.Panel(draw.Frame{Title: "Run " + id, Foot: foot, Focus: p.inUnits, Zone: "run"})
	y := 0
	if inside.H >= 10 { //nolint:mnd // The facts leave room for some rows.
		zone := c.AsOf.Location()
		y = inside.Wrap(0, 0, draw.Dim, "as of "+r.AsOf.In(zone).Format("2006-01-02 15:04:05")+", taken "+r.TakenAt.In(zone).Format("2006-01-02 15:04:05")+", "+r.Kind)
		words := draw.Plural(r.Customers, "customer", "customers") + " in " + draw.Took(r.Took)
		if r.Supersedes != nil {
			words += ", in the place of run " + strconv.FormatInt(*r.Supersedes, 10)
		}
		if units := got.Value.Units; len(units) > 0 && units[0].Entered == nil {
			words += "; there was no run before it to compare with"
		}
		y += inside.Sub(0, y, inside.W, inside.H-y).Wrap(0, 0, draw.Dim, words) + 1
	}
	rest := inside.Sub(0, y, inside.W, inside.H-y)
	if !got.Has {
		page.DrawState(c, rest, got.State, reading)
		return
	}
	units := got.Value.Units
	p.units.Resize(len(units))
	if len(units) == 0 {
		rest.Wrap(0, 0, draw.Dim, "This run has no segment.")
		return
	}
	height := rest.Table(draw.Table{
		Columns: []draw.Column{
			{Title: "segment", Min: 18, Grow: true},
			{Title: "members", Right: true},
			{Title: "entered", Right: true, Drop: 1},
			{Title: "left", Right: true, Drop: 2},
			{Title: "contactable", Right: true, Drop: 3},
		},
		List: &p.units, Zone: "unit", Dim: got.Old, NoCursor: !p.inUnits,
		Row: func(i int) []draw.Cell { return unitRow(units[i]) },
	})
	if p.inUnits {
		p.height = height
	}
}

func unitRow(u ask.RunUnit) []draw.Cell {
	change := func(n *int64, sign string, style draw.Style) draw.Cell {
		switch {
		case n == nil:
			return draw.Cell{Style: draw.Dim, Text: draw.Unknown}
		case *n == 0:
			return draw.Cell{Style: draw.Dim, Text: "0"}
		}
		return draw.Cell{Style: style, Text: sign + draw.Count(*n)}
	}
	return []draw.Cell{
		{Text: u.Name}, {Text: draw.Count(u.Size)}, change(u.Entered, "+", draw.Normal), change(u.Exited, "-", draw.Normal), {Style: draw.Dim, Text: draw.Count(u.Contactable)},
	}
}
