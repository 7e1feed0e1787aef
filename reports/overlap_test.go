package reports_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/reports"
	"strata/segments/result"
)

func almost(t *testing.T, want float64, got *float64, what string) {
	t.Helper()
	require.NotNil(t, got, what)
	require.InDelta(t, want, *got, 5e-7, what)
}

func TestOverlapRates(t *testing.T) {
	t.Parallel()
	r := reports.OverlapRatesOf(120, 80, 30, 1000)
	almost(t, .176471, r.Jaccard, "jaccard")
	almost(t, .375, r.Coefficient, "overlap coefficient")
	almost(t, .25, r.AInB, "a in b")
	almost(t, .375, r.BInA, "b in a")
	almost(t, .30, r.Dice, "dice")
	almost(t, .306186, r.Cosine, "cosine")
	almost(t, 3.125, r.Lift, "lift")
	almost(t, 9.6, r.Expected, "expected")
	almost(t, .231398, r.Phi, "phi")
	almost(t, 53.544960, r.ChiSquare, "chi-square")
	subset := reports.OverlapRatesOf(120, 80, 80, 1000)
	almost(t, .666667, subset.Jaccard, "jaccard of a subset")
	almost(t, 1, subset.Coefficient, "coefficient of a subset")
	apart := reports.OverlapRatesOf(120, 80, 0, 1000)
	almost(t, 0, apart.Jaccard, "jaccard of disjoint ones")
	almost(t, 0, apart.Coefficient, "coefficient of disjoint ones")
	almost(t, 0, apart.Lift, "lift of disjoint ones")
	same := reports.OverlapRatesOf(120, 120, 120, 1000)
	for what, got := range map[string]*float64{
		"jaccard": same.Jaccard, "coefficient": same.Coefficient, "a in b": same.AInB, "b in a": same.BInA,
		"dice": same.Dice, "cosine": same.Cosine, "phi": same.Phi,
	} {
		almost(t, 1, got, what)
	}
	almost(t, 1000./120, same.Lift, "lift of identical ones")
}

func TestOverlapRatesWithoutDenominator(t *testing.T) {
	t.Parallel()
	require.Equal(t, reports.OverlapRates{}, reports.OverlapRatesOf(0, 0, 0, 0))
	empty := reports.OverlapRatesOf(0, 80, 0, 1000)
	almost(t, 0, empty.Jaccard, "one is empty")
	almost(t, 0, empty.Expected, "nobody is expected")
	require.Nil(t, empty.Coefficient)
	require.Nil(t, empty.AInB)
	require.Nil(t, empty.Lift)
	require.Nil(t, empty.Phi)
	require.Nil(t, reports.OverlapRatesOf(1000, 80, 80, 1000).Phi, "everyone is in a")
}

// upset are the rows of the matrix that the vignette of UpSet.js shows: which of
// three sets each of 20 elements is in.
func upset() [][]int {
	var rows [][]int
	for set, count := range map[[3]int]int{{1, 0, 0}: 1, {0, 1, 0}: 3, {0, 0, 1}: 8, {1, 1, 0}: 1, {1, 0, 1}: 1, {0, 1, 1}: 4, {1, 1, 1}: 2} {
		for range count {
			rows = append(rows, set[:])
		}
	}
	return rows
}

// bitsOf are the sets of rows of 0 and 1.
func bitsOf(rows [][]int, units int, customers int64) result.Bits {
	bits := result.Bits{Customers: customers, Sets: make([][]uint64, units)}
	for i := range bits.Sets {
		bits.Sets[i] = make([]uint64, (len(rows)+63)/64)
		for c, row := range rows {
			bits.Sets[i][c/64] |= uint64(row[i]) << (c % 64) //nolint:gosec // 0 or 1.
		}
	}
	return bits
}

func named(n int) []reports.OverlapUnit {
	units := make([]reports.OverlapUnit, n)
	for i := range units {
		units[i].Name = fmt.Sprintf("s%d", i+1)
	}
	return units
}

func TestOverlapOfThreeSets(t *testing.T) {
	t.Parallel()
	o := reports.NewOverlap(named(3), bitsOf(upset(), 3, 20), reports.OverlapOptions{BaseRate: 0.02, Holdout: 0.1})
	require.Equal(t, []int64{5, 10, 15}, []int64{o.Units[0].Size, o.Units[1].Size, o.Units[2].Size})
	require.Equal(t, []int64{1, 3, 8}, []int64{o.Units[0].Unique, o.Units[1].Unique, o.Units[2].Unique})
	require.Equal(t, []int64{3, 3, 6}, []int64{o.Pair(0, 1).Both, o.Pair(2, 0).Both, o.Pair(1, 2).Both})
	almost(t, .25, o.Pair(0, 1).Jaccard, "1 and 2")
	almost(t, .176471, o.Pair(0, 2).Jaccard, "1 and 3")
	almost(t, .315789, o.Pair(1, 2).Jaccard, "2 and 3")
	require.Equal(t, []reports.OverlapSet{
		{Names: []string{"s3"}, Customers: 8},
		{Names: []string{"s2", "s3"}, Customers: 4},
		{Names: []string{"s2"}, Customers: 3},
		{Names: []string{"s1", "s2", "s3"}, Customers: 2},
		{Names: []string{"s1"}, Customers: 1},
		{Names: []string{"s1", "s2"}, Customers: 1},
		{Names: []string{"s1", "s3"}, Customers: 1},
	}, byCustomers(o.Sets))
	require.Zero(t, o.OtherSets)
	require.Zero(t, o.OtherCustomers)
	require.Equal(t, int64(30), o.Reach.Gross)
	require.Equal(t, int64(20), o.Reach.Net)
	require.Equal(t, int64(2), o.Reach.Many)
	require.Zero(t, o.Reach.None)
	almost(t, 1.5, o.Reach.Mean, "mean memberships")
	almost(t, 1, o.Reach.Coverage, "coverage")
	require.Len(t, o.Cover, 3)
	require.Equal(t, "s3", o.Cover[0].Name)
	require.Equal(t, int64(15), o.Cover[0].Adds)
	require.Equal(t, int64(4), o.Cover[1].Adds, "3 of s2 alone and 1 with s1")
	require.Equal(t, int64(20), o.Cover[2].Covered)
	capped := reports.NewOverlap(named(3), bitsOf(upset(), 3, 20), reports.OverlapOptions{Sets: 2})
	require.Len(t, capped.Sets, 2)
	require.Equal(t, int64(5), capped.OtherSets)
	require.Equal(t, int64(8), capped.OtherCustomers)
}

// byCustomers orders sets by number of customers and then by their names' text,
// which is what a reader expects of ties with these names.
func byCustomers(sets []reports.OverlapSet) []reports.OverlapSet {
	sorted := slices.Clone(sets)
	slices.SortStableFunc(sorted, func(a, b reports.OverlapSet) int {
		if a.Customers != b.Customers {
			return int(b.Customers - a.Customers)
		}
		return slices.Compare(a.Names, b.Names)
	})
	return sorted
}

// TestOverlapAgainstCounting compares everything with counting customer by
// customer, for more sets than a word has bits.
func TestOverlapAgainstCounting(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // A test repeats.
	for _, units := range []int{1, 2, 63, 64, 65, 130} {
		rows := make([][]int, 1000+random.IntN(200))
		for c := range rows {
			rows[c] = make([]int, units)
			if c%5 == 0 {
				continue
			}
			for i := range rows[c] {
				if random.IntN(3+i%7) == 0 {
					rows[c][i] = 1
				}
			}
		}
		o := reports.NewOverlap(named(units), bitsOf(rows, units, int64(len(rows))), reports.OverlapOptions{})
		checkOverlap(t, o, rows)
	}
}

func checkOverlap(t *testing.T, o *reports.Overlap, rows [][]int) {
	t.Helper()
	units := len(o.Units)
	both, unique := map[[2]int]int64{}, make([]int64, units)
	patterns := map[string]int64{}
	var many, net int64
	for _, row := range rows {
		var in []int
		var names []string
		for i, bit := range row {
			if bit == 1 {
				in, names = append(in, i), append(names, o.Units[i].Name)
			}
		}
		for _, i := range in {
			for _, j := range in {
				both[[2]int{i, j}]++
			}
		}
		if len(in) == 1 {
			unique[in[0]]++
		}
		if len(in) >= reports.OverlapMany {
			many++
		}
		if len(in) > 0 {
			net++
			patterns[fmt.Sprint(names)]++
		}
	}
	for i := range units {
		require.Equal(t, both[[2]int{i, i}], o.Units[i].Size, "the diagonal is the size")
		require.Equal(t, unique[i], o.Units[i].Unique)
		for j := range units {
			if i != j {
				require.Equal(t, both[[2]int{i, j}], o.Pair(i, j).Both)
				require.Equal(t, o.Pair(j, i).Both, o.Pair(i, j).Both, "overlap is symmetric")
				require.Equal(t, o.Pair(j, i).Jaccard, o.Pair(i, j).Jaccard)
				require.Equal(t, o.Pair(j, i).BInA, o.Pair(i, j).AInB)
			}
		}
	}
	require.Equal(t, many, o.Reach.Many)
	require.Equal(t, net, o.Reach.Net)
	require.Equal(t, int64(len(rows))-net, o.Reach.None)
	require.Len(t, o.Sets, len(patterns))
	sum := int64(0)
	for _, set := range o.Sets {
		require.Equal(t, patterns[fmt.Sprint(set.Names)], set.Customers)
		sum += set.Customers
	}
	require.Equal(t, net, sum, "everybody is in exactly one set")
	greedy(t, o, rows)
}

// greedy demands that each step of the cover was the best at its place.
func greedy(t *testing.T, o *reports.Overlap, rows [][]int) {
	t.Helper()
	covered := make([]bool, len(rows))
	sum := int64(0)
	for _, step := range o.Cover {
		best, adds := "", int64(0)
		for i, u := range o.Units {
			n := int64(0)
			for c, row := range rows {
				if row[i] == 1 && !covered[c] {
					n++
				}
			}
			if n > adds || n == adds && n > 0 && u.Name < best {
				best, adds = u.Name, n
			}
		}
		require.Equal(t, best, step.Name)
		require.Equal(t, adds, step.Adds)
		at := slices.IndexFunc(o.Units, func(u reports.OverlapUnit) bool { return u.Name == best })
		for c, row := range rows {
			covered[c] = covered[c] || row[at] == 1
		}
		sum += adds
		require.Equal(t, sum, step.Covered)
	}
	require.Equal(t, o.Reach.Net, sum, "in the end all are covered")
}

func TestOverlapOfNothing(t *testing.T) {
	t.Parallel()
	none := reports.NewOverlap(nil, result.Bits{Customers: 5}, reports.OverlapOptions{})
	require.Equal(t, int64(5), none.Reach.None)
	require.Empty(t, none.Strongest(reports.OverlapJaccard, 0))
	empty := reports.NewOverlap(named(2), result.Bits{Sets: [][]uint64{{}, {}}}, reports.OverlapOptions{})
	empty.Advise()
	require.Nil(t, empty.Reach.Coverage)
	require.Nil(t, empty.Pair(0, 1).Jaccard)
	require.Empty(t, empty.Cover)
	require.Empty(t, empty.Candidates())
}

// Stages of partitions reach everyone, so they are left out of what counts reach
// as long as there are segments; a partition by itself is counted.
func TestOverlapLeavesStagesOutOfReach(t *testing.T) {
	t.Parallel()
	units := []reports.OverlapUnit{{Name: "s"}, {Name: "p.a", Partition: "p"}, {Name: "p.b", Partition: "p"}}
	rows := [][]int{{1, 1, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 1}}
	o := reports.NewOverlap(units, bitsOf(rows, 3, 4), reports.OverlapOptions{})
	require.Equal(t, 1, o.Reach.Units)
	require.Equal(t, int64(2), o.Reach.Net)
	require.Equal(t, int64(2), o.Units[0].Unique)
	require.True(t, o.Pair(1, 2).SamePartition)
	require.False(t, o.Pair(0, 1).SamePartition)
	require.Len(t, o.Strongest(reports.OverlapCount, 0), 2, "stages of one partition are no pair")
	stages := reports.NewOverlap(units[1:], bitsOf([][]int{{1, 0}, {1, 0}, {0, 1}, {0, 1}}, 2, 4), reports.OverlapOptions{})
	require.Equal(t, int64(4), stages.Reach.Net)
	require.Equal(t, 2, stages.Reach.Units)
}
