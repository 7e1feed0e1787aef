package segments

import (
	"slices"
	"strconv"
	"strings"
)

// filter is what a line such as "tag:crm size>1000 vip" asks for. All parts must
// hold.
type filter struct {
	words, tags, owners []string
	sizes               []bound
	drift               bool
	// wrong says which part is not understood, and why; it is left out.
	wrong string
}

// bound is a comparison of a size.
type bound struct {
	sign string
	n    float64
}

// parseFilter reads a filter. A part that is still being typed, such as "tag:",
// holds for everything.
func parseFilter(text string) filter {
	var f filter
	for part := range strings.FieldsSeq(strings.ToLower(text)) {
		switch {
		case part == "drift":
			f.drift = true
		case strings.HasPrefix(part, "tag:"):
			f.tags = appendNot(f.tags, strings.TrimPrefix(part, "tag:"))
		case strings.HasPrefix(part, "owner:"):
			f.owners = appendNot(f.owners, strings.TrimPrefix(part, "owner:"))
		case strings.HasPrefix(part, "size") && strings.ContainsAny(part, "<>="):
			f.size(part)
		default:
			f.words = append(f.words, part)
		}
	}
	return f
}

func appendNot(list []string, text string) []string {
	if text == "" {
		return list
	}
	return append(list, text)
}

// size reads size>1000, size<=20k and the like.
func (f *filter) size(part string) {
	rest := strings.TrimPrefix(part, "size")
	sign := rest[:len(rest)-len(strings.TrimLeft(rest, "<>="))]
	if !slices.Contains([]string{"<", "<=", "=", ">=", ">"}, sign) {
		f.wrong = "size wants < <= = >= or > and a number"
		return
	}
	text := strings.ReplaceAll(strings.TrimPrefix(rest, sign), ",", "")
	if text == "" {
		return
	}
	scale := 1.0
	for unit, by := range map[string]float64{"k": 1e3, "m": 1e6} {
		if short, ok := strings.CutSuffix(text, unit); ok {
			text, scale = short, by
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		f.wrong = part + " has no number"
		return
	}
	f.sizes = append(f.sizes, bound{sign: sign, n: n * scale})
}

// empty reports whether everything passes.
func (f filter) empty() bool {
	return len(f.words)+len(f.tags)+len(f.owners)+len(f.sizes) == 0 && !f.drift
}

// passes reports whether a row holds everything that is asked for.
func (f filter) passes(r *row) bool {
	about := r.about()
	text := strings.ToLower(r.name + " " + about.Title)
	for _, w := range f.words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	for _, tag := range f.tags {
		if !slices.ContainsFunc(about.Tags, func(t string) bool { return strings.HasPrefix(strings.ToLower(t), tag) }) {
			return false
		}
	}
	for _, owner := range f.owners {
		if !strings.HasPrefix(strings.ToLower(about.Owner), owner) {
			return false
		}
	}
	return f.measures(r)
}

// measures holds the parts that need numbers; what is not known does not pass.
func (f filter) measures(r *row) bool {
	if f.drift && !r.alert {
		return false
	}
	for _, b := range f.sizes {
		if !r.counted() || r.partition() != nil || !b.holds(float64(r.size)) {
			return false
		}
	}
	return true
}

func (b bound) holds(n float64) bool {
	switch b.sign {
	case "<":
		return n < b.n
	case "<=":
		return n <= b.n
	case ">":
		return n > b.n
	case ">=":
		return n >= b.n
	}
	return n == b.n
}
