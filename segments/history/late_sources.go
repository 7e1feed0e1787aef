package history

import (
	"slices"

	"strata/segments/catalog"
	"strata/segments/check"
)

// sight is what of the rows that a definition reads says when it came.
type sight struct {
	// telling map loaded_at and blind do not; sql are segments given by sql, which
	// sees all rows.
	telling, blind, sql []string
}

// tells reports whether rows that came late can be told from others. What reads
// no rows at all has none that come late.
func (s sight) tells() bool { return len(s.telling) > 0 || len(s.blind) == 0 && len(s.sql) == 0 }

// sightOf looks at the sources that decide who is a member. Gates decide only who
// may be contacted.
func sightOf(d check.Definition) sight {
	var s sight
	seen := map[check.Definition]bool{}
	var look func(check.Definition)
	look = func(d check.Definition) {
		if seen[d] {
			return
		}
		seen[d] = true
		if segment, ok := d.(*check.Segment); ok && segment.SQL != "" {
			s.sql = append(s.sql, d.DefinitionName())
			return
		}
		for _, e := range check.ExpressionsOf(d) {
			check.Walk(e, func(x check.Expr) bool {
				for _, rows := range check.RowsOf(x) {
					s.read(rows.Stream.Source)
				}
				return true
			})
		}
		for _, need := range d.Needs() {
			look(need)
		}
	}
	look(d)
	for _, names := range []*[]string{&s.telling, &s.blind, &s.sql} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	return s
}

// read notes a source.
func (s *sight) read(source *catalog.Source) {
	if source.LoadedAt == nil {
		s.blind = append(s.blind, source.Name)
		return
	}
	s.telling = append(s.telling, source.Name)
}
