package evaluate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/sql/dialect"
)

// why proves a segment, rule or partition for one customer at noon.
func (s tiny) why(t *testing.T, customer, text string) result.Why {
	t.Helper()
	d, ok := s.program.Lookup(text)
	if !ok {
		d = s.segment(t, text)
	}
	why, err := s.Why(t.Context(), customer, d, tinyNoon)
	require.NoError(t, err)
	require.True(t, why.Known)
	require.Empty(t, why.Reason)
	require.Equal(t, customer, why.Customer)
	require.Equal(t, tinyNoon, why.AsOf)
	short, err := s.Membership(t.Context(), customer, d, tinyNoon)
	require.NoError(t, err)
	require.Equal(t, []any{short.Member, short.Stage, short.Contactable}, []any{why.Member, why.Stage, why.Contactable})
	return why
}

// TestWhyShowsTheRows proves a sum: its value, its bound, the rows inside of
// the window and outside of it. What lies at the as-of does not exist, and a
// cancelled order is none of the stream.
func TestWhyShowsTheRows(t *testing.T) {
	s := tinyShop(t, nil)
	day := func(month time.Month, day, hour int) time.Time {
		year := 2026
		if month > time.June {
			year = 2025
		}
		return time.Date(year, month, day, hour, 0, 0, 0, time.UTC)
	}
	from := day(time.December, 16, 11)
	why := s.why(t, "1", "spenders")
	require.True(t, why.Member)
	require.Equal(t, &result.Node{
		Kind: "all", Verdict: result.True, Values: []result.Value{}, Evidence: []result.Evidence{},
		Children: []*result.Node{{
			Kind: "leaf", Name: "c1", Rule: "sum(order.amount) last $span days >= $bound", Verdict: result.True,
			Values: []result.Value{
				{Rule: "sum(order.amount) last $span days", Value: dialect.Decimal("150.50")},
				{Rule: "$bound", Value: int64(100), Constant: true},
			},
			Evidence: []result.Evidence{{
				Rule: "sum(order.amount) last $span days", Stream: "order", From: &from, To: &tinyNoon, Counted: 2, Excluded: 1,
				Rows: []result.Row{
					{At: day(time.January, 14, 12), ID: "1", Value: dialect.Decimal("100.00"), Counts: true},
					{At: day(time.December, 20, 0), ID: "2", Value: dialect.Decimal("50.50"), Counts: true},
					{At: day(time.November, 1, 0), ID: "10", Value: dialect.Decimal("5.00"), Counts: false},
				},
			}},
			Children: []*result.Node{},
		}},
	}, inUTC(why.Rule))

	leaf := s.why(t, "2", "spenders").Rule.Children[0]
	require.Equal(t, result.False, leaf.Verdict)
	require.Equal(t, "80 short", leaf.Short)
	require.Equal(t, int64(1), leaf.Evidence[0].Counted)
	require.Equal(t, int64(0), leaf.Evidence[0].Excluded)
	leaf = s.why(t, "4", "spenders").Rule.Children[0]
	require.Equal(t, "100 short", leaf.Short)
	require.Empty(t, leaf.Evidence[0].Rows)

	// A filter leaves rows out as a window does, and only five rows are shown.
	leaf = s.why(t, "1", "count(order where amount > 50) ever >= 3").Rule.Children[0]
	require.Equal(t, "1 short", leaf.Short)
	require.Equal(t, int64(2), leaf.Evidence[0].Counted)
	require.Equal(t, int64(1), leaf.Evidence[0].Excluded)
	require.Nil(t, leaf.Evidence[0].From)
	_, err := s.db.Exec(t.Context(), "INSERT INTO orders SELECT 100 + i, 4, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_hours(i), i, 'paid', NULL FROM range(9) AS r(i)")
	require.NoError(t, err)
	evidence := s.why(t, "4", "count(order where amount > 2) ever > 0").Rule.Children[0].Evidence[0]
	require.Equal(t, int64(6), evidence.Counted)
	require.Equal(t, int64(3), evidence.Excluded)
	require.Len(t, evidence.Rows, 5)
	require.Equal(t, "108", evidence.Rows[0].ID)
}

// inUTC gives all times of a proof one zone, for comparing.
func inUTC(node *result.Node) *result.Node {
	for _, evidence := range node.Evidence {
		for i := range evidence.Rows {
			evidence.Rows[i].At = evidence.Rows[i].At.UTC()
		}
	}
	for _, child := range node.Children {
		inUTC(child)
	}
	return node
}

// TestWhyVerdicts proves single tests that hold, do not, or miss a value, with
// what a number is short of.
func TestWhyVerdicts(t *testing.T) {
	s := tinyShop(t, nil)
	for _, c := range []struct {
		customer, rule string
		verdict        result.Verdict
		value          any
		short          string
	}{
		{"1", "spent > 155.5", result.False, dialect.Decimal("155.50"), "exactly at the bound, which is excluded"},
		{"1", "spent < 155.50", result.False, dialect.Decimal("155.50"), "exactly at the bound, which is excluded"},
		{"1", "spent > 200.25", result.False, dialect.Decimal("155.50"), "44.75 short, and the bound is excluded"},
		{"1", "spent < 100", result.False, dialect.Decimal("155.50"), "55.5 too many, and the bound is excluded"},
		{"1", "spent <= 155.49", result.False, dialect.Decimal("155.50"), "0.01 too many"},
		{"1", "spent = 1", result.False, dialect.Decimal("155.50"), ""},
		{"1", "spent >= 155.50", result.True, dialect.Decimal("155.50"), ""},
		{"1", "basket > 100", result.False, 75.25, "24.75 short, and the bound is excluded"},
		{"3", "basket > 100", result.MissingValue, nil, ""},
		{"3", "basket <> 100", result.True, nil, ""},
		{"3", "basket is missing", result.True, nil, ""},
		{"1", "basket is missing", result.False, 75.25, ""},
		{"4", "consent = true", result.MissingValue, nil, ""},
		{"4", "consent", result.MissingValue, nil, ""},
		{"3", "consent", result.False, false, ""},
		{"3", "country in ('DE', 'FR')", result.False, "AT", ""},
		{"3", "country like 'A%'", result.True, "AT", ""},
		{"3", "country < 'AT'", result.False, "AT", ""},
		{"3", "starts_with(country, 'D')", result.False, "AT", ""},
		{"3", "spent between 10 and 20", result.True, dialect.Decimal("10.00"), ""},
		{"4", "created_at in last 60 days", result.MissingValue, nil, ""},
		{"1", "days_since(last order) > 3", result.False, int64(0), "3 short, and the bound is excluded"},
		{"4", "days_since(last order) > 3", result.MissingValue, nil, ""},
		{"1", "worth = 'small'", result.False, "big", ""},
	} {
		why := s.why(t, c.customer, c.rule)
		leaf := why.Rule.Children[0]
		require.Equal(t, c.verdict, leaf.Verdict, c.rule)
		require.Equal(t, c.verdict == result.True, why.Member, c.rule)
		require.Equal(t, c.value, leaf.Values[0].Value, c.rule)
		require.Equal(t, c.short, leaf.Short, c.rule)
		require.Equal(t, c.rule, leaf.Rule)
	}
}

// TestWhyOpensLogic takes and, or and not apart, opens a segment that a rule
// names, once, and shows its gates.
func TestWhyOpensLogic(t *testing.T) {
	s := tinyShop(t, nil)
	why := s.why(t, "1", "tree")
	require.False(t, why.Member)
	require.Equal(t, []string{
		"all : false", " leaf buyers: true", "  all : true", "   leaf c1: true",
		" any wanted: true", "  leaf german: true", "  leaf opened: true", " not : false", "  leaf chosen: true",
	}, outline(why.Rule, ""))

	why = s.why(t, "2", "(buyers or spenders) and not (country = 'AT' and buyers)")
	require.True(t, why.Member)
	require.Equal(t, []string{
		"all : true",
		" leaf c1: true", "  any : true", "   segment buyers: true", "    all : true", "     leaf c1: true",
		"   segment spenders: false", "    all : false", "     leaf c1: false",
		" leaf c2: true", "  not : true", "   all : false", "    test : false", "    segment buyers: true",
	}, outline(why.Rule, ""))

	why = s.why(t, "1", "germans")
	require.True(t, why.Member)
	require.False(t, why.Contactable)
	require.Len(t, why.Gates, 2)
	require.Equal(t, []string{"gate mailable: true", " all : true", "  leaf c1: true"}, outline(why.Gates[0], ""))
	require.Equal(t, []string{"gate not_chosen: false", " all : false", "  leaf c1: false", "   not : false", "    list chosen: true"}, outline(why.Gates[1], ""))
	require.True(t, s.why(t, "2", "germans").Contactable)
	require.False(t, s.why(t, "4", "germans").Contactable)
}

// outline writes the kinds, names and verdicts of a proof.
func outline(node *result.Node, indent string) []string {
	lines := []string{indent + node.Kind + " " + node.Name + ": " + string(node.Verdict)}
	for _, child := range node.Children {
		lines = append(lines, outline(child, indent+" ")...)
	}
	return lines
}

// TestWhyOfAPartition shows every stage, but says nothing of those behind the
// one that matched.
func TestWhyOfAPartition(t *testing.T) {
	s := tinyShop(t, nil)
	for customer, want := range map[string][]string{
		"1": {"partition worth: true", " stage big: true", " stage small: not_reached", " stage none: not_reached"},
		"2": {"partition worth: true", " stage big: false", " stage small: true", " stage none: not_reached"},
		"3": {"partition worth: true", " stage big: false", " stage small: missing", " stage none: true"},
	} {
		why := s.why(t, customer, "worth")
		require.Equal(t, want, outline(why.Rule, ""))
		require.Equal(t, "partition", why.Kind)
		require.True(t, why.Contactable)
		require.Equal(t, map[string]string{"1": "big", "2": "small", "3": "none"}[customer], why.Stage)
	}
}

// TestWhyOfSQL has nothing to open.
func TestWhyOfSQL(t *testing.T) {
	s := tinyShop(t, nil)
	why := s.why(t, "4", "in_sql")
	require.True(t, why.Member)
	require.False(t, why.Contactable)
	require.Equal(t, "in_sql", why.Rule.Name)
	require.Equal(t, result.True, why.Rule.Verdict)
	require.Equal(t, []string{"all : false", " leaf c1: false", "  not : false", "   segment in_sql: true"}, outline(s.why(t, "4", "not in_sql").Rule, ""))
}

// TestWhySequence shows the rows of each step. A negative step looks past the
// window's end, so its rows count there as well.
func TestWhySequence(t *testing.T) {
	s := tinyShop(t, nil)
	leaf := s.why(t, "1", "sequence(cart then not order within 2 hours) last 30 days").Rule.Children[0]
	require.Equal(t, result.False, leaf.Verdict)
	require.Empty(t, leaf.Values, "whether it holds is all there is to say")
	require.Len(t, leaf.Evidence, 2)
	require.Equal(t, "cart", leaf.Evidence[0].Stream)
	require.Equal(t, "6", leaf.Evidence[0].Rows[0].ID)
	require.Equal(t, "order", leaf.Evidence[1].Stream)
	require.Equal(t, int64(2), leaf.Evidence[1].Counted)
	require.Equal(t, int64(1), leaf.Evidence[1].Excluded)
	require.True(t, s.why(t, "2", "sequence(cart then not order within 2 hours) last 30 days").Member)

	leaf = s.why(t, "1", "sequence(cart then not order within 2 hours) between 25 hours and 23 hours ago").Rule.Children[0]
	require.Equal(t, result.False, leaf.Verdict)
	require.Equal(t, int64(1), leaf.Evidence[1].Counted, "the order half an hour after the cart")
	require.Equal(t, "1", leaf.Evidence[1].Rows[0].ID)
}

// TestWhyOfStrangers tells a customer who is not there yet from a key that no
// customer has.
func TestWhyOfStrangers(t *testing.T) {
	s := tinyShop(t, nil)
	buyers := s.segment(t, "buyers")
	for _, ask := range []func(string) (result.Why, error){
		func(key string) (result.Why, error) { return s.Why(t.Context(), key, buyers, tinyNoon) },
		func(key string) (result.Why, error) { return s.Membership(t.Context(), key, buyers, tinyNoon) },
	} {
		for _, key := range []string{"5"} {
			why, err := ask(key)
			require.NoError(t, err)
			require.False(t, why.Known)
			require.Nil(t, why.Rule)
			require.Equal(t, "the customer was created at or after the as-of", why.Reason)
		}
		for _, key := range []string{"9", "77", "", "1' OR '1' = '1", "01", "1.0", "x"} {
			_, err := ask(key)
			require.ErrorIs(t, err, evaluate.ErrNoSuchCustomer, key)
			require.ErrorContains(t, err, "source customers has no key "+key)
		}
	}
	_, err := s.Why(t.Context(), "1", s.definition(t, "spent"), tinyNoon)
	require.EqualError(t, err, "a trait has no members to explain")
}
