package evaluate_test

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// oddRules have bounds that numbers of rows never reach or always pass, values
// that most customers lack, and traits that are compared with each other; with
// the number of edge customers they hold for, of 81.
var oddRules = map[string]int{
	"true": 81, "not true": 0, "count(event) ever >= 0": 81, "count(event) ever < -1": 0, "count(event) ever between -5 and 0": 8,
	"count(event) ever > 1152921504606846976": 0, "count(event) ever >= 9223372036854775807": 0, "count(event) ever <= 9223372036854775807": 81,
	"count(event) ever = 1.5": 0, "count(event) ever <> 1.5": 81, "count(event) ever in (1, 2.5, -3)": 73, "not (count(event) ever in (1, 2))": 8,
	"count(event) ever between 3 and 1": 0, "count(event) ever not between 0 and 0": 73, "count(event) ever = count(event) ever": 81,
	"1 <= count(event) ever": 73, "count(event) ever > 0.5": 73, "distinct(event.category) ever >= 1": 61,
	"avg(event.event_id) ever is missing": 8, "avg(event.event_id) ever is not missing": 73, "not (avg(event.event_id) ever > 0)": 8,
	"sum(event.event_id) ever = 0": 8, "max(event.event_id) ever < 0": 0, "min(event.category) ever is missing": 20,
	"last(event.category) ever is blank": 20, "coalesce(first(event.category) ever, 'a') = 'a'": 45,
	"ln(count(event) ever) is missing": 8, "count(event) ever / count(event) ever = 1": 73, "0 - count(event) ever < 0": 73,
	"count(event) last 7 days > count(event) ever": 0, "greatest(count(event) ever, count(open) ever) = 1": 73,
	"median(event.event_id) ever = max(event.event_id) ever": 73, "not (days_since(last event) <= 100000)": 8,
}

// TestSharedOddRules evaluates each rule by itself, and all of them together.
func TestSharedOddRules(t *testing.T) {
	t.Parallel()
	s := edgeShop(t, edgeRows(t), "BIGINT", "VARCHAR", strconv.Itoa)
	texts := slices.Sorted(maps.Keys(oddRules))
	all := s.sharedOnly(t, tinyNoon, texts...)
	for _, text := range texts {
		one := s.shared(t, tinyNoon, text)[text]
		require.Len(t, one, oddRules[text], text)
		require.Equal(t, one, all[text], text)
	}
}
