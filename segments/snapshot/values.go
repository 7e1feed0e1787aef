package snapshot

import (
	"time"

	"strata/sql/queries"
)

// units are the columns of what the run evaluated. The population goes first, as unit -1 of segment 0.
func (c *commit) units() queries.Values {
	n := len(c.result.Units) + 1
	units, segments, sizes := make([]int64, n), make([]int64, n), make([]int64, n)
	contactables, durations, definitions := make([]int64, n), make([]int64, n), make([]string, n)
	units[0], sizes[0], contactables[0] = -1, c.result.Customers, c.result.Customers
	for i, u := range c.result.Units {
		at := i + 1
		units[at], segments[at], sizes[at], contactables[at] = int64(i), c.ids[i], u.Size, u.Contactable
		definitions[at], durations[at] = u.Hash, u.Duration.Microseconds()
	}
	return queries.Values{
		"units": units, "segments": segments, "definitions": definitions, "sizes": sizes,
		"contactables": contactables, "durations": durations,
	}
}

// definitions are the columns of the units' definitions.
func (c *commit) definitions() queries.Values {
	n := len(c.result.Units)
	hashes, kinds, canonicals := make([]string, n), make([]string, n), make([]string, n)
	for i, u := range c.result.Units {
		hashes[i], kinds[i], canonicals[i] = u.Hash, string(u.Kind), u.Canonical
	}
	return queries.Values{"hashes": hashes, "kinds": kinds, "canonicals": canonicals}
}

// timeOrNil makes an argument of an optional time: a nil pointer in an interface would not be NULL.
func timeOrNil(t *time.Time) any {
	if t == nil {
		return nil
	}
	return *t
}
