package cmd

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"strata/segments/check"
)

// gateList names the gates of a campaign.
func gateList(c *check.Campaign) string {
	var names []string
	for _, gate := range c.Gates {
		names = append(names, gate.DefinitionName())
	}
	return strings.Join(names, ", ")
}

// listPath is the file of an arm's list. The names of campaigns and of arms that
// are made here are words.
func listPath(dir, campaign, arm string) string {
	return filepath.Join(dir, campaign+"."+arm+".csv")
}

// freeLists refuses to write over lists that are there, before anything is done.
func (o campaignOptions) freeLists(c *check.Campaign, arms []check.CampaignArm) error {
	if o.out == "" || o.force {
		return nil
	}
	for _, arm := range arms {
		path := listPath(o.out, c.Name, arm.Name)
		_, err := os.Lstat(within(o.f.start(), path))
		switch {
		case err == nil:
			return refused("%s is there already", path).advise("name another folder with --out, or replace it with --force")
		case !errors.Is(err, fs.ErrNotExist):
			return environment("look for %s: %w", path, err)
		}
	}
	return nil
}

// writeLists writes one file of keys for each arm, each whole or not at all.
func (s *session) writeLists(
	opts campaignOptions, c *check.Campaign, arms []check.CampaignArm, keys func(func(key, arm string) error) error,
) error {
	if opts.out == "" {
		return nil
	}
	if err := opts.freeLists(c, arms); err != nil {
		return err
	}
	lists, counts := map[string]*bytes.Buffer{}, map[string]int{}
	writers := map[string]*csv.Writer{}
	for _, arm := range arms {
		lists[arm.Name] = &bytes.Buffer{}
		writers[arm.Name] = csv.NewWriter(lists[arm.Name])
		if err := writers[arm.Name].Write([]string{s.program.Customers.Key.Name}); err != nil {
			return environment("write a list: %w", err)
		}
	}
	err := keys(func(key, arm string) error {
		counts[arm]++
		return writers[arm].Write([]string{key})
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(within(opts.f.start(), opts.out), 0o755); err != nil {
		return environment("make the folder of the lists: %w", err)
	}
	for _, arm := range arms {
		writers[arm.Name].Flush()
		path := listPath(opts.out, c.Name, arm.Name)
		if err := createFile(within(opts.f.start(), path), lists[arm.Name].String()); err != nil {
			return environment("write %s: %w", path, err)
		}
		what := ""
		if arm.Name == c.Holdout() {
			what = ", the holdout: send them nothing"
		}
		s.say("wrote %s: %s%s", path, plural(counts[arm.Name], "customer"), what)
	}
	return nil
}
