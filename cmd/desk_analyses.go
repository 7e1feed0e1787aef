package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"strata/reports"
	reporting "strata/reports/run"
	"strata/segments/check"
	"strata/tui/ask"
)

// Overlap compares segments, as "strata overlap" does. A stage brings all of its
// partition along, since a heat map shows its sisters beside it.
func (d *desk) Overlap(ctx context.Context, words []string, at time.Time) (*reports.Overlap, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) (*reports.Overlap, error) {
		chosen, err := s.overlapping(words)
		if err != nil {
			return nil, err
		}
		opts := overlapOptions{top: overlapTop, baseRate: overlapBaseRate, holdout: overlapHoldout}
		found, err := reporting.Overlap(ctx, s.evaluator, chosen, s.asOf, opts.counts())
		if errors.Is(err, reporting.ErrNothingToOverlap) {
			return nil, nothingToOverlap()
		}
		if err != nil {
			return nil, answerable(err)
		}
		return found.Overlap, nil
	})
}

// overlapping are the definitions that words mean. Without words they are all
// segments; a project that has none is shown by its stages.
func (s *session) overlapping(words []string) ([]check.Definition, error) {
	chosen, err := s.chosenMembers(s.definitionsOf(words))
	if err != nil || len(words) > 0 {
		return chosen, err
	}
	segments := slices.DeleteFunc(slices.Clone(chosen), func(d check.Definition) bool {
		_, ok := d.(*check.Segment)
		return !ok
	})
	if len(segments) == 0 {
		return chosen, nil
	}
	return segments, nil
}

// definitionsOf are words with the partition in the place of its stages.
func (s *session) definitionsOf(words []string) []string {
	var names []string
	for _, word := range words {
		if _, ok := s.stageRule(word); ok {
			word, _, _ = strings.Cut(word, ".")
		}
		if !slices.Contains(names, word) {
			names = append(names, word)
		}
	}
	return names
}

// Drift compares the as-of with so many days before, as "strata drift" does.
func (d *desk) Drift(ctx context.Context, q ask.DriftQuestion, at time.Time) ([]reports.Drift, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) ([]reports.Drift, error) {
		words := q.Words
		if len(words) > 1 {
			words = s.definitionsOf(words)
		}
		asked, err := s.driftQuestion(ctx, driftOptions{selectors: words, from: daysBack(q.Days)}, driftFails{})
		if err != nil {
			return nil, err
		}
		asked.Size, asked.Composition, asked.Why = true, q.Composition, q.Why
		found, err := s.drift(ctx, asked)
		if err != nil || len(q.Words) < 2 {
			return found, err
		}
		return slices.DeleteFunc(found, func(one reports.Drift) bool { return !named(one.Name, q.Words) }), nil
	})
}

// daysBack is so many days before, 30 where nobody says.
func daysBack(days int) string {
	if days == 0 {
		days = driftDays
	}
	return fmt.Sprintf("-%dd", days)
}

// named reports whether a segment or stage is among words, be it by the name of
// its partition.
func named(name string, words []string) bool {
	partition, _, _ := strings.Cut(name, ".")
	return slices.Contains(words, name) || slices.Contains(words, partition)
}

// KPI measures segments in a period, as "strata kpi" does.
func (d *desk) KPI(ctx context.Context, q ask.KPIQuestion, at time.Time) (ask.KPIAnswer, error) {
	return answer(ctx, d, at, func(ctx context.Context, s *session) (a ask.KPIAnswer, err error) {
		opts := kpiOptions{what: q.Words, from: daysBack(q.Days), membership: "start", metrics: q.Metrics}
		asked, names, err := s.kpiQuestion(ctx, opts)
		if err != nil {
			return a, err
		}
		found, err := reporting.KPI(ctx, s.evaluator, asked)
		if err != nil {
			return a, kpiError(err)
		}
		nameSets(&found.Report, names)
		zone := s.program.Zone
		return ask.KPIAnswer{
			KPIReport: found.Report, From: asked.From.In(zone), To: asked.To.In(zone),
			Members: asked.At(asked.KPIPeriod).In(zone), Notes: s.kpiNotes(found),
		}, nil
	})
}
