package compile

import (
	"strings"

	sq "github.com/Masterminds/squirrel"

	"strata/sql/dialect"
)

// raw is text that is already SQL and holds no placeholder. It is always
// handed to squirrel as an argument, never as part of a pattern, so that a
// question mark inside a quoted name is not taken for a placeholder.
type raw string

// ToSql returns the text.
func (r raw) ToSql() (string, []any, error) { return string(r), nil, nil }

func ident(name string) raw { return raw(dialect.Ident(name)) }

// column is alias.name, both quoted where they need it.
func column(alias, name string) raw {
	return raw(dialect.Ident(alias) + "." + dialect.Ident(name))
}

// ex fills a pattern's question marks with SQL or with values.
func ex(pattern string, parts ...any) sq.Sqlizer { return sq.Expr(pattern, parts...) }

// joined writes parts with a separator between them.
func joined(separator string, parts []sq.Sqlizer) sq.Sqlizer {
	return list{separator: separator, parts: parts}
}

// list is a sequence of SQL parts.
type list struct {
	separator string
	parts     []sq.Sqlizer
}

// ToSql writes the parts in order.
func (l list) ToSql() (string, []any, error) {
	var text strings.Builder
	var args []any
	for i, part := range l.parts {
		if i > 0 {
			text.WriteString(l.separator)
		}
		sql, partArgs, err := part.ToSql()
		if err != nil {
			return "", nil, err
		}
		text.WriteString(sql)
		args = append(args, partArgs...)
	}
	return text.String(), args, nil
}

// allOf joins conditions with AND; none is TRUE.
func allOf(conditions []sq.Sqlizer) sq.Sqlizer {
	switch len(conditions) {
	case 0:
		return raw("TRUE")
	case 1:
		return conditions[0]
	}
	return joined(" AND ", conditions)
}

// cte is one named step of a statement.
type cte struct {
	name string
	body sq.Sqlizer
}

// with is a statement of named steps and the question that reads them.
type with struct {
	steps []cte
	main  sq.Sqlizer
}

// ToSql writes the steps in order, then the question. squirrel has no WITH.
func (w with) ToSql() (string, []any, error) {
	if len(w.steps) == 0 {
		return w.main.ToSql()
	}
	parts := make([]sq.Sqlizer, 0, len(w.steps))
	for _, step := range w.steps {
		parts = append(parts, ex("? AS (?)", ident(step.name), step.body))
	}
	return ex("WITH ? ?", joined(", ", parts), w.main).ToSql()
}

// textOf renders a part without an error path, for keys of caches: what fails
// to render fails again, with its error, when the statement is written.
func textOf(s sq.Sqlizer) (string, []any) {
	sql, args, err := s.ToSql()
	if err != nil {
		return "", nil
	}
	return sql, args
}
