package check

import (
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// Members is the audience as a segment of its own, named like the campaign: its
// members are those whom the rule chooses, and its gates all that the campaign has
// to pass, so that who is contactable is who can be put into an arm. It is nil
// where nobody says whom the campaign is for.
func (c *Campaign) Members() *Segment { return c.members }

// Contacts are the contactable members of the audience as the members of a
// segment without gates. It is nil where nobody says whom the campaign is for.
func (c *Campaign) Contacts() *Segment { return c.contacts }

// audienceSegments makes the audience's segments. What is wrong with the audience
// was reported where it is named.
func (c *checker) audienceSegments(d *definition.Campaign, x *Campaign) {
	if x.Audience == nil || c.list.HasErrors() {
		return
	}
	text := x.Audience.DefinitionName()
	if x.Stage != "" {
		text += " = '" + x.Stage + "'"
	}
	e, list := rule.Parse(source.WholeFile(source.NewFile("audience", text)))
	if e == nil || list.HasErrors() {
		return
	}
	at := d.Audience.At
	about := definition.About{Name: rule.Ident{Name: x.Name, At: at}, Title: x.Title, At: at}
	made := &definition.Segment{About: about, Where: definition.ImplicitTree(e, at)}
	x.members = &Segment{common: common{about: about}, Gates: x.Gates, Definition: made}
	needs := newCollector()
	x.members.Where = c.tree(made.Where, &scope{needs: needs})
	c.finish(x.members, needs, leafTests(x.members.Where)...)

	x.contacts = &Segment{common: common{about: about}, Definition: made}
	whole := &Tree{Kind: definition.All, Children: append([]*Tree{}, x.members.Where.Children...)}
	for _, gate := range x.Gates {
		whole.Children = append(whole.Children, gate.Where)
		for _, need := range gate.Needs() {
			needs.add(need)
		}
	}
	x.contacts.Where = whole
	c.finish(x.contacts, needs, leafTests(whole)...)
}
