package dialect_test

import (
	"strings"
	"testing"

	"strata/sql/dialect"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestIdent(t *testing.T) {
	require.Equal(t, `"customers"`, dialect.Ident("customers"))
	require.Equal(t, `"a""b"`, dialect.Ident(`a"b`))
	require.Equal(t, `"x""; DROP TABLE t; --"`, dialect.Ident(`x"; DROP TABLE t; --`))
	require.Equal(t, `"main"."a.b"`, dialect.Qualified("main", "a.b"))
}

// TestIdentIsOneName shows that whatever the name is, the quotes inside come in pairs, so that nothing escapes.
func TestIdentIsOneName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		quoted := dialect.Ident(name)
		require.Equal(t, name, strings.ReplaceAll(quoted[1:len(quoted)-1], `""`, `"`))
		require.Zero(t, strings.Count(quoted, `"`)%2)
	})
}

func TestViewQuery(t *testing.T) {
	for _, c := range []struct{ create, want string }{
		{`CREATE VIEW v AS SELECT 1;`, ` SELECT 1;`},
		{`CREATE VIEW "AS" (a, b) AS SELECT 1 AS x`, ` SELECT 1 AS x`},
		{`CREATE VIEW "it as" AS(SELECT 1)`, `(SELECT 1)`},
		{`CREATE VIEW last /* as */ AS SELECT 1`, ` SELECT 1`},
		{`CREATE VIEW asset as SELECT 1`, ` SELECT 1`},
	} {
		got, ok := dialect.ViewQuery(c.create)
		require.True(t, ok, c.create)
		require.Equal(t, c.want, got)
	}
	for _, create := range []string{``, `SELECT 1 AS x`, `CREATE VIEW "as"`, `CREATE VIEW x as`} {
		_, ok := dialect.ViewQuery(create)
		require.False(t, ok, create)
	}
}
