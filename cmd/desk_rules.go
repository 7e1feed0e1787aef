package cmd

import (
	"context"
	"slices"
	"strings"
	"time"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/tui/ask"
)

// Count counts the members of a segment, stage or rule.
func (d *desk) Count(ctx context.Context, word string, at time.Time) (result.Count, error) {
	counts, err := d.Counts(ctx, []string{word}, at)
	if err != nil {
		return result.Count{}, err
	}
	return counts[0], nil
}

// Counts counts several in one evaluation.
func (d *desk) Counts(ctx context.Context, words []string, at time.Time) ([]result.Count, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) ([]result.Count, error) { return s.counts(ctx, words) })
}

func (s *standing) counts(ctx context.Context, words []string) ([]result.Count, error) {
	segments, err := s.segments(ctx, words)
	if err != nil {
		return nil, err
	}
	return s.countsOf(ctx, segments)
}

func (s *standing) countsOf(ctx context.Context, segments []*check.Segment) ([]result.Count, error) {
	var each []check.Definition
	for _, segment := range segments {
		if !slices.Contains(each, check.Definition(segment)) {
			each = append(each, segment)
		}
	}
	shared, alone := s.together(each)
	known := map[check.Definition]result.Count{}
	if len(shared) > 0 {
		err := s.reading(ctx, shared, func(w *evaluate.Words) error {
			for _, segment := range shared {
				unit, _ := w.Unit(segment)
				count, err := w.Count(ctx, unit)
				if err != nil {
					return err
				}
				known[segment] = count
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	counts := make([]result.Count, len(segments))
	for i, segment := range segments {
		if slices.Contains(alone, check.Definition(segment)) && known[segment].Name == "" {
			count, err := s.evaluator.Count(ctx, segment, s.asOf)
			if err != nil {
				return nil, answerable(err)
			}
			known[segment] = count
		}
		counts[i] = known[segment]
	}
	return counts, nil
}

// Funnel counts a rule leaf by leaf, without the leaves in off.
func (d *desk) Funnel(ctx context.Context, word string, off []int, at time.Time) (result.Funnel, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) (result.Funnel, error) {
		segment, err := s.segment(ctx, word)
		if err != nil {
			return result.Funnel{}, err
		}
		if segment.Where == nil {
			return result.Funnel{}, usage("%s is given by sql and has no leaves to count", segment.DefinitionName()).
				advise("write it as a rule to see its leaves")
		}
		return s.funnel(ctx, segment, off)
	})
}

func (s *standing) funnel(ctx context.Context, segment *check.Segment, off []int) (funnel result.Funnel, err error) {
	keep := func(leaf int) bool { return !slices.Contains(off, leaf) }
	shared, _ := s.together([]check.Definition{segment})
	if len(shared) == 1 {
		err = s.reading(ctx, shared, func(w *evaluate.Words) (err error) {
			unit, _ := w.Unit(segment)
			funnel, err = w.FunnelOf(ctx, unit, keep)
			return err
		})
		return funnel, err
	}
	if funnel, err = s.evaluator.Funnel(ctx, segment, s.asOf); err != nil || len(off) == 0 {
		return funnel, answerable(err)
	}
	return s.funnelWithout(ctx, segment, funnel, keep)
}

// funnelWithout asks anew about the rule that is left. The leaves that are not
// in it keep what they are alone; with or without them it is the same.
func (s *standing) funnelWithout(ctx context.Context, segment *check.Segment, whole result.Funnel, keep func(leaf int) bool) (result.Funnel, error) {
	left := *segment
	next := 0
	left.Where = pruned(segment.Where, &next, keep)
	few := result.Funnel{Members: whole.Customers}
	if left.Where != nil {
		var err error
		if few, err = s.evaluator.Funnel(ctx, &left, s.asOf); err != nil {
			return few, answerable(err)
		}
	}
	before, place := whole.Customers, 0
	whole.Members = few.Members
	for i := range whole.Leaves {
		leaf := &whole.Leaves[i]
		if !keep(i) {
			leaf.SoFar, leaf.Without = before, few.Members
			continue
		}
		leaf.SoFar, leaf.Without = few.Leaves[place].SoFar, few.Leaves[place].Without
		before, place = leaf.SoFar, place+1
	}
	return whole, nil
}

// pruned is a rule without some of its leaves, counted in file order, nil without
// any. Groups without leaves are left out as well.
func pruned(t *check.Tree, next *int, keep func(leaf int) bool) *check.Tree {
	if t.Kind == definition.Leaf {
		*next++
		if keep(*next - 1) {
			return t
		}
		return nil
	}
	part := *t
	part.Children = nil
	for _, child := range t.Children {
		if left := pruned(child, next, keep); left != nil {
			part.Children = append(part.Children, left)
		}
	}
	if len(part.Children) == 0 {
		return nil
	}
	return &part
}

// Statement is the SQL for a shell.
func (d *desk) Statement(ctx context.Context, word string, at time.Time) (string, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) (string, error) {
		definition, err := s.definition(ctx, word)
		if err != nil {
			return "", err
		}
		statement, err := s.statement(ctx, definition, evaluate.ForShell)
		if err != nil {
			return "", err
		}
		return statement.Literal()
	})
}

// definition is what a word means, of whatever kind.
func (s *standing) definition(ctx context.Context, word string) (check.Definition, error) {
	if d, ok := s.program.Lookup(word); ok {
		return d, nil
	}
	return s.segment(ctx, word)
}

// Compare says who joins and who leaves when draft takes the place of saved.
func (d *desk) Compare(ctx context.Context, draft, saved string, n int, at time.Time) (ask.Comparison, error) {
	return answerOn(ctx, d, at, func(ctx context.Context, s *standing) (ask.Comparison, error) {
		segments, err := s.segments(ctx, []string{draft, saved})
		if err != nil {
			return ask.Comparison{}, err
		}
		found, err := s.difference(ctx, segments[0], segments[1], n)
		if err != nil {
			return ask.Comparison{}, answerable(err)
		}
		return ask.Comparison{
			Draft: found.First, Saved: found.Second, Stays: found.Both,
			Joins: found.First - found.Both, Leaves: found.Second - found.Both,
			Joining: found.OnlyFirst, Leaving: found.OnlySecond,
		}, nil
	})
}

func (s *standing) difference(ctx context.Context, first, second *check.Segment, n int) (found evaluate.Sides, err error) {
	both := []check.Definition{first}
	if first != second {
		both = append(both, second)
	}
	shared, alone := s.together(both)
	if len(alone) > 0 {
		return s.evaluator.Sides(ctx, first, second, s.asOf, n)
	}
	err = s.reading(ctx, shared, func(w *evaluate.Words) (err error) {
		a, _ := w.Unit(first)
		b, _ := w.Unit(second)
		found, err = w.Sides(ctx, a, b, n)
		return err
	})
	return found, err
}

// fieldName cuts a field as it is written in a rule into its stream, "" for a
// field of customers, and its name.
func fieldName(text string) (stream, name string) {
	text = strings.ToLower(strings.TrimSpace(text))
	if stream, name, ok := strings.Cut(text, "."); ok {
		return stream, name
	}
	return "", text
}
