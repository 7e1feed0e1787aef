package run

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"strata/reports"
	"strata/segments/compile"
)

// counts are the members by the bins of values. Fields whose values hardly
// anybody shares are left out unless somebody asked for them.
func (c *composing) counts(ctx context.Context, names []string) ([]reports.DriftTraitCounts, error) {
	b := &binning{composing: c}
	for _, name := range names {
		if t := c.traits[name]; t.place >= 0 {
			b.traits = append(b.traits, t)
		}
	}
	if err := b.find(ctx); err != nil {
		return nil, err
	}
	crossed, err := b.cross(ctx)
	if err != nil {
		return nil, err
	}
	var all []reports.DriftTraitCounts
	for _, name := range names {
		t := c.traits[name]
		one := reports.DriftTraitCounts{Trait: name, Numeric: t.value.Numeric, Refused: t.refused}
		if i := slices.Index(b.traits, t); i >= 0 {
			one.Labels, one.Missing, one.Counts = b.labels[i], len(b.labels[i])-1, crossed[i]
			if one.Labels == nil {
				one.Refused = "no value is that of 1% of the members"
			}
		}
		if one.Refused == "" || t.asked {
			all = append(all, one)
		}
	}
	return all, nil
}

// binning finds the bins of several values for the members of one unit, frozen at
// the baseline.
type binning struct {
	*composing
	traits []*driftTrait
	bins   []compile.DriftBins
	// labels are what bins are called, nil where a value has none.
	labels      [][]string
	before, now int64
}

// find decides on bins: ranges for numbers of many values, and else the values
// that enough members have.
func (b *binning) find(ctx context.Context) error {
	b.bins, b.labels = make([]compile.DriftBins, len(b.traits)), make([][]string, len(b.traits))
	var numbers []int
	for i, t := range b.traits {
		if b.bins[i].Numbers = t.value.Numeric; t.value.Numeric {
			numbers = append(numbers, i)
		}
	}
	if err := b.cuts(ctx, numbers); err != nil {
		return err
	}
	var rest []int
	for i := range b.traits {
		if b.labels[i] == nil {
			rest = append(rest, i)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	found, err := b.frequent(ctx, rest)
	if err != nil {
		return err
	}
	for _, i := range rest {
		b.values(i, found[b.traits[i].place])
	}
	return nil
}

// places are the places of traits among the values.
func (b *binning) places(which []int) []int {
	places := make([]int, len(which))
	for i, w := range which {
		places[i] = b.traits[w].place
	}
	return places
}

// cuts counts the members and makes ranges of those numbers that have many
// different values at the baseline.
func (b *binning) cuts(ctx context.Context, numbers []int) error {
	return b.rows(ctx, compile.DriftCuts(b.pairs, b.places(numbers)), func(row []any) error {
		b.before, _ = row[0].(int64)
		b.now, _ = row[1].(int64)
		for i, which := range numbers {
			different, _ := row[2+2*i].(int64)
			list, _ := row[3+2*i].([]any)
			var cuts []float64
			for _, x := range list {
				if cut, ok := x.(float64); ok {
					cuts = append(cuts, cut)
				}
			}
			slices.Sort(cuts)
			if cuts = slices.Compact(cuts); different > driftFewValues && len(cuts) > 0 {
				b.bins[which].Cuts, b.labels[which] = cuts, rangeLabels(cuts)
			}
		}
		return nil
	})
}

// driftWords are the values that somebody has, and those that enough members do.
type driftWords struct {
	any    bool
	enough []string
}

// frequent finds the values that at least 1% of the members have at either end,
// by the place of the value.
func (b *binning) frequent(ctx context.Context, which []int) (map[int]driftWords, error) {
	statement, err := compile.DriftWords(b.pairs, b.places(which), driftWordLimit)
	if err != nil {
		return nil, err
	}
	found := map[int]driftWords{}
	err = b.rows(ctx, statement, func(row []any) error {
		place, _ := row[0].(int64)
		word, _ := row[1].(string)
		before, _ := row[2].(int64)
		now, _ := row[3].(int64)
		w := found[int(place)]
		w.any = true
		if float64(before) >= max(1, driftPooled*float64(b.before)) || float64(now) >= max(1, driftPooled*float64(b.now)) {
			w.enough = append(w.enough, word)
		}
		found[int(place)] = w
		return nil
	})
	return found, err
}

// values makes a bin of each value.
func (b *binning) values(which int, words driftWords) {
	if words.any && len(words.enough) == 0 {
		return
	}
	list := words.enough
	if b.bins[which].Numbers {
		slices.SortFunc(list, byNumber)
	} else {
		slices.Sort(list)
	}
	b.bins[which].Words = list
	var labels []string
	for _, word := range list {
		if b.bins[which].Numbers {
			word = strings.TrimSuffix(word, ".0")
		}
		labels = append(labels, word)
	}
	b.labels[which] = append(labels, "(other)", "(missing)")
}

// cross counts the members by side and bins, for each trait.
func (b *binning) cross(ctx context.Context) ([][]reports.DriftBinCount, error) {
	counts := make([][]reports.DriftBinCount, len(b.traits))
	var which, places []int
	var bins []compile.DriftBins
	for i := range b.traits {
		if b.labels[i] != nil {
			which, places, bins = append(which, i), append(places, b.traits[i].place), append(bins, b.bins[i])
		}
	}
	if len(which) == 0 {
		return counts, nil
	}
	statement, err := compile.DriftCross(b.pairs, places, bins)
	if err != nil {
		return nil, err
	}
	return counts, b.rows(ctx, statement, func(row []any) error {
		n, place := reports.DriftBinCount{}, 0
		for i, into := range []*int{&place, &n.Side, &n.Before, &n.Now} {
			value, _ := row[i].(int64)
			*into = int(value)
		}
		n.Customers, _ = row[4].(int64)
		counts[which[place]] = append(counts[which[place]], n)
		return nil
	})
}

// byNumber orders texts of numbers.
func byNumber(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX != nil || errY != nil:
		return strings.Compare(a, b)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// rangeLabels name ranges by their ends.
func rangeLabels(cuts []float64) []string {
	text := func(x float64) string { return strconv.FormatFloat(x, 'g', driftColumns, 64) }
	labels := []string{"<= " + text(cuts[0])}
	for i := 1; i < len(cuts); i++ {
		labels = append(labels, text(cuts[i-1])+" .. "+text(cuts[i]))
	}
	return append(labels, "> "+text(cuts[len(cuts)-1]), "(missing)")
}
