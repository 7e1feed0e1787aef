package cmd

import (
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"strata/reports/render"
)

// driverModule is the module whose version tells the version of DuckDB.
const driverModule = "github.com/duckdb/duckdb-go/v2"

type versionOptions struct {
	f *factory
	// build is what the linker noted in the program.
	build func() (*debug.BuildInfo, bool)
}

func newVersionCommand(f *factory) *cobra.Command {
	opts := versionOptions{f: f, build: debug.ReadBuildInfo}
	c := &cobra.Command{
		Use:   "version",
		Short: "Show the versions of strata, Go and DuckDB",
		Example: `  strata version
  strata version --json version,duckdb`,
		GroupID: groupOther,
		Args:    none,
		RunE:    func(*cobra.Command, []string) error { return runVersion(opts) },
	}
	answers(c, versionColumns()...)
	return c
}

func versionColumns() []render.Column {
	return []render.Column{
		{Name: "version", Title: "strata"},
		{Name: "commit"},
		{Name: "committed_at", Title: "committed at"},
		{Name: "modified", Kind: render.Flag},
		{Name: "go"},
		{Name: "duckdb"},
		{Name: "platform"},
	}
}

func runVersion(opts versionOptions) error {
	version, settings, duckdb := any("dev"), map[string]string{}, any(nil)
	if build, ok := opts.build(); ok {
		if v := build.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, setting := range build.Settings {
			settings[setting.Key] = setting.Value
		}
		for _, module := range build.Deps {
			if module.Path == driverModule {
				duckdb = duckdbVersion(module.Version)
			}
		}
	}
	if opts.f.env.Version != "" {
		version = opts.f.env.Version
	}
	return opts.f.write(render.Table{
		Name: "version", Record: true, Columns: versionColumns(),
		Rows: [][]any{{
			version, orUnknown(settings["vcs.revision"]), orUnknown(settings["vcs.time"]),
			modified(settings["vcs.modified"]), runtime.Version(), duckdb, runtime.GOOS + "/" + runtime.GOARCH,
		}},
	})
}

// orUnknown turns the empty text into an unknown value.
func orUnknown(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// modified reads the linker's note of uncommitted changes.
func modified(text string) any {
	yes, err := strconv.ParseBool(text)
	if err != nil {
		return nil
	}
	return yes
}

// duckdbVersion reads DuckDB's version out of the driver's, whose second number
// holds it as five digits: v2.10505.0 is for DuckDB v1.5.5. Nothing has to be
// opened for it.
func duckdbVersion(driver string) any {
	parts := strings.Split(driver, ".")
	if len(parts) < 3 {
		return nil
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n < 10000 {
		return nil
	}
	return "v" + strconv.Itoa(n/10000) + "." + strconv.Itoa(n/100%100) + "." + strconv.Itoa(n%100)
}
