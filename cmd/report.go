package cmd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"strata/reports"
	htmlpage "strata/reports/page"
	reporting "strata/reports/run"
	"strata/segments/check"
	"strata/segments/evaluate"
)

type reportOptions struct {
	f         *factory
	selectors []string
	// out is the file, "-" for the standard output.
	out string
	// from and to bound the drift and the period of the metrics.
	from, to string
	metrics  []string
	title    string
	// detail is how many segments and stages are shown in detail.
	detail int
	force  bool
}

// reportFile is what a report is called where nobody says.
const reportFile = "strata-report.html"

const reportAbout = `Write what is known of segments as one HTML page that needs nothing else: no
script, no network, and it prints. It says what needs attention, shows sizes with
their limits, drift with its causes, overlap and metrics, each chart with its
numbers as a table, and ends with how things were counted and what they follow
from. The same definitions, data and as-of give the same bytes.

Drift and metrics are about [--from, --to), by default the 30 days up to the
as-of; overlap is as of --to. Without selectors it is about all segments and
partitions. Tables have all of them; the segments and stages with the worst
verdict, and among these the largest change, are shown in detail.

A file that was not written by this command is only replaced with --force.`

func newReportCommand(f *factory) *cobra.Command {
	opts := reportOptions{f: f}
	c := &cobra.Command{
		Use:   "report [SELECTOR...]",
		Short: "Write sizes, drift, overlap and metrics as one HTML page",
		Long:  reportAbout,
		Example: `  strata report
  strata report tag:crm --out crm.html --title 'CRM segments'
  strata report --from 2026-07-01 --to 2026-10-01
  strata report lifecycle --metric conversion --metric aov --out - > lifecycle.html`,
		GroupID:           groupCompare,
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.selectors = args
			return runReport(c.Context(), opts)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&opts.out, "out", reportFile, "write to `FILE`, - for the standard output")
	flags.StringVar(&opts.from, "from", "", "first `MOMENT`, as --at has it; -90d counts from --to (default -30d)")
	flags.StringVar(&opts.to, "to", "", "last `MOMENT` (default the as-of)")
	flags.StringArrayVar(&opts.metrics, "metric", nil, "only the metric `NAME`, which can be given several times")
	flags.StringVar(&opts.title, "title", "", "the `TITLE` of the page")
	flags.IntVar(&opts.detail, "detail", htmlpage.Detail, "show `N` segments and stages in detail")
	flags.BoolVar(&opts.force, "force", false, "replace a file that is no report")
	return c
}

func runReport(ctx context.Context, opts reportOptions) error {
	if opts.detail < 1 {
		return usage("--detail %d: at least one is shown in detail", opts.detail)
	}
	target, before, err := opts.target()
	if err != nil {
		return err
	}
	chosen, err := opts.f.chosenMembers(opts.selectors)
	if err != nil {
		return err
	}
	s, err := opts.f.session(ctx)
	if err != nil {
		return err
	}
	p, err := s.report(ctx, opts, chosen)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := htmlpage.Write(&text, p); err != nil {
		return err
	}
	if opts.out == "-" {
		if _, err := s.env.Stdout.Write(text.Bytes()); err != nil {
			return environment("write the report: %w", err)
		}
		return nil
	}
	if before == nil {
		err = createFile(target, text.String())
	} else {
		err = replaceFile(target, string(before), text.String())
	}
	if err != nil {
		return environment("write %s: %w", opts.out, err)
	}
	s.sayReport(opts, p, text.Len())
	return nil
}

// target is the path of the file, and what it holds now, nil where there is none.
func (o reportOptions) target() (path string, before []byte, err error) {
	switch o.out {
	case "-":
		return "", nil, nil
	case "":
		return "", nil, usage("--out needs a file").advise("leave it off for %s, or write - for the standard output", reportFile)
	}
	path = o.out
	if !filepath.IsAbs(path) {
		path = filepath.Join(o.f.start(), path)
	}
	before, err = os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return "", nil, environment("there is no folder for %s", o.out).advise("make it first: %s", filepath.Dir(path))
		}
		return path, nil, nil
	case err != nil:
		return "", nil, environment("look at %s: %w", o.out, err)
	case len(before) > 0 && !bytes.Contains(before, []byte(htmlpage.Mark)) && !o.force:
		return "", nil, refused("%s is there and is no report", o.out).advise("name another file with --out, or replace it with --force")
	}
	if before == nil {
		before = []byte{}
	}
	return path, before, nil
}

// report asks everything that the page shows, what is answered fastest first.
func (s *session) report(ctx context.Context, opts reportOptions, chosen []check.Definition) (p htmlpage.Page, err error) {
	drift := driftQuestion{chosen: chosen}
	if err := s.driftRange(ctx, driftOptions{from: opts.from, to: opts.to}, &drift); err != nil {
		return p, err
	}
	drift.Size, drift.Why, drift.Composition, drift.KnownAt = true, true, true, s.knownAt
	from, to := drift.From.At, drift.To.At
	p = htmlpage.Page{Title: opts.title, From: from, Titles: titlesOf(chosen), Detail: opts.detail, KPIAll: len(opts.metrics) > 0}
	if p.Title == "" {
		p.Title = "Segment report"
	}
	if p.Manifest, err = s.reportManifest(ctx, chosen, to); err != nil {
		return p, err
	}
	if err := s.reportMetrics(ctx, opts, chosen, reporting.KPIPeriod{From: from.UTC(), To: to.UTC()}, &p); err != nil {
		return p, err
	}
	done := s.progress(ctx, "evaluating")
	overlap, err := reporting.Overlap(ctx, s.evaluator, chosen, to, reports.OverlapOptions{Sets: overlapTop, BaseRate: overlapBaseRate, Holdout: overlapHoldout})
	done()
	switch {
	case errors.Is(err, reporting.ErrNothingToOverlap):
	case err != nil:
		return p, answerable(err)
	default:
		p.Overlap = overlap.Overlap
	}
	p.Drift, err = s.drift(ctx, drift)
	return p, err
}

// reportMetrics adds the metrics of the period.
func (s *session) reportMetrics(ctx context.Context, opts reportOptions, chosen []check.Definition, period reporting.KPIPeriod, p *htmlpage.Page) error {
	done := s.progress(ctx, "measuring")
	found, err := reporting.KPI(ctx, s.evaluator, reporting.KPIQuestion{Definitions: chosen, Metrics: opts.metrics, KPIPeriod: period})
	done()
	if err != nil {
		return kpiError(err)
	}
	p.KPI = &found.Report
	for _, skipped := range found.Skipped {
		p.Notes = append(p.Notes, skipped.Name+" is left out of the metrics: "+skipped.Reason)
	}
	if n := found.Newcomers; n > 0 {
		p.Notes = append(p.Notes, "In no row of the metrics: "+pluralWord(n, "customer", "customers")+" who came in the period.")
	}
	if len(found.Currencies) > 0 {
		p.Notes = append(p.Notes, "Orders are in "+strings.Join(found.Currencies, " and ")+": money is given for each, and never added up.")
	}
	for _, note := range s.program.KPI.Notes {
		p.Notes = append(p.Notes, "Metrics: "+note+".")
	}
	return nil
}

// titlesOf are what people call the definitions.
func titlesOf(chosen []check.Definition) map[string]string {
	titles := map[string]string{}
	for _, d := range chosen {
		titles[d.DefinitionName()] = d.About().Title
	}
	return titles
}

// reportManifest says what a report follows from.
func (s *session) reportManifest(ctx context.Context, chosen []check.Definition, at time.Time) (htmlpage.Manifest, error) {
	m := htmlpage.Manifest{AsOf: at, KnownAt: s.knownAt, Zone: s.program.Zone, Count: len(chosen), Definitions: s.definitionsHash(chosen)}
	m.Strata, m.DuckDB = s.versions(debug.ReadBuildInfo)
	marks, err := s.evaluator.Marks(ctx, at)
	if err != nil {
		return m, answerable(err)
	}
	for _, mark := range marks {
		m.Sources = append(m.Sources, htmlpage.Source{Name: mark.Source, Rows: mark.Rows, Newest: mark.LastAt, Loaded: mark.LastLoadedAt})
	}
	return m, nil
}

// definitionsHash is that of what definitions and metrics mean, in whichever
// order they are named.
func (s *session) definitionsHash(chosen []check.Definition) string {
	var lines []string
	for _, d := range chosen {
		lines = append(lines, fmt.Sprintf("%s %s %s", d.DefinitionKind(), d.DefinitionName(), evaluate.MeaningOf(s.program, d).Hash))
	}
	for _, m := range s.program.Metrics {
		lines = append(lines, fmt.Sprintf("metric %s %s %s", m.Name, m.Unit, m.Text()))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// versions are those of this program and of the database in it.
func (f *factory) versions(build func() (*debug.BuildInfo, bool)) (strata, duckdb string) {
	strata = f.env.Version
	info, ok := build()
	if !ok {
		return firstText(strata, "dev"), ""
	}
	for _, module := range info.Deps {
		if module.Path == driverModule {
			duckdb, _ = duckdbVersion(module.Version).(string)
		}
	}
	if v := info.Main.Version; v != "(devel)" {
		strata = firstText(strata, v)
	}
	return firstText(strata, "dev"), duckdb
}

// firstText is the first text that is not empty.
func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// sayReport says what was written.
func (s *session) sayReport(opts reportOptions, p htmlpage.Page, size int) {
	detail := min(len(p.Drift), opts.detail)
	s.say("wrote %s (%s KB): %s, %s of them in detail, from %s to %s", opts.out, number(int64((size+1023)/1024)),
		pluralWord(len(p.Drift), "segment or stage", "segments and stages"), number(int64(detail)), s.shown(p.From), s.shown(p.Manifest.AsOf))
}
