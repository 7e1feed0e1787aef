package definition

import (
	"strata/segments/rule"
)

// MetricForm tells the kinds of metric apart. It is the key that a file gives
// the metric's expression under.
type MetricForm string

// The forms of a metric.
const (
	// MetricTotal is a sum over customers, with no mean: orders, money.
	MetricTotal MetricForm = "total"
	// MetricValue is an amount per customer, reported as its mean.
	MetricValue MetricForm = "value"
	// MetricShare is the share of customers for whom a condition holds.
	MetricShare MetricForm = "share"
	// MetricRatio is a sum over customers divided by another one.
	MetricRatio MetricForm = "ratio"
	// MetricGap is the median time between two rows of one customer.
	MetricGap MetricForm = "median_gap"
)

// MetricForms are all forms, in the order of the documentation.
func MetricForms() []MetricForm {
	return []MetricForm{MetricValue, MetricTotal, MetricShare, MetricRatio, MetricGap}
}

// Metric is a number that reports give for a set of customers in a period.
type Metric struct {
	About
	Form MetricForm
	// X is the expression of the form; nil for a gap, and where it could not be
	// read. Calls in it have no window, or ever.
	X rule.Expr
	// Of is the denominator: of: of a share, per: of a ratio; nil where there is
	// none.
	Of rule.Expr
	// Gap are the rows between which time passes.
	Gap *rule.Rows
	// Unit is count, money, percent, days or number, Better is higher or lower;
	// empty where nobody says.
	Unit, Better Scalar
}

// KPI says what the built-in metrics are made of.
type KPI struct {
	Orders *KPIOrders
	Email  *KPIEmail
}

// KPIOrders are the parts of the metrics of orders. What is empty is looked for.
type KPIOrders struct {
	Stream, Amount, Refunded, Currency Scalar
	// Where says which rows are orders that count; nil where all are.
	Where rule.Expr
	// Counts is purchases (not refunded in full and worth something), paid (worth
	// something) or all.
	Counts Scalar
}

// KPIEmail are the parts of the metrics of e-mail.
type KPIEmail struct {
	// Streams holds the streams by role: sent, delivered, bounced, opened, clicked,
	// unsubscribed, complained.
	Streams map[string]KPIStream
	// Message is the column that names the message, so that two opens of one
	// message by one customer count once.
	Message Scalar
}

// KPIStream is a stream with a role in e-mail.
type KPIStream struct {
	Stream Scalar
	// Machine says which rows were made by machines; nil where nobody says.
	Machine rule.Expr
}

// EmailRoles are the roles of streams of e-mail, in order.
func EmailRoles() []string {
	return []string{"sent", "delivered", "bounced", "opened", "clicked", "unsubscribed", "complained"}
}

// machineRoles are those whose rows can be made by machines.
var machineRoles = map[string]bool{"opened": true, "clicked": true}

// metricShape is an entry of metrics.
func metricShape() *shape {
	form := func(form MetricForm, kind valueKind, doc string) key {
		return key{name: string(form), doc: doc, shape: scalarShape(kind)}
	}
	forms := make([]string, 0, len(MetricForms()))
	for _, f := range MetricForms() {
		forms = append(forms, string(f))
	}
	return &shape{
		name: "a metric", ref: "metric", oneOf: [][]string{forms},
		needs: [][2]string{{"of", string(MetricShare)}, {string(MetricRatio), "per"}, {"per", string(MetricRatio)}},
		keys: aboutKeys(
			form(MetricValue, periodicValue, "An amount per customer, without a window: the report's period is the window."),
			form(MetricTotal, periodicValue, "An amount that is summed over customers."),
			form(MetricShare, periodicValue, "A condition: the share of customers for whom it holds."),
			key{name: "of", doc: "Among whom the share is taken; all customers unless given.", shape: scalarShape(periodicValue)},
			form(MetricRatio, periodicValue, "The upper sum of a ratio."),
			key{name: "per", doc: "The lower sum of a ratio.", shape: scalarShape(periodicValue)},
			form(MetricGap, rowsValue, "A stream: the median days between two of its rows."),
			key{name: "unit", doc: "count, money, percent, days or number.", shape: scalarShape(textValue)},
			key{name: "better", doc: "higher or lower.", shape: scalarShape(textValue)},
		),
	}
}

// kpiShape is the section kpi of strata.yaml.
func kpiShape() *shape {
	text := func(name, doc string) key { return key{name: name, doc: doc, shape: scalarShape(textValue)} }
	orders := &shape{name: "kpi.orders", keys: []key{
		{name: "stream", doc: "The stream of orders.", shape: scalarShape(textValue), required: true},
		text("amount", "The column of what an order is worth."),
		text("refunded", "The column of what of it was paid back."),
		text("currency", "The column of an order's currency."),
		{name: "where", doc: "Which rows are orders that count.", shape: scalarShape(expressionValue)},
		text("counts", "purchases, paid or all."),
	}}
	email := &shape{name: "kpi.email", keys: []key{text("message", "The column that names the message.")}}
	for _, role := range EmailRoles() {
		place := &shape{value: textValue}
		if machineRoles[role] {
			place.name, place.keys = "kpi.email."+role, []key{
				{name: "stream", doc: "The stream.", shape: scalarShape(textValue), required: true},
				{name: "machine", doc: "Which rows were made by machines.", shape: scalarShape(expressionValue)},
			}
		}
		email.keys = append(email.keys, key{name: role, doc: "The stream of what was " + role + ".", shape: place})
	}
	return &shape{name: "kpi", keys: []key{
		{name: "orders", doc: "What the metrics of orders are made of.", shape: orders},
		{name: "email", doc: "What the metrics of e-mail are made of.", shape: email},
	}}
}
