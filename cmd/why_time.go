package cmd

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"strata/segments/calendar"
	"strata/segments/check"
	"strata/segments/result"
	"strata/segments/say"
	"strata/segments/since"
)

// farAhead is the most years that --horizon looks ahead.
const farAhead = 20

// parseHorizon reads --horizon and returns the last as-of that is looked at.
func (s *session) parseHorizon(text string) (time.Time, error) {
	ahead, err := parseMoment("+" + text)
	if err != nil || ahead.kind != momentOffset || ahead.offset.N <= 0 {
		return s.asOf, usage("--horizon takes a length of time, not %q", text).advise("write 90d, 6mo or 1y")
	}
	to := calendar.Step(s.asOf, ahead.offset, s.program.Zone)
	if most := calendar.Step(s.asOf, calendar.Duration{N: farAhead, Unit: calendar.Year}, s.program.Zone); to.After(most) {
		return s.asOf, usage("--horizon %s is too far ahead", text).advise("it is %dy at most", farAhead)
	}
	return to, nil
}

// explain proves a definition for one customer and adds its time. The customer's
// rows are read once, into memory, unless the rule compares customers with each
// other or is given by sql.
func (s *session) explain(ctx context.Context, customer string, d check.Definition, to time.Time) (why result.Why, err error) {
	definitions := []check.Definition{d}
	narrow, err := s.evaluator.Narrow(ctx, customer, definitions, s.asOf)
	if err != nil {
		return why, err
	}
	defer func() { err = errors.Join(err, narrow.Close(ctx)) }()
	prover := narrow.Evaluator
	if needsOthers(d, map[check.Definition]bool{}) {
		prover = s.evaluator
	}
	if why, err = prover.Why(ctx, customer, d, s.asOf); err != nil || !why.Known {
		return why, err
	}
	asker := &since.Asker{Narrow: narrow, Customer: customer, AsOf: s.asOf, To: to, Changes: !why.Member}
	why.Time, err = asker.Explain(ctx, d)
	return why, err
}

// spells adds since when and until when the answers about one customer hold.
func (s *session) spells(ctx context.Context, customer string, all []result.Why, to time.Time) (err error) {
	var definitions []check.Definition
	var places []int
	for i, why := range all {
		if d, ok := s.program.Lookup(why.Name); ok && why.Known {
			definitions, places = append(definitions, d), append(places, i)
		}
	}
	if len(definitions) == 0 {
		return nil
	}
	narrow, err := s.evaluator.Narrow(ctx, customer, definitions, s.asOf)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, narrow.Close(ctx)) }()
	asker := &since.Asker{Narrow: narrow, Customer: customer, AsOf: s.asOf, To: to}
	courses, err := asker.Spells(ctx, definitions)
	for i, course := range courses {
		all[places[i]].Time = course
	}
	return err
}

// needsOthers reports whether a definition, or one that it needs, compares
// customers with each other or is given by sql.
func needsOthers(d check.Definition, seen map[check.Definition]bool) bool {
	if seen[d] {
		return false
	}
	seen[d] = true
	if segment, ok := d.(*check.Segment); ok && segment.SQL != "" {
		return true
	}
	found := slices.ContainsFunc(check.GatesOf(d), func(gate *check.Gate) bool { return needsOthers(gate, seen) })
	for _, x := range check.ExpressionsOf(d) {
		check.Walk(x, func(part check.Expr) bool {
			switch part := part.(type) {
			case *check.Ranking:
				found = true
			case *check.Ref:
				found = found || needsOthers(part.Target, seen)
			}
			return !found
		})
	}
	return found
}

// course writes since when and until when it is so, and what would change it.
func (p *proofPrinter) course(why result.Why) {
	teller := say.Teller{Zone: p.zone, Value: show}
	for _, line := range teller.Course(why) {
		p.line(line)
	}
}

// lineWidth is the width that lines of text keep to.
const lineWidth = 80

// line writes a line below the answer, broken where it is too long.
func (p *proofPrinter) line(text string) {
	at := "  "
	width := utf8.RuneCountInString(at)
	for i, word := range strings.Fields(inert(text)) {
		n := utf8.RuneCountInString(word)
		if i > 0 && width+1+n > lineWidth {
			at += "\n    "
			width = 4
		} else if i > 0 {
			at += " "
			width++
		}
		at += word
		width += n
	}
	p.out.WriteString(at + "\n")
}
