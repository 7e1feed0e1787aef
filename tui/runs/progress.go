package runs

import (
	"slices"
	"strconv"
	"strings"

	"strata/tui/draw"
	"strata/tui/page"
)

// barWide is the width of the bar of progress.
const barWide = 30

// progress draws how far a job is, and returns the lines: by the steps that a
// task says, otherwise by the query that began last, if that is its own.
func progress(c *page.Context, a draw.Area, j page.Job) int {
	if step, of, ok := steps(j.Log); ok {
		bar(a, float64(step)/float64(of), "step "+strconv.Itoa(step)+" of "+strconv.Itoa(of))
		return 1
	}
	p := c.Progress
	if p == nil || p.Percent <= 0 || newest(c) != j.ID {
		return 0
	}
	done := min(p.Percent, 100) / 100 //nolint:mnd // Per cent.
	words := draw.Percent(done, 0)
	if p.Total > 0 {
		words += " of " + draw.Short(float64(p.Total)) + " rows"
	}
	bar(a, done, words)
	return 1
}

// bar draws a bar with what it says behind it.
func bar(a draw.Area, done float64, words string) {
	w := min(barWide, a.W/2)
	x := a.Put(0, 0, draw.Accent, a.Look().Bar(done, w))
	if !a.Look().Plain {
		for ; x < w; x++ {
			a.Put(x, 0, draw.Border, ".")
		}
	}
	a.Fit(x+1, 0, a.W-x-1, draw.Normal, words)
}

// newest is the job that began last of those that run; 0 where nothing runs.
func newest(c *page.Context) int {
	for _, j := range c.Work {
		if j.Running {
			return j.ID
		}
	}
	return 0
}

// steps reads the step from the last line that ends with one, such as
// "words (3 of 29)".
func steps(log []string) (step, of int, ok bool) {
	for _, line := range slices.Backward(log) {
		at := strings.LastIndex(line, "(")
		if at < 0 || !strings.HasSuffix(line, ")") {
			continue
		}
		first, last, found := strings.Cut(line[at+1:len(line)-1], " of ")
		step, err := strconv.Atoi(first)
		of, err2 := strconv.Atoi(last)
		if found && err == nil && err2 == nil && step >= 0 && of > 0 && step <= of {
			return step, of, true
		}
	}
	return 0, 0, false
}
