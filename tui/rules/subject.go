package rules

import (
	"slices"
	"strings"

	"strata/segments/check"
	"strata/segments/source"
	"strata/tui/page"
)

// Links makes pages of other packages. What is nil cannot be opened.
type Links struct {
	Why       func(customer, word string) page.Page
	Customer  func(customer string) page.Page
	Members   func(word string) page.Page
	Workbench func(name, rule string) page.Page
}

// subject is what a word means.
type subject struct {
	word string
	// segment is what has members; it stands for the rule of a stage as well. It is
	// nil for a partition as a whole.
	segment *check.Segment
	// partition and stage are set for a partition, stage being -1 without one.
	partition *check.Partition
	stage     int
	// wrong says why the word means nothing.
	wrong string
}

// reader reads a word once for each program.
type reader struct {
	program *check.Program
	word    string
	known   subject
}

func (r *reader) read(c *page.Context, word string) subject {
	if c.Project == nil || c.Project.Program == nil {
		return subject{word: word, stage: -1, wrong: "There are no definitions that are right. Press ! to see what is wrong."}
	}
	if r.program != c.Project.Program || r.word != word {
		r.program, r.word = c.Project.Program, word
		r.known = meaning(r.program, word)
	}
	return r.known
}

func meaning(program *check.Program, word string) subject {
	s := subject{word: word, stage: -1}
	if d, ok := program.Lookup(word); ok {
		switch d := d.(type) {
		case *check.Segment:
			s.segment = d
		case *check.Partition:
			s.partition = d
		default:
			s.wrong = word + " is a " + d.DefinitionKind() + ", which has no members."
		}
		return s
	}
	text := word
	if name, stage, ok := strings.Cut(word, "."); ok {
		if d, ok := program.Lookup(name); ok {
			partition, _ := d.(*check.Partition)
			if at := stageOf(partition, stage); at >= 0 {
				s.partition, s.stage = partition, at
				text = name + " = '" + stage + "'"
			}
		}
	}
	segment, problems := program.RuleText(source.WholeFile(source.NewFile("rule", text)))
	if problems.HasErrors() {
		s.wrong = problemText(problems)
		return s
	}
	s.segment = segment
	return s
}

// problemText is the first thing that is wrong, with what to do.
func problemText(list source.List) string {
	for _, d := range list {
		if d.Severity != source.Error {
			continue
		}
		text := d.Message
		if d.Hint != "" {
			text += "; " + d.Hint
		}
		return text
	}
	return ""
}

func stageOf(p *check.Partition, name string) int {
	if p == nil {
		return -1
	}
	return slices.IndexFunc(p.Stages, func(s check.Stage) bool { return s.Name == name })
}

// definition is what stands in a file, nil for a rule that was typed.
func (s subject) definition() check.Definition {
	switch {
	case s.partition != nil:
		return s.partition
	case s.segment != nil && s.word == s.segment.DefinitionName():
		return s.segment
	}
	return nil
}

// name is what a file would be called.
func (s subject) name() string {
	if s.definition() == nil {
		return "rule"
	}
	return s.word
}

// place is where the definition stands.
func (s subject) place() (file string, line int) {
	d := s.definition()
	if d == nil || d.About().Name.At.File == nil {
		return "", 0
	}
	at := d.About().Name.At
	return at.File.Name, at.File.Position(at.Start).Line
}

// stages lets a page that needs members go through the stages of a partition.
type stages struct{ chosen int }

// word is the word of the chosen stage, or the word itself.
func (s *stages) word(of subject) string {
	if of.partition == nil || of.stage >= 0 {
		return of.word
	}
	s.chosen = max(0, min(s.chosen, len(of.partition.Stages)-1))
	return of.word + "." + of.partition.Stages[s.chosen].Name
}

// move goes to another stage and reports whether there is one.
func (s *stages) move(of subject, by int) bool {
	if of.partition == nil || of.stage >= 0 {
		return false
	}
	before := s.chosen
	s.chosen = max(0, min(before+by, len(of.partition.Stages)-1))
	return s.chosen != before
}
