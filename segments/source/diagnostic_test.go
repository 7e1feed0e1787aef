package source

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestErrorForms(t *testing.T) {
	f := NewFile("segments/vip.yaml", "a\nbad\n")
	d := Diagnostic{Code: "E204", Message: "unknown stream", Span: Span{f, 2, 5}}
	require.EqualError(t, d, "segments/vip.yaml:2:1: unknown stream [E204]")
	require.EqualError(t, Diagnostic{Code: "E1", Message: "no project"}, "no project [E1]")
	require.EqualError(t, List{d, {Code: "W1", Message: "odd"}}, "segments/vip.yaml:2:1: unknown stream [E204]\nodd [W1]")
}

func TestOnlyErrorsAreAnError(t *testing.T) {
	var list List
	require.NoError(t, list.Err())
	list.Add(Diagnostic{Code: "W1", Severity: Warning})
	require.NoError(t, list.Err())
	require.False(t, list.HasErrors())
	list.Add(Diagnostic{Code: "E1", Severity: Error}, Diagnostic{Code: "E2"})
	require.True(t, list.HasErrors())
	var got List
	require.ErrorAs(t, list.Err(), &got)
	require.Len(t, got, 3)
}

func TestSort(t *testing.T) {
	a, b := NewFile("a.yaml", "0123456789"), NewFile("b.yaml", "0123456789")
	at := func(f *File, start int, code Code, message string) Diagnostic {
		return Diagnostic{Code: code, Message: message, Span: Span{f, start, start + 1}}
	}
	list := List{
		at(b, 1, "E1", "x"), at(a, 5, "E2", "x"), at(a, 5, "E1", "y"), at(a, 5, "E1", "x"), at(a, 2, "E9", "x"),
		{Code: "E3", Message: "nowhere"},
		at(a, 5, "E1", "x"), at(b, 1, "E1", "x"),
	}
	list.Sort()
	require.Equal(t, List{
		{Code: "E3", Message: "nowhere"},
		at(a, 2, "E9", "x"), at(a, 5, "E1", "x"), at(a, 5, "E1", "y"), at(a, 5, "E2", "x"), at(b, 1, "E1", "x"),
	}, list)
	var none List
	none.Sort()
	require.Empty(t, none)
}

func TestNearest(t *testing.T) {
	streams := []string{"product_view", "order", "page_view", "email_open", "id", "at"}
	for word, want := range map[string]string{
		"product_veiw": "product_view",
		"prodct_viw":   "product_view",
		"Order":        "order",
		"oder":         "order",
		"ordre":        "order",
		"pageview":     "page_view",
		"ta":           "at",
	} {
		got, ok := Nearest(word, streams)
		require.True(t, ok, word)
		require.Equal(t, want, got, word)
	}
	for _, word := range []string{"", "x", "xy", "customer", "product", "ord", "xmailxopxx"} {
		_, ok := Nearest(word, streams)
		require.False(t, ok, word)
	}
	got, _ := Nearest("cat", []string{"bat", "hat"})
	require.Equal(t, "bat", got, "the first of two equally near ones")
	got, _ = Nearest("count", []string{"counts", "count"})
	require.Equal(t, "count", got, "the nearest one")
}

// TestDistanceLaws checks the laws of a distance between words; a swap of
// neighbours counts once.
func TestDistanceLaws(t *testing.T) {
	word := rapid.SliceOfN(rapid.RuneFrom([]rune("abc")), 0, 6)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b)
		require.Equal(t, d, distance(b, a))
		require.Equal(t, string(a) == string(b), d == 0)
		require.GreaterOrEqual(t, d, max(len(a)-len(b), len(b)-len(a)))
		require.LessOrEqual(t, d, max(len(a), len(b)))
		if len(a) > 1 && a[0] != a[1] {
			swapped := append([]rune{a[1], a[0]}, a[2:]...)
			require.Equal(t, 1, distance(a, swapped))
		}
	})
	require.Equal(t, 3, distance([]rune("kitten"), []rune("sitting")))
}
