package cmd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	htmlpage "strata/reports/page"
	reporting "strata/reports/run"
	"strata/segments/campaign"
	"strata/segments/check"
)

// formatHTML is the form that is one page.
const formatHTML = "html"

// campaignPage is where the post-mortem goes as a page, if it does.
type campaignPage struct {
	// out is the file, "-" for the standard output, "" for none.
	out   string
	force bool
	// target and before are the path of the file and what it holds, as
	// reportOptions.target has them.
	target string
	before []byte
	wanted bool
}

func (p *campaignPage) flags(flags *pflag.FlagSet) {
	flags.StringVar(&p.out, "out", "", "write an HTML page to `FILE`.html, - for the standard output")
	flags.BoolVar(&p.force, "force", false, "replace a file that is no report")
}

// decide finds out whether a page is wanted and where to, before anything is
// computed.
func (p *campaignPage) decide(opts *campaignReportOptions) error {
	asked := opts.f.format == formatHTML
	lower := strings.ToLower(p.out)
	named := p.out == "-" || strings.HasSuffix(lower, ".html") || strings.HasSuffix(lower, ".htm")
	switch {
	case p.out == "" && !asked:
		if p.force {
			return usage("--force is for a page, and none is written").advise("name its file with --out FILE.html")
		}
		return nil
	case opts.table != "" || opts.sql != "":
		return usage("a page has the whole report, so that --table and --sql do not go with it")
	case !asked && opts.f.format != "":
		return usage("--out writes a page, which -o %s and --json do not go with", opts.f.format).advise("leave either off")
	case !asked && !named:
		return usage("--out %s: a page goes into a file that ends in .html", p.out).advise("name it so, or add -o html")
	}
	p.wanted = true
	if p.out == "" {
		p.out = "-"
	}
	var err error
	p.target, p.before, err = reportOptions{f: opts.f, out: p.out, force: p.force}.target()
	return err
}

// writeCampaignPage writes the post-mortem as a page.
func (s *session) writeCampaignPage(ctx context.Context, p campaignPage, q reporting.CampaignQuestion, found *reporting.CampaignAnswer) error {
	manifest, err := s.campaignManifest(ctx, q)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	page := htmlpage.CampaignPage{Manifest: manifest, Report: found.Report, Notes: found.Said}
	if err := htmlpage.WriteCampaign(&text, page); err != nil {
		return err
	}
	switch {
	case p.out == "-":
		if _, err := s.env.Stdout.Write(text.Bytes()); err != nil {
			return environment("write the report: %w", err)
		}
		return nil
	case p.before == nil:
		err = createFile(p.target, text.String())
	default:
		err = replaceFile(p.target, string(p.before), text.String())
	}
	if err != nil {
		return environment("write %s: %w", p.out, err)
	}
	s.say("wrote %s (%s KB): %s, as of %s", p.out, number(int64((text.Len()+1023)/1024)), found.Report.Verdict.Code, s.shown(s.asOf))
	return nil
}

// campaignManifest says what the page follows from: the campaign, its audience and
// the groups that it was looked at by.
func (s *session) campaignManifest(ctx context.Context, q reporting.CampaignQuestion) (htmlpage.Manifest, error) {
	by := q.By
	if by == nil {
		by = q.Campaign.By
	}
	chosen := slices.Clone(by)
	if d := q.Campaign.Audience; d != nil && !slices.ContainsFunc(by, func(one check.Definition) bool { return one.DefinitionName() == d.DefinitionName() }) {
		chosen = append(chosen, d)
	}
	m, err := s.reportManifest(ctx, chosen, s.asOf)
	sum := sha256.Sum256([]byte(campaign.MeaningOf(s.program, q.Campaign).Hash + "\n" + m.Definitions))
	m.Count, m.Definitions = len(chosen)+1, "sha256:"+hex.EncodeToString(sum[:])
	return m, err
}
