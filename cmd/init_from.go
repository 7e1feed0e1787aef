package cmd

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"strata/segments/propose"
	"strata/sql/warehouse"
)

// initFrom writes what was found out about a warehouse. strata.yaml names the
// warehouse relative to itself where that is possible, so that the project can
// be moved together with it.
func initFrom(ctx context.Context, opts initOptions, dir string) error {
	f := opts.f
	path := within(f.start(), opts.from)
	files := []plannedFile{
		{path: filepath.Join("segments", "first.yaml")},
		{path: "strata.schema.yaml"},
		{path: "strata.yaml"},
	}
	if err := refuseExisting(dir, files); err != nil {
		return err
	}
	db, err := warehouse.Open(ctx, warehouse.Config{
		Warehouse: path, Threads: f.flags.threads, MemoryLimit: f.flags.memoryLimit, Wait: f.flags.wait,
	})
	if err != nil {
		return fmt.Errorf("open the warehouse: %w", err)
	}
	f.onClose(db.Close)
	proposal, err := propose.Look(ctx, db)
	if err != nil {
		return fmt.Errorf("look at the warehouse: %w", err)
	}
	name := path
	if relative, err := filepath.Rel(dir, path); err == nil && !strings.HasPrefix(relative, filepath.Join("..", "..", "..")) {
		name = filepath.ToSlash(relative)
	}
	files[0].text, files[1].text = []byte(proposal.Starter()), []byte(proposal.Schema())
	proposal.Warehouse = name
	files[2].text = []byte(proposal.Project())
	if err := writePlanned(dir, files); err != nil {
		return err
	}
	for _, file := range files {
		f.say("wrote %s", filepath.Join(opts.dir, file.path))
	}
	for _, note := range proposal.Unsure() {
		f.say("unsure: %s", note)
	}
	f.say("next: read strata.yaml, then '%s', '%s' and '%s'", f.command(dir, "check"), f.command(dir, "doctor"), f.command(dir, "run"))
	return nil
}
