package diagnose

import (
	"slices"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/definition"
	"strata/segments/source"
)

// mapped checks the mapping of the sources against the columns that the
// warehouse has, or against those of the file where it cannot be opened. What
// is wrong is reported and left out, so that the rest can be looked at.
func (e *examination) mapped() {
	schema := e.live()
	set := &definition.Set{Project: bare(e.Set.Project), Schema: schema}
	for name, columns := range schema.Sources {
		schema.Sources[name] = usable(columns)
	}
	set.Project.Sources = slices.DeleteFunc(set.Project.Sources, func(s *definition.Source) bool {
		_, seen := e.relations[s.Name.Name]
		return len(schema.Sources[s.Name.Name]) == 0 || e.opened && !seen
	})
	if len(set.Project.Sources) == 0 {
		return
	}
	program, wrong := repaired(set)
	for _, w := range wrong {
		e.add(Finding{
			Check: Mapping, Code: "column", Status: Error, Subject: w.subject,
			Detail: w.diagnostic.Message, Hint: w.diagnostic.Hint,
		})
	}
	if program == nil {
		return
	}
	e.program = program
	queries := map[string]string{}
	for name, found := range e.relations {
		if found.query != "" {
			queries[name] = found.query
		}
	}
	e.compiler = compile.New(program, compile.Options{AsOf: e.Clock, Queries: queries})
}

// bare is a project with its sources alone, without what speaks of streams, in a
// copy that may be changed.
func bare(p *definition.Project) *definition.Project {
	copied := *p
	copied.Streams, copied.Sources, copied.KPI = nil, nil, nil
	for _, s := range p.Sources {
		own := *s
		own.Roles, own.Fields = slices.Clone(s.Roles), slices.Clone(s.Fields)
		copied.Sources = append(copied.Sources, &own)
	}
	return &copied
}

// mistake is a diagnostic and the source it is about.
type mistake struct {
	subject    string
	diagnostic source.Diagnostic
}

// repaired checks a set of sources again and again, each time without what was
// found wrong. The program is nil when nothing more can be left out.
func repaired(set *definition.Set) (*check.Program, []mistake) {
	var wrong []mistake
	for {
		program, list := check.Check(set)
		if program != nil {
			return program, wrong
		}
		changed := false
		for _, d := range list {
			if d.Severity == source.Warning {
				continue
			}
			if subject, ok := leaveOut(set.Project, d.Span); ok {
				changed = true
				wrong = append(wrong, mistake{subject: subject, diagnostic: d})
			}
		}
		if !changed {
			return nil, wrong
		}
	}
}

// leaveOut removes the role, field or source that a place is in, and returns
// the name of the source.
func leaveOut(p *definition.Project, at source.Span) (string, bool) {
	for i, s := range p.Sources {
		for j, r := range s.Roles {
			if inside(at, r.Name.At) || inside(at, r.Column.At()) {
				s.Roles = slices.Delete(s.Roles, j, j+1)
				return s.Name.Name, true
			}
		}
		for j, f := range s.Fields {
			if inside(at, f.Name.At) || inside(at, f.Path.At()) || inside(at, f.Column.At()) || inside(at, f.Type.At()) {
				s.Fields = slices.Delete(s.Fields, j, j+1)
				return s.Name.Name, true
			}
		}
		if inside(at, s.Name.At) {
			p.Sources = slices.Delete(p.Sources, i, i+1)
			return s.Name.Name, true
		}
	}
	return "", false
}

// inside reports whether a place lies within another.
func inside(at, whole source.Span) bool {
	return whole.File != nil && at.File == whole.File && whole.Start <= at.Start && at.End <= whole.End
}
