package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/reports/render"
	"strata/sql/warehouse"
)

// noonAfter is when everything about the demo happens: a while after its last row.
func noonAfter() time.Time { return time.Date(2026, time.November, 22, 11, 0, 0, 0, time.UTC) }

// demoCustomers are enough for every segment to have somebody in it, and few
// enough to be followed through the weeks with the race detector.
const demoCustomers = 4000

// atDemo makes the demo shop, a smaller one than users get, and returns what a command that is started there
// knows of the world.
func atDemo(t *testing.T) Env {
	t.Helper()
	env := Env{
		Stdin: strings.NewReader(""), Getenv: func(string) string { return "" }, Dir: filepath.Join(t.TempDir(), "demo"), Now: noonAfter, Version: "v0.0.0-test",
	}
	require.NoError(t, os.CopyFS(env.Dir, shop.Files()))
	small := shop.Default()
	small.Customers = demoCustomers
	require.NoError(t, warehouse.Build(t.Context(), filepath.Join(env.Dir, "warehouse.duckdb"), shop.Statements(small)))
	return env
}

// commandOutput is what a command writes to its standard output. It must go well.
func commandOutput(t *testing.T, env Env, args ...string) string {
	t.Helper()
	var out, talk bytes.Buffer
	env.Args, env.Stdout, env.Stderr = args, &out, &talk
	if args[0] == "-C" {
		env.Dir = filepath.Dir(env.Dir)
	}
	require.Zero(t, Main(t.Context(), env), talk.String())
	return out.String()
}

// dataOf is the data of an answer in JSON.
func dataOf(t *testing.T, text string) any {
	t.Helper()
	var whole map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &whole), text)
	require.Contains(t, whole, "data")
	delete(whole, "meta")
	return whole
}

// deskAt is a desk in the folder of an environment, and the project's own as-of.
func deskAt(t *testing.T, env Env) (*desk, time.Time) {
	t.Helper()
	d := newDesk(newFactory(env))
	t.Cleanup(func() { require.NoError(t, d.Close(context.Background())) })
	f := newFactory(env)
	f.env.Stderr = &bytes.Buffer{}
	s, err := f.session(t.Context())
	require.NoError(t, err)
	at := s.asOf
	require.NoError(t, f.close())
	return d, at
}

// shown is what a command would print as JSON of an answer of the desk.
func shown(t *testing.T, d *desk, at time.Time, show func(s *session) error) any {
	t.Helper()
	var out bytes.Buffer
	s, err := d.session(t.Context(), at)
	require.NoError(t, err)
	s.env.Stdout, s.format = &out, string(render.JSON)
	require.NoError(t, show(s))
	return dataOf(t, out.String())
}
