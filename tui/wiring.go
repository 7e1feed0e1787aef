package tui

// pagesOf are the pages of Strata.
func pagesOf() Pages { return Pages{} }
