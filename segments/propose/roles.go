package propose

import (
	"context"
	"math"
	"slices"
	"strings"

	"strata/segments/catalog"
)

// The words that tell times apart. A row happens at one of eventTimes; the
// others say something about it.
var (
	eventTimes = []string{
		"occurred", "happened", "event", "order", "ordered", "purchase", "purchased", "invoice", "invoiced", "transaction", "placed",
		"sold", "sale", "sent", "viewed", "visit", "visited", "opened", "clicked", "redeemed", "paid", "payment", "booked", "booking", "assigned",
		"subscribed", "started", "start", "session", "activity", "action", "message", "received",
	}
	plainTimes = []string{"ts", "at", "timestamp", "date", "time", "datetime", "when", "day", "dt", "on", "epoch", "utc"}
	firstTimes = []string{"created", "creation"}
	loadTimes  = []string{
		"loaded", "load", "ingested", "ingest", "synced", "sync", "imported", "import", "inserted", "extracted", "etl", "dbt", "fivetran", "airbyte",
		"batch", "warehouse", "replicated", "dwh",
	}
	laterTimes = []string{
		"updated", "modified", "changed", "deleted", "delivered", "delivery", "shipped", "shipping", "due", "expires", "expiry", "expired", "end",
		"ended", "until", "cancelled", "canceled", "returned", "refunded", "renews", "closed", "completed", "next", "valid", "last", "required",
	}
	birthTimes = []string{"birth", "birthday", "dob", "born"}
)

// candidate is a column that can have a role, with how well it fits.
type candidate struct {
	column  *column
	reading reading
	score   int
	// known is the share of a column's sampled values that are keys of
	// customers, where that was looked at.
	known float64
}

// best returns the candidate with the highest score; of equals the one that
// stands first.
func best(list []candidate) (candidate, bool) {
	found := candidate{score: math.MinInt}
	for _, c := range list {
		if c.score > found.score {
			found = c
		}
	}
	return found, found.column != nil
}

// eventScore says how well a column's name fits the moment of a row.
func eventScore(c *column) int {
	score := 0
	switch {
	case has(c.words, birthTimes...):
		return -100
	case has(c.words, loadTimes...):
		score = -40
	case has(c.words, laterTimes...):
		score = -25
	case has(c.words, eventTimes...):
		score = 30
	case has(c.words, firstTimes...):
		score = 20
	case has(c.words, plainTimes...):
		score = 25
	}
	if c.kind == catalog.Timestamp {
		score += 5
	}
	if len(c.texts()) == 0 {
		score -= 10
	}
	return score
}

// timeOf chooses when the rows of a table happened; the column of the customer
// is something else.
func (l *looker) timeOf(ctx context.Context, p *profile, customer *column) (candidate, bool, error) {
	var list []candidate
	for _, c := range p.columns {
		if c == customer || !c.temporal() && !anyOf(c.words, timeWords) && !has(c.words, eventTimes...) && !has(c.words, firstTimes...) {
			continue
		}
		r, ok, err := l.asTime(ctx, p, c)
		if err != nil {
			return candidate{}, false, err
		}
		if score := eventScore(c); ok && score > -50 {
			list = append(list, candidate{column: c, reading: r, score: score})
		}
	}
	found, ok := best(list)
	return found, ok, nil
}

// loadTime chooses when rows came into the warehouse.
func loadTime(p *profile, taken *column) *column {
	for _, c := range p.columns {
		if c != taken && c.temporal() && has(c.words, loadTimes...) {
			return c
		}
	}
	return nil
}

// isKeyName reports whether words end in one that identifies something.
func isKeyName(words []string) bool {
	last := words[len(words)-1]
	return slices.Contains(keyWords, last) || strings.HasSuffix(last, "id") && nounRank(words) >= 0
}

// customerColumns are the columns that can name the customer of a row, best
// first.
func customerColumns(p *profile) []candidate {
	var list []candidate
	for _, c := range p.columns {
		rank := -1
		if len(c.words) > 0 {
			rank = nounRank(c.words)
		}
		r, ok := asKey(c)
		if rank < 0 || !ok || c.kind == catalog.Text && has(c.words, "name", "email", "mail", "type", "agent", "segment") {
			continue
		}
		score := 100 - 3*rank
		if !isKeyName(c.words) {
			if len(c.words) > 1 {
				continue
			}
			score -= 30
		}
		list = append(list, candidate{column: c, reading: r, score: score})
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return b.score - a.score })
	return list
}

// ownKey chooses the column that identifies the rows of a table: its id, or one
// named after the table.
func ownKey(p *profile, not *column) *column {
	table := tableWords(p.table.Name)
	var list []candidate
	for _, c := range p.columns {
		if c == not || len(c.words) == 0 || c.kind != catalog.Integer && (c.kind != catalog.Text || hasSpaces(c)) {
			continue
		}
		rest := c.words[:len(c.words)-1]
		score := 0
		switch {
		case !slices.Contains(keyWords, c.words[len(c.words)-1]):
			continue
		case len(rest) == 0:
			score = 50
		case singular(rest[len(rest)-1]) == table[len(table)-1]:
			score = 60
		case has(rest, "event", "row", "message", "record", "line"):
			score = 40
		case has(rest, groupWords...):
			score = 45
		default:
			continue
		}
		if c.unique() {
			score += 20
		}
		list = append(list, candidate{column: c, score: score})
	}
	found, _ := best(list)
	return found.column
}

func hasSpaces(c *column) bool {
	return c.share(func(text string) bool { return strings.Contains(text, " ") }) > 0.5
}

// groupWords name what several rows belong to: lines of an order.
var groupWords = []string{"invoice", "order", "transaction", "basket", "receipt", "ticket", "bill", "purchase", "sale", "booking"}

// The words that tell amounts of money from other numbers, the likeliest
// first, and those that no amount has.
var (
	amountWords = []string{
		"amount", "total", "revenue", "turnover", "sales", "value", "paid", "spend", "spent", "dollars", "euros", "net", "gross", "price", "sum",
	}
	otherNumbers = []string{
		"id", "tax", "vat", "shipping", "discount", "disc", "quantity", "qty", "count", "number", "unit", "units", "rate", "percent", "score",
		"refund", "refunded", "cost", "fee", "points", "lat", "lon", "age", "duration", "rank", "item", "items", "coupon", "tip", "balance", "lifetime",
	}
)

// amountOf chooses the money of a row.
func amountOf(p *profile) (candidate, bool) {
	var list []candidate
	for _, c := range p.columns {
		rank := slices.IndexFunc(amountWords, func(w string) bool { return slices.Contains(c.words, w) })
		if rank < 0 || has(c.words, otherNumbers...) {
			continue
		}
		r, ok := asAmount(c)
		if !ok {
			continue
		}
		score := 50 - 2*rank
		if has(c.words, "total", "grand") {
			score += 8
		}
		list = append(list, candidate{column: c, reading: r, score: score})
	}
	return best(list)
}

// typeOf chooses the column that says what kind of event a row is.
func typeOf(p *profile) *column {
	table := tableWords(p.table.Name)
	eventful := anyOf(table, []string{"event", "activity", "track", "interaction", "action", "behaviour", "behavior", "click", "web", "message", "hit"})
	for _, names := range [][]string{{"event", "type"}, {"event", "name"}, {"event"}, {"action"}, {"activity"}, {"type"}, {"kind"}, {"name"}} {
		for _, c := range p.columns {
			if c.kind != catalog.Text || !isName(c.words, names) {
				continue
			}
			if different := len(c.distinct()); different == 0 || different > maxTypes || different*4 > len(c.texts())+20 {
				continue
			}
			if eventful || slices.Contains(names, "event") {
				return c
			}
		}
	}
	return nil
}

// maxTypes is how many event types a column can have. With more it is rather a
// text.
const maxTypes = 200

// isName reports whether words are those of a name, or end in the name's only
// word behind "event", "activity" and their kin.
func isName(words, name []string) bool {
	if slices.Equal(words, name) {
		return true
	}
	return len(name) == 1 && name[0] != "event" && len(words) == 2 && words[1] == name[0] && has(words[:1], "event", "activity", "action", "message")
}

// statusOf chooses the column that says how far a row has come.
func statusOf(p *profile) *column {
	var list []candidate
	for _, c := range p.columns {
		if c.kind != catalog.Text || len(c.distinct()) > maxStates || len(c.distinct()) == 0 {
			continue
		}
		switch {
		case slices.Equal(c.words, []string{"status"}):
			list = append(list, candidate{column: c, score: 50})
		case has(c.words, "status"):
			list = append(list, candidate{column: c, score: 40})
		case has(c.words, "state", "stage") && slices.ContainsFunc(c.distinct(), isUndone):
			// A state can be one of the United States as well.
			list = append(list, candidate{column: c, score: 30})
		}
	}
	found, _ := best(list)
	return found.column
}

// maxStates is how many states a row can be in.
const maxStates = 50

// undone begins the states of what was taken back or never came about.
var undone = []string{
	"cancel", "refund", "return", "void", "fail", "declin", "reject", "chargeback", "charged back", "abandon", "error", "storno", "revers",
}

// isUndone reports whether a state looks like one of an order that does not
// count.
func isUndone(state string) bool {
	lower := strings.ToLower(strings.ReplaceAll(state, "_", " "))
	return slices.ContainsFunc(undone, func(start string) bool { return strings.HasPrefix(lower, start) })
}
