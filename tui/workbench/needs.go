package workbench

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"strata/segments/result"
	"strata/tui/ask"
	"strata/tui/edit"
	"strata/tui/page"
)

// The answers, each with the rule that it is about.
type (
	counted struct {
		key   string
		count result.Count
	}
	estimated struct {
		key      string
		estimate ask.Estimate
	}
	sieved struct {
		key    string
		off    string
		funnel result.Funnel
	}
	compared struct {
		key        string
		comparison ask.Comparison
	}
	stated struct{ key, text string }
	curved struct {
		key    string
		counts []result.Count
	}
	valued struct {
		want   edit.Values
		values []string
	}
)

// How much is asked for.
const (
	samplesShown = 5
	valuesShown  = 20
	curvePoints  = 9
)

// Needs implements page.Page.
func (p *Page) Needs(c *page.Context) []page.Need {
	p.sync(c)
	if p.refused != "" {
		return nil
	}
	var needs []page.Need
	if want := p.popup.done.Values; p.popup.open && want != nil {
		needs = append(needs, valuesNeed(*want))
	}
	word, key := p.word(), p.key()
	if word == "" {
		return needs
	}
	needs = append(needs, p.sizes(c, word, key)...)
	if p.known != "" && !p.isSaved() {
		saved := p.name
		needs = append(needs, page.Need{
			Slot: "compare", Key: "workbench compare " + saved + "\n" + p.known + "\n" + key, Typed: true, Doing: "comparing",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				found, err := b.Compare(ctx, word, saved, samplesShown, at)
				return compared{key, found}, err
			},
		})
	}
	if p.lower(c) == viewSQL {
		needs = append(needs, page.Need{
			Slot: "sql", Key: "workbench sql\n" + key, Typed: true, Doing: "compiling",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				text, err := b.Statement(ctx, word, at)
				return stated{key, text}, err
			},
		})
	}
	if words := p.curve(); words != nil {
		curveKey := p.slider.key()
		needs = append(needs, page.Need{
			Slot: "curve", Key: "workbench curve\n" + curveKey, Typed: true, Doing: "counting nine thresholds",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				counts, err := b.Counts(ctx, words, at)
				return curved{curveKey, counts}, err
			},
		})
	}
	return needs
}

// sizes are the estimate, the count and the funnel of a rule.
func (p *Page) sizes(c *page.Context, word, key string) []page.Need {
	needs := []page.Need{{
		Slot: "exact", Key: "workbench count\n" + key, Typed: true, Doing: "counting",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
			count, err := b.Count(ctx, word, at)
			return counted{key, count}, err
		},
	}, {
		Slot: "funnel", Key: "workbench funnel\n" + key, Typed: true, Doing: "counting leaves",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
			funnel, err := b.Funnel(ctx, word, nil, at)
			return sieved{key: key, funnel: funnel}, err
		},
	}}
	exact := page.Answer[counted](c, "exact")
	if !exact.Has || exact.Old || exact.Value.key != key {
		needs = append([]page.Need{{
			Slot: "estimate", Key: "workbench estimate\n" + key, Typed: true, Doing: "estimating",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				estimate, err := b.Estimate(ctx, word, at)
				return estimated{key, estimate}, err
			},
		}}, needs...)
	}
	if len(p.off) > 0 {
		off := slices.Sorted(maps.Keys(p.off))
		offKey := p.offKey()
		needs = append(needs, page.Need{
			Slot: "without", Key: "workbench without " + offKey + "\n" + key, Doing: "counting without",
			Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
				funnel, err := b.Funnel(ctx, word, off, at)
				return sieved{key: key, off: offKey, funnel: funnel}, err
			},
		})
	}
	return needs
}

// offKey names the leaves that are switched off.
func (p *Page) offKey() string {
	return strings.Trim(fmt.Sprint(slices.Sorted(maps.Keys(p.off))), "[]")
}

func valuesNeed(want edit.Values) page.Need {
	return page.Need{
		Slot: "values", Key: "workbench values " + want.Field + "\n" + want.Prefix, Typed: true, Doing: "looking for values",
		Ask: func(ctx context.Context, b ask.Backend, at time.Time) (any, error) {
			values, err := b.Values(ctx, want.Field, want.Prefix, valuesShown, at)
			return valued{want, values}, err
		},
	}
}
