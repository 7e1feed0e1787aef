package tui

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"strata/tui/page"
)

// job is a question or task in the list of what runs.
type job struct {
	page.Job

	cancel context.CancelCauseFunc
	// lines are said from any goroutine.
	lines sync.Mutex
}

// say adds a line.
func (j *job) say(text string) {
	j.lines.Lock()
	defer j.lines.Unlock()
	j.Log = append(j.Log, text)
}

// log begins an entry of the list.
func (a *asker) log(title string, writes bool) *job {
	a.next++
	j := &job{Job: page.Job{ID: a.next, Title: title, Started: a.now(), Running: true, Writes: writes}}
	a.jobs = append(a.jobs, j)
	if over := len(a.jobs) - logged; over > 0 {
		a.jobs = slices.Delete(a.jobs, 0, over)
	}
	return j
}

// end ends an entry.
func (a *asker) end(j *job, err error) {
	if j == nil || !j.Running {
		return
	}
	if errors.Is(err, errSuperseded) {
		err = page.ErrStopped
	}
	j.Running, j.Took, j.Err = false, a.now().Sub(j.Started), err
	if a.journal != nil {
		a.journal.Info(j.Title, "took", j.Took, "error", err)
	}
}

// work is the list for pages, newest first.
func (a *asker) work() []page.Job {
	out := make([]page.Job, 0, len(a.jobs))
	for _, j := range slices.Backward(a.jobs) {
		j.lines.Lock()
		shown := j.Job
		shown.Log = slices.Clone(j.Log)
		j.lines.Unlock()
		if shown.Running {
			shown.Took = a.now().Sub(shown.Started)
		}
		out = append(out, shown)
	}
	return out
}

// finished is the end of a task.
type finished struct {
	job  *job
	text string
	err  error
	then tea.Msg
	// of is the page that started it.
	of page.Page
}

// run starts a task.
func (a *asker) run(task page.Start, at time.Time, of page.Page) tea.Cmd {
	ctx, cancel := context.WithCancelCause(a.ctx)
	j := a.log(task.Title, task.Writes)
	j.cancel = cancel
	return func() tea.Msg {
		value, err := guarded(func() (any, error) { return task.Do(ctx, a.backend, at, j.say) })
		if cause := context.Cause(ctx); err != nil && cause != nil {
			err = cause
		}
		cancel(nil)
		text, _ := value.(string)
		return finished{job: j, text: text, err: err, then: task.Then, of: of}
	}
}

// writing is a task that writes and runs, "" for none.
func (a *asker) writing() string {
	for _, j := range a.jobs {
		if j.Running && j.Writes {
			return j.Title
		}
	}
	return ""
}

// stopJob cancels the entry of a number.
func (a *asker) stopJob(id int) {
	for _, j := range a.jobs {
		if j.ID == id && j.cancel != nil {
			j.cancel(page.ErrStopped)
		}
	}
	for _, fl := range a.flights {
		if fl.job != nil && fl.job.ID == id {
			fl.cancel(page.ErrStopped)
		}
	}
}

// stopTasks cancels all tasks and reports whether there was one.
func (a *asker) stopTasks() bool {
	any := false
	for _, j := range a.jobs {
		if j.Running && j.cancel != nil {
			j.cancel(page.ErrStopped)
			any = true
		}
	}
	return any
}
