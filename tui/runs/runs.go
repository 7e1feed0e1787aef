package runs

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/ask"
	"strata/tui/draw"
	"strata/tui/page"
)

// part is a part of the page.
type part uint8

const (
	partNow part = iota
	partStore
	partSlow
	partCount
)

// names are those of the parts.
var names = [partCount]string{partNow: "Now", partStore: "Runs", partSlow: "Slowest"}

// Page is the page about what runs.
type Page struct {
	part  part
	lists [partCount]draw.List
	// units is the place among the segments of a run, inUnits says that it has the
	// keys.
	units   draw.List
	inUnits bool
	height  int
	// job and run are what is selected, so that the selection stays on it while
	// others come and go; 0 where nothing is.
	job int
	run int64
	// task is the task that was selected by itself when it began.
	task int
}

// New makes the page.
func New() *Page { return &Page{} }

// ID implements page.Page.
func (p *Page) ID() string { return "runs" }

// Crumb implements page.Page.
func (p *Page) Crumb() string { return "runs" }

// CLI implements page.Page.
func (p *Page) CLI(c *page.Context) []string {
	if p.part == partStore && p.inUnits {
		if one, ok := p.selectedRun(c); ok {
			return []string{"runs", "show", strconv.FormatInt(one.ID, 10)}
		}
	}
	return []string{"runs"}
}

const (
	slotRuns = "runs"
	listing  = "reading runs"
	reading  = "reading the run"
)

// slotOf is the slot of a run: each has its own, so that no run ever stands under
// the number of another.
func slotOf(id int64) string { return "run:" + strconv.FormatInt(id, 10) }

// Needs implements page.Page.
func (p *Page) Needs(c *page.Context) []page.Need {
	needs := []page.Need{{
		Slot: slotRuns, Key: "runs", Stored: true, Timeless: true, Doing: listing,
		Ask: func(ctx context.Context, b ask.Backend, _ time.Time) (any, error) { return b.Runs(ctx) },
	}}
	if p.part != partStore {
		return needs
	}
	one, ok := p.selectedRun(c)
	if !ok || !p.inUnits && !wide(c) {
		return needs
	}
	return append(needs, page.Need{
		Slot: slotOf(one.ID), Key: slotOf(one.ID), Stored: true, Timeless: true, Typed: !p.inUnits, Doing: reading,
		Ask: func(ctx context.Context, b ask.Backend, _ time.Time) (any, error) { return b.RunDetail(ctx, one.ID) },
	})
}

// wideFrom is the width from which there are two panes.
const wideFrom = 100

func wide(c *page.Context) bool { return c.Width >= wideFrom && !c.Look.Plain }

// runsOf is what the store holds.
func runsOf(c *page.Context) page.Got[[]ask.Run] { return page.Answer[[]ask.Run](c, slotRuns) }

// jobs are those of a part: all, newest first, or those that ended, the longest
// first.
func (p *Page) jobs(c *page.Context) []page.Job {
	if p.part == partNow {
		return c.Work
	}
	var ended []page.Job
	for _, j := range c.Work {
		if !j.Running {
			ended = append(ended, j)
		}
	}
	slices.SortStableFunc(ended, func(a, b page.Job) int { return int(b.Took - a.Took) })
	return ended
}

// follow keeps the cursors on what is selected, wherever it stands by now.
func (p *Page) follow(c *page.Context) {
	if p.part == partStore {
		runs := runsOf(c).Value
		l := &p.lists[partStore]
		l.Resize(len(runs))
		if at := slices.IndexFunc(runs, func(r ask.Run) bool { return r.ID == p.run }); at >= 0 {
			l.To(at)
		}
		return
	}
	jobs := p.jobs(c)
	l := &p.lists[p.part]
	l.Resize(len(jobs))
	p.watch(jobs)
	if at := slices.IndexFunc(jobs, func(j page.Job) bool { return j.ID == p.job }); at >= 0 && p.job != 0 {
		l.To(at)
	}
}

// watch selects a task that writes when it begins, so that one sees how it goes and
// how it ended, however many questions follow. It does so once for each.
func (p *Page) watch(jobs []page.Job) {
	at := slices.IndexFunc(jobs, func(j page.Job) bool { return j.Running && j.Writes })
	if p.part == partNow && at >= 0 && jobs[at].ID != p.task {
		p.task, p.job = jobs[at].ID, jobs[at].ID
	}
}

// settle notes what the cursor stands on.
func (p *Page) settle(c *page.Context) {
	p.job, p.run = 0, 0
	if one, ok := p.selectedRun(c); ok {
		p.run = one.ID
	}
	// At the top the newest is meant, whichever that is.
	if one, ok := p.selectedJob(c); ok && p.lists[p.part].Cursor > 0 {
		p.job = one.ID
	}
}

func (p *Page) selectedRun(c *page.Context) (ask.Run, bool) {
	runs, at := runsOf(c).Value, p.lists[partStore].Cursor
	if p.part != partStore || at < 0 || at >= len(runs) {
		return ask.Run{}, false
	}
	return runs[at], true
}

func (p *Page) selectedJob(c *page.Context) (page.Job, bool) {
	if p.part == partStore {
		return page.Job{}, false
	}
	jobs, at := p.jobs(c), p.lists[p.part].Cursor
	if at < 0 || at >= len(jobs) {
		return page.Job{}, false
	}
	return jobs[at], true
}

// detail is the run that is selected, with its segments.
func (p *Page) detail(c *page.Context) page.Got[ask.RunDetail] {
	one, ok := p.selectedRun(c)
	if !ok {
		return page.Got[ask.RunDetail]{}
	}
	return page.Answer[ask.RunDetail](c, slotOf(one.ID))
}

// Close implements page.Closing.
func (p *Page) Close() bool {
	open := p.inUnits
	p.inUnits = false
	return open
}

// Update implements page.Page.
func (p *Page) Update(c *page.Context, msg tea.Msg) tea.Cmd {
	p.follow(c)
	switch msg := msg.(type) {
	case committed:
		return page.Send(page.Refresh{})
	case page.Click:
		p.click(c, msg)
	case tea.KeyPressMsg:
		p.key(c, msg.String())
	}
	p.units.Resize(len(p.detail(c).Value.Units))
	return nil
}

func (p *Page) key(c *page.Context, key string) {
	switch key {
	case "tab", "]", "right", "l":
		p.turn(c, 1)
	case "shift+tab", "[", "left", "h":
		p.turn(c, int(partCount)-1)
	case "1", "2", "3":
		p.choose(c, part(key[0]-'1'))
	default:
		p.move(c, key)
	}
}

// turn goes to another part; with a run open tab goes between it and the list.
func (p *Page) turn(c *page.Context, by int) { p.choose(c, (p.part+part(by))%partCount) }

func (p *Page) choose(c *page.Context, to part) {
	p.part, p.inUnits = to, false
	p.follow(c)
}

func (p *Page) move(c *page.Context, key string) {
	if p.inUnits && p.part == partStore {
		p.units.Resize(len(p.detail(c).Value.Units))
		p.units.Key(key, p.height)
		return
	}
	if p.lists[p.part].Key(key, p.height) {
		p.settle(c)
		p.units = draw.List{}
	}
}

func (p *Page) click(c *page.Context, msg page.Click) {
	if number, ok := strings.CutPrefix(msg.ID, "tab:"); ok && msg.Wheel == 0 {
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < int(partCount) {
			p.choose(c, part(n))
		}
		return
	}
	overUnits := strings.HasPrefix(msg.ID, "unit:")
	if msg.Wheel != 0 {
		key := map[int]string{-1: "up", 1: "down"}[msg.Wheel]
		before := p.inUnits
		p.inUnits = before || overUnits
		p.move(c, key)
		p.inUnits = before
		return
	}
	name, number, _ := strings.Cut(msg.ID, ":")
	at, err := strconv.Atoi(number)
	switch {
	case err != nil:
	case name == "unit" && p.part == partStore:
		p.inUnits = true
		p.units.Resize(len(p.detail(c).Value.Units))
		p.units.To(at)
	case name == "row" && at >= 0 && at < p.lists[p.part].Len:
		again := p.lists[p.part].Cursor == at
		p.lists[p.part].To(at)
		p.settle(c)
		p.inUnits = p.part == partStore && again
	}
}

// committed says that a run was written.
type committed struct{}

// Actions implements page.Page.
func (p *Page) Actions(c *page.Context) []page.Action {
	p.follow(c)
	job, isJob := p.selectedJob(c)
	cancel := page.Action{
		ID: "runs.cancel", Keys: []string{"X"}, Title: "stop what is selected", Hint: "stop",
		Do: func() tea.Cmd { return page.Send(page.Cancel{ID: job.ID}) },
	}
	switch {
	case !isJob:
		cancel.Off = "nothing that runs is selected"
	case !job.Running:
		cancel.Off = job.Title + " has ended"
	}
	open := page.Action{
		ID: "runs.open", Keys: []string{"enter"}, Title: "show the segments of the run", Hint: "segments",
		Do: func() tea.Cmd { p.inUnits = true; return nil },
	}
	if _, ok := p.selectedRun(c); !ok {
		open.Off = "no run of the store is selected"
	}
	if isJob && job.Err != nil {
		failed := job.Err
		open.Title, open.Hint, open.Off = "show the error", "error", ""
		open.Do = func() tea.Cmd { return page.Send(page.Failed{Err: failed}) }
	}
	write := page.Action{
		ID: "runs.write", Keys: []string{"W"}, Title: "evaluate everything and write a run", Hint: "run now",
		Do: func() tea.Cmd { return page.Send(page.Confirm{Question: p.question(c), Yes: page.Send(start())}) },
	}
	if c.Project == nil || c.Project.Program == nil {
		write.Off = "the definitions cannot be read"
	}
	return []page.Action{open, cancel, write}
}

func (p *Page) question(c *page.Context) string {
	return "Evaluate all segments as of " + c.AsOf.Format("2006-01-02 15:04:05") + " and write a run into the store?"
}

// start is the task that writes a run.
func start() page.Start {
	return page.Start{
		Title: "run of all segments", Writes: true, Then: committed{},
		Do: func(ctx context.Context, b ask.Backend, at time.Time, say func(string)) (string, error) {
			r, err := b.Run(ctx, nil, at, say)
			if err != nil {
				return "", err
			}
			return "run " + strconv.FormatInt(r.ID, 10) + ": " + draw.Plural(int64(r.Units), "segment or stage", "segments and stages") + ", " +
				draw.Plural(r.Customers, "customer", "customers") + ", in " + draw.Took(r.Took), nil
		},
	}
}

// Copies implements page.Subject.
func (p *Page) Copies(c *page.Context) []page.Copy {
	p.follow(c)
	if one, ok := p.selectedRun(c); ok {
		list := []page.Copy{{What: "id of the run", Text: strconv.FormatInt(one.ID, 10)}}
		if got := p.detail(c); got.Has {
			list = append(list, page.Copy{What: "fingerprint", Text: got.Value.Fingerprint})
		}
		return list
	}
	one, ok := p.selectedJob(c)
	if !ok {
		return nil
	}
	list := []page.Copy{}
	if one.Err != nil {
		list = append(list, page.Copy{What: "error", Text: one.Err.Error()})
	}
	if len(one.Log) > 0 {
		list = append(list, page.Copy{What: "log", Text: strings.Join(one.Log, "\n")})
	}
	return append(list, page.Copy{What: "title", Text: one.Title})
}

// Exports implements page.Exporting.
func (p *Page) Exports(c *page.Context) []page.Export {
	if one, ok := p.selectedRun(c); ok && p.inUnits {
		id := strconv.FormatInt(one.ID, 10)
		return []page.Export{{What: "run " + id, Command: []string{"runs", "show", id}, Name: "run_" + id, Formats: []string{"csv", "json"}}}
	}
	return []page.Export{{What: "runs", Command: []string{"runs"}, Name: "runs", Formats: []string{"csv", "json"}}}
}
