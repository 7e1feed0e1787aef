package definition

import (
	"math/big"
	"regexp"
	"strings"

	"strata/segments/rule"
)

var (
	decimalPattern = regexp.MustCompile(`^\d+(\.\d+)?$`)
	rangePattern   = regexp.MustCompile(`^\s*(-?)\s*(\d+(?:\.\d+)?)\s*\.\.\s*(-?)\s*(\d+(?:\.\d+)?)\s*$`)
)

func (r *reader) trait(p pair) *Trait {
	t := &Trait{About: r.about(p), Value: r.expression(p.value.get("value")), Tests: r.tests(p.value.get("tests"))}
	terms := p.value.get("score")
	if terms == nil || terms.kind != listNode {
		return t
	}
	t.Score = &Score{At: terms.span}
	if limits := p.value.get("range"); limits != nil && limits.isText() {
		r.limits(limits, t.Score)
	}
	for _, term := range terms.items {
		if term.kind == mapNode {
			t.Score.Terms = append(t.Score.Terms, r.term(term))
		}
	}
	return t
}

// limits reads 0..100 into a score's range.
func (r *reader) limits(n *node, s *Score) {
	match := rangePattern.FindStringSubmatchIndex(n.scalar.Value)
	if match == nil {
		r.list.Add(diagRange(n.span, n.scalar.Value))
		return
	}
	s.LowNegative, s.Low = rangeEnd(n, match[2:6])
	s.HighNegative, s.High = rangeEnd(n, match[6:10])
	low, _ := new(big.Rat).SetString(minus(s.LowNegative) + s.Low.Text)
	high, _ := new(big.Rat).SetString(minus(s.HighNegative) + s.High.Text)
	if low.Cmp(high) > 0 {
		r.list.Add(diagRange(n.span, n.scalar.Value))
	}
}

// rangeEnd makes a number of a sign's and its digits' place in a range.
func rangeEnd(n *node, at []int) (negative bool, number rule.Number) {
	number.Text = n.scalar.Value[at[2]:at[3]]
	number.At = n.scalar.Text.Span(at[2], at[3])
	return at[1] > at[0], number
}

func minus(negative bool) string {
	if negative {
		return "-"
	}
	return ""
}

func (r *reader) term(n *node) Term {
	t := Term{Of: r.expression(n.get("of")), At: n.span}
	t.Points = r.amount(n, "points")
	t.Cap = r.amount(n, "cap")
	if life := n.get("half_life"); life != nil && life.isText() {
		d, list := rule.ParseDuration(life.scalar.Text)
		r.add(life, list)
		if !list.HasErrors() {
			t.HalfLife = &d
		}
	}
	return t
}

// amount reads the number or param under a key, perhaps with a minus sign.
func (r *reader) amount(parent *node, key string) rule.Expr {
	n := parent.get(key)
	if n == nil || !n.isText() {
		return nil
	}
	x, list := rule.Parse(n.scalar.Text)
	inner := x
	if negated, ok := x.(*rule.Unary); ok && negated.Op == rule.Negate {
		inner = negated.X
	}
	switch inner.(type) {
	case *rule.Number, *rule.Param:
		if !list.HasErrors() {
			return x
		}
	}
	r.list.Add(diagNumber(n.span, key, n.scalar.Value))
	return nil
}

func (r *reader) partition(p pair) *Partition {
	n := p.value
	out := &Partition{About: r.about(p), Over: r.expression(n.get("over")), Gates: identsOf(n.get("gate"))}
	out.Expect, out.Tests = r.expect(n.get("expect")), r.tests(n.get("tests"))
	r.stages(n.get("stages"), out)
	r.bands(n.get("bands"), out)
	allowed := n.get("transitions").get("allowed")
	for _, item := range allowed.values() {
		if !item.isText() || item.cut {
			continue
		}
		t, list := rule.ParseTransition(item.scalar.Text)
		r.add(item, list)
		if !list.HasErrors() {
			out.Allowed = append(out.Allowed, t)
		}
	}
	return out
}

func (r *reader) stages(n *node, out *Partition) {
	entries := r.stageEntries(n)
	for i, p := range entries {
		s := Stage{Name: identOf(p.key), Else: strings.EqualFold(strings.TrimSpace(scalarOf(p.value).Value), "else")}
		if !s.Else {
			s.X = r.expression(p.value)
		}
		r.lastIsElse(p, s.Else, i == len(entries)-1)
		out.Stages = append(out.Stages, s)
	}
}

func (r *reader) bands(n *node, out *Partition) {
	entries := r.stageEntries(n)
	for i, p := range entries {
		b := BandStage{Name: identOf(p.key)}
		b.Band.At = p.value.span
		readable := p.value.isText() && !p.value.cut
		if readable {
			band, list := rule.ParseBand(p.value.scalar.Text)
			r.add(p.value, list)
			b.Band, readable = band, !list.HasErrors()
		}
		if readable || i < len(entries)-1 {
			r.lastIsElse(p, b.Band.Else, i == len(entries)-1)
		}
		out.Bands = append(out.Bands, b)
	}
}

// stageEntries returns the stages' entries and reports repeated names.
func (r *reader) stageEntries(n *node) []pair {
	if n == nil {
		return nil
	}
	var entries []pair
	first := map[string]rule.Ident{}
	for _, item := range n.items {
		if item.kind != mapNode || len(item.pairs) == 0 || !item.pairs[0].key.isText() {
			continue
		}
		p := item.pairs[0]
		name := identOf(p.key)
		if before, twice := first[name.Name]; twice {
			r.list.Add(diagLocal(name.At, "stage", name.Name, before.At))
		} else {
			first[name.Name] = name
		}
		if name.Name == string(Any) {
			r.list.Add(diagLocalWord(name.At, "stage", name.Name))
		}
		entries = append(entries, p)
	}
	return entries
}

// lastIsElse demands that the last stage is else and no other one is.
func (r *reader) lastIsElse(p pair, isElse, last bool) {
	switch {
	case last && !isElse:
		r.list.Add(diagElse(p.key.span, "the last stage is not else, so some customers would have none"))
	case !last && isElse:
		r.list.Add(diagElse(p.key.span, "stages behind else can never be reached"))
	}
}
