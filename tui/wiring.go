package tui

import (
	"strata/tui/analyses"
	"strata/tui/campaigns"
	"strata/tui/customers"
	"strata/tui/page"
	"strata/tui/rules"
	"strata/tui/runs"
	"strata/tui/segments"
	"strata/tui/workbench"
)

// wiring makes the pages of Strata. Pages know one another by functions alone, so
// that their packages need not import each other.
type wiring struct{}

// pagesOf are the pages of Strata.
func pagesOf() Pages {
	var w wiring
	return Pages{
		Home:      func() page.Page { return segments.New(w.segments()) },
		Segment:   w.segment,
		Runs:      func() page.Page { return runs.New() },
		Campaigns: w.campaigns,
		Overlap:   func() page.Page { return w.overlap(nil) },
		Drift:     func() page.Page { return w.drift("") },
		KPIs:      func() page.Page { return analyses.NewKPI(w.analyses()) },
		Problems:  segments.NewProblems,
		Workbench: w.workbench,
		Customer:  w.customer,
	}
}

func (w wiring) segments() segments.Links {
	return segments.Links{
		Workbench: w.workbench, Why: func(word string) page.Page { return w.why("", word) }, WhyCustomer: w.why,
		Overlap: w.overlap, Drift: w.drift, Campaigns: w.campaigns,
		Rule:      func(word string) page.Page { return rules.NewRule(word, w.rules()) },
		Funnel:    func(word string) page.Page { return rules.NewFunnel(word, w.rules()) },
		Members:   w.members,
		OverlapOf: func(word string) page.Page { return analyses.NewOverlapOf(w.analyses(), word) },
		DriftOf:   func(word string) page.Page { return analyses.NewDriftOf(w.analyses(), word) },
		KPIs:      func(word string) page.Page { return analyses.NewKPIs(w.analyses(), word) },
	}
}

func (w wiring) rules() rules.Links {
	return rules.Links{Why: w.why, Customer: w.customer, Members: w.members, Workbench: w.workbench}
}

func (w wiring) analyses() analyses.Links {
	return analyses.Links{Members: w.members, Workbench: w.workbench, Segment: w.segment, Why: w.why}
}

func (w wiring) customers() customers.Links {
	return customers.Links{Why: w.why, Customer: w.customer, Segment: w.segment, Workbench: w.workbench}
}

func (w wiring) segment(name string) page.Page { return segments.NewSegment(name, w.segments()) }

func (w wiring) members(word string) page.Page { return rules.NewMembers(word, w.rules()) }

func (w wiring) workbench(name, rule string) page.Page {
	return workbench.New(name, rule, workbench.Links{Members: w.members, Why: w.why})
}

func (w wiring) why(customer, word string) page.Page {
	return customers.NewWhy(customer, word, w.customers())
}

func (w wiring) customer(key string) page.Page { return customers.NewCustomer(key, w.customers()) }

// overlap compares segments; one alone is compared with all others.
func (w wiring) overlap(words []string) page.Page {
	if len(words) < 2 { //nolint:mnd // One has nothing to be compared with.
		words = nil
	}
	return analyses.NewOverlap(w.analyses(), words)
}

// drift is the drift of all segments, or with a word that of one.
func (w wiring) drift(word string) page.Page {
	if word == "" {
		return analyses.NewDrift(w.analyses())
	}
	return analyses.NewDriftOf(w.analyses(), word)
}

func (w wiring) campaigns() page.Page {
	return campaigns.New(campaigns.Links{Segment: w.segment})
}
