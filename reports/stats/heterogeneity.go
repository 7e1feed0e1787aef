package stats

import "math"

// Effect is what was found in one segment, such as the lift of its conversion,
// and the variance (the squared standard error) of that finding.
type Effect struct{ Estimate, Variance float64 }

// ProportionEffect is x1/n1 - x2/n2 with its unpooled variance. ok is false
// where neither proportion varies, because then the variance is not known to be
// 0, or where the arguments are out of range.
//
// Source: A. Wald's standard error, as in any textbook.
func ProportionEffect(x1, n1, x2, n2 int64) (Effect, bool) {
	p1, p2, ok := proportions(x1, n1, x2, n2)
	if !ok {
		return Effect{}, false
	}
	e := Effect{p1 - p2, p1*(1-p1)/float64(n1) + p2*(1-p2)/float64(n2)}
	return e.checked()
}

// MeanEffect is a.Mean - b.Mean with the variance that Welch uses. ok is false
// where Welch's is.
//
// Source: as Welch.
func MeanEffect(a, b Moments) (Effect, bool) {
	if !a.valid() || !b.valid() {
		return Effect{}, false
	}
	return Effect{a.Mean() - b.Mean(), a.ofMean() + b.ofMean()}.checked()
}

func (e Effect) usable() bool { return e.Variance > 0 && finite(e.Estimate, e.Variance) }

func (e Effect) checked() (Effect, bool) {
	if !e.usable() {
		return Effect{}, false
	}
	return e, true
}

// Heterogeneity tells whether segments responded differently.
type Heterogeneity struct {
	// Mean is the effect common to all, weighted by precision, in the unit of
	// the effects.
	Mean float64
	// Q, its degrees of freedom and p-value test that all effects are the same.
	Q, DF, P float64
	// I2 is the share of the variation between the effects that is not chance.
	I2 float64
	// Tau2 is the variance of the true effects, in the square of the unit.
	Tau2 float64
}

// CochranQ tests whether effects in independent segments are the same and
// estimates how much they differ. ok is false for fewer than two effects, or
// where the variance of one is not positive: leave such out.
//
// Source: W. G. Cochran, 1954, The combination of estimates from different
// experiments; tau2 by R. DerSimonian and N. Laird, 1986; I2 by J. P. T. Higgins
// and S. G. Thompson, 2002.
func CochranQ(effects []Effect) (Heterogeneity, bool) {
	if len(effects) < 2 {
		return Heterogeneity{}, false
	}
	mean, weights, least, ok := combined(effects, 0)
	if !ok {
		return Heterogeneity{}, false
	}
	h := Heterogeneity{Mean: mean, DF: float64(len(effects) - 1)}
	var sum, squares float64
	for i, e := range effects {
		d := e.Estimate - mean
		h.Q += d * (d / e.Variance)
		sum += weights[i]
		squares += weights[i] * weights[i]
	}
	if h.Q > h.DF {
		h.I2 = 1 - h.DF/h.Q
		h.Tau2 = (h.Q - h.DF) * least / (sum - squares/sum)
	}
	if !finite(h.Q, h.Tau2) {
		return Heterogeneity{}, false
	}
	h.P = chiSquareP(h.Q, h.DF)
	return only(h, finite(h.P))
}

// Shrink draws every effect towards what is common to all, the more the less
// sure it is: the empirical Bayes estimate, whose variance includes that of the
// common mean. Where the effects differ no more than by chance, all become the
// common one. The order is kept; ok is CochranQ's.
//
// Source: C. N. Morris, 1983, Parametric empirical Bayes inference; with tau2 and
// the random-effects mean of DerSimonian and Laird, 1986.
func Shrink(effects []Effect) ([]Effect, bool) {
	h, ok := CochranQ(effects)
	if !ok {
		return nil, false
	}
	mean, weights, least, ok := combined(effects, h.Tau2)
	if !ok {
		return nil, false
	}
	var sum float64
	for _, w := range weights {
		sum += w
	}
	ofMean := least / sum
	shrunk := make([]Effect, len(effects))
	for i, e := range effects {
		own := h.Tau2 / (h.Tau2 + e.Variance)
		shrunk[i] = Effect{
			Estimate: mean + own*(e.Estimate-mean),
			Variance: own*e.Variance + (1-own)*(1-own)*ofMean,
		}
		if !shrunk[i].usable() {
			return nil, false
		}
	}
	return shrunk, true
}

// Contrast compares the effect in one segment with that in all others together,
// which has to be computed from the other customers themselves. The p-values of
// several segments have to be adjusted with BenjaminiHochberg. ok is false where
// a variance is not positive or the confidence out of range.
//
// Source: the test for interaction, D. G. Altman and J. M. Bland, 2003,
// Interaction revisited.
func Contrast(segment, rest Effect, confidence float64) (Difference, bool) {
	if !segment.usable() || !rest.usable() {
		return Difference{}, false
	}
	return normal(segment.Estimate-rest.Estimate,
		math.Hypot(math.Sqrt(segment.Variance), math.Sqrt(rest.Variance)), confidence)
}

// combined is the mean of the effects weighted by 1/(variance + between), the
// weights in units of the largest, and the variance that has that weight.
func combined(effects []Effect, between float64) (mean float64, weights []float64, least float64, ok bool) {
	least = math.Inf(1)
	for _, e := range effects {
		if !e.usable() {
			return 0, nil, 0, false
		}
		least = min(least, e.Variance+between)
	}
	var sum float64
	weights = make([]float64, len(effects))
	for i, e := range effects {
		weights[i] = least / (e.Variance + between)
		sum += weights[i]
	}
	for i, e := range effects {
		mean += weights[i] / sum * e.Estimate
	}
	return mean, weights, least, finite(mean)
}
