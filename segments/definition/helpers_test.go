package definition

import (
	"github.com/stretchr/testify/require"

	"strata/segments/source"
)

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	require.TestingT
	Helper()
}

// requireInside demands that a span lies inside its file.
func requireInside(tb tester, s source.Span) {
	tb.Helper()
	if s.IsZero() {
		return
	}
	require.LessOrEqual(tb, 0, s.Start)
	require.LessOrEqual(tb, s.Start, s.End)
	require.LessOrEqual(tb, s.End, len(s.File.Text))
}
