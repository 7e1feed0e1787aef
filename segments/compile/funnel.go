package compile

import (
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
	"strata/segments/definition"
)

// Funnel returns the statement that counts a rule leaf by leaf. Its one row
// holds the number of customers, then for each leaf in file order three
// numbers: the customers it holds for alone, those the rule holds for with
// this and the leaves before it, and those with this leaf left out. Leaves
// that are not looked at are taken out of the rule; a group without leaves is
// taken out as well.
func (c *Compiler) Funnel(t *check.Tree) (Statement, error) {
	b := c.builder()
	leaves := t.Leaves()
	f := b.customerFrame()
	flags := sq.Select()
	for i, leaf := range leaves {
		name, err := b.leaf(leaf)
		if err != nil {
			return Statement{}, err
		}
		flags = flags.Column(ex("? AS ?", f.member(name), ident(flag(i))))
	}
	flags = f.apply(flags)
	question := sq.Select("count(*) AS customers").FromSelect(flags, "leaves")
	index := map[*check.Tree]int{}
	for i, leaf := range leaves {
		index[leaf] = i
	}
	for i := range leaves {
		upTo := restrict(t, index, func(j int) bool { return j <= i })
		without := restrict(t, index, func(j int) bool { return j != i })
		question = question.
			Column(ex("count(*) FILTER (WHERE ?) AS ?", ident(flag(i)), ident(fmt.Sprintf("alone %d", i+1)))).
			Column(ex("count(*) FILTER (WHERE ?) AS ?", upTo, ident(fmt.Sprintf("so far %d", i+1)))).
			Column(ex("count(*) FILTER (WHERE ?) AS ?", without, ident(fmt.Sprintf("without %d", i+1))))
	}
	return b.statement(question)
}

func flag(i int) string { return fmt.Sprintf("leaf %d", i+1) }

// restrict is a rule over the leaves that are kept. Without any it holds for
// everyone.
func restrict(t *check.Tree, index map[*check.Tree]int, keep func(int) bool) sq.Sqlizer {
	if condition := restricted(t, index, keep); condition != nil {
		return condition
	}
	return raw("TRUE")
}

func restricted(t *check.Tree, index map[*check.Tree]int, keep func(int) bool) sq.Sqlizer {
	if t.Kind == definition.Leaf {
		if !keep(index[t]) {
			return nil
		}
		return ident(flag(index[t]))
	}
	var parts []sq.Sqlizer
	for _, child := range t.Children {
		if part := restricted(child, index, keep); part != nil {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	switch t.Kind {
	case definition.Any:
		return ex("(?)", joined(" OR ", parts))
	case definition.None:
		return ex("NOT (?)", allOf(parts))
	default:
		return ex("(?)", allOf(parts))
	}
}
