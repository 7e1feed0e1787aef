package run

import (
	"context"

	"strata/reports"
	"strata/segments/evaluate"
	"strata/sql/warehouse"
)

// CampaignCounted is a post-mortem with the counts that it is made of.
type CampaignCounted struct {
	*CampaignAnswer

	Counts reports.CampaignCounts
}

// CountedCampaign is Campaign with the counts.
func CountedCampaign(ctx context.Context, db *warehouse.DB, e *evaluate.Evaluator, q CampaignQuestion) (CampaignCounted, error) {
	c, err := countCampaign(ctx, db, e, q)
	if err != nil {
		return CampaignCounted{}, err
	}
	return CampaignCounted{CampaignAnswer: c.answer(), Counts: c.counts}, nil
}
