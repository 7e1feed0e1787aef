package run

import (
	"context"
	"fmt"

	"strata/segments/check"
	"strata/segments/compile"
	"strata/segments/evaluate"
)

// CampaignSQL returns the statement behind one metric of a campaign, for each arm,
// which a DuckDB shell on the warehouse runs. Where the arms are frozen the shell
// has to attach the store under the name store.
func CampaignSQL(ctx context.Context, e *evaluate.Evaluator, q CampaignQuestion, metric string) (compile.Statement, error) {
	c, err := newCampaigning(nil, e, CampaignQuestion{Campaign: q.Campaign, Reach: q.Reach, Frozen: q.Frozen, inText: true})
	if err != nil {
		return compile.Statement{}, err
	}
	m, err := c.metric(metric)
	if err != nil {
		return compile.Statement{}, err
	}
	arms, err := e.Compiler(ctx, c.assignedAt(), evaluate.ForShell)
	if err != nil {
		return compile.Statement{}, err
	}
	k := q.Campaign
	if !c.counts.Randomised {
		recipients, err := arms.CampaignSent(*k.Messages.Sent, k.Freeze)
		if err != nil {
			return recipients, err
		}
		return c.opened(ctx, m, []string{"recipients"}, []compile.Statement{recipients})
	}
	from := campaignArms(k)
	if k.Split != nil {
		from = compile.CampaignArms{Frozen: k.Name, Names: from.Names}
	}
	if len(from.Names) == 0 {
		return compile.Statement{}, &NoArmsError{Name: k.Name}
	}
	sets := make([]compile.Statement, len(from.Names))
	for i, name := range from.Names {
		if sets[i], err = arms.CampaignArm(from, name); err != nil {
			return compile.Statement{}, err
		}
	}
	return c.opened(ctx, m, from.Names, sets)
}

// NoArmsError says that a campaign does not name its arms, which a statement needs.
type NoArmsError struct{ Name string }

// Error says it.
func (e *NoArmsError) Error() string {
	return e.Name + " does not name its arms, so there is no statement for each of them"
}

func (c *campaigning) opened(ctx context.Context, m *check.Metric, names []string, sets []compile.Statement) (compile.Statement, error) {
	compiler, err := c.evaluator.Compiler(ctx, c.end, evaluate.ForShell)
	if err != nil {
		return compile.Statement{}, err
	}
	s, err := compiler.Opened(compile.KPI{Metrics: []*check.Metric{m}, From: c.Campaign.Send, Members: compile.KPIMembers{Sets: sets}}, names)
	if err != nil {
		return s, fmt.Errorf("compile the arms: %w", err)
	}
	return s, nil
}

// metric is a metric of the campaign by its name.
func (c *campaigning) metric(name string) (*check.Metric, error) {
	e := &UnknownMetricError{Name: name}
	for _, m := range c.metrics {
		if m.Name == name {
			return m, nil
		}
		e.Known = append(e.Known, m.Name)
	}
	return nil, e
}
