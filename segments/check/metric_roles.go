package check

import (
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/definition"
	"strata/segments/rule"
	"strata/segments/source"
)

// KPIRoles are the streams and columns that the built-in metrics are made of.
type KPIRoles struct {
	Orders *OrderRoles
	Email  *EmailRoles
	// Notes say in sentences what was taken and what is missing.
	Notes []string
}

// OrderRoles are the parts of the metrics of orders. Columns are "" where there
// are none.
type OrderRoles struct {
	Stream                     *Stream
	Amount, Refunded, Currency string
	// where is the filter that strata.yaml adds, "" for none, counts what of the
	// rest are purchases.
	where, counts string
}

// EmailRoles are the parts of the metrics of e-mail.
type EmailRoles struct {
	// Streams are the streams by role; Machine are the filters of the rows that
	// machines made.
	Streams map[string]*Stream
	Machine map[string]string
	// Message is the column that names the message, "" where rows are counted.
	Message string
}

// Words by which streams and columns are known where strata.yaml does not say.
var (
	orderStreams    = []string{"order", "orders", "purchase", "purchases", "transaction", "transactions"}
	amountColumns   = []string{"amount", "total", "revenue", "total_amount", "order_total"}
	refundColumns   = []string{"refunded", "refunded_amount", "refund_amount", "amount_refunded"}
	currencyColumns = []string{"currency", "currency_code"}
	messageColumns  = []string{"message_id", "campaign_id", "campaign"}
	emailStreams    = map[string][]string{
		"sent":         {"email_sent", "email_send", "sent_email"},
		"delivered":    {"email_delivered", "email_delivery"},
		"bounced":      {"email_bounce", "email_bounced"},
		"opened":       {"email_open", "email_opened", "opened_email"},
		"clicked":      {"email_click", "email_clicked", "clicked_email"},
		"unsubscribed": {"email_unsubscribe", "email_unsubscribed", "unsubscribe"},
		"complained":   {"email_complaint", "email_complained", "email_spam", "spam_complaint"},
	}
)

// kpiRoles finds the parts of the built-in metrics.
func (c *checker) kpiRoles() *KPIRoles {
	said := c.set.Project.KPI
	if said == nil {
		said = &definition.KPI{}
	}
	roles := &KPIRoles{}
	if said.Orders != nil {
		roles.Orders = c.saidOrders(said.Orders)
	} else {
		roles.Orders = c.foundOrders()
	}
	roles.Email = c.emailRoles(said.Email)
	roles.Notes = append(orderNotes(roles.Orders, said.Orders != nil), emailNotes(roles.Email)...)
	return roles
}

// saidOrders resolves what strata.yaml says about orders; nil where it is wrong.
func (c *checker) saidOrders(d *definition.KPIOrders) *OrderRoles {
	stream, ok := c.saidStream(d.Stream)
	if !ok {
		return nil
	}
	o := foundColumns(stream)
	o.counts = d.Counts.Value
	columns := []struct {
		said    definition.Scalar
		into    *string
		numeric bool
	}{{d.Amount, &o.Amount, true}, {d.Refunded, &o.Refunded, true}, {d.Currency, &o.Currency, false}}
	for _, column := range columns {
		if column.said.Value == "" {
			continue
		}
		if !c.saidColumn(column.said, stream, column.numeric) {
			return nil
		}
		*column.into = strings.ToLower(column.said.Value)
	}
	if d.Where != nil {
		if isBad(c.test(d.Where, &scope{stream: stream, needs: newCollector()})) {
			return nil
		}
		o.where = rule.Format(d.Where)
	}
	return o
}

func (c *checker) saidStream(s definition.Scalar) (*Stream, bool) {
	if s.Value == "" { // A missing key was reported when the file was read.
		return nil, false
	}
	return c.stream(rule.Ident{Name: s.Value, At: s.At()})
}

func (c *checker) saidColumn(s definition.Scalar, stream *Stream, numeric bool) bool {
	x := c.column([]rule.Ident{{Name: s.Value, At: s.At()}}, &scope{stream: stream})
	if isBad(x) {
		return false
	}
	if numeric && !x.Type().Numeric() {
		c.fail(s.At(), roleNoNumber(s.Value, x.Type()))
		return false
	}
	return true
}

func roleNoNumber(name string, t catalog.Type) problem {
	return problem{"E373", fmt.Sprintf("%q is %s, and what an order is worth is a number", name, article(t)), "name the column of the amount"}
}

// foundColumns are the columns of a stream of orders that go by their names.
func foundColumns(stream *Stream) *OrderRoles {
	o := &OrderRoles{Stream: stream, Refunded: numericColumn(stream, refundColumns)}
	if stream.Source.Amount != nil {
		o.Amount = stream.Source.Amount.Name
		if stream.Columns["amount"] != nil {
			o.Amount = "amount"
		}
	} else {
		o.Amount = numericColumn(stream, amountColumns)
	}
	for _, name := range currencyColumns {
		if column := stream.Columns[name]; column != nil && column.T.Kind == catalog.Text {
			o.Currency = name
			break
		}
	}
	return o
}

func numericColumn(stream *Stream, names []string) string {
	for _, name := range names {
		if column := stream.Columns[name]; column != nil && column.T.Numeric() {
			return name
		}
	}
	return ""
}

// foundOrders looks for a stream of orders: one that is called so, or else the
// first whose source maps an amount.
func (c *checker) foundOrders() *OrderRoles {
	for _, name := range orderStreams {
		if stream, ok := c.names.streams[name]; ok && foundColumns(stream).Amount != "" {
			return foundColumns(stream)
		}
	}
	for _, stream := range c.built.Streams {
		if stream.Source.Amount != nil {
			return foundColumns(stream)
		}
	}
	return nil
}

// emailRoles finds the streams of e-mail: those that strata.yaml names, and the
// others by their names.
func (c *checker) emailRoles(said *definition.KPIEmail) *EmailRoles {
	if said == nil {
		said = &definition.KPIEmail{}
	}
	e := &EmailRoles{Streams: map[string]*Stream{}, Machine: map[string]string{}}
	for _, role := range definition.EmailRoles() {
		place, ok := said.Streams[role]
		if !ok {
			for _, name := range emailStreams[role] {
				if stream, found := c.names.streams[name]; found && e.Streams[role] == nil {
					e.Streams[role] = stream
				}
			}
			continue
		}
		stream, ok := c.saidStream(place.Stream)
		if !ok {
			continue
		}
		e.Streams[role] = stream
		if place.Machine != nil && !isBad(c.test(place.Machine, &scope{stream: stream, needs: newCollector()})) {
			e.Machine[role] = rule.Format(place.Machine)
		}
	}
	if len(e.Streams) == 0 {
		return nil
	}
	e.Message = c.messageColumn(said.Message, e)
	return e
}

// messageColumn is the column that names the message in all streams of e-mail.
func (c *checker) messageColumn(said definition.Scalar, e *EmailRoles) string {
	names := messageColumns
	if said.Value != "" {
		names = []string{strings.ToLower(said.Value)}
		for _, role := range definition.EmailRoles() {
			if stream := e.Streams[role]; stream != nil && !c.saidColumn(said, stream, false) {
				return ""
			}
		}
	}
	for _, name := range names {
		everywhere := true
		for _, stream := range e.Streams {
			column := stream.Columns[name]
			everywhere = everywhere && column != nil && column.T.Kind != catalog.List
		}
		if everywhere {
			return name
		}
	}
	return ""
}

// orderNotes say what the metrics of orders are made of.
func orderNotes(o *OrderRoles, said bool) []string {
	switch {
	case o == nil && said:
		return nil
	case o == nil:
		return []string{"no metrics of orders: no stream is called order and no source maps an amount; `kpi: {orders: {stream: …}}` in strata.yaml names one"}
	}
	text := fmt.Sprintf("orders are the rows of %s", o.Stream.Name)
	if conditions := o.conditions(""); len(conditions) > 0 {
		text += " with " + strings.Join(conditions, " and ")
	}
	if o.Amount == "" {
		text += "; without an amount there is no money"
	} else if o.Refunded == "" {
		text += "; nothing says what was refunded, so net is gross"
	}
	return []string{text}
}

// emailNotes say what the metrics of e-mail are made of.
func emailNotes(e *EmailRoles) []string {
	if e == nil {
		return nil
	}
	var named, missing []string
	for _, role := range definition.EmailRoles() {
		if stream := e.Streams[role]; stream != nil {
			named = append(named, role+" "+stream.Name)
		} else {
			missing = append(missing, role)
		}
	}
	text := "e-mail is " + strings.Join(named, ", ")
	if len(missing) > 0 {
		text += "; missing is " + source.Enumerate(missing)
	}
	if e.Message != "" {
		text += "; a message counts once per customer, by " + e.Message
	}
	notes := []string{text}
	if e.Streams["opened"] != nil && e.Machine["opened"] == "" {
		notes = append(notes, "opens by machines are not told apart: `kpi: {email: {opened: {stream: …, machine: …}}}` in strata.yaml says which they are")
	}
	return notes
}

// conditions are the tests of a row that is an order, in the order in which they
// are written, of one currency alone where one is given.
func (o *OrderRoles) conditions(currency string) []string {
	var list []string
	if o.where != "" {
		list = append(list, "("+o.where+")")
	}
	if o.Amount != "" && o.counts != "all" {
		list = append(list, o.Amount+" > 0")
	}
	if o.Amount != "" && o.Refunded != "" && o.counts != "all" && o.counts != "paid" {
		list = append(list, fmt.Sprintf("(%s is missing or %s < %s)", o.Refunded, o.Refunded, o.Amount))
	}
	if currency != "" {
		list = append(list, fmt.Sprintf("%s = '%s'", o.Currency, strings.ReplaceAll(currency, "'", "''")))
	}
	return slices.Clip(list)
}
