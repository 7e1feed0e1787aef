package cmd_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The packages of the module, each of which imports only from rows above its
// own. What a row says in "only" is all that it may import besides the standard
// library.
var order = []struct {
	path string
	only []string
}{
	{"segments/source", nothing},
	{"segments/result", nothing},
	{"segments/say", []string{"segments/result"}},
	{"segments/catalog", nothing},
	{"segments/calendar", nothing},
	{"sql/dialect", nothing},
	{"sql/queries", nothing},
	{"segments/rule", []string{"segments/source"}},
	{"segments/definition", []string{"segments/source", "segments/rule", "go.yaml.in/yaml/v4"}},
	{"segments/check", anything},
	{"segments/plan", anything},
	{"segments/contain", anything},
	{"segments/compile", anything},
	{"sql/warehouse", anything},
	{"segments/timeline", anything},
	{"segments/evaluate", anything},
	{"segments/campaign", anything},
	{"segments/since", anything},
	{"segments/suite", anything},
	{"segments/propose", anything},
	{"segments/snapshot", anything},
	{"segments/revision", anything},
	{"segments/diagnose", anything},
	{"segments/history", anything},
	{"segments/discover", anything},
	{"reports/stats", []string{"gonum.org/v1/gonum"}},
	{"reports", []string{"segments/result", "reports/stats", "gonum.org/v1/gonum"}},
	{"reports/run", anything},
	{"reports/chart", nothing},
	{"reports/render", []string{"segments/result", "reports/stats", "reports", "github.com/charmbracelet/x/ansi"}},
	{"reports/page", []string{"segments/result", "reports/stats", "reports", "reports/chart"}},
	{"fixtures/shop", nothing},
	{"tui/draw", anything},
	{"tui/ask", anything},
	{"tui/page", anything},
	{"tui/pagetest", anything},
	{"tui/prompt", anything},
	{"tui/edit", anything},
	{"tui/segments", anything},
	{"tui/rules", anything},
	{"tui/customers", anything},
	{"tui/analyses", anything},
	{"tui/campaigns", anything},
	{"tui/runs", anything},
	{"tui/workbench", anything},
	{"tui/picture", anything},
	{"tui", anything},
	{"tui/drive", anything},
	{"cmd", anything},
	{"cmd/strata", anything},
	{"fixtures", anything},
}

var (
	// nothing is for a package of the standard library alone.
	nothing = []string{}
	// anything is for a package that is bound by the order only.
	anything []string
)

const (
	module       = "strata/"
	driver       = "github.com/duckdb/"
	driverUser   = "sql/warehouse"
	fixturesPath = "fixtures"
)

// imported is what "go list" tells about a package.
type imported struct {
	ImportPath   string
	Deps         []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// path is the package's path inside the module.
func (p imported) path() string { return strings.TrimPrefix(p.ImportPath, module) }

// packages asks the go command about the whole module, files behind build tags
// included.
func packages(t *testing.T) []imported {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Deps,Imports,TestImports,XTestImports",
		"-tags", "duckdb_arrow,realdata", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %s", failed.Stderr)
	}
	require.NoError(t, err)
	var all []imported
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p imported
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, p)
	}
}

// row is the place of a package in the order, -1 where it has none. Whatever
// lies below fixtures and is no shop serves tests.
func row(path string) int {
	if strings.HasPrefix(path, "fixtures/") && path != "fixtures/shop" {
		path = fixturesPath
	}
	for i, r := range order {
		if r.path == path {
			return i
		}
	}
	return -1
}

// misplaced returns those imports that a package may not have.
func misplaced(path string, imports []string) []string {
	var wrong []string
	own := row(path)
	for _, name := range imports {
		inside, ours := strings.CutPrefix(name, module)
		standard := !strings.Contains(strings.Split(name, "/")[0], ".")
		switch only := order[own].only; {
		case ours && row(inside) >= own && inside != path:
			wrong = append(wrong, name+" is not above it")
		case strings.HasPrefix(name, driver) && path != driverUser:
			wrong = append(wrong, name+" is for "+driverUser+" alone")
		case (ours || !standard) && only != nil && !allowed(only, inside):
			wrong = append(wrong, name+" is more than it may import")
		}
	}
	return wrong
}

// allowed reports whether a package, or a module that it is part of, is listed.
func allowed(only []string, path string) bool {
	return slices.ContainsFunc(only, func(p string) bool {
		return p == path || (strings.Contains(p, ".") && strings.HasPrefix(path, p+"/"))
	})
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		require.GreaterOrEqual(t, row(p.path()), 0, "%s has no row in the order", p.path())
		require.Empty(t, misplaced(p.path(), p.Imports), "%s", p.path())
	}
}

// A test inside a package is bound like the package, except for the libraries
// that only tests use. One outside of it, in a package of its own, may look
// down as well: that is where fixtures are for.
func TestImportsOfTestsGoOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		inner := slices.DeleteFunc(slices.Clone(p.TestImports), func(name string) bool {
			return !strings.HasPrefix(name, module) && !strings.HasPrefix(name, driver)
		})
		for _, name := range inner {
			require.NotEqual(t, fixturesPath, order[max(0, row(strings.TrimPrefix(name, module)))].path,
				"%s: only external tests use %s", p.path(), name)
		}
		require.Empty(t, below(p.path(), inner), "tests of %s", p.path())
		for _, name := range p.XTestImports {
			require.False(t, strings.HasPrefix(name, driver) && p.path() != driverUser, "tests of %s import the driver", p.path())
		}
	}
}

// below returns the imports that are not above a package, whatever else it may
// import.
func below(path string, imports []string) []string {
	var wrong []string
	for _, name := range imports {
		inside, ours := strings.CutPrefix(name, module)
		if ours && inside != path && row(inside) >= row(path) {
			wrong = append(wrong, name)
		}
		if !ours && path != driverUser {
			wrong = append(wrong, name)
		}
	}
	return wrong
}

// The terminal UI must start without a database, so the driver may not even be
// among the packages that others bring along. The same goes for all that is
// said to be pure.
func TestDriverStaysAway(t *testing.T) {
	t.Parallel()
	far := []string{
		"segments/source", "segments/result", "segments/catalog", "segments/calendar", "segments/rule", "segments/definition",
		"segments/check", "segments/plan", "segments/compile", "reports/stats", "reports", "reports/chart", "reports/render",
		"reports/page", "fixtures/shop", "tui",
	}
	for _, p := range packages(t) {
		if !slices.Contains(far, p.path()) {
			continue
		}
		for _, name := range p.Deps {
			require.False(t, strings.HasPrefix(name, driver), "%s depends on %s", p.path(), name)
		}
	}
}

// The order itself is tested, because a test that can say nothing else than yes
// proves nothing.
func TestOrderFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	require.Empty(t, misplaced("segments/rule", []string{"strings", "strata/segments/source"}))
	require.NotEmpty(t, misplaced("segments/rule", []string{"strata/segments/check"}))
	require.NotEmpty(t, misplaced("segments/rule", []string{"strata/segments/catalog"}))
	require.NotEmpty(t, misplaced("segments/source", []string{"github.com/charmbracelet/x/ansi"}))
	require.NotEmpty(t, misplaced("segments/evaluate", []string{"github.com/duckdb/duckdb-go/v2"}))
	require.Empty(t, misplaced("sql/warehouse", []string{"github.com/duckdb/duckdb-go/v2/mapping"}))
	require.Empty(t, misplaced("reports/stats", []string{"gonum.org/v1/gonum/stat/distuv", "math"}))
	require.NotEmpty(t, misplaced("tui", []string{"strata/cmd"}))
	require.NotEmpty(t, misplaced("cmd", []string{"strata/fixtures/golden"}))
	require.NotEmpty(t, below("segments/check", []string{"strata/fixtures"}))
	require.Empty(t, below("segments/check", []string{"strata/segments/source"}))
	require.Equal(t, -1, row("segments/somewhere"))
}
