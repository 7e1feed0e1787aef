package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/check"
)

// ranking adds the step of a percentile or rank. The percentile is 50 x (2 x
// below + equal) / n: equal customers share their mid-rank, 100 is the high
// end. Customers without the value, the group or membership are not in it.
func (b *builder) ranking(r *check.Ranking) (string, error) {
	b.ranked = true
	f := b.customerFrame()
	value, err := f.value(r.X)
	if err != nil {
		return "", err
	}
	ranked := sq.Select().
		Column(column(customerAlias, b.key())).
		Column(ex("? AS v", value))
	conditions := []sq.Sqlizer{ex("? IS NOT NULL", value)}
	partition := raw("")
	if r.Within != nil {
		group, err := f.value(r.Within)
		if err != nil {
			return "", err
		}
		ranked = ranked.Column(ex("? AS g", group))
		conditions = append(conditions, ex("? IS NOT NULL", group))
		partition = raw("PARTITION BY g ")
	}
	if r.Among != nil {
		among, err := f.test(r.Among)
		if err != nil {
			return "", err
		}
		conditions = append(conditions, among)
	}
	ranked = f.apply(ranked).Where(allOf(conditions))
	if r.Rank {
		place := ex("rank() OVER (?ORDER BY v DESC)", partition)
		return b.step("rank", ex("SELECT ?, ? AS ? FROM (?) AS t", ident(b.key()), place, ident(valueColumn), ranked)), nil
	}
	below := ex("(rank() OVER (?ORDER BY v) - 1)", partition)
	group := raw("PARTITION BY v")
	if r.Within != nil {
		group = raw("PARTITION BY g, v")
	}
	share := ex("CAST(50 * (2 * ? + count(*) OVER (?)) AS DOUBLE) / count(*) OVER (?)", below, group, partition)
	return b.step("percentile", ex("SELECT ?, ? AS ? FROM (?) AS t", ident(b.key()), share, ident(valueColumn), ranked)), nil
}
