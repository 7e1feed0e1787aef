package evaluate_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/result"
)

// bitsAgree holds sizes and shared customers of bits against lists of members.
func bitsAgree(t *testing.T, bits *evaluate.Bits, members map[string][]string, about any) {
	t.Helper()
	require.Len(t, bits.Sets, len(bits.Units))
	for i, unit := range bits.Units {
		require.Equal(t, int64(len(members[unit.Name])), unit.Size, "%s of %v", unit.Name, about)
		require.Equal(t, unit.Size, result.CountBits(bits.Sets[i]))
		for j, other := range bits.Units {
			both := int64(0)
			for w := range bits.Sets[i] {
				both += result.CountBits([]uint64{bits.Sets[i][w] & bits.Sets[j][w]})
			}
			want := int64(0)
			for _, key := range members[unit.Name] {
				if slices.Contains(members[other.Name], key) {
					want++
				}
			}
			require.Equal(t, want, both, "%s and %s of %v", unit.Name, other.Name, about)
		}
	}
}

// TestBitsAgreeWithANaiveEvaluator reads random segments and partitions, also
// those that look at more than one moment and so stand alone, as bits.
func TestBitsAgreeWithANaiveEvaluator(t *testing.T) {
	db := scratch(t)
	alone := 0
	for seed := range uint64(40) {
		b := newBatch(rand.New(rand.NewPCG(seed, 5)))
		b.load(t, db, b.data)
		members := b.unitMembers()
		e := b.evaluator(db)
		definitions, err := b.program.Select(nil)
		require.NoError(t, err)
		bits, err := e.Bits(t.Context(), definitions, b.asOf)
		require.NoError(t, err, "%v", b.definitions)
		require.Equal(t, int64(len(b.naive(b.data).population(b.asOf))), bits.Customers)
		bitsAgree(t, bits, members, b.definitions)
		if len(bits.Skipped) == 0 {
			require.Len(t, bits.Units, len(members))
		}
		words, err := e.Words(t.Context(), definitions, b.asOf)
		require.NoError(t, err)
		alone += words.Plan.CountAlone()
		require.NoError(t, words.Close(t.Context()))
		require.NoError(t, e.Release(context.WithoutCancel(t.Context())))
	}
	require.Greater(t, alone, 10)
}

// After a run the bits are read from its words, without the sources, which are
// gone here. What stands alone is asked for again, and so needs them.
func TestBitsOfARunNeedNoSources(t *testing.T) {
	s := tinyShop(t, nil)
	definitions, err := s.program.Select(nil)
	require.NoError(t, err)
	members := map[string][]string{}
	for _, d := range definitions {
		if segment, ok := d.(*check.Segment); ok {
			members[segment.DefinitionName()], err = s.Members(t.Context(), segment, tinyNoon)
			require.NoError(t, err)
			continue
		}
		stages, err := s.Stages(t.Context(), d.(*check.Partition), tinyNoon)
		require.NoError(t, err)
		for key, stage := range stages {
			members[d.DefinitionName()+"."+stage] = append(members[d.DefinitionName()+"."+stage], key)
		}
	}
	run := s.run(t)
	bits, err := s.Bits(t.Context(), definitions, tinyNoon)
	require.NoError(t, err)
	bitsAgree(t, bits, members, "the tiny shop")
	require.Len(t, bits.Units, len(members))
	for _, table := range []string{"events", "orders", "customers"} {
		_, err := s.db.Exec(t.Context(), "DROP TABLE "+table)
		require.NoError(t, err)
	}
	inWords := slices.DeleteFunc(slices.Clone(definitions), func(d check.Definition) bool {
		_, ok := run.Words.Unit(d)
		return !ok
	})
	require.NotEmpty(t, inWords)
	again, err := s.Bits(t.Context(), inWords, tinyNoon)
	require.NoError(t, err)
	require.Less(t, len(again.Units), len(bits.Units))
	bitsAgree(t, again, members, "the tiny shop without its sources")
	_, err = s.Bits(t.Context(), definitions, tinyNoon)
	require.Error(t, err)
	left := 0
	require.NoError(t, s.db.Row(t.Context(), []any{&left}, "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'strata bits%' OR table_name LIKE 'strata members %'"))
	require.LessOrEqual(t, left, 2, "only the tables of the run are left")
}
