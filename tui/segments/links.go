package segments

import "strata/tui/page"

// Links make the pages that others have. An action whose page is nil is not
// shown, nor is such a tab.
type Links struct {
	// Workbench edits a rule. A name without a rule is the saved one of that name,
	// neither is a new segment.
	Workbench func(name, rule string) page.Page
	// Why asks for a customer and proves the membership in the word.
	Why func(word string) page.Page
	// WhyCustomer proves the membership of one customer in the word.
	WhyCustomer func(customer, word string) page.Page
	// Overlap compares segments, all where there are no words.
	Overlap   func(words []string) page.Page
	Drift     func(word string) page.Page
	Campaigns func() page.Page

	// The tabs of a segment, beside those of this package.
	Rule, Funnel, Members, OverlapOf, DriftOf, KPIs func(word string) page.Page
}
