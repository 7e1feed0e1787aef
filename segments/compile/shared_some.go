package compile

import (
	sq "github.com/Masterminds/squirrel"

	"strata/segments/plan"
)

// SomeKeys returns the statement of the first keys of those for whom a formula
// holds, in the order of keys.
func (s *Shared) SomeKeys(f *plan.Formula, most uint64) (Statement, error) {
	sql, args, err := sq.Select().Column(column(wordsAlias, s.key)).From(s.Words + " AS " + wordsAlias).
		Where(s.test(f)).OrderBy(string(column(wordsAlias, s.key))).Limit(most).ToSql()
	return Statement{SQL: sql, Args: args}, err
}
