package evaluate

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/plan"
	"strata/segments/result"
)

// live are the words that are there to be read, the newest last. A question
// about what they hold needs no second scan.
type live struct {
	mu    sync.Mutex
	words []*Words
}

func (l *live) add(w *Words) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.words = append(l.words, w)
}

func (l *live) remove(w *Words) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.words = slices.DeleteFunc(l.words, func(other *Words) bool { return other == w })
}

// find returns words that hold a definition at an as-of.
func (l *live) find(d check.Definition, asOf time.Time) (*Words, *plan.Unit, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range slices.Backward(l.words) {
		if !w.AsOf.Equal(asOf) {
			continue
		}
		if unit, ok := w.Unit(d); ok {
			return w, unit, true
		}
	}
	return nil, nil, false
}

// fromWords asks the words about a segment: those that are there, or new ones
// where the plan finds that cheaper than a statement. It is false where a
// statement is to be used.
func (e *Evaluator) fromWords(ctx context.Context, s *check.Segment, asOf time.Time, ask func(*Words, *plan.Unit) error) (bool, error) {
	if w, unit, ok := e.live.find(s, asOf); ok {
		return true, ask(w, unit)
	}
	p := plan.Build(e.program, []check.Definition{s})
	if !p.Together() {
		return false, nil
	}
	w, err := e.planned(ctx, wordsOptions{plan: p, asOf: asOf})
	if err != nil {
		return true, err
	}
	return true, errors.Join(ask(w, p.Units[0]), w.Close(ctx))
}

// gatesOf is who passes the gates of a unit.
func gatesOf(unit *plan.Unit) *plan.Formula {
	if unit.Gates == nil {
		return plan.Both()
	}
	return unit.Gates
}

// Count returns the size of a segment that is in the words.
func (w *Words) Count(ctx context.Context, unit *plan.Unit) (result.Count, error) {
	count := result.Count{Name: unit.Definition.DefinitionName(), AsOf: w.AsOf}
	customers, sizes, err := w.Sizes(ctx, []*plan.Formula{unit.Members, plan.Both(unit.Members, gatesOf(unit))})
	if err != nil {
		return count, err
	}
	count.Customers, count.Members, count.Contactable = customers, sizes[0], sizes[1]
	return count, nil
}

// Funnel counts the rule of a segment that is in the words leaf by leaf, by the
// meaning of Evaluator.Funnel.
func (w *Words) Funnel(ctx context.Context, unit *plan.Unit) (result.Funnel, error) {
	return w.FunnelOf(ctx, unit, func(int) bool { return true })
}

// funnelOf reads a funnel off its numbers: the customers, then three for each
// leaf.
func funnelOf(s *check.Segment, asOf time.Time, numbers []int64) result.Funnel {
	funnel := result.Funnel{Name: s.DefinitionName(), AsOf: asOf, Customers: numbers[0], Members: numbers[0], Leaves: []result.Leaf{}}
	for i, leaf := range s.Where.Leaves() {
		funnel.Leaves = append(funnel.Leaves, result.Leaf{
			Name: leaf.Name, Rule: written(leaf.X), Alone: numbers[1+3*i], SoFar: numbers[2+3*i], Without: numbers[3+3*i],
		})
		funnel.Members = numbers[2+3*i]
	}
	return funnel
}

// Keys returns the keys as text of those for whom a formula holds, in the order
// of keys.
func (w *Words) Keys(ctx context.Context, f *plan.Formula) ([]string, error) {
	statement, err := w.shared.Keys(f)
	if err != nil {
		return nil, err
	}
	return w.evaluator.keys(ctx, statement)
}

// Memberships answers for one customer and many segments and partitions at
// once, without proofs. Those that cannot be evaluated at one moment are in
// skipped.
func (e *Evaluator) Memberships(ctx context.Context, customer string, definitions []check.Definition, asOf time.Time) (all []result.Why, skipped []Skipped, err error) {
	words, err := e.planned(ctx, wordsOptions{plan: plan.Build(e.program, definitions), asOf: asOf, only: &customer})
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if closed := words.Close(ctx); err == nil {
			err = closed
		}
	}()
	for _, unit := range words.Plan.Units {
		why, err := e.membershipIn(ctx, words, unit, customer)
		if errors.Is(err, compile.ErrLater) {
			skipped = append(skipped, Skipped{Name: unit.Definition.DefinitionName(), Reason: err.Error()})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		all = append(all, why)
	}
	return all, skipped, nil
}

// membershipIn answers from the words where they hold the unit.
func (e *Evaluator) membershipIn(ctx context.Context, words *Words, unit *plan.Unit, customer string) (result.Why, error) {
	d := unit.Definition
	if unit.Alone != "" {
		return e.Membership(ctx, customer, d, words.AsOf)
	}
	why := result.Why{Customer: customer, Name: d.DefinitionName(), Kind: d.DefinitionKind(), AsOf: words.AsOf, Gates: []*result.Node{}}
	formulas := []*plan.Formula{gatesOf(unit)}
	if unit.Members != nil {
		formulas = append(formulas, unit.Members)
	}
	statement, err := words.shared.Of(customer, append(formulas, unit.Stages...))
	if err != nil {
		return why, err
	}
	err = e.query(ctx, statement, func(row []any) error {
		why.Known = true
		holds := make([]bool, len(row))
		for i, v := range row {
			holds[i], _ = v.(bool)
		}
		if p, ok := d.(*check.Partition); ok {
			why.Stage = p.Stages[slices.Index(holds[1:], true)].Name
			why.Contactable = holds[0]
			return nil
		}
		why.Member, why.Contactable = holds[1], holds[0] && holds[1]
		return nil
	})
	if err != nil || why.Known {
		return why, err
	}
	return e.unknown(ctx, why)
}
