package diagnose

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"strata/segments/definition"
	"strata/segments/source"
)

// files looks at whether there is a project and whether it is right.
func (e *examination) files() {
	if e.Set == nil {
		e.add(e.noProject())
		return
	}
	errs, warnings := divided(e.Problems)
	found := Finding{
		Check: Files, Code: "project", Status: OK, Subject: e.Set.Project.Dir,
		Detail: fmt.Sprintf("strata.yaml is in %s: %s in %s", e.Set.Project.Dir,
			some(int64(definitions(e.Set)), "definition"), some(int64(len(e.Set.Files)), "file")),
	}
	e.add(found)
	if n := int64(len(errs)); n > 0 {
		e.add(Finding{
			Check: Files, Code: "errors", Status: Error,
			Detail: some(n, "error") + " in definitions, the first: " + errs[0].Error(),
			Hint:   "'strata check' shows all of them; no segment is evaluated before they are gone",
		}.counted(n))
	}
	if n := int64(len(warnings)); n > 0 {
		e.add(Finding{
			Check: Files, Code: "warnings", Status: Warning,
			Detail: some(n, "warning") + " about definitions, the first: " + warnings[0].Error(),
			Hint:   "'strata check' shows all of them",
		}.counted(n))
	}
}

// noProject says where a project was looked for, and what one could be made of.
func (e *examination) noProject() Finding {
	f := Finding{
		Check: Files, Code: "project", Status: Error, Subject: e.Start,
		Detail: "there is no strata.yaml in " + e.Start + " or above it",
		Hint:   "make one with 'strata init', or name its folder with -C DIR",
	}
	if found, err := filepath.Glob(filepath.Join(e.Start, "*.duckdb")); err == nil && len(found) > 0 {
		f.Hint = "make one with 'strata init --from " + filepath.Base(found[0]) + "', or name its folder with -C DIR"
	}
	return f
}

// divided tells errors from warnings.
func divided(list source.List) (errs, warnings []source.Diagnostic) {
	for _, d := range list {
		if d.Severity == source.Warning {
			warnings = append(warnings, d)
		} else {
			errs = append(errs, d)
		}
	}
	return errs, warnings
}

// definitions counts what a set defines.
func definitions(s *definition.Set) int {
	return len(s.Params) + len(s.Lists) + len(s.Traits) + len(s.Segments) + len(s.Partitions) +
		len(s.Gates) + len(s.Metrics) + len(s.Campaigns)
}

// zones looks at the time zone of the project.
func (e *examination) zones() {
	name := e.Set.Project.Zone.Value
	zone, err := time.LoadLocation(name)
	switch {
	case name == "":
		e.add(Finding{
			Check: Zone, Code: "zone", Status: Error, Detail: "strata.yaml says no time zone, so days have no bounds",
			Hint: "add a line such as 'timezone: Europe/Berlin'",
		})
	case err != nil || name == "Local":
		e.add(Finding{
			Check: Zone, Code: "zone", Status: Error, Subject: name, Detail: fmt.Sprintf("the time zone %q is not known", name),
			Hint: "write its name in the IANA database, such as Europe/Berlin or UTC",
		})
	default:
		e.zone = zone
		e.add(Finding{
			Check: Zone, Code: "zone", Status: OK, Subject: name,
			Detail: fmt.Sprintf("%s, where it is %s now", name, moment(e.Clock, zone)),
		})
	}
}

// Terminal is what is known of where the answer goes.
type Terminal struct {
	// Output says that somebody reads it on a terminal, Width is the number of
	// cells in a line (0 where it is not known), and Color whether it gets
	// colour.
	Output bool
	Width  int
	Color  bool
	// Name is the kind of terminal in the words of the environment.
	Name string
}

// finding says what commands make of it.
func (t Terminal) finding() Finding {
	f := Finding{Check: Display, Code: "terminal", Status: Note, Subject: t.Name}
	color := "without colour"
	if t.Color {
		color = "in colour"
	}
	switch {
	case !t.Output:
		f.Detail = "standard output is no terminal: answers are plain rows " + color
	case t.Width <= 0:
		f.Detail = "a terminal of unknown width, " + color + ": tables are not cut"
	default:
		f.Detail = fmt.Sprintf("a terminal of %d cells a line, %s", t.Width, color)
	}
	return f
}

// fileSize is the size of a file in bytes, or of all files in a folder.
func fileSize(path string) int64 {
	var sum int64
	err := filepath.WalkDir(path, func(_ string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil //nolint:nilerr // What cannot be read has no size; opening it says why.
		}
		if info, err := entry.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	if err != nil {
		return 0
	}
	return sum
}
