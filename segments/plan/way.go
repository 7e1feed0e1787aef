package plan

// Together reports whether the units are better evaluated together. A single
// segment is better off with a statement of its own, which need not look at
// customers without rows; of two segments on, reading each source once weighs
// more than the tables in between.
func (p *Plan) Together() bool {
	together := 0
	for _, unit := range p.Units {
		if unit.Alone == "" {
			together++
		}
	}
	return together > 1
}
