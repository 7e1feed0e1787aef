package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/plan"
)

// MembersByKey returns the statement that adds the members of one unit to a
// table of (stage, key, contactable): those of a segment in stage 0, or all
// customers with their stage of a partition, counted from 0.
func (s *Shared) MembersByKey(table string, unit *plan.Unit) (Statement, error) {
	sql, args, err := s.membersOf(unit, 0, column(wordsAlias, s.key)).ToSql()
	return Statement{SQL: "INSERT INTO " + table + " " + sql, Args: args}, err
}

// LeavesByKey returns the statement that adds which leaves of a segment hold to a
// table of (key, leaves), for the customers whose key is in another one: a text
// with a 1 or 0 for each leaf in file order. The keys of both tables are of the
// given type, which the customers' key can be cast to.
func (s *Shared) LeavesByKey(table, among, keyType string, unit *plan.Unit) (Statement, error) {
	leaves := make([]sq.Sqlizer, len(unit.Leaves))
	for i, leaf := range unit.Leaves {
		leaves[i] = ex("CASE WHEN ? THEN '1' ELSE '0' END", s.test(leaf))
	}
	key := ex("CAST(? AS ?)", column(wordsAlias, s.key), raw(keyType))
	sql, args, err := sq.Select().Column(key).Column(ex("concat(?)", joined(", ", leaves))).
		From(s.Words + " AS " + wordsAlias).
		Where(ex("? IN (SELECT key FROM ?)", key, raw(among))).ToSql()
	return Statement{SQL: "INSERT INTO " + table + " " + sql, Args: args}, err
}
