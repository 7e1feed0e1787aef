package cmd

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"strata/fixtures/shop"
	"strata/sql/warehouse"
)

type initOptions struct {
	f    *factory
	dir  string
	demo bool
	from string
}

func newInitCommand(f *factory) *cobra.Command {
	opts := initOptions{f: f}
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a project: from your warehouse, or a sample shop",
		Long: `Write strata.yaml, strata.schema.yaml and first segments into DIR (default: the
current folder). --from looks at a DuckDB file, or a folder of Parquet or CSV
files, and proposes what its tables are; it says what it is unsure of. --demo
makes a sample shop with its own warehouse. Files that exist are never replaced.`,
		Example: `  strata init --demo demo
  strata init --from shop.duckdb
  strata init crm --from exports/`,
		GroupID: groupWrite,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("init takes one folder, it got %d", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.dir = args[0]
			}
			return runInit(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.demo, "demo", false, "make a sample shop: 20,000 customers, 1.3M events, two years")
	c.Flags().StringVar(&opts.from, "from", "", "look at the warehouse at `PATH`")
	return c
}

func runInit(ctx context.Context, opts initOptions) error {
	dir := filepath.Join(opts.f.start(), opts.dir)
	if filepath.IsAbs(opts.dir) {
		dir = opts.dir
	}
	switch {
	case opts.demo && opts.from != "":
		return usage("--demo and --from exclude each other")
	case opts.demo:
		return initDemo(ctx, opts.f, dir)
	case opts.from != "":
		return initFrom(ctx, opts, dir)
	}
	return usage("say what the project is about").
		advise("'strata init --from PATH' looks at a warehouse, 'strata init --demo' makes a sample shop")
}

// plannedFile is a file that init is going to write.
type plannedFile struct {
	path string
	text []byte
}

// demoWarehouse is the name that the demo's strata.yaml gives its warehouse.
const demoWarehouse = "warehouse.duckdb"

func initDemo(ctx context.Context, f *factory, dir string) error {
	var files []plannedFile
	err := fs.WalkDir(shop.Files(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(shop.Files(), path)
		files = append(files, plannedFile{path: filepath.FromSlash(path), text: text})
		return err
	})
	if err != nil {
		return environment("read the demo: %w", err)
	}
	if err := refuseExisting(dir, append(files, plannedFile{path: demoWarehouse})); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return environment("make the folder: %w", err)
	}
	f.say("making the shop's warehouse …")
	if err := warehouse.Build(ctx, filepath.Join(dir, demoWarehouse), shop.Statements(shop.Default())); err != nil {
		return fmt.Errorf("make the demo warehouse: %w", err)
	}
	if err := writePlanned(dir, files); err != nil {
		return err
	}
	f.say("wrote %s and %s to %s", demoWarehouse, plural(len(files), "file"), dir)
	f.say("next: %s", f.command(dir, "run"))
	return nil
}

// refuseExisting refuses to replace files.
func refuseExisting(dir string, files []plannedFile) error {
	var found []string
	for _, file := range files {
		if _, err := os.Lstat(filepath.Join(dir, file.path)); err == nil {
			found = append(found, file.path)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return refused("%s already has %s", dir, strings.Join(found, ", ")).advise("name another folder, or move them away")
}

// writePlanned writes files in their order, each whole or not at all.
// strata.yaml makes a folder a project, so callers put it last.
func writePlanned(dir string, files []plannedFile) error {
	for _, file := range files {
		path := filepath.Join(dir, file.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return environment("make the folder: %w", err)
		}
		if err := createFile(path, string(file.text)); err != nil {
			return environment("write %s: %w", file.path, err)
		}
	}
	return nil
}

// command is a command line that works in a folder, as the user would type it
// where they are.
func (f *factory) command(dir, rest string) string {
	relative, err := filepath.Rel(f.env.Dir, dir)
	switch {
	case err != nil || strings.HasPrefix(relative, ".."):
		return "strata -C " + dir + " " + rest
	case relative == ".":
		return "strata " + rest
	}
	return "strata -C " + relative + " " + rest
}
