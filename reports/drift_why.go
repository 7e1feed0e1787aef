package reports

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// The bounds of the exact attribution: so many causes that are at work for one
// customer, and so many permutations beyond. 12! fits a whole number, so that
// exact parts are added without rounding.
const (
	driftExactCauses  = 12
	driftPermutations = 2000
	driftUnit         = 479001600 // 12!
)

// Attribute lays the change of a segment at the door of its causes by Shapley's
// value of the game whose players are: for each leaf the clock and the data, the
// edit of the rule, and the population; with runs of the store also that they
// differ from an evaluation. Shapley's value is linear in the game, so it is
// taken for each pattern among the causes that are at work there, which is exact
// up to 12 of them, and else the mean over 2,000 permutations.
//
// What a leaf is worth where only some causes are at work: without both what it
// was, with both what it is, with the clock alone what it would have become had
// nothing happened. With the data alone it is what it is where the clock changed
// nothing, and what it was otherwise, since what happened then happened to a leaf
// that the clock had turned.
func Attribute(g DriftGame) DriftWhy {
	a := newDriftAccount(g)
	for i := range g.Patterns {
		a.add(&g.Patterns[i])
	}
	return a.answer()
}

// The causes are numbered: two for each leaf, then these behind them.
const (
	driftEditCause = iota
	driftPopulationCause
	driftKept0Cause
	driftKept1Cause
	driftOtherCauses
)

// driftParts are the parts of a cause in exact units, and what was drawn.
type driftParts struct {
	entered, exited, within int64
	drawn                   [3]float64
	variance                float64
}

// driftAccount adds up patterns.
type driftAccount struct {
	game   DriftGame
	parts  []driftParts
	why    DriftWhy
	random *rand.Rand
	// edited says that the rule has two forms. Where they come to the same for a
	// pattern, that costs time alone.
	edited bool
}

func newDriftAccount(g DriftGame) *driftAccount {
	a := &driftAccount{game: g, parts: make([]driftParts, 2*len(g.Leaves)+driftOtherCauses)}
	a.random = rand.New(rand.NewPCG(g.Seed, 1)) //nolint:gosec // Permutations are no secret.
	a.edited = g.Old.text() != g.New.text()
	a.why.Exact = true
	return a
}

// other is the number of a cause that is no leaf's.
func (a *driftAccount) other(which int) int { return 2*len(a.game.Leaves) + which }

// add takes in a pattern.
func (a *driftAccount) add(p *DriftPattern) {
	w := &driftWorth{account: a, pattern: p}
	w.begin()
	first, last := w.worth(0), w.worth(w.all())
	if first {
		a.why.Size0 += p.Customers
	}
	if last {
		a.why.Size1 += p.Customers
	}
	into := 2
	switch {
	case !first && last:
		a.why.Entered += p.Customers
		into = 0
	case first && !last:
		a.why.Exited += p.Customers
		into = 1
	}
	if len(w.active) <= driftExactCauses {
		for i, n := range w.exact() {
			part := &a.parts[w.active[i]]
			*[]*int64{&part.entered, &part.exited, &part.within}[into] += n * p.Customers
		}
		return
	}
	a.why.Exact = false
	means, variances := w.sampled(a.random)
	for i := range means {
		part, n := &a.parts[w.active[i]], float64(p.Customers)
		part.drawn[into] += means[i] * n
		part.variance += variances[i] * n * n
	}
}

// driftWorth is the game of one pattern.
type driftWorth struct {
	account *driftAccount
	pattern *DriftPattern
	// active are the causes that change anything about the pattern.
	active []int
	// place is the bit of each cause in a coalition, -1 for one that does nothing.
	place []int
	// wrong0 and wrong1 say that a run has it otherwise.
	wrong0, wrong1 bool
	// known are the values of coalitions: 0 not known yet, 1 out, 2 in.
	known []uint8
}

// join puts a cause among those at work.
func (w *driftWorth) join(cause int) {
	if w.place[cause] < 0 {
		w.place[cause] = len(w.active)
		w.active = append(w.active, cause)
	}
}

// begin finds out which causes are at work.
func (w *driftWorth) begin() {
	a, p := w.account, w.pattern
	w.place = make([]int, len(a.parts))
	for i := range w.place {
		w.place[i] = -1
	}
	for bit := range p.Before {
		leaf := a.game.Of[bit]
		if p.Aged[bit] != p.Before[bit] {
			w.join(2 * leaf)
		}
		if p.After[bit] != p.Aged[bit] {
			w.join(2*leaf + 1)
		}
	}
	if a.edited {
		w.join(a.other(driftEditCause))
	}
	if p.Here0 != p.Here1 || w.removed() {
		w.join(a.other(driftPopulationCause))
	}
	w.beginRuns()
	if len(w.active) <= driftExactCauses {
		w.known = make([]uint8, 1<<len(w.active))
	}
}

// beginRuns finds out where runs differ from an evaluation. Whom a run has and who
// is no customer any more was removed: that is what the population did.
func (w *driftWorth) beginRuns() {
	a, p := w.account, w.pattern
	first := p.Here0 && a.game.Old.Holds(func(bit int) bool { return p.Before[bit] })
	last := p.Here1 && a.game.New.Holds(func(bit int) bool { return p.After[bit] })
	if w.wrong0 = p.Kept0 != nil && *p.Kept0 != first && !w.removed(); w.wrong0 {
		w.join(a.other(driftKept0Cause))
	}
	if w.wrong1 = p.Kept1 != nil && *p.Kept1 != last; w.wrong1 {
		w.join(a.other(driftKept1Cause))
	}
}

// removed reports whether a run holds somebody who is no customer at either end.
func (w *driftWorth) removed() bool {
	p := w.pattern
	return !p.Here0 && !p.Here1 && p.Kept0 != nil && *p.Kept0
}

// text tells rules apart.
func (r DriftRule) text() string {
	text := []byte(string(r.Op))
	if r.Op == DriftBit {
		return string(append(text, byte('0'+r.Bit%10), byte('0'+r.Bit/10%10), byte('0'+r.Bit/100%10)))
	}
	text = append(text, '(')
	for _, p := range r.Parts {
		text = append(append(text, p.text()...), ' ')
	}
	return string(append(text, ')'))
}

// all is the coalition of all causes that are at work.
func (w *driftWorth) all() uint64 { return 1<<len(w.active) - 1 }

// has reports whether a coalition has a cause; one that does nothing is in none.
func (w *driftWorth) has(coalition uint64, cause int) bool {
	return w.place[cause] >= 0 && coalition>>w.place[cause]&1 == 1
}

// worth is whether the pattern's customers are members where the causes of a
// coalition are at work.
func (w *driftWorth) worth(coalition uint64) bool {
	if w.known == nil {
		return w.member(coalition)
	}
	if w.known[coalition] == 0 {
		w.known[coalition] = 1
		if w.member(coalition) {
			w.known[coalition] = 2
		}
	}
	return w.known[coalition] == 2
}

func (w *driftWorth) member(coalition uint64) bool {
	a, p := w.account, w.pattern
	switch {
	case w.removed():
		return !w.has(coalition, a.other(driftPopulationCause))
	case w.wrong0 && !w.has(coalition, a.other(driftKept0Cause)):
		return *p.Kept0
	case w.wrong1 && w.has(coalition, a.other(driftKept1Cause)):
		return *p.Kept1
	}
	here := p.Here0
	if w.has(coalition, a.other(driftPopulationCause)) {
		here = p.Here1
	}
	if !here {
		return false
	}
	rule := a.game.Old
	if w.has(coalition, a.other(driftEditCause)) {
		rule = a.game.New
	}
	return rule.Holds(func(bit int) bool { return w.bit(coalition, bit) })
}

// bit is a condition where the causes of a coalition are at work.
func (w *driftWorth) bit(coalition uint64, bit int) bool {
	p, leaf := w.pattern, w.account.game.Of[bit]
	clock, data := w.has(coalition, 2*leaf), w.has(coalition, 2*leaf+1)
	switch turned := p.Before[bit] != p.Aged[bit]; {
	case clock && !data:
		return p.Aged[bit]
	case data && (clock || !turned):
		return p.After[bit]
	}
	return p.Before[bit]
}

// exact are Shapley's values of the active causes in parts of 1/12!.
func (w *driftWorth) exact() []int64 {
	k := len(w.active)
	values := make([]int64, k)
	if k == 0 {
		return values
	}
	weights := driftWeights(k)
	for coalition := range uint64(1) << k {
		if !w.worth(coalition) {
			continue
		}
		size := bits.OnesCount64(coalition)
		for i := range k {
			if coalition>>i&1 == 1 {
				values[i] += weights[size-1]
			} else {
				values[i] -= weights[size]
			}
		}
	}
	return values
}

// driftWeights are s!(k-s-1)!/k! for each size s of a coalition without the
// player, in parts of 1/12!.
func driftWeights(k int) []int64 {
	factorial := make([]int64, k+1)
	factorial[0] = 1
	for i := 1; i <= k; i++ {
		factorial[i] = factorial[i-1] * int64(i)
	}
	weights := make([]int64, k+1) // The last is for no player and stays 0.
	for s := range k {
		weights[s] = driftUnit / factorial[k] * factorial[s] * factorial[k-s-1]
	}
	return weights
}

// sampled are the means of the active causes over permutations, and the
// variances of the means. In each permutation the parts add up to the change.
func (w *driftWorth) sampled(random *rand.Rand) (means, variances []float64) {
	k := len(w.active)
	sums, squares := make([]float64, k), make([]float64, k)
	for range driftPermutations {
		coalition, before := uint64(0), w.worth(0)
		for _, i := range random.Perm(k) {
			coalition |= 1 << i
			now := w.worth(coalition)
			if now != before {
				step := 1.0
				if before {
					step = -1
				}
				sums[i] += step
				squares[i]++
				before = now
			}
		}
	}
	means, variances = make([]float64, k), make([]float64, k)
	for i := range k {
		means[i] = sums[i] / driftPermutations
		variances[i] = (squares[i]/driftPermutations - means[i]*means[i]) / (driftPermutations - 1)
	}
	return means, variances
}

// answer makes causes of the parts.
func (a *driftAccount) answer() DriftWhy {
	why := a.why
	why.Causes, why.Notes = []DriftCause{}, []string{}
	for i, part := range a.parts {
		if part == (driftParts{}) {
			continue
		}
		c := a.cause(i)
		c.Entered = float64(part.entered)/driftUnit + part.drawn[0]
		c.Exited = float64(part.exited)/driftUnit + part.drawn[1]
		c.Within = float64(part.within)/driftUnit + part.drawn[2]
		c.Change = float64(part.entered+part.exited+part.within)/driftUnit + part.drawn[0] + part.drawn[1] + part.drawn[2]
		c.SE = math.Sqrt(part.variance)
		why.Causes = append(why.Causes, c)
	}
	slices.SortStableFunc(why.Causes, func(x, y DriftCause) int { return cmp.Compare(math.Abs(y.Change), math.Abs(x.Change)) })
	driftRound(why.Causes, why.Size1-why.Size0)
	return why
}

// cause says what a numbered cause is.
func (a *driftAccount) cause(i int) DriftCause {
	if leaf := i / 2; leaf < len(a.game.Leaves) {
		l := a.game.Leaves[leaf]
		kind := DriftClock
		switch {
		case l.Whole:
			kind = DriftEither
		case i%2 == 1:
			kind = DriftData
		}
		return DriftCause{Kind: kind, Leaf: l.Name, Rule: l.Rule}
	}
	kinds := [driftOtherCauses]DriftCauseKind{DriftEdit, DriftPopulation, DriftKept0, DriftKept1}
	return DriftCause{Kind: kinds[i-2*len(a.game.Leaves)]}
}

// driftRound gives causes whole numbers that add up to a total: each is rounded
// down, and those with the largest rests get one more.
func driftRound(causes []DriftCause, total int64) {
	order := make([]int, len(causes))
	rest := total
	for i := range causes {
		order[i] = i
		causes[i].Members = int64(math.Floor(causes[i].Change + 1e-9))
		rest -= causes[i].Members
	}
	slices.SortStableFunc(order, func(i, j int) int {
		x, y := causes[i].Change-float64(causes[i].Members), causes[j].Change-float64(causes[j].Members)
		return cmp.Compare(y, x)
	})
	for i := 0; rest > 0 && len(order) > 0; i, rest = i+1, rest-1 {
		causes[order[i%len(order)]].Members++
	}
}
