package reports

// CampaignUnproved is what is said of a comparison that is not Causal.
const CampaignUnproved = "These differences are no effects: a check of the health failed, or the arms were not drawn at random. They are shown for the sake of finding out why."

// Read says in words what an effect of a comparison means: of the primary metric
// the verdict, of the others what is left after all of them were tested. It is ""
// where nothing was tested, and claims nothing where the comparison is not Causal.
func (k CampaignComparison) Read(e CampaignEffect) string {
	switch {
	case e.Primary:
		return k.Verdict.Code
	case e.Few != "":
		return "too few to say"
	case e.Refused != "" || e.Difference == nil:
		return "refused"
	case !k.Causal:
		return "no effect claimed"
	case e.Q == nil:
		return ""
	case *e.Q >= KPIStar:
		return "not clear"
	case e.Better == "":
		return "different"
	case (e.Difference.Estimate > 0) == (e.Better == "higher"):
		return "better"
	}
	return "worse"
}

// Added is what an effect came to among the customers treated; nil where the
// comparison is not Causal, because a difference is not incremental then, and for
// ratios.
func (k CampaignComparison) Added(e CampaignEffect) *CampaignDifference {
	if !k.Causal {
		return nil
	}
	return e.Incremental
}

// Brought are the effects whose Added is shown as what the campaign brought:
// those that have a role, against the holdout.
func (k CampaignComparison) Brought() []CampaignEffect {
	var list []CampaignEffect
	for _, e := range k.Effects {
		if k.Kind != CampaignArmArm && e.Role != "" && k.Added(e) != nil {
			list = append(list, e)
		}
	}
	return list
}
