package compile

import (
	"fmt"
	"slices"

	sq "github.com/Masterminds/squirrel"

	"strata/segments/plan"
)

// WordPlace is where a condition's bit stands in the rows of a statement of
// bits.
type WordPlace struct {
	Column, Bit int
}

// WordRows is the statement of the bits of conditions: a row of 64-bit words per
// customer, in any order.
type WordRows struct {
	Statement Statement
	// Columns is the number of words of a row. The last Extra of them are those of
	// the other members.
	Columns, Extra int
	// Places are those of conditions by id.
	Places map[int]WordPlace
}

// OtherMembers is a table of (unit INTEGER, key) of members that the words do not
// hold, of so many units counted from 0.
type OtherMembers struct {
	Table string
	Units int
}

// MemberWords returns the statement of the words that hold the conditions of formulas.
// Behind them stand words of who else is a member: bit u%64 of word u/64 for each
// unit u of the other members.
//
// Formulas are tested by whoever reads the rows: 64 customers at a time that is
// far less work than a test per customer and formula.
func (s *Shared) MemberWords(formulas []*plan.Formula, others OtherMembers) (WordRows, error) {
	rows := WordRows{Places: map[int]WordPlace{}}
	var names []string
	for _, f := range formulas {
		for _, id := range f.Conditions() {
			at, ok := s.places[id]
			if !ok {
				return rows, fmt.Errorf("read the bits of condition %d: it has no place", id+1)
			}
			column := slices.Index(names, at.column)
			if column < 0 {
				column = len(names)
				names = append(names, at.column)
			}
			rows.Places[id] = WordPlace{Column: column, Bit: at.bit}
		}
	}
	question := sq.Select()
	for _, name := range names {
		question = question.Column(ex("CAST(? AS UBIGINT)", column(wordsAlias, name)))
	}
	rows.Extra = (others.Units + wordBits - 1) / wordBits
	rows.Columns = len(names) + rows.Extra
	question = question.From(s.Words + " AS " + wordsAlias)
	if rows.Extra > 0 {
		words := sq.Select("key").From(others.Table).GroupBy("key")
		for i := range rows.Extra {
			name := fmt.Sprintf("x%d", i+1)
			words = words.Column(ex("bit_or(CASE WHEN unit // ? = ? THEN 1::UBIGINT << (unit % ?) ELSE 0::UBIGINT END) AS ?",
				wordBits, i, wordBits, ident(name)))
			question = question.Column(ex("coalesce(CAST(? AS UBIGINT), 0::UBIGINT)", column("x", name)))
		}
		question = question.JoinClause(ex("LEFT JOIN (?) AS x ON ? = x.key", words, column(wordsAlias, s.key)))
	}
	if rows.Columns == 0 { // Formulas may be constants; customers are counted all the same.
		question = question.Column("0::UBIGINT")
		rows.Columns = 1
	}
	sql, args, err := question.ToSql()
	rows.Statement = Statement{SQL: sql, Args: args}
	return rows, err
}
