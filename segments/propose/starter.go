package propose

import "strings"

// starter is a definition of the first file of segments.
type starter struct {
	// kind is segments or traits.
	kind, name, title string
	// lines are what stands below the title.
	lines []string
}

// Starter is the text of a file with a few first segments, which anybody has a
// use for.
func (p Proposal) Starter() string {
	var b strings.Builder
	b.WriteString("# First segments, to have something to look at. Change them, or remove the file.\n")
	for _, kind := range []string{"traits", "segments"} {
		first := true
		for _, s := range p.starter {
			if s.kind != kind {
				continue
			}
			if first {
				b.WriteString(kind + ":\n")
				first = false
			}
			b.WriteString("  " + s.name + ":\n    title: " + scalar(s.title) + "\n")
			for _, line := range s.lines {
				b.WriteString("    " + line + "\n")
			}
		}
	}
	return b.String()
}

// starters proposes segments over the stream that says most about customers: of
// orders with an amount, else of whole rows, else of any events.
func starters(p Proposal, taken names) []starter {
	if len(p.streams) == 0 {
		return everybody(p, taken)
	}
	chosen, points := p.streams[0], -1
	for _, s := range p.streams {
		score := 0
		if s.money {
			score += 4
		}
		if s.whole {
			score += 2
		}
		if s.name == "order" || s.name == "purchase" {
			score++
		}
		if score > points {
			chosen, points = s, score
		}
	}
	words := strings.ReplaceAll(chosen.name, "_", " ")
	active, quiet := "active", "gone_quiet"
	if chosen.money && chosen.kind == nil {
		active, quiet = "buyers", "lapsed"
	}
	active = taken.take(active, active+"_customers")
	list := []starter{
		{"segments", active, "Customers with " + article(words) + " " + words, []string{"where: count(" + chosen.name + ") ever >= 1"}},
		{"segments", taken.take(quiet, quiet+"_customers"), "The last " + words + " is more than 90 days ago", []string{
			"where:", "  all:", "    - did_once: count(" + chosen.name + ") ever >= 1", "    - not_lately: days_since(last " + chosen.name + ") > 90",
		}},
	}
	if !chosen.money {
		return list
	}
	spent := taken.take("spent", "spent_so_far")
	return append(list,
		starter{"traits", spent, "Spent so far", []string{"value: sum(" + chosen.name + ".amount) ever"}},
		starter{"segments", taken.take("big_spenders", "big_spending_customers"), "The tenth that spent the most", []string{
			"where: percentile(" + spent + " among " + active + ") >= 90",
		}})
}

func article(words string) string {
	if strings.ContainsRune("aeiou", rune((words + " ")[0])) {
		return "an"
	}
	return "a"
}

// everybody proposes segments where there is nothing to count: by the fields
// of the customers alone.
func everybody(p Proposal, taken names) []starter {
	customers := p.sources[0]
	key := customers.ruleName(customers.role("key"))
	list := []starter{{"segments", taken.take("everybody", "all_customers"), "All customers", []string{"where: " + key + " is not missing"}}}
	if customers.role("email") != nil {
		list = append(list, starter{"segments", taken.take("reachable", "with_email"), "Customers with an e-mail address", []string{"where: email is not blank"}})
	}
	if customers.role("created_at") != nil {
		list = append(list, starter{"segments", taken.take("newcomers", "new_customers"), "Joined in the last 30 days", []string{"where: created_at in last 30 days"}})
	}
	return list
}
