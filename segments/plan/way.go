package plan

// Together reports whether the units are better evaluated together. A single
// segment is better off with a statement of its own, which need not look at
// customers without rows; of two segments on, or of one that reads one source
// for many traits, reading each source once weighs more than the tables in
// between.
func (p *Plan) Together() bool {
	together := len(p.Units) - p.CountAlone()
	return together > 1 || together == 1 && p.savedReads() >= fewReads
}

// fewReads is from how many saved reads on a single segment is better off with
// passes that read for several traits.
const fewReads = 3

// savedReads is how many reads of a source the passes save: a statement reads
// once for each trait.
func (p *Plan) savedReads() int {
	saved := 0
	for _, pass := range p.Passes {
		saved += len(pass.Traits) - 1
	}
	return saved
}

// CountAlone is the number of units that have a statement of their own
// whatever the way.
func (p *Plan) CountAlone() int {
	alone := 0
	for _, unit := range p.Units {
		if unit.Alone != "" {
			alone++
		}
	}
	return alone
}
