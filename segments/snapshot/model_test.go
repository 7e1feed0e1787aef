package snapshot_test

import (
	"slices"
	"time"
)

// model is the store as one would write it on paper: every run with all of its members, nothing shared, nothing clever.
type model struct {
	runs []modelRun
}

type modelRun struct {
	id int64
	at time.Time
	state
}

// modelUnit is what the model says of a unit at a run; nil counts mean a first run.
type modelUnit struct {
	size                     int64
	previous                 *int64
	entered, exited, removed *int64
}

// has says whether the run holds the unit; the unit "" is the population, which every run holds.
func (r modelRun) has(unit string) bool {
	_, ok := r.units[unit]
	return ok || unit == ""
}

func (r modelRun) members(unit string) set {
	if unit == "" {
		return r.customers
	}
	return r.units[unit]
}

// counts says whether no later run of the same as-of holds the unit.
func (m *model) counts(r modelRun, unit string) bool {
	return m.replacement(r, unit) == nil
}

// replacement is the next run of the same as-of that holds the unit.
func (m *model) replacement(r modelRun, unit string) *modelRun {
	for i := range m.runs {
		if other := m.runs[i]; other.id > r.id && other.at.Equal(r.at) && other.has(unit) {
			return &m.runs[i]
		}
	}
	return nil
}

// previous is the run that the unit's difference at r is from.
func (m *model) previous(r modelRun, unit string) *modelRun {
	if by := m.replacement(r, unit); by != nil {
		return by
	}
	var best *modelRun
	for i := range m.runs {
		other := m.runs[i]
		if other.at.Before(r.at) && other.has(unit) && m.counts(other, unit) && (best == nil || other.at.After(best.at)) {
			best = &m.runs[i]
		}
	}
	return best
}

// unit computes what the store must say.
func (m *model) unit(r modelRun, unit string) modelUnit {
	u := modelUnit{size: int64(len(r.members(unit)))}
	previous := m.previous(r, unit)
	if previous == nil {
		return u
	}
	u.previous, u.entered, u.exited, u.removed = new(previous.id), new(int64(0)), new(int64(0)), new(int64(0))
	for key := range r.members(unit) {
		if !previous.members(unit)[key] {
			*u.entered++
		}
	}
	for key := range previous.members(unit) {
		if r.members(unit)[key] {
			continue
		}
		*u.exited++
		if !r.customers[key] {
			*u.removed++
		}
	}
	return u
}

// prune removes what a policy of keeping the newest as-ofs lets go, and returns how many runs those were.
func (m *model) prune(keep int) int {
	var moments []time.Time
	for _, r := range m.runs {
		if !slices.ContainsFunc(moments, r.at.Equal) {
			moments = append(moments, r.at)
		}
	}
	slices.SortFunc(moments, func(a, b time.Time) int { return b.Compare(a) })
	kept := moments[:min(keep, len(moments))]
	newest := map[string]time.Time{}
	for _, r := range m.runs {
		for unit := range r.units {
			if r.at.After(newest[unit]) {
				newest[unit] = r.at
			}
		}
		if r.at.After(newest[""]) {
			newest[""] = r.at
		}
	}
	for _, at := range newest {
		kept = append(slices.Clone(kept), at)
	}
	before := len(m.runs)
	m.runs = slices.DeleteFunc(m.runs, func(r modelRun) bool { return !slices.ContainsFunc(kept, r.at.Equal) })
	return before - len(m.runs)
}
