package suite

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/rule"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// observed is what a definition says of one customer.
type observed struct {
	// key is the customer's key as the warehouse has it.
	key string
	// value is the trait's value, the partition's stage, or whether the
	// customer is a member.
	value any
	// gates says which gates the customer passes, leaves which leaves hold.
	gates, leaves []bool
}

// judge evaluates one definition for the customers of its trials, with one
// statement, and compares.
func (s *suite) judge(ctx context.Context, trials []*trial) error {
	d := trials[0].definition
	found, err := s.observe(ctx, d, trials[0].asOf)
	if err != nil {
		return err
	}
	for _, t := range trials {
		o, there := found[t.key]
		if t.alone {
			// A key can be written in more than one way; alone there is no doubt
			// whose it is.
			for _, only := range found {
				o, there = only, true
			}
		}
		complaints := s.complaints(t, o, there)
		t.outcome.Passed = len(complaints) == 0
		if t.outcome.Passed {
			continue
		}
		if there {
			why, err := s.why(ctx, t, o.key)
			if err != nil {
				return err
			}
			complaints = append(complaints, why...)
		}
		t.outcome.Message = strings.Join(complaints, "\n")
	}
	return nil
}

// observe asks for everything that tests of a definition can expect.
func (s *suite) observe(ctx context.Context, d check.Definition, asOf time.Time) (map[string]observed, error) {
	outputs := []compile.Output{{Name: "value", Value: &check.Ref{Target: d}}}
	if trait, ok := d.(*check.Trait); ok {
		outputs[0].Value = trait.Value
	}
	for _, gate := range check.GatesOf(d) {
		outputs = append(outputs, compile.Output{Name: "gate " + gate.DefinitionName(), Value: &check.Ref{Target: gate}})
	}
	gates := len(outputs)
	if segment, ok := d.(*check.Segment); ok {
		for _, leaf := range segment.Where.Leaves() {
			outputs = append(outputs, compile.Output{Name: "leaf " + leaf.Name, Value: leaf.X})
		}
	}
	listing, err := s.evaluator.List(ctx, compile.Listing{Outputs: outputs}, asOf)
	if err != nil {
		return nil, fmt.Errorf("evaluate %s: %w", d.DefinitionName(), err)
	}
	found := map[string]observed{}
	for _, row := range listing.Rows {
		key := warehouse.Text(row[0])
		found[key] = observed{key: key, value: row[1], gates: truths(row[2 : gates+1]), leaves: truths(row[gates+1:])}
	}
	return found, nil
}

// truths reads the results of tests.
func truths(row []any) []bool {
	list := make([]bool, len(row))
	for i, v := range row {
		list[i], _ = v.(bool)
	}
	return list
}

// complaints compares what came with what the test expects. Who was created at
// or after as-of is no customer yet, and so no member of anything.
func (s *suite) complaints(t *trial, o observed, there bool) []string {
	var c comparison
	e := t.test.Expect
	if e.Member != nil {
		c.truth("member", *e.Member, o.member())
	}
	if e.Contactable != nil {
		c.truth("contactable", *e.Contactable, there && o.contactable(t.definition))
	}
	if !there {
		if len(c) > 0 || e.Failing != nil || e.Stage != nil || e.Value != nil || e.Missing {
			c = append(c, "the customer was created at or after the as-of, and so is no customer yet")
		}
		return c
	}
	if segment, ok := t.definition.(*check.Segment); ok && e.Failing != nil {
		c.expect("failing", names(wanted(e.Failing)), names(failing(segment, o.leaves)))
	}
	if e.Stage != nil {
		c.expect("stage", e.Stage.Name, warehouse.Text(o.value))
	}
	if want, same := s.sameValue(t, o.value); !same {
		c = append(c, fmt.Sprintf("expected value %s, got %s", want, s.shown(o.value)))
	}
	return c
}

// comparison collects the differences between what came and what was expected.
type comparison []string

func (c *comparison) expect(what, want, got string) {
	if want != got {
		*c = append(*c, fmt.Sprintf("expected %s %s, got %s", what, want, got))
	}
}

func (c *comparison) truth(what string, want, got bool) {
	c.expect(what, strconv.FormatBool(want), strconv.FormatBool(got))
}

// member reports whether the rule holds, gates aside.
func (o observed) member() bool {
	holds, ok := o.value.(bool)
	return ok && holds
}

// contactable reports whether all gates pass; of a segment only members count.
func (o observed) contactable(d check.Definition) bool {
	_, segment := d.(*check.Segment)
	return !slices.Contains(o.gates, false) && (!segment || o.member())
}

// names writes a set of leaves; both sides are in order.
func names(list []string) string { return "[" + strings.Join(list, ", ") + "]" }

func wanted(idents []rule.Ident) []string {
	list := make([]string, 0, len(idents))
	for _, ident := range idents {
		list = append(list, ident.Name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// failing are the leaves that do not hold.
func failing(s *check.Segment, leaves []bool) []string {
	var list []string
	for i, leaf := range s.Where.Leaves() {
		if !leaves[i] {
			list = append(list, leaf.Name)
		}
	}
	slices.Sort(list)
	return list
}

// sameValue compares a trait's value with the one that is expected, numbers as
// exact decimals. It returns how the expected one is shown.
func (s *suite) sameValue(t *trial, got any) (want string, same bool) {
	e := t.test.Expect
	switch {
	case e.Missing:
		return "missing", got == nil
	case e.Value == nil:
		return "", true
	}
	want = e.Value.Value
	c := clock{program: s.program, asOf: t.asOf}
	switch got := got.(type) {
	case nil:
		return want, false
	case int64, uint64, *big.Int, float64, dialect.Decimal:
		a, ok := new(big.Rat).SetString(want)
		b, known := new(big.Rat).SetString(warehouse.Text(got))
		return want, ok && known && a.Cmp(b) == 0
	case dialect.Date:
		at, err := c.instant(*e.Value)
		return want, err == nil && got == dayOf(at, s.program)
	case time.Time:
		at, err := c.instant(*e.Value)
		return want, err == nil && at.Equal(got)
	}
	return want, want == warehouse.Text(got)
}

func dayOf(at time.Time, program *check.Program) dialect.Date {
	year, month, day := at.In(program.Zone).Date()
	return dialect.Date{Year: year, Month: month, Day: day}
}
