package compile

import (
	"strconv"

	sq "github.com/Masterminds/squirrel"
)

// CampaignTables are tables of a campaign in the in-memory database, a row per
// customer.
type CampaignTables struct {
	// Assigned has (unit, key, arms), the unit being the number of the arm.
	Assigned string
	// Sent, Delivered, Opened and Clicked have (key, people, machines).
	Sent, Delivered, Opened, Clicked string
	// Audience has (stage, key, contactable), Passing has (key). Stage is the one
	// that is meant. Both are "" where nobody says whom the campaign is for.
	Audience, Passing string
	Stage             int
}

// CampaignArmNames returns the statement of (arm, customers) of a table of (key,
// arm, arms), in order of the names.
func CampaignArmNames(table string) Statement {
	return Statement{SQL: "SELECT arm, count(*) FROM " + table + " GROUP BY arm ORDER BY arm"}
}

// CampaignUnits returns the statement of (unit, key, arms) of a table whose key has
// the name that customers give it. Customers of an arm that is not named are left
// out.
func (c *Compiler) CampaignUnits(table string, names []string) (Statement, error) {
	units := []sq.Sqlizer{raw("CASE arm")}
	for i, name := range names {
		units = append(units, ex("WHEN ? THEN ?", name, raw(strconv.Itoa(i))))
	}
	all := ex("SELECT CAST(? AS INTEGER) AS unit, ? AS key, arms FROM ?", joined(" ", append(units, raw("END"))), ident(c.key()), raw(table))
	if len(names) == 0 {
		all = ex("SELECT 0 AS unit, ? AS key, arms FROM ?", ident(c.key()), raw(table))
	}
	sql, args, err := ex("SELECT * FROM (?) AS t WHERE unit IS NOT NULL AND key IS NOT NULL", all).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// CampaignRecipients returns the statement of (unit, key, arms) of a table of
// messages: one arm of everybody who has one.
func CampaignRecipients(sent string) Statement {
	return Statement{SQL: "SELECT 0 AS unit, key, CAST(1 AS BIGINT) AS arms FROM " + sent + " WHERE key IS NOT NULL"}
}

// CampaignNobody returns the statement of a table of messages without rows.
func (c *Compiler) CampaignNobody() Statement {
	return Statement{SQL: "SELECT CAST(NULL AS " + c.program.Customers.Key.Physical + ") AS key, CAST(0 AS BIGINT) AS people, CAST(0 AS BIGINT) AS machines WHERE FALSE"}
}

// Funnel returns the statement of (unit, assigned, in several arms, sent,
// delivered, opened, opened by machines alone, clicked), customers by arm. Who
// opened or clicked has a row that no machine made.
func (t CampaignTables) Funnel() (Statement, error) {
	question := sq.Select("a.unit", "count(*)", "count(*) FILTER (WHERE a.arms > 1)", "count(s.key)", "count(d.key)",
		"count(*) FILTER (WHERE o.people > 0)", "count(*) FILTER (WHERE o.machines > 0 AND o.people = 0)", "count(*) FILTER (WHERE c.people > 0)")
	from := ex("? FROM ? AS a LEFT JOIN ? AS s ON s.key = a.key LEFT JOIN ? AS d ON d.key = a.key LEFT JOIN ? AS o ON o.key = a.key LEFT JOIN ? AS c ON c.key = a.key GROUP BY a.unit ORDER BY a.unit",
		question, raw(t.Assigned), raw(t.Sent), raw(t.Delivered), raw(t.Opened), raw(t.Clicked))
	sql, args, err := from.ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// Reconcile returns the statement of one row that sets the audience, those
// assigned and those sent to beside each other: those the rule alone chooses, the
// audience, assigned, sent, messages, in the audience but in no arm, in an arm but
// not in the audience, sent without an arm, in an arm but the holdout and not
// sent, sent although a gate forbids it, and of the holdout but sent. The holdout
// is -1 where there is none. What there is no table for is 0.
func (t CampaignTables) Reconcile(holdout int) (Statement, error) {
	arms := raw("SELECT key, unit FROM " + t.Assigned)
	sent := raw("SELECT key FROM " + t.Sent)
	none := raw("SELECT key FROM " + t.Sent + " WHERE FALSE")
	rule, audience, forbidden := sq.Sqlizer(none), sq.Sqlizer(none), sq.Sqlizer(none)
	if t.Audience != "" {
		rule = ex("SELECT key FROM ? WHERE stage = ?", raw(t.Audience), raw(strconv.Itoa(t.Stage)))
		audience = ex("SELECT r.key FROM (?) AS r SEMI JOIN ? AS p ON p.key = r.key", rule, raw(t.Passing))
	}
	if t.Passing != "" {
		forbidden = ex("SELECT s.key FROM ? AS s ANTI JOIN ? AS p ON p.key = s.key", raw(t.Sent), raw(t.Passing))
	}
	count := func(of sq.Sqlizer) sq.Sqlizer { return ex("(SELECT count(*) FROM (?) AS t)", of) }
	less := func(a, b sq.Sqlizer) sq.Sqlizer {
		return count(ex("SELECT a.key FROM (?) AS a ANTI JOIN (?) AS b ON b.key = a.key", a, b))
	}
	held := ex("SELECT key FROM (?) AS h WHERE unit = ?", arms, raw(strconv.Itoa(holdout)))
	others := ex("SELECT key FROM (?) AS h WHERE unit <> ?", arms, raw(strconv.Itoa(holdout)))
	sql, args, err := ex("SELECT ?", joined(", ", []sq.Sqlizer{
		count(rule), count(audience), count(arms), count(sent),
		ex("(SELECT CAST(coalesce(sum(people + machines), 0) AS BIGINT) FROM ?)", raw(t.Sent)),
		less(audience, arms), less(arms, audience), less(sent, arms), less(others, sent), count(forbidden),
		count(ex("SELECT h.key FROM (?) AS h SEMI JOIN (?) AS s ON s.key = h.key", held, sent)),
	})).ToSql()
	return Statement{SQL: sql, Args: args}, err
}

// CampaignAlsoReached returns the statement of (unit, customers): those of each
// arm who are in a table of messages.
func CampaignAlsoReached(assigned, reached string) Statement {
	return Statement{SQL: "SELECT a.unit, count(*) FROM " + assigned + " AS a SEMI JOIN " + reached + " AS r ON r.key = a.key GROUP BY a.unit ORDER BY a.unit"}
}
