package check

import (
	"regexp"
	"strings"

	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// standard is a built-in metric as text: it is read and checked like one that
// stands in a file.
type standard struct {
	name, title  string
	form         definition.MetricForm
	x, of        string
	unit, better string
}

// MetricsIn returns the built-in metrics of money for the orders of one
// currency; their names end in it.
func (p *Program) MetricsIn(currency string) []*Metric {
	c := newChecker(p.names)
	c.set = p.Set
	var list []*Metric
	suffix := "_" + strings.Trim(notInName.ReplaceAllString(strings.ToLower(currency), "_"), "_")
	for _, m := range c.standardMetrics(p.KPI, currency) {
		if m.Unit == UnitMoney {
			m.Name, m.Title, m.Currency = m.Name+suffix, m.Title+" in "+currency, currency
			list = append(list, m)
		}
	}
	return list
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// standardMetrics reads and checks the built-in metrics. One that the project's
// streams cannot express, which only a project with other mistakes has, is left
// out.
func (c *checker) standardMetrics(roles *KPIRoles, currency string) []*Metric {
	if roles == nil {
		return nil
	}
	list := orderMetrics(roles.Orders, currency)
	if currency == "" {
		list = append(list, emailMetrics(roles.Email)...)
	}
	var metrics []*Metric
	for _, s := range list {
		inner := newChecker(c.names)
		inner.set = c.set
		d, ok := s.read()
		if !ok {
			continue
		}
		m := inner.metric(d, &scope{period: true, needs: newCollector()})
		if inner.list.HasErrors() {
			continue
		}
		m.Unit, m.Better, m.BuiltIn, m.canonical = s.unit, s.better, true, d.Canonical()
		metrics = append(metrics, m)
	}
	return metrics
}

// read parses the texts of a built-in metric.
func (s standard) read() (*definition.Metric, bool) {
	d := &definition.Metric{Form: s.form, About: definition.About{Title: s.title, Name: rule.Ident{Name: s.name}}}
	whole := func(text string) source.Fragment {
		return source.WholeFile(source.NewFile("built-in metric "+s.name, text))
	}
	if s.form == definition.MetricGap {
		rows, ok, list := rule.ParseRows(whole(s.x))
		d.Gap = &rows
		return d, ok && !list.HasErrors()
	}
	x, list := rule.ParsePeriodic(whole(s.x))
	d.X = x
	if s.of != "" {
		of, more := rule.ParsePeriodic(whole(s.of))
		d.Of = of
		list.Add(more...)
	}
	return d, !list.HasErrors()
}

// orderMetrics are the built-in metrics of orders.
func orderMetrics(o *OrderRoles, currency string) []standard {
	if o == nil {
		return nil
	}
	where := ""
	if conditions := o.conditions(currency); len(conditions) > 0 {
		where = " where " + strings.Join(conditions, " and ")
	}
	rows := o.Stream.Name + where
	orders, bought := "count("+rows+")", "count("+rows+") >= 1"
	lifetime := "count(" + rows + ") ever"
	list := []standard{
		{"buyers", "buyers", definition.MetricTotal, bought, "", UnitCount, "higher"},
		{"orders", "orders", definition.MetricTotal, orders, "", UnitCount, "higher"},
	}
	list = append(list, moneyMetrics(o, where, orders, bought)...)
	return append(list,
		standard{"conversion", "conversion", definition.MetricShare, bought, "", UnitPercent, "higher"},
		standard{"frequency", "orders per buyer", definition.MetricRatio, orders, bought, UnitNumber, "higher"},
		standard{"repeat_rate", "repeat rate", definition.MetricShare, lifetime + " >= 2", lifetime + " >= 1", UnitPercent, "higher"},
		standard{"repeat_in_period", "repeat in period", definition.MetricShare, "count(" + rows + ") >= 2", bought, UnitPercent, "higher"},
		standard{"days_between_orders", "days betw. orders", definition.MetricGap, rows, "", UnitDays, "lower"},
	)
}

// moneyMetrics are those of what orders are worth.
func moneyMetrics(o *OrderRoles, where, orders, bought string) []standard {
	if o.Amount == "" {
		return nil
	}
	gross := "sum(" + o.Stream.Name + "." + o.Amount + where + ")"
	net, refunds := gross, ""
	if o.Refunded != "" {
		refunds = "sum(" + o.Stream.Name + "." + o.Refunded + where + ")"
		net = gross + " - " + refunds
	}
	list := []standard{{"gross", "gross", definition.MetricTotal, gross, "", UnitMoney, "higher"}}
	if refunds != "" {
		list = append(list, standard{"refunds", "refunds", definition.MetricTotal, refunds, "", UnitMoney, "lower"})
	}
	return append(list,
		standard{"net", "net", definition.MetricTotal, net, "", UnitMoney, "higher"},
		standard{"aov", "AOV (net/order)", definition.MetricRatio, net, orders, UnitMoney, "higher"},
		standard{"revenue_per_customer", "net per customer", definition.MetricValue, net, "", UnitMoney, "higher"},
		standard{"revenue_per_buyer", "net per buyer", definition.MetricRatio, net, bought, UnitMoney, "higher"},
	)
}

// emailMetrics are the built-in metrics of e-mail: those whose streams are there.
func emailMetrics(e *EmailRoles) []standard {
	if e == nil {
		return nil
	}
	delivered := e.delivered()
	list := []standard{}
	total := func(name, title, x, better string) {
		if x != "" {
			list = append(list, standard{name, title, definition.MetricTotal, x, "", UnitCount, better})
		}
	}
	rate := func(name, title, x, of, better string) {
		if x != "" && of != "" {
			list = append(list, standard{name, title, definition.MetricRatio, x, of, UnitPercent, better})
		}
	}
	opens, humanOpens := e.count("opened", ""), e.human("opened")
	clicks, humanClicks := e.count("clicked", ""), e.human("clicked")
	total("emails_sent", "e-mails sent", e.count("sent", ""), "")
	total("emails_delivered", "e-mails delivered", delivered, "")
	total("opens", "opens", opens, "higher")
	total("human_opens", "human opens", humanOpens, "higher")
	total("machine_opens", "machine opens", e.machine("opened"), "")
	total("clicks", "clicks", clicks, "higher")
	total("human_clicks", "human clicks", humanClicks, "higher")
	total("machine_clicks", "machine clicks", e.machine("clicked"), "")
	if sent := e.count("sent", ""); delivered != sent {
		rate("delivery_rate", "delivered", delivered, sent, "higher")
	}
	rate("open_rate", "open rate", opens, delivered, "higher")
	rate("human_open_rate", "human open rate", humanOpens, delivered, "higher")
	rate("click_rate", "click rate (CTR)", clicks, delivered, "higher")
	rate("human_click_rate", "human click rate", humanClicks, delivered, "higher")
	rate("ctor", "CTOR", clicks, opens, "higher")
	if humanOpens != "" || humanClicks != "" {
		rate("human_ctor", "human CTOR", first(humanClicks, clicks), first(humanOpens, opens), "higher")
	}
	rate("unsubscribe_rate", "unsubscribe rate", e.count("unsubscribed", ""), delivered, "lower")
	rate("complaint_rate", "complaint rate", e.count("complained", ""), delivered, "lower")
	rate("bounce_rate", "bounce rate", e.count("bounced", ""), e.count("sent", ""), "lower")
	return list
}

// first returns the first text that is not empty.
func first(list ...string) string {
	for _, text := range list {
		if text != "" {
			return text
		}
	}
	return ""
}

// delivered is the number of messages that arrived: those that say so, or else
// those that were sent and did not bounce.
func (e *EmailRoles) delivered() string {
	sent, bounced := e.count("sent", ""), e.count("bounced", "")
	switch {
	case e.Streams["delivered"] != nil:
		return e.count("delivered", "")
	case sent != "" && bounced != "":
		return sent + " - " + bounced
	}
	return sent
}

// count is the number of messages of a role, each once per customer where
// messages have names; "" without such a stream.
func (e *EmailRoles) count(role, where string) string {
	stream := e.Streams[role]
	if stream == nil {
		return ""
	}
	if where != "" {
		where = " where " + where
	}
	if e.Message == "" {
		return "count(" + stream.Name + where + ")"
	}
	return "distinct(" + stream.Name + "." + e.Message + where + ")"
}

// human and machine are the messages by who read them; "" where nobody tells
// them apart.
func (e *EmailRoles) human(role string) string {
	if e.Machine[role] == "" {
		return ""
	}
	return e.count(role, "not ("+e.Machine[role]+")")
}

func (e *EmailRoles) machine(role string) string {
	if e.Machine[role] == "" {
		return ""
	}
	return e.count(role, e.Machine[role])
}
