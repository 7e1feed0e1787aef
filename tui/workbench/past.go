package workbench

import (
	"slices"
	"strconv"

	"strata/tui/page"
)

// pastKept is how many earlier drafts are kept.
const pastKept = 50

// past are the earlier drafts of a rule, those that were counted.
type past struct {
	texts []string
	// at is the one that is shown, len(texts) for none of them; newest is what was
	// typed before going back.
	at     int
	newest string
}

func pastKey(name string) string { return "drafts:" + name }

func pastOf(c *page.Context, name string) past {
	texts, _ := c.Memory[pastKey(name)].([]string)
	return past{texts: texts, at: len(texts)}
}

// add keeps a draft, unless it is one of those that are looked through.
func (p *past) add(c *page.Context, name, text string) {
	if slices.Contains(p.texts, text) {
		return
	}
	p.texts = append(slices.Clip(p.texts), text)
	p.texts = p.texts[max(0, len(p.texts)-pastKept):]
	p.at = len(p.texts)
	c.Memory[pastKey(name)] = p.texts
}

// earlier is the draft before the text, false without one.
func (p *past) earlier(text string) (string, bool) {
	if p.at >= len(p.texts) {
		p.at, p.newest = len(p.texts), text
	}
	for p.at > 0 {
		p.at--
		if p.texts[p.at] != text {
			return p.texts[p.at], true
		}
	}
	return "", false
}

// later is the draft behind the text, at last what was typed.
func (p *past) later(text string) (string, bool) {
	for p.at < len(p.texts) {
		p.at++
		next := p.newest
		if p.at < len(p.texts) {
			next = p.texts[p.at]
		}
		if next != text && next != "" {
			return next, true
		}
	}
	return "", false
}

func itoa(n int) string { return strconv.Itoa(n) }
