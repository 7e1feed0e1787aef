package revision

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/segments/catalog"
	"strata/segments/check"
	"strata/segments/definition"
)

// ruleTree reads a tree such as "all(a any(b c=2) not(d))". The rule of a leaf is
// what stands behind "=", else its name.
func ruleTree(text string) *check.Tree {
	tokens := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text))
	var read func() *check.Tree
	read = func() *check.Tree {
		word := tokens[0]
		tokens = tokens[1:]
		if len(tokens) == 0 || tokens[0] != "(" {
			name, rule, ok := strings.Cut(word, "=")
			if !ok {
				rule = name
			}
			x := &check.Const{Text: rule}
			x.T = catalog.Type{Kind: catalog.Text}
			return &check.Tree{Kind: definition.Leaf, Name: name, X: x}
		}
		tokens = tokens[1:]
		group := &check.Tree{Kind: definition.TreeKind(word)}
		for tokens[0] != ")" {
			group.Children = append(group.Children, read())
		}
		tokens = tokens[1:]
		return group
	}
	return read()
}

func segmentOf(text string) *check.Segment {
	return &check.Segment{Where: ruleTree(text), Definition: &definition.Segment{Where: &definition.Tree{}}}
}

// holdsIn evaluates a tree as it stands, by the truth of each leaf in file order.
func holdsIn(t *check.Tree, truth string) bool {
	leaves := t.Leaves()
	var holds func(*check.Tree) bool
	holds = func(t *check.Tree) bool {
		switch t.Kind { //nolint:exhaustive // The last kind is all.
		case definition.Leaf:
			return truth[slices.Index(leaves, t)] == '1'
		case definition.Any:
			return slices.ContainsFunc(t.Children, holds)
		case definition.None:
			return slices.ContainsFunc(t.Children, func(c *check.Tree) bool { return !holds(c) })
		}
		return !slices.ContainsFunc(t.Children, func(c *check.Tree) bool { return !holds(c) })
	}
	return holds(t)
}

// explained are the names of the causes of one move.
func explained(t interface {
	require.TestingT
	Helper()
}, before, after, old, now string,
) string {
	t.Helper()
	v := versions{before: segmentOf(before), after: segmentOf(after)}
	joined := holdsIn(v.after.Where, now)
	require.NotEqual(t, holdsIn(v.before.Where, old), joined, "nobody moves")
	q := newQuestion(v)
	alone, shared, together, err := q.account([]pattern{{joined: joined, before: old, after: now, customers: 1}})
	require.NoError(t, err)
	var names []string
	for i := range alone {
		require.LessOrEqual(t, alone[i].joined+alone[i].left, int64(1))
		if alone[i] != (moved{}) {
			require.Empty(t, together)
			names = append(names, q.name(i))
		}
		if shared[i] != (moved{}) {
			names = append(names, q.name(i))
		}
	}
	slices.Sort(names)
	return strings.Join(names, " + ")
}

// What explains a move was worked out by hand.
func TestExplain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, before, after, old, now, want string }{
		{"one leaf of all", "all(a b)", "all(a=2 b)", "01", "11", "a"},
		{"the other leaf moved and does not matter", "any(a b)", "any(a=2 b=2)", "00", "10", "a"},
		{"both leaves of all are needed", "all(a b)", "all(a=2 b=2)", "00", "11", "a + b"},
		{"each leaf of any would do", "any(a b)", "any(a=2 b=2)", "00", "11", "a + b"},
		{"each leaf of all would do to leave", "all(a b)", "all(a=2 b=2)", "11", "00", "a + b"},
		{"one of them did it", "all(a b)", "all(a=2 b=2)", "11", "10", "b"},
		{"one is needed, and either of two", "all(a any(b c))", "all(a=2 any(b=2 c=2))", "000", "111", "a + b + c"},
		{"one is needed, and one of two changed", "all(a any(b c))", "all(a=2 any(b=2 c=2))", "000", "101", "a + c"},
		{"a leaf that was added throws out", "all(a)", "all(a b)", "1", "10", "b"},
		{"a leaf that was added to any", "any(a)", "any(a b)", "0", "01", "b"},
		{"a leaf that was removed lets in", "all(a b)", "all(a)", "10", "1", "b"},
		{"a leaf that was removed throws out", "any(a b)", "any(a)", "01", "0", "b"},
		{"a removed group counts as its leaf", "all(a any(b))", "all(a)", "10", "1", "b"},
		{"a leaf that took another one's place lets in", "all(a b)", "all(a c)", "10", "11", "b"},
		{"and throws out", "all(a b)", "all(a c)", "11", "10", "c"},
		{"all became any", "all(a b)", "any(a b)", "01", "01", "(structure)"},
		{"a not was added", "all(a b)", "all(a not(b))", "10", "10", "(structure)"},
		{"all became any, and a leaf that would do changed", "all(a b)", "any(a=2 b)", "00", "10", "(structure) + a"},
		{"all became any, and a leaf that does not matter changed", "all(a b)", "any(a=2 b)", "01", "11", "(structure) + a"},
		{"a leaf with another name is the same leaf", "all(a=1 b=2)", "all(a=1 c=2 d=3)", "11", "110", "d"},
		{"everything is another rule", "all(a)", "any(b)", "0", "1", "a"},
		{"everything is another rule and throws out", "all(a)", "any(b)", "1", "0", "b"},
		{"leaves inside of not", "not(all(a b))", "not(all(a=2 b))", "11", "01", "a"},
	} {
		require.Equal(t, c.want, explained(t, c.before, c.after, c.old, c.now), c.what)
	}
}

// A leaf that names nothing keeps its place by its rule: an "and" in the middle of
// a rule of one expression moves the numbers behind it.
func TestNumberedLeavesAreFoundByTheirRule(t *testing.T) {
	t.Parallel()
	v := versions{before: segmentOf("all(c1=x c2=y)"), after: segmentOf("all(c1=x c2=new c3=y)")}
	v.before.Definition.Where.Implicit, v.after.Definition.Where.Implicit = true, true
	require.Equal(t, []int{0, -1, 1}, placesBefore(v.leaves()))
	v.after = segmentOf("all(c1=z c2=y)")
	v.after.Definition.Where.Implicit = true
	require.Equal(t, []int{0, 1}, placesBefore(v.leaves()), "what changed in its place is the same leaf")
	v.after = segmentOf("all(c1=y c2=z)")
	v.after.Definition.Where.Implicit = true
	require.Equal(t, []string{"c1", "c2", "c1 before"}, namesOfLeaves(v.leaves()), "two leaves are never called the same")
	v.after = segmentOf("all(big=y other=z)")
	require.Equal(t, []int{1, -1, 0}, placesBefore(v.leaves()), "a number that got a name is the same leaf")
}

func placesBefore(list []leaf) []int {
	places := make([]int, len(list))
	for i, l := range list {
		places[i] = l.before
	}
	return places
}

func namesOfLeaves(list []leaf) []string {
	names := make([]string, len(list))
	for i, l := range list {
		names[i] = l.name
	}
	return names
}

// drawTree draws a tree over some of the letters, each at most once. The rule of
// a leaf is one of two.
func drawTree(t *rapid.T, label string) string {
	letters := rapid.Permutation([]string{"a", "b", "c", "d", "e", "f"}).Draw(t, label+" order")
	letters = letters[:rapid.IntRange(1, len(letters)).Draw(t, label+" leaves")]
	var grow func(depth int) string
	grow = func(depth int) string {
		if len(letters) == 0 {
			return ""
		}
		if depth == 3 || depth > 0 && rapid.IntRange(0, 2).Draw(t, label+" group") > 0 {
			leaf := letters[0] + rapid.SampledFrom([]string{"", "=2"}).Draw(t, label+" rule")
			letters = letters[1:]
			return leaf
		}
		var parts []string
		for range rapid.IntRange(1, 3).Draw(t, label+" parts") {
			if part := grow(depth + 1); part != "" {
				parts = append(parts, part)
			}
		}
		if len(parts) == 0 {
			return ""
		}
		return rapid.SampledFrom([]string{"all", "any", "not"}).Draw(t, label+" kind") + "(" + strings.Join(parts, " ") + ")"
	}
	return grow(0)
}

// With no cause applied the rule is that of the version before, with all that of
// the version after; what explains a move makes it and undoes it; nothing smaller
// does; and the other way round the same explains it.
func TestExplanationsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawTree(t, "before"), drawTree(t, "after")
		v := versions{before: segmentOf(before), after: segmentOf(after)}
		q := newQuestion(v)
		q.mostTried = mostTried
		bits := rapid.SliceOfN(rapid.SampledFrom([]byte("01")), len(q.leaves)*2, len(q.leaves)*2).Draw(t, "truth")
		p := pattern{customers: 1}
		old, now := make([]byte, len(v.before.Where.Leaves())), make([]byte, len(v.after.Where.Leaves()))
		for i, l := range q.leaves {
			if l.before >= 0 {
				old[l.before] = bits[2*i]
			}
			if l.after >= 0 {
				now[l.after] = bits[2*i+1]
			}
			if l.kept() && check.Text(l.old.X) == check.Text(l.now.X) {
				now[l.after] = old[l.before]
			}
		}
		p.before, p.after = string(old), string(now)
		none, everything := make([]bool, q.causes()), make([]bool, q.causes())
		for i := range everything {
			everything[i] = true
		}
		was, is := holdsIn(v.before.Where, p.before), holdsIn(v.after.Where, p.after)
		require.Equal(t, was, q.member(p, applied{causes: none}), "%s -> %s", before, after)
		require.Equal(t, is, q.member(p, applied{causes: everything}), "%s -> %s", before, after)
		if was == is {
			return
		}
		p.joined = is
		set, err := q.explain(p)
		require.NoError(t, err)
		if smallest := bySearch(q, p); smallest != nil {
			require.Equal(t, smallest, set, "%s -> %s, %s -> %s", before, after, p.before, p.after)
		}
		needed(t, q, p, set)

		back := newQuestion(versions{before: v.after, after: v.before})
		back.mostTried = mostTried
		mirrored, err := back.explain(pattern{joined: !p.joined, before: p.after, after: p.before, customers: 1})
		require.NoError(t, err)
		require.Equal(t, causeNames(q, set), causeNames(back, mirrored))
	})
}

func causeNames(q *question, set []int) []string {
	var names []string
	for _, i := range set {
		names = append(names, q.name(i))
	}
	slices.Sort(names)
	return names
}

// bySearch goes through all sets of causes and returns the union of the smallest
// that make the move and undo it; nil where they have more than three.
func bySearch(q *question, p pattern) []int {
	n := q.causes()
	best, union := n+1, map[int]bool{}
	for bits := range 1 << n {
		causes, size := make([]bool, n), 0
		for i := range n {
			if bits&(1<<i) != 0 {
				causes[i] = true
				size++
			}
		}
		if size > best || q.member(p, applied{causes: causes}) != p.joined || q.member(p, applied{causes: causes, others: true}) == p.joined {
			continue
		}
		if size < best {
			best = size
			clear(union)
		}
		for i, in := range causes {
			if in {
				union[i] = true
			}
		}
	}
	var set []int
	for i := range n {
		if union[i] {
			set = append(set, i)
		}
	}
	if best > largestTried {
		return nil
	}
	return set
}

// needed demands that the causes explain the move, and do not without one of
// them, unless they are the union of smaller sets.
func needed(t *rapid.T, q *question, p pattern, set []int) {
	explains := func(but int) bool {
		causes := make([]bool, q.causes())
		for _, i := range set {
			causes[i] = i != but
		}
		return q.member(p, applied{causes: causes}) == p.joined && q.member(p, applied{causes: causes, others: true}) != p.joined
	}
	if !explains(-1) || len(set) <= largestTried {
		return
	}
	for _, i := range set {
		if smallest := bySearch(q, p); smallest == nil {
			require.False(t, explains(i))
		}
	}
}

// However many patterns there are, what is counted adds up to all moves.
func TestAccountsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := versions{before: segmentOf(drawTree(t, "before")), after: segmentOf(drawTree(t, "after"))}
		q := newQuestion(v)
		var patterns []pattern
		var all moved
		for i := range rapid.IntRange(1, 12).Draw(t, "patterns") {
			p := pattern{
				before: drawBits(t, fmt.Sprint("old ", i), len(v.before.Where.Leaves())),
				after:  drawBits(t, fmt.Sprint("new ", i), len(v.after.Where.Leaves())), customers: int64(i + 1),
			}
			if rapid.IntRange(0, 9).Draw(t, "stranger") == 0 {
				p.before, p.joined = "", true
			} else if p.joined = holdsIn(v.after.Where, p.after); p.joined == holdsIn(v.before.Where, p.before) {
				continue
			}
			patterns = append(patterns, p)
			all.add(p)
		}
		alone, _, together, err := q.account(patterns)
		require.NoError(t, err)
		var sum moved
		for _, m := range alone {
			sum.joined, sum.left = sum.joined+m.joined, sum.left+m.left
		}
		for _, c := range together {
			require.Greater(t, len(c.Causes), 1)
			sum.joined, sum.left = sum.joined+c.Joined, sum.left+c.Left
		}
		require.Equal(t, all, sum)
	})
}

func drawBits(t *rapid.T, label string, n int) string {
	return string(rapid.SliceOfN(rapid.SampledFrom([]byte("01")), n, n).Draw(t, label))
}

// A rule that was written anew from many leaves is explained in reasonable time,
// by a set from which nothing can be left out.
func TestManyLeavesAreExplained(t *testing.T) {
	t.Parallel()
	var old, now []string
	for i := range 40 {
		old, now = append(old, fmt.Sprintf("a%d", i)), append(now, fmt.Sprintf("b%d", i))
	}
	v := versions{before: segmentOf("all(" + strings.Join(old, " ") + ")"), after: segmentOf("all(" + strings.Join(now, " ") + ")")}
	q := newQuestion(v)
	p := pattern{joined: true, before: strings.Repeat("0", 40), after: strings.Repeat("1", 40), customers: 7}
	_, _, together, err := q.account([]pattern{p})
	require.NoError(t, err)
	require.Len(t, together, 1)
	require.Equal(t, int64(7), together[0].Joined)
	for _, name := range together[0].Causes {
		require.Equal(t, "a", name[:1], "the leaves that are gone kept them out; those that were added hold")
	}
	require.Len(t, together[0].Causes, 40)
}
