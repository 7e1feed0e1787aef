package evaluate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
	"strata/segments/result"
	"strata/sql/dialect"
)

func TestCountKnowsGates(t *testing.T) {
	s := tinyShop(t, nil)
	for name, want := range map[string]result.Count{
		"buyers":   {Members: 4, Contactable: 3, Customers: 5}, // 1 2 3 6; 3 did not consent.
		"germans":  {Members: 2, Contactable: 1, Customers: 5}, // 1 2; 1 is chosen.
		"spenders": {Members: 1, Contactable: 1, Customers: 5},
		"tree":     {Members: 1, Contactable: 1, Customers: 5},
		"in_sql":   {Members: 5, Contactable: 3, Customers: 5, Dropped: result.Dropped{Duplicates: 3, Missing: 1, Unknown: 1}},
		"1 = 2":    {Name: "rule", Customers: 5},
	} {
		count, err := s.Count(t.Context(), s.segment(t, name), tinyNoon)
		require.NoError(t, err)
		want.AsOf = tinyNoon
		if want.Name == "" {
			want.Name = name
		}
		require.Equal(t, want, count)
	}
	require.True(t, result.Dropped{Unknown: 1}.Any())
	require.False(t, result.Dropped{}.Any())
}

func TestMembersAndValues(t *testing.T) {
	s := tinyShop(t, nil)
	require.Equal(t, []string{"1", "2", "3", "6"}, s.members(t, "buyers"))
	require.Equal(t, []string{"1", "2", "3", "4", "6"}, s.members(t, "in_sql"))
	require.Equal(t, []string{"4"}, s.members(t, "not buyers"))
	require.Equal(t, []string{}, s.members(t, "buyers and not buyers"))
	gate, err := s.Members(t.Context(), s.definition(t, "mailable"), tinyNoon)
	require.NoError(t, err)
	require.Equal(t, []string{"1", "2", "6"}, gate)
	chosen, err := s.Members(t.Context(), s.definition(t, "chosen"), tinyNoon)
	require.NoError(t, err)
	require.Equal(t, []string{"1", "3"}, chosen)

	spent, err := s.Values(t.Context(), s.definition(t, "spent"), tinyNoon)
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"1": dialect.Decimal("155.50"), "2": dialect.Decimal("20.00"), "3": dialect.Decimal("10.00"),
		"4": dialect.Decimal("0.00"), "6": dialect.Decimal("7.00"),
	}, spent)
	basket, err := s.Values(t.Context(), s.definition(t, "basket"), tinyNoon)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"1": 75.25, "2": 20.0, "3": nil, "4": nil, "6": 7.0}, basket)
	in, err := s.Values(t.Context(), s.definition(t, "germans"), tinyNoon)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"1": true, "2": true, "3": false, "4": false, "6": false}, in)
}

func TestStagesTakeEverybodyOnce(t *testing.T) {
	s := tinyShop(t, nil)
	worth, ok := s.definition(t, "worth").(*check.Partition)
	require.True(t, ok)
	stages, err := s.Stages(t.Context(), worth, tinyNoon)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"1": "big", "2": "small", "3": "none", "4": "none", "6": "small"}, stages)
}

func TestCountBy(t *testing.T) {
	s := tinyShop(t, nil)
	for by, want := range map[string][]result.Group{
		"country":                {{Value: "DE", Members: 2}, {Value: "AT", Members: 1}, {Value: "FR", Members: 1}},
		"worth":                  {{Value: "small", Members: 2}, {Value: "big", Members: 1}, {Value: "none", Members: 1}},
		"consent":                {{Value: true, Members: 3}, {Value: false, Members: 1}},
		"spent > 15":             {{Value: false, Members: 2}, {Value: true, Members: 2}},
		"round(basket)":          {{Value: 7.0, Members: 1}, {Value: 20.0, Members: 1}, {Value: 75.0, Members: 1}, {Value: nil, Members: 1}},
		"count(email_open) ever": {{Value: int64(1), Members: 2}, {Value: int64(0), Members: 1}, {Value: int64(2), Members: 1}},
	} {
		groups, err := s.CountBy(t.Context(), s.segment(t, "buyers"), s.expression(t, by), tinyNoon)
		require.NoError(t, err)
		require.Equal(t, want, groups, by)
	}
}

func TestListPages(t *testing.T) {
	s := tinyShop(t, nil)
	outputs := []compile.Output{{Name: "land", Value: s.expression(t, "country")}, {Name: "vip", Value: s.expression(t, "spenders")}}
	list := func(l compile.Listing) result.Listing {
		l.Outputs = outputs
		found, err := s.List(t.Context(), l, tinyNoon)
		require.NoError(t, err)
		require.Equal(t, []string{"customer_id", "land", "vip"}, found.Columns)
		require.Equal(t, tinyNoon, found.AsOf)
		return found
	}
	buyers := s.segment(t, "buyers")
	all := list(compile.Listing{Of: buyers}).Rows
	require.Equal(t, [][]any{{int64(1), "DE", true}, {int64(2), "DE", false}, {int64(3), "AT", false}, {int64(6), "FR", false}}, all)
	for _, size := range []uint64{1, 2, 3, 5} {
		var pages [][]any
		for offset := uint64(0); offset < 5; offset += size {
			page := list(compile.Listing{Of: buyers, Limit: size, Offset: offset}).Rows
			require.LessOrEqual(t, len(page), int(size))
			pages = append(pages, page...)
		}
		require.Equal(t, all, pages)
	}
	require.Equal(t, all[2:], list(compile.Listing{Of: buyers, Offset: 2}).Rows)
	require.Empty(t, list(compile.Listing{Of: buyers, Offset: 9}).Rows)
	require.Len(t, list(compile.Listing{}).Rows, 5)
	key := "3"
	require.Equal(t, [][]any{{int64(3), "AT", false}}, list(compile.Listing{Key: &key}).Rows)
}

// A key that occurs twice would count twice, so every question says so.
func TestRepeatedKeysStopEveryQuestion(t *testing.T) {
	s := tinyShop(t, nil)
	require.NoError(t, s.UniqueKeys(t.Context()))
	_, err := s.db.Exec(t.Context(), "INSERT INTO customers (customer_id) VALUES (1), (1), (6), (2), (3), (NULL)")
	require.NoError(t, err)
	buyers := s.segment(t, "buyers")
	var repeated *evaluate.DuplicateKeyError
	require.ErrorAs(t, s.UniqueKeys(t.Context()), &repeated)
	require.Equal(t, &evaluate.DuplicateKeyError{Source: "customers", Keys: 4, Examples: []string{"1", "2", "3"}}, repeated)
	require.EqualError(t, repeated, "4 keys of source customers occur more than once (1, 2, 3): map valid_from if it keeps history, or give it a query that returns each key once")

	_, err = s.Count(t.Context(), buyers, tinyNoon)
	require.ErrorAs(t, err, &repeated)
	_, err = s.CountBy(t.Context(), buyers, s.expression(t, "country"), tinyNoon)
	require.ErrorAs(t, err, &repeated)
	_, err = s.Funnel(t.Context(), buyers, tinyNoon)
	require.ErrorAs(t, err, &repeated)
	_, err = s.List(t.Context(), compile.Listing{Of: buyers}, tinyNoon)
	require.ErrorAs(t, err, &repeated)
	_, err = s.Why(t.Context(), "1", buyers, tinyNoon)
	require.ErrorAs(t, err, &repeated)
	_, err = s.Run(t.Context(), evaluate.RunOptions{AsOf: tinyNoon, Now: clockwork()})
	require.ErrorAs(t, err, &repeated)
}
