package compile

import (
	"strings"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/check"
)

// score is the sum of its terms, clamped to its range. A missing term counts
// nothing, so that a score is never missing.
func (f *frame) score(s *check.Score) (sq.Sqlizer, error) {
	parts := make([]sq.Sqlizer, len(s.Terms))
	for i, term := range s.Terms {
		part, err := f.scoreTerm(term)
		if err != nil {
			return nil, err
		}
		parts[i] = part
	}
	total := sq.Sqlizer(joined(" + ", parts))
	if s.High != nil {
		total = ex("least(?, ?)", constant(s.High), total)
	}
	if s.Low != nil {
		total = ex("greatest(?, ?)", constant(s.Low), total)
	}
	return ex("(?)", total), nil
}

func (f *frame) scoreTerm(t check.ScoreTerm) (sq.Sqlizer, error) {
	points := constant(t.Points)
	var earned sq.Sqlizer
	if t.Of.Type().Kind == catalog.Boolean {
		test, err := f.test(t.Of)
		if err != nil {
			return nil, err
		}
		earned = ex("CASE WHEN ? THEN ? ELSE 0 END", test, points)
	} else {
		value, err := f.value(t.Of)
		if err != nil {
			return nil, err
		}
		earned = ex("? * ?", points, exact(t.Of, value))
		if t.Of.Type().Kind == catalog.Number {
			earned = finite(earned)
		} else {
			earned = ex("TRY(?)", earned)
		}
		earned = ex("coalesce(?, 0)", earned)
	}
	if t.Cap == nil {
		return earned, nil
	}
	if strings.HasPrefix(t.Points.Number, "-") {
		return ex("greatest(-?, ?)", constant(t.Cap), earned), nil
	}
	return ex("least(?, ?)", constant(t.Cap), earned), nil
}
