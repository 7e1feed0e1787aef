package edit

import (
	"regexp"

	"strata/segments/check"
	"strata/segments/source"
)

// Fix is a change that mends a mistake.
type Fix struct {
	Start, End int
	Text       string
	// Problem is what it mends.
	Problem source.Diagnostic
}

var meant = regexp.MustCompile("did you mean \"([^\"]+)\"|`([^`]+)`")

// Fixes are the changes that the hints of a reading offer, in the order of the
// text. Each was tried: with it there are fewer errors.
func Fixes(program *check.Program, r Reading) []Fix {
	var fixes []Fix
	errors := errorsOf(r.Problems)
	for _, d := range r.Problems {
		match := meant.FindStringSubmatch(d.Hint)
		if d.Severity == source.Warning || match == nil || !insideText(r.Text, d.Span) {
			continue
		}
		fix := Fix{Start: d.Span.Start, End: d.Span.End, Text: match[1] + match[2], Problem: d}
		mended := Read(program, r.Text[:fix.Start]+fix.Text+r.Text[fix.End:])
		if errorsOf(mended.Problems) < errors {
			fixes = append(fixes, fix)
		}
	}
	return fixes
}

func insideText(text string, s source.Span) bool {
	return s.File != nil && s.File.Text == text && s.Start >= 0 && s.End <= len(text) && s.Start <= s.End
}

func errorsOf(list source.List) int {
	n := 0
	for _, d := range list {
		if d.Severity != source.Warning {
			n++
		}
	}
	return n
}
