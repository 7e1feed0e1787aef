package compile

import (
	"errors"
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/catalog"
	"strata/segments/plan"
)

// ErrNoParts says that nothing was asked for.
var ErrNoParts = errors.New("nothing to compare")

// Until returns the statement of the rows of a source that were there at a
// moment, with the same columns: rows before it, and customers created before
// it. Of customers with history it returns the versions that had begun, and those
// that ended later as going on. It is what a later as-of sees if nothing has
// happened since. A source without times has all of its rows.
func (c *Compiler) Until(source *catalog.Source, at time.Time) (Statement, error) {
	b := c.builder()
	columns := sq.Sqlizer(raw(sourceAlias + ".*"))
	var conditions []sq.Sqlizer
	if source.At != nil {
		conditions = append(conditions, b.moment(sourceAlias, source.At, source).before(at))
	}
	if source == b.program.Customers {
		if created := source.CreatedAt; created != nil {
			value := column(sourceAlias, created.Column)
			conditions = append(conditions, ex("(? IS NULL OR ?)", value, b.moment(sourceAlias, created, source).before(at)))
		}
		if from := source.ValidFrom; from != nil {
			conditions = append(conditions, b.moment(sourceAlias, from, source).before(at))
		}
		if to := source.ValidTo; to != nil {
			end := column(sourceAlias, to.Column)
			columns = ex("?.* REPLACE (CASE WHEN ? THEN NULL ELSE ? END AS ?)", raw(sourceAlias),
				b.moment(sourceAlias, to, source).from(at), end, ident(to.Column))
		}
	}
	return b.bare(sq.Select().Column(columns).From(b.from(source)).Where(allOf(conditions)))
}

// Bits returns the statement of (key, bits) of all customers: a text with a 1 or
// 0 for each formula.
func (s *Shared) Bits(formulas []*plan.Formula) (Statement, error) {
	if len(formulas) == 0 {
		return Statement{}, ErrNoParts
	}
	bits := make([]sq.Sqlizer, len(formulas))
	for i, f := range formulas {
		bits[i] = ex("CASE WHEN ? THEN '1' ELSE '0' END", s.test(f))
	}
	sql, args, err := sq.Select().Column(ex("? AS key", column(wordsAlias, s.key))).Column(ex("concat(?) AS bits", joined(", ", bits))).
		From(s.Words + " AS " + wordsAlias).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// MemberBits returns the statement of (key, bits) of a table of (stage, key): 1
// for those in a stage, 0 for the other customers of a second statement of (key,
// bits).
func MemberBits(members string, stage int, customers Statement) Statement {
	return Statement{
		SQL: "SELECT c.key AS key, CASE WHEN m.key IS NULL THEN '0' ELSE '1' END AS bits FROM (" + customers.SQL +
			") AS c LEFT JOIN (SELECT key FROM " + members + " WHERE stage = ?) AS m ON m.key = c.key",
		Args: append(append([]any{}, customers.Args...), int64(stage)),
	}
}

// AllKeys returns the statement of (key, bits) of all customers at as-of, with
// no bits.
func (c *Compiler) AllKeys() (Statement, error) {
	population, err := c.Population()
	return Statement{
		SQL:  "SELECT t." + string(ident(c.key())) + " AS key, '' AS bits FROM (" + population.SQL + ") AS t",
		Args: population.Args,
	}, err
}

// Kept returns the statement of (key, bits) of a table of keys that the store
// kept, with the bit 1, in the type of the customers' key.
func (c *Compiler) Kept(table string) Statement {
	return Statement{SQL: "SELECT CAST(key AS " + c.program.Customers.Key.Physical + ") AS key, '1' AS bits FROM " + table}
}

// Patterns returns the statement of how many customers share the same bits in
// several statements of (key, bits): the bits of each, NULL where the customer is
// not in it, and the number, in the order of the bits.
func Patterns(parts []Statement) (Statement, error) {
	if len(parts) == 0 {
		return Statement{}, ErrNoParts
	}
	question := sq.Select()
	from := sq.Sqlizer(ex("(?) AS p0", sq.Expr(parts[0].SQL, parts[0].Args...)))
	for i, part := range parts {
		alias := raw("p" + strconv.Itoa(i))
		question = question.Column(ex("?.bits AS ?", alias, raw("b"+strconv.Itoa(i))))
		if i > 0 {
			from = ex("? FULL JOIN (?) AS ? USING (key)", from, sq.Expr(part.SQL, part.Args...), alias)
		}
	}
	sql, args, err := ex("? FROM ? GROUP BY ALL ORDER BY ALL", question.Column("count(*)"), from).ToSql()
	return Statement{SQL: sql, Args: args}, err
}
