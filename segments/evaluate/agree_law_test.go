package evaluate_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/sql/warehouse"
)

// law says of random rules a and b and the text of a comparison's sides that
// two rules made of them have the same members.
type law struct {
	name string
	// left and right have %[1]s for rule a, %[2]s for rule b, %[3]s and %[4]s
	// for two texts.
	left, right string
	// more is a definition that the right side can name.
	more string
}

var laws = []law{
	{name: "not (a and b)", left: "not (%[1]s and %[2]s)", right: "(not (%[1]s)) or (not (%[2]s))"},
	{name: "not (a or b)", left: "not (%[1]s or %[2]s)", right: "(not (%[1]s)) and (not (%[2]s))"},
	{name: "twice not", left: "(%[1]s)", right: "not (not (%[1]s))"},
	{name: "unequal is not equal", left: "%[3]s <> %[4]s", right: "not (%[3]s = %[4]s)"},
	{name: "not in is not (in)", left: "%[3]s not in (%[4]s, 'x')", right: "not (%[3]s = %[4]s or %[3]s = 'x')"},
	{name: "not like", left: "%[3]s not like '%%E%%'", right: "not (contains(%[3]s, 'E'))"},
	{name: "a reference is what it names", left: "(%[1]s) and (%[2]s)", right: "named and (%[2]s)", more: "segments:\n  named: {where: %[1]s}\n"},
	{name: "a trait is its value", left: "%[3]s = %[4]s", right: "named = %[4]s", more: "traits:\n  named: {value: %[3]s}\n"},
	{name: "a tree is its leaf", left: "(%[1]s)", right: "named", more: "segments:\n  named: {where: {all: [one: %[1]s]}}\n"},
}

// members asks both evaluators, which must agree, for the members of the
// definition called name.
func (b *batch) members(t *testing.T, db *warehouse.DB, name string) []string {
	t.Helper()
	d := find(b.program, name)
	got, err := b.evaluator(db).Members(t.Context(), d, b.asOf)
	require.NoError(t, err)
	slices.Sort(got)
	require.Equal(t, b.naive(b.data).members(d, b.asOf), got, "%v", b.definitions)
	return got
}

func TestLaws(t *testing.T) {
	db := scratch(t)
	for i, law := range laws {
		t.Run(law.name, func(t *testing.T) {
			for tried, held := 0, 0; held < 15; tried++ {
				require.Less(t, tried, 100, "the check refuses too many rules")
				b := newLawBatch(rand.New(rand.NewPCG(uint64(i), uint64(tried))), law)
				if b.program == nil {
					continue
				}
				held++
				b.load(t, db, b.data)
				require.Equal(t, b.members(t, db, "left_side"), b.members(t, db, "right_side"), "%v", b.definitions)
			}
		})
	}
}

// newLawBatch makes the two sides of a law. Its program is nil where the check
// refuses them.
func newLawBatch(r *rand.Rand, law law) *batch {
	b := &batch{layout: randomLayout(r)}
	b.asOf = randomAsOf(r, b.zone)
	g := &gen{Rand: r, asOf: b.asOf}
	parts := []any{g.test(2), g.test(2), g.text(1), g.text(1)}
	write := func(form string) string { return g.quoted(sprintf(form, parts)) }
	b.definitions = map[string]string{
		"constants": constants, listFile: "customer_id\na\n0\n",
		"left":  "segments:\n  left_side:\n    where: " + write(law.left) + "\n",
		"right": "segments:\n  right_side:\n    where: " + write(law.right) + "\n",
	}
	if law.more != "" {
		quotedParts := make([]any, len(parts))
		for i, part := range parts {
			quotedParts[i] = g.quoted(part.(string))
		}
		b.definitions["more"] = sprintf(law.more, quotedParts)
	}
	b.program, _ = checked(b.layout, b.definitions)
	if b.program != nil {
		b.data = randomData(r, b)
	}
	return b
}

// sprintf fills in a form that need not use all parts.
func sprintf(form string, parts []any) string {
	return fmt.Sprintf(form+"%[5]s", append(slices.Clone(parts), "")...)
}

// A rule and its opposite divide the population without remainder.
func TestOppositesDivideThePopulation(t *testing.T) {
	db := scratch(t)
	opposite := law{left: "(%[1]s)", right: "not (%[1]s)", more: "segments:\n  everybody: {where: 'count(event) ever >= 0'}\n"}
	for i, held := uint64(0), 0; held < 60; i++ {
		require.Less(t, i, uint64(300), "the check refuses too many rules")
		b := newLawBatch(rand.New(rand.NewPCG(99, i)), opposite)
		if b.program == nil {
			continue
		}
		held++
		b.load(t, db, b.data)
		inside, outside := b.members(t, db, "left_side"), b.members(t, db, "right_side")
		all := append(slices.Clone(inside), outside...)
		slices.Sort(all)
		require.Equal(t, b.members(t, db, "everybody"), all, "%v", b.definitions)
	}
}

// Rows at or after as-of change nothing.
func TestLaterRowsChangeNothing(t *testing.T) {
	db := scratch(t)
	for i := range uint64(25) {
		b := newBatch(rand.New(rand.NewPCG(77, i)))
		n := b.naive(b.data)
		b.load(t, db, b.data)
		before := b.answers(t, db)
		b.load(t, db, b.withLater(n))
		require.Equal(t, before, b.answers(t, db), "%v", b.definitions)
	}
}

// answers are what SQL says of all definitions.
func (b *batch) answers(t *testing.T, db *warehouse.DB) map[string]string {
	t.Helper()
	e := b.evaluator(db)
	answers := map[string]string{}
	for _, d := range b.asked() {
		values, err := asked(t.Context(), e, d, b.asOf)
		require.NoError(t, err)
		for key, v := range values {
			answers[d.DefinitionName()+" of "+key] = show(v)
		}
	}
	return answers
}

// withLater is the data with each row once more at as-of and a day after it.
func (b *batch) withLater(n *naive) tables {
	data := tables{"customers": b.data["customers"]}
	for _, s := range n.program.Sources {
		if s == n.program.Customers {
			continue
		}
		physical := s.At.Physical
		for i, r := range b.data[s.Name] {
			data[s.Name] = append(data[s.Name], r)
			for j, at := range []time.Time{b.asOf, b.asOf.AddDate(0, 0, 2)} {
				later := record{}
				maps.Copy(later, r)
				later[s.At.Column] = b.fitting(at, physical)
				if at := n.read(s, s.At, later); n.instant(at).Before(b.asOf) {
					continue // A column of dates or local times cannot hold as-of itself.
				}
				later[s.ID.Column] = newID(r[s.ID.Column], 10_000+2*i+j)
				data[s.Name] = append(data[s.Name], later)
			}
		}
	}
	return data
}

// newID is an id of the same kind as another one.
func newID(like any, n int) any {
	if _, ok := like.(string); ok {
		return strconv.Itoa(n)
	}
	return int64(n)
}
