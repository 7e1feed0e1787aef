package check

import (
	"fmt"
	"strconv"
	"strings"

	"strata/segments/definition"
)

func notAnAudience(name string, found Definition, known []string) problem {
	if found != nil {
		return problem{
			"E380", fmt.Sprintf("the audience %q is a %s, not a segment", name, found.DefinitionKind()),
			"make a segment of it and name that, or a stage as partition.stage",
		}
	}
	return problem{"E380", fmt.Sprintf("unknown audience %q", name), meantOr(name, "an audience is one of the segments, or a stage as partition.stage:", known)}
}

func audienceStage(p *Partition) problem {
	name := p.DefinitionName()
	first := "stage"
	if len(p.Stages) > 0 {
		first = p.Stages[0].Name
	}
	return problem{
		"E381", fmt.Sprintf("%q divides all customers into stages, and the audience is one of them", name),
		fmt.Sprintf("write the stage behind a dot, such as `%s.%s`", name, first),
	}
}

func segmentStage(name string) problem {
	return problem{"E381", fmt.Sprintf("%q is a segment, which has no stages", name), fmt.Sprintf("write `audience: %s`", name)}
}

func shareTooFine(text string) problem {
	return problem{
		"E382", fmt.Sprintf("an arm cannot have %s", text),
		"the shares of a split are more than 0% and at most two decimals fine: 10,000 numbers are shared out",
	}
}

// sharesOff says what the shares are together, and what would make them 100%.
func sharesOff(sum float64, arms []definition.CampaignArm) problem {
	percent := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) + "%" }
	hint := "the shares of all arms are 100% together"
	last := arms[len(arms)-1]
	if rest := round(last.Percent + 100 - sum); rest > 0 {
		hint = fmt.Sprintf("with %s: %s they would be 100%%; customers outside of every arm are no part of a campaign", last.Name.Name, percent(rest))
	}
	return problem{"E382", fmt.Sprintf("the arms are %s together, not 100%%", percent(round(sum))), hint}
}

// round takes off what adding up binary fractions left behind.
func round(x float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 6, 64), 64)
	if err != nil {
		return x
	}
	return rounded
}

func noArm(name string, arms []definition.CampaignArm) problem {
	var names []string
	for _, arm := range arms {
		names = append(names, arm.Name.Name)
	}
	return problem{
		"E383", fmt.Sprintf("the holdout %q is none of the arms", name),
		meantOr(name, "the holdout is the arm that gets nothing; leave it out where every arm gets something. The arms are", names),
	}
}

func sentBeforeFrozen() problem {
	return problem{
		"E384", "what was sent before the audience was frozen would be decided by what came of it",
		"freeze at the moment of sending or before it",
	}
}

func unknownMetric(name string, known []string) problem {
	return problem{"E385", fmt.Sprintf("unknown metric %q", name), meantOr(name, "the metrics are", known)}
}

func gapInCampaign(name string) problem {
	return problem{
		"E385", fmt.Sprintf("%q is a median over pairs of rows and has no value for each customer, so arms cannot be compared in it", name),
		"use a value, total, share or ratio",
	}
}

func campaignOfNobody(name string) problem {
	return problem{
		"E386", fmt.Sprintf("nothing says who is in the campaign %q", name),
		"give it `split:` (arms are assigned here), `assignment:` (they are in the data), or `messages: {sent: …}` (the recipients)",
	}
}

func splitNobody() problem {
	return problem{"E386", "a split needs an audience to divide", "add `audience:` with a segment, or a stage as partition.stage"}
}

func unknownCampaign(name string, known []string) problem {
	return problem{"E387", fmt.Sprintf("unknown campaign %q", name), meantOr(name, "campaigns:", known)}
}

func contaminatesItself() problem {
	return problem{"E387", "a campaign does not contaminate itself", "name other campaigns whose messages may reach the same customers"}
}

func notDivided(name string, found Definition, known []string) problem {
	if found != nil {
		return problem{
			"E388", fmt.Sprintf("%q is a %s; the effect is looked at by segments and partitions", name, found.DefinitionKind()),
			"make a partition of it with bands, or a segment",
		}
	}
	return problem{"E388", fmt.Sprintf("unknown segment or partition %q", name), meantOr(name, "they are", known)}
}

func notAPartition(name string, known []string) problem {
	return problem{
		"E389", fmt.Sprintf("%q is no partition: every customer must be in exactly one stage", name),
		meantOr(name, "partitions:", known),
	}
}

func noArmField(name string) problem {
	return problem{"E390", fmt.Sprintf("%q is no field of the customer that can name an arm", name), "`field:` takes a column of the customers source; rows that assign stand under `source:` or `stream:`"}
}

func (c *checker) noAssignmentSource(name string) problem {
	hint := ""
	switch stream, ok := c.names.streams[strings.ToLower(name)]; {
	case ok:
		hint = fmt.Sprintf("it is a stream: write `stream: %s`", stream.Name)
	case c.sources[name] == c.customers && c.customers != nil && c.customers.Name == name:
		hint = "a column of the customers stands under `field:`"
	default:
		hint = meantOr(name, "the sources are", sortedKeys(c.sources))
	}
	return problem{"E390", fmt.Sprintf("%q is no source whose rows assign customers", name), hint}
}

func noCost(key string) problem {
	return problem{"E391", fmt.Sprintf("%q is an amount of money, 0 or more", key), "write a number, such as 0.02"}
}
