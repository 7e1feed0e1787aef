package campaign_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/campaign"
	"strata/segments/check"
)

// TestNumber holds numbers that Python's hashlib gave.
func TestNumber(t *testing.T) {
	for _, v := range []struct {
		salt, key string
		want      int
	}{
		{"autumn_2026", "10008", 1855},
		{"autumn_2026", "10015", 7348},
		{"s", "a", 7006},
		{"s", "b", 9159},
		{"s", "c", 150},
		{"s", "d", 1213},
		{"", "x", 4324},
		{"ä", "ß", 9875},
		{"salt", "0b6fa1a3-1111-4222-8333-444455556666", 6366},
		{"a:b", "c", 2964},
		{"a", "b:c", 2964},
	} {
		require.Equal(t, v.want, campaign.Number(v.salt, v.key), "%s:%s", v.salt, v.key)
	}
}

// split makes a split of shares in hundredths of a percent.
func split(salt string, shares ...int) check.CampaignSplit {
	s := check.CampaignSplit{Salt: salt}
	from := 0
	for i, share := range shares {
		s.Arms = append(s.Arms, check.CampaignArm{Name: "arm" + strconv.Itoa(i), Share: float64(share) / 1e4, From: from, To: from + share})
		from += share
	}
	return s
}

// shares draws 1 to 5 shares that are 10,000 together.
func shares() *rapid.Generator[[]int] {
	return rapid.Custom(func(t *rapid.T) []int {
		cuts := rapid.SliceOfNDistinct(rapid.IntRange(1, campaign.Numbers-1), 0, 4, rapid.ID).Draw(t, "cuts")
		slices.Sort(cuts)
		var list []int
		last := 0
		for _, cut := range append(cuts, campaign.Numbers) {
			list = append(list, cut-last)
			last = cut
		}
		return list
	})
}

// people draws customers with stages.
func people(stages int) *rapid.Generator[[]campaign.Customer] {
	return rapid.Custom(func(t *rapid.T) []campaign.Customer {
		keys := rapid.SliceOfNDistinct(rapid.IntRange(1, 1_000_000), 0, 300, rapid.ID).Draw(t, "keys")
		var list []campaign.Customer
		for _, key := range keys {
			list = append(list, campaign.Customer{Key: strconv.Itoa(key), Stage: key % stages})
		}
		return list
	})
}

func arms(list []campaign.Customer) map[string]int {
	out := map[string]int{}
	for _, c := range list {
		out[c.Key] = c.Arm
	}
	return out
}

// TestPlainSplitIsBySample compares each arm with the range of numbers that it
// takes, and demands that nobody's arm depends on who else is there.
func TestPlainSplitIsBySample(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := split(rapid.StringMatching(`[a-z_0-9]{0,8}`).Draw(t, "salt"), shares().Draw(t, "shares")...)
		all := people(3).Draw(t, "people")
		campaign.Assign(s, nil, all)
		for _, c := range all {
			number := campaign.Number(s.Salt, c.Key)
			require.GreaterOrEqual(t, number, s.Arms[c.Arm].From)
			require.Less(t, number, s.Arms[c.Arm].To)
		}
		whole := arms(all)
		some := slices.Clone(all[:rapid.IntRange(0, len(all)).Draw(t, "some")])
		slices.Reverse(some)
		campaign.Assign(s, nil, some)
		for _, c := range some {
			require.Equal(t, whole[c.Key], c.Arm, "the arm of %s depends on others", c.Key)
		}
	})
}

// TestStratifiedSplitHasExactShares demands that every arm has its share of every
// stage to less than one customer, that numbers decide within a stage, and that
// neither the order of customers nor those of other stages matter.
func TestStratifiedSplitHasExactShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := split(rapid.StringMatching(`[a-z_0-9]{0,8}`).Draw(t, "salt"), shares().Draw(t, "shares")...)
		stages := []string{"gold", "silver", "lead"}
		all := people(len(stages)).Draw(t, "people")
		campaign.Assign(s, stages, all)
		for stage := range stages {
			sizes := make([]int, len(s.Arms))
			highest := slices.Repeat([]int{-1}, len(s.Arms))
			lowest := slices.Repeat([]int{campaign.Numbers}, len(s.Arms))
			n := 0
			for _, c := range all {
				if c.Stage == stage {
					n++
					sizes[c.Arm]++
					number := campaign.Number(s.Salt, c.Key)
					highest[c.Arm], lowest[c.Arm] = max(highest[c.Arm], number), min(lowest[c.Arm], number)
				}
			}
			upTo := 0
			for i, arm := range s.Arms {
				upTo += sizes[i]
				require.Less(t, math.Abs(float64(upTo)-float64(n*arm.To)/campaign.Numbers), 1.0)
				for j := range i {
					require.LessOrEqual(t, highest[j], lowest[i], "arms take the numbers in file order")
				}
			}
			require.Equal(t, n, upTo)
		}
		whole := arms(all)
		var one []campaign.Customer
		for _, c := range all {
			if c.Stage == 1 {
				one = append(one, c)
			}
		}
		slices.Reverse(one)
		campaign.Assign(s, stages, one)
		for _, c := range one {
			require.Equal(t, whole[c.Key], c.Arm)
		}
	})
}

// TestSmallStrataAreFair puts single customers into strata of their own: over
// many of them each arm gets its share, where rounding alone would give one arm
// everybody.
func TestSmallStrataAreFair(t *testing.T) {
	s := split("fair", 1000, 9000)
	const strata = 20_000
	var all []campaign.Customer
	var stages []string
	for i := range strata {
		stages = append(stages, fmt.Sprintf("stage%d", i))
		all = append(all, campaign.Customer{Key: strconv.Itoa(i), Stage: i})
	}
	campaign.Assign(s, stages, all)
	held := 0
	for _, c := range all {
		if c.Arm == 0 {
			held++
		}
	}
	// Five standard deviations of a binomial count.
	require.InDelta(t, 0.1*strata, held, 5*math.Sqrt(strata*0.1*0.9))
}

// TestNobodyIsDivided leaves an empty audience empty.
func TestNobodyIsDivided(t *testing.T) {
	campaign.Assign(split("x", 10_000), nil, nil)
	campaign.Assign(split("x", 10_000), []string{"a"}, nil)
}
