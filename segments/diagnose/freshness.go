package diagnose

import (
	"fmt"
	"time"

	"strata/segments/catalog"
	"strata/segments/compile"
)

// stale is the age from which data is said to be old: a load every night has
// failed once.
const stale = 2 * day

// freshness looks at the newest rows of a source against the clock.
func (e *examination) freshness(s *catalog.Source, h *health) {
	all := h.count(compile.HealthRows)
	if s.At == nil || all == 0 {
		return
	}
	last, ok := h.at(compile.LastAt)
	if !ok {
		e.add(Finding{
			Check: Freshness, Code: "newest", Status: Warning, Subject: s.Name,
			Detail: s.Name + " has no row up to now",
		})
	} else {
		e.add(e.newest(s, h, last))
	}
	if ahead := h.count(compile.AheadRows); ahead > 0 {
		f := Finding{
			Check: Freshness, Code: "ahead", Status: Warning, Subject: s.Name,
			Detail: "rows of " + s.Name + " dated in the future: " + tally(ahead, all),
			Hint:   "no answer of today counts them; a device with a wrong clock, or a wrong time zone: see `zone:`",
		}.counted(ahead)
		if until, ok := h.at(compile.LastAhead); ok {
			f.Detail += ", up to " + moment(until, e.zone)
		}
		e.add(f)
	}
	e.late(s, h)
}

// newest says how old the data is.
func (e *examination) newest(s *catalog.Source, h *health, last time.Time) Finding {
	age := e.Clock.Sub(last)
	f := Finding{
		Check: Freshness, Code: "newest", Status: OK, Subject: s.Name,
		Detail: fmt.Sprintf("the newest row of %s is of %s, %s", s.Name, moment(last, e.zone), ago(last, e.Clock)),
	}
	if loaded, ok := h.at(compile.LastLoaded); ok {
		f.Detail += fmt.Sprintf("; the newest load was %s", ago(loaded, e.Clock))
	}
	if age > stale {
		f.Status = Warning
		f.Hint = "is it still loaded?"
		if e.Set.Project.AsOf.Value != "latest" {
			f.Hint += " `as_of: latest` or --at latest asks for the moment of the newest row"
		}
	}
	return f
}

// late says how many rows came late, which makes the numbers of the last days
// grow afterwards.
func (e *examination) late(s *catalog.Source, h *health) {
	all := h.count(compile.HealthRows)
	if late := h.count(compile.LateRows); late > 0 {
		e.add(Finding{
			Check: Freshness, Code: "late", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("rows of %s loaded more than a day late: %s, at most %s",
				s.Name, tally(late, all), span(time.Duration(h.count(compile.LateHours))*time.Hour)),
			Hint: "numbers of the last days still grow; --as-known-at shows them as they were known at a moment",
		}.counted(late))
	}
	if missing := h.count(compile.MissingLoads); missing > 0 {
		e.add(Finding{
			Check: Freshness, Code: "missing_loads", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("rows of %s without %s: %s; --as-known-at never hides them", s.Name, s.LoadedAt.Column, tally(missing, all)),
		}.counted(missing))
	}
}
