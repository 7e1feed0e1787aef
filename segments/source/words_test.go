package source

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDidYouMean(t *testing.T) {
	require.Equal(t, `did you mean "orders"?`, DidYouMean("ordres", []string{"events", "orders"}))
	require.Empty(t, DidYouMean("returns", []string{"events", "orders"}))
	require.Empty(t, DidYouMean("orders", nil))
	require.Empty(t, DidYouMean("orders", []string{"events", "orders"}))
}

func TestWordsAreJoinedAsPeopleDo(t *testing.T) {
	for _, c := range []struct{ words, and, or string }{
		{"", "", ""},
		{"a", "a", "a"},
		{"a b", "a and b", "a or b"},
		{"a b c", "a, b and c", "a, b or c"},
	} {
		require.Equal(t, c.and, Enumerate(strings.Fields(c.words)))
		require.Equal(t, c.or, Alternatives(strings.Fields(c.words)))
	}
}

func TestLongListsAreCut(t *testing.T) {
	words := strings.Fields("a b c d e f g h i j k l m n")
	require.Equal(t, "a, b, c, d, e, f, g, h, i, j, k and l", Enumerate(words[:12]))
	require.Equal(t, "a, b, c, d, e, f, g, h, i, j, k, l and 2 more", Enumerate(words))
}

func TestCounted(t *testing.T) {
	require.Equal(t, "0 rows", Counted(0, "row"))
	require.Equal(t, "1 row", Counted(1, "row"))
	require.Equal(t, "2 rows", Counted(2, "row"))
}
