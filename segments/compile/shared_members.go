package compile

import (
	"errors"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/plan"
)

// ErrNoUnits says that there is nothing to write.
var ErrNoUnits = errors.New("no units")

// MembersInto returns the statement that adds the members of units to a table
// of (unit, id, contactable). The unit of a segment, and of a partition's first
// stage, is the given place.
func (s *Shared) MembersInto(table string, units map[*plan.Unit]int) (Statement, error) {
	var arms []sq.Sqlizer
	for _, unit := range s.plan.Units {
		first, ok := units[unit]
		if !ok {
			continue
		}
		arms = append(arms, s.membersOf(unit, first))
	}
	if len(arms) == 0 {
		return Statement{}, ErrNoUnits
	}
	sql, args, err := ex("INSERT INTO ? ?", raw(table), joined(" UNION ALL ", arms)).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// membersOf are the members of a segment, or all customers with their stage.
func (s *Shared) membersOf(unit *plan.Unit, first int) sq.Sqlizer {
	contactable := sq.Sqlizer(raw("TRUE"))
	if unit.Gates != nil {
		contactable = s.test(unit.Gates)
	}
	if unit.Members != nil {
		return ex("SELECT CAST(? AS INTEGER), id, ? FROM ? AS ? WHERE ?",
			int64(first), contactable, raw(s.Words), raw(wordsAlias), s.test(unit.Members))
	}
	return ex("SELECT CAST(? AS INTEGER), id, ? FROM ? AS ?", s.stage(unit.Stages, first), contactable, raw(s.Words), raw(wordsAlias))
}

// stage is the place of the first test that holds.
func (s *Shared) stage(tests []*plan.Formula, first int) sq.Sqlizer {
	arms := []sq.Sqlizer{raw("CASE")}
	for i, test := range tests {
		arms = append(arms, ex("WHEN ? THEN ?", s.test(test), int64(first+i)))
	}
	return joined(" ", append(arms, raw("END")))
}

// Sizes returns the statement of the number of customers, and of those for
// whom each formula holds: one row, in the order of the formulas.
func (s *Shared) Sizes(formulas []*plan.Formula) (Statement, error) {
	question := sq.Select("count(*)")
	for _, f := range formulas {
		question = question.Column(ex("count(*) FILTER (WHERE ?)", s.test(f)))
	}
	sql, args, err := question.From(s.Words + " AS " + wordsAlias).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// Keys returns the statement of the keys of those for whom a formula holds, in
// the order of keys.
func (s *Shared) Keys(f *plan.Formula) (Statement, error) {
	sql, args, err := sq.Select().Column(column(wordsAlias, s.key)).From(s.Words + " AS " + wordsAlias).
		Where(s.test(f)).OrderBy(string(column(wordsAlias, s.key))).ToSql()
	return Statement{SQL: sql, Args: args}, err
}
