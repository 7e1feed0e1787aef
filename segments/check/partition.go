package check

import (
	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
)

// stageShells are the stages by name, so that rules can name them before the
// partition is typed.
func stageShells(d *definition.Partition) []Stage {
	var stages []Stage
	for _, s := range d.Stages {
		stages = append(stages, Stage{Name: s.Name.Name})
	}
	for _, b := range d.Bands {
		stages = append(stages, Stage{Name: b.Name.Name})
	}
	return stages
}

// partition types the stages or bands.
func (c *checker) partition(d *definition.Partition, p *Partition) {
	needs := newCollector()
	s := &scope{needs: needs}
	p.Gates = c.gatesOf(d.Gates)
	for i, stage := range d.Stages {
		if !stage.Else && stage.X != nil {
			p.Stages[i].X = c.test(stage.X, s)
		}
	}
	if d.Over != nil {
		p.Over = c.value(d.Over, s)
		c.bands(d, p, s)
	}
	tests := []Expr{p.Over}
	for _, stage := range p.Stages {
		tests = append(tests, stage.X)
	}
	c.finish(p, needs, tests...)
	c.transitions(d, p)
}

// bands turns each band into a comparison of what the partition is over.
func (c *checker) bands(d *definition.Partition, p *Partition, s *scope) {
	missing := false
	band := &scope{needs: s.needs, over: p.Over}
	for i, b := range d.Bands {
		switch {
		case b.Band.Missing:
			missing = true
			if !isBad(p.Over) {
				p.Stages[i].X = &Missing{node: typed(catalog.Boolean, b.Band.At), X: p.Over}
			}
		case !b.Band.Else && b.Band.X != nil:
			p.Stages[i].X = c.test(b.Band.X, band)
		}
	}
	if !missing && !isBad(p.Over) && CanBeMissing(p.Over) {
		c.fail(d.Over.Span(), missingBand())
	}
}

// transitions checks that the listed moves name stages.
func (c *checker) transitions(d *definition.Partition, p *Partition) {
	for _, t := range d.Allowed {
		if t.From.Name != "any" {
			c.stageNamed(t.From, p)
		}
		c.stageNamed(t.To, p)
	}
}

func (c *checker) stageNamed(name rule.Ident, p *Partition) {
	if !name.IsZero() && !p.hasStage(name.Name) {
		c.fail(name.At, noStage(name.Name, p))
	}
}
