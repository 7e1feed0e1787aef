package propose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/sql/dialect"
)

// people is a table that may hold the customers.
type people struct {
	from    *profile
	key     *column
	reading reading
	// validFrom and validTo are set where the table keeps history.
	validFrom, validTo *column
	// repeated is how many rows have a key that occurred before.
	repeated int64
	score    int
	named    bool
}

// counted is how many rows are counted to see whether a key is unique.
const counted = 2_000_000

// enough is the score from which a table is taken for the customers.
const enough = 45

// customersOf chooses the table of customers, nil where there is none.
func (l *looker) customersOf(ctx context.Context, profiles []*profile) (*people, error) {
	var chosen *people
	for _, p := range profiles {
		for _, key := range peopleKeys(p) {
			candidate, err := l.people(ctx, p, key, profiles)
			if err != nil {
				return nil, err
			}
			if candidate.score >= enough && (chosen == nil || candidate.score > chosen.score) {
				chosen = candidate
			}
		}
	}
	return chosen, nil
}

// peopleKeys are the columns that can identify the rows of a table of
// customers, if it is one.
func peopleKeys(p *profile) []*column {
	noun := p.noun()
	var keys []*column
	for _, c := range p.columns {
		if _, ok := asKey(c); !ok || len(c.words) == 0 {
			continue
		}
		own := isKeyName(c.words) && (len(c.words) == 1 && noun >= 0 || nounRank(c.words) >= 0)
		if own || noun >= 0 && slices.Contains([]string{"customer", "user", "member", "client"}, strings.Join(c.words, "")) {
			keys = append(keys, c)
		}
	}
	return keys
}

// noun is the rank of the customer noun that a table is named by: its last
// word, for customer_orders are orders.
func (p *profile) noun() int {
	words := tableWords(p.table.Name)
	return nounRank(words[len(words)-1:])
}

// people scores a table as that of the customers.
func (l *looker) people(ctx context.Context, p *profile, key *column, all []*profile) (*people, error) {
	r, _ := asKey(key)
	found := &people{from: p, key: key, reading: r}
	if noun := p.noun(); noun >= 0 {
		found.score, found.named = 40-noun, true
	}
	if rank := nounRank(key.words); rank >= 0 {
		found.score += 4
	}
	found.score += attributeScore(p)
	if typeOf(p) != nil {
		found.score -= 25
	}
	if found.score <= 0 && !key.unique() {
		return found, nil
	}
	var err error
	if found.repeated, err = l.repeats(ctx, p, key, r); err != nil {
		return nil, err
	}
	found.history()
	switch {
	case found.repeated == 0, found.validFrom != nil:
		found.score += 20
	case found.named:
		found.score -= 5
	default:
		found.score -= 30
	}
	referenced, err := l.referenced(ctx, found, all)
	if err != nil {
		return nil, err
	}
	if referenced {
		found.score += 20
	}
	return found, nil
}

// attributeScore counts what tables of people have and others have not.
func attributeScore(p *profile) int {
	score := 0
	for _, group := range []struct {
		points int
		words  []string
	}{
		{10, []string{"email", "mail"}},
		{4, append([]string{"phone", "mobile", "gender", "age"}, birthTimes...)},
		{4, []string{"first", "last", "firstname", "lastname", "surname", "forename", "fullname"}},
		{3, []string{"country", "city", "zip", "postcode", "region"}},
		{3, []string{"created", "signup", "registered", "joined", "registration"}},
		{4, []string{"consent", "optin", "newsletter", "subscribed"}},
	} {
		if slices.ContainsFunc(p.columns, func(c *column) bool { return anyOf(c.words, group.words) }) {
			score += group.points
		}
	}
	return score
}

// repeats counts the rows whose key occurred before.
func (l *looker) repeats(ctx context.Context, p *profile, key *column, r reading) (int64, error) {
	name := dialect.Ident(key.name)
	var repeated int64
	err := l.db.Row(ctx, []any{&repeated}, "SELECT count(k) - count(DISTINCT k) AS repeated FROM (SELECT "+
		r.sql(name)+" AS k FROM "+p.relation()+" LIMIT ?)", int64(counted))
	if err != nil {
		return 0, fmt.Errorf("count the keys of table %s: %w", p.label(), err)
	}
	return repeated, nil
}

// history finds the columns between which a row of the customers is valid.
// Where each key occurs once they are taken only by names that mean nothing
// else.
func (m *people) history() {
	var from, to *column
	for _, c := range m.from.columns {
		if !c.temporal() {
			continue
		}
		named := has(c.words, "valid", "effective", "eff")
		if !named && (m.repeated == 0 || !has(c.words, "row", "version", "record", "start", "end", "current")) {
			continue
		}
		switch {
		case has(c.words, "from", "start", "begin", "since") || named && slices.Equal(c.words, []string{"effective", "date"}):
			from = firstOf(from, c)
		case has(c.words, "to", "end", "until", "thru", "through", "expiry"):
			to = firstOf(to, c)
		}
	}
	if from != nil && (m.repeated > 0 || has(from.words, "dbt", "scd")) {
		m.validFrom, m.validTo = from, to
	}
}

func firstOf(a, b *column) *column {
	if a != nil {
		return a
	}
	return b
}

// referenced reports whether another table speaks of these customers: most of
// those that it names are here. A table that is not named after customers must
// hold nearly all of them.
func (l *looker) referenced(ctx context.Context, m *people, all []*profile) (bool, error) {
	least := 0.9
	if m.named {
		least = 0.5
	}
	for _, p := range all {
		if p == m.from {
			continue
		}
		for _, c := range customerColumns(p) {
			share, err := l.known(ctx, m, c.column)
			if err != nil {
				return false, err
			}
			if share >= least {
				return true, nil
			}
		}
	}
	return false, nil
}

// probes is how many keys are looked for.
const probes = 200

// known is the share of a column's sampled values that are keys of customers,
// 0 where none were sampled.
func (l *looker) known(ctx context.Context, m *people, c *column) (float64, error) {
	return l.found(ctx, m.from, m.reading.sql(dialect.Ident(m.key.name)), c)
}

// found is the share of a column's sampled values that an expression over a
// table gives as well.
func (l *looker) found(ctx context.Context, in *profile, expression string, c *column) (float64, error) {
	values := c.distinct()
	if len(values) == 0 {
		return 0, nil
	}
	values = values[:min(len(values), probes)]
	places := make([]string, len(values))
	args := make([]any, len(values))
	for i, value := range values {
		places[i], args[i] = "?", plainKey(value)
	}
	var n int64
	err := l.db.Row(ctx, []any{&n}, "SELECT count(DISTINCT k) AS n FROM (SELECT CAST("+expression+" AS VARCHAR) AS k FROM "+
		in.relation()+") WHERE k IN ("+strings.Join(places, ", ")+")", args...)
	if err != nil {
		return 0, fmt.Errorf("look for keys of %s in table %s: %w", c.name, in.label(), err)
	}
	return float64(n) / float64(len(values)), nil
}

// The words of what rules know customers by.
var (
	emailWords   = []string{"email", "mail"}
	phoneWords   = []string{"phone", "mobile", "telephone", "tel", "msisdn", "cellphone"}
	consentWords = []string{"consent", "optin", "newsletter", "subscribed", "permission", "gdpr"}
	refusalWords = []string{"unsubscribed", "optout", "out", "revoked", "date", "at", "source"}
	joinWords    = []string{"created", "creation", "signup", "signed", "registered", "registration", "joined", "join", "since", "acquired"}
)

// emailOf chooses the e-mail address.
func emailOf(p *profile) *column {
	for _, c := range p.columns {
		at := func(text string) bool { return strings.Contains(text, "@") }
		if c.kind == catalog.Text && anyOf(c.words, emailWords) && !anyOf(c.words, consentWords) && (len(c.texts()) == 0 || c.share(at) > 0.5) {
			return c
		}
	}
	return nil
}

// phoneOf chooses the phone number.
func phoneOf(p *profile) *column {
	for _, c := range p.columns {
		if (c.kind == catalog.Text || c.kind == catalog.Integer) && anyOf(c.words, phoneWords) && !anyOf(c.words, consentWords) {
			return c
		}
	}
	return nil
}

// consentOf chooses what says whether a customer may be written to, that for
// e-mail before others.
func consentOf(p *profile) *column {
	var list []candidate
	for _, c := range p.columns {
		opted := has(c.words, "opt") && has(c.words, "in")
		usable := c.kind == catalog.Text || c.kind == catalog.Boolean || c.kind == catalog.Integer
		if !usable || !opted && !anyOf(c.words, consentWords) || anyOf(c.words, refusalWords) {
			continue
		}
		score := 10
		if anyOf(c.words, emailWords) {
			score = 20
		}
		list = append(list, candidate{column: c, score: score})
	}
	found, _ := best(list)
	return found.column
}

// joinedOf chooses when a customer became one.
func (l *looker) joinedOf(ctx context.Context, p *profile) (candidate, bool, error) {
	var list []candidate
	for _, c := range p.columns {
		joined := anyOf(c.words, joinWords) || has(c.words, "first") && has(c.words, "seen", "visit")
		if !joined || anyOf(c.words, laterTimes) {
			continue
		}
		r, ok, err := l.asTime(ctx, p, c)
		if err != nil {
			return candidate{}, false, err
		}
		score := 10
		if has(c.words, "created", "registered", "registration", "signup") {
			score = 20
		}
		if ok {
			list = append(list, candidate{column: c, reading: r, score: score})
		}
	}
	found, ok := best(list)
	return found, ok, nil
}
