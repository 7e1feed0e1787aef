package diagnose

import (
	"context"
	"fmt"
	"strings"

	"strata/segments/catalog"
	"strata/segments/compile"
	"strata/sql/warehouse"
)

// rows says how many rows a source has.
func (e *examination) rows(s *catalog.Source, h *health) {
	n := h.count(compile.HealthRows)
	f := Finding{Check: Mapping, Code: "rows", Status: OK, Subject: s.Name, Detail: s.Name + " has " + some(n, "row")}.counted(n)
	if n == 0 {
		f.Status, f.Detail = Warning, s.Name+" is empty"
		f.Hint = "every rule over it counts nothing; look at its table or query in strata.yaml"
	}
	e.add(f)
}

// keys looks at the keys of the customers.
func (e *examination) keys(ctx context.Context, s *catalog.Source, h *health) {
	if s.Key == nil {
		return
	}
	all, missing := h.count(compile.HealthRows), h.count(compile.MissingKeys)
	if missing > 0 {
		e.add(Finding{
			Check: Mapping, Code: "missing_keys", Status: Warning, Subject: s.Name,
			Detail: fmt.Sprintf("rows of %s without %s: %s; they are never customers", s.Name, s.Key.Column, tally(missing, all)),
		}.counted(missing))
	}
	distinct := h.count(compile.DistinctKeys)
	if s.ValidFrom != nil {
		e.add(Finding{
			Check: Mapping, Code: "keys", Status: OK, Subject: s.Name,
			Detail: fmt.Sprintf("%s.%s is %s and has %s in %s: versions of customers", s.Name, s.Key.Column, s.Key.Physical, some(distinct, "value"), some(all, "row")),
		}.counted(distinct))
		return
	}
	if repeated := all - missing - distinct; repeated > 0 {
		e.repeated(ctx, s, repeated)
		return
	}
	e.add(Finding{
		Check: Mapping, Code: "keys", Status: OK, Subject: s.Name,
		Detail: fmt.Sprintf("%s.%s is %s and occurs once for each customer", s.Name, s.Key.Column, s.Key.Physical),
	}.counted(distinct))
}

// repeated names some of the keys that occur more than once, which no
// evaluation accepts.
func (e *examination) repeated(ctx context.Context, s *catalog.Source, rows int64) {
	const examples = 3
	var keys int64
	var names []string
	statement, err := e.compiler.RepeatedKeys(examples)
	if err == nil {
		err = e.run(ctx, statement, func(_ []string, row []any) {
			keys, _ = row[1].(int64)
			names = append(names, warehouse.Text(row[0]))
		})
	}
	if err != nil {
		e.fail(ctx, failed(Mapping, "repeated_keys", err).about(s.Name))
		return
	}
	e.add(Finding{
		Check: Mapping, Code: "repeated_keys", Status: Error, Subject: s.Name,
		Detail: fmt.Sprintf("values of %s.%s that occur more than once: %s, with %s too many, such as %s",
			s.Name, s.Key.Column, number(keys), some(rows, "row"), strings.Join(names, ", ")),
		Hint: "map valid_from if the table keeps history, or give the source a query that returns each key once",
	}.counted(keys))
}

// owners looks for the customers of rows.
func (e *examination) owners(s *catalog.Source, h *health) {
	all := h.count(compile.HealthRows)
	if s.Key == nil || all == 0 {
		return
	}
	before := len(e.findings)
	if missing := h.count(compile.MissingKeys); missing > 0 {
		e.add(Finding{
			Check: Mapping, Code: "missing_keys", Status: Warning, Subject: s.Name,
			Detail: fmt.Sprintf("rows of %s without %s: %s; they count for nobody", s.Name, s.Key.Column, tally(missing, all)),
			Hint:   "visitors who are not known yet look like this; if these are customers, the key is in another column",
		}.counted(missing))
	}
	if unread := h.count(compile.UnreadableKeys); unread > 0 {
		e.add(Finding{
			Check: Mapping, Code: "unreadable_keys", Status: Warning, Subject: s.Name,
			Detail: fmt.Sprintf("rows of %s whose %s is no %s, the type of the customers' key: %s; they count for nobody",
				s.Name, s.Key.Column, e.program.Customers.Key.Physical, tally(unread, all)),
			Hint: "cast the key in a `query:` source",
		}.counted(unread))
	}
	e.orphans(s, h)
	if customers := e.program.Customers; len(e.findings) == before && customers.Key != nil {
		e.add(Finding{
			Check: Mapping, Code: "keys", Status: OK, Subject: s.Name,
			Detail: fmt.Sprintf("every row of %s belongs to a customer; %s is %s", s.Name, s.Key.Column, s.Key.Physical),
		})
	}
	e.keyType(s)
}

// manyOrphans is the share of rows without a customer above which the mapping
// is taken for wrong.
const manyOrphans = 0.5

// orphans says how many rows are of customers that do not exist.
func (e *examination) orphans(s *catalog.Source, h *health) {
	all, unknown := h.count(compile.HealthRows), h.count(compile.UnknownRows)
	if unknown == 0 {
		return
	}
	f := Finding{
		Check: Mapping, Code: "orphans", Status: Warning, Subject: s.Name,
		Detail: fmt.Sprintf("rows of %s of unknown customers: %s, of %s such as %s; they count for nobody",
			s.Name, tally(unknown, all), some(h.count(compile.UnknownKeys), "customer"), h.text(compile.UnknownExample)),
		Hint: "customers that were deleted, or that are loaded later than their rows",
	}.counted(unknown)
	if float64(unknown) >= manyOrphans*float64(all) {
		f.Status = Error
		f.Hint = fmt.Sprintf("customer of %s and key of %s probably hold different numbers: map other columns", s.Name, e.program.Customers.Name)
	}
	e.add(f)
}

// keyType says when keys are compared across types.
func (e *examination) keyType(s *catalog.Source) {
	key := e.program.Customers.Key
	if key == nil || sameType(s.Key.Physical, key.Physical) {
		return
	}
	e.add(Finding{
		Check: Mapping, Code: "key_type", Status: Note, Subject: s.Name,
		Detail: fmt.Sprintf("%s.%s is %s and the customers' %s is %s: they are compared as %s",
			s.Name, s.Key.Column, s.Key.Physical, key.Column, key.Physical, key.Physical),
		Hint: "one type on both sides is faster",
	})
}

// people says what the mapping of the customers leaves open.
func (e *examination) people(s *catalog.Source, h *health) {
	all := int64(0)
	if h != nil {
		all = h.count(compile.HealthRows)
	}
	e.created(s, h, all)
	switch {
	case s.Consent == nil:
		e.add(Finding{
			Check: Mapping, Code: "consent", Status: Note, Subject: s.Name,
			Detail: s.Name + " maps no consent, so nothing tells who may be contacted",
			Hint:   "map the column that says so, as in `consent: email_consent`",
		})
	case h != nil && h.count(compile.MissingConsent) > 0:
		missing := h.count(compile.MissingConsent)
		e.add(Finding{
			Check: Mapping, Code: "missing_consent", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("customers without %s: %s; a test of it is false for them, and a negated test true", s.Consent.Column, tally(missing, all)),
			Hint:   "test for the consent that you need, not for the one that you fear",
		}.counted(missing))
	default:
		e.add(Finding{
			Check: Mapping, Code: "consent", Status: OK, Subject: s.Name,
			Detail: fmt.Sprintf("the consent of %s is %s", s.Name, s.Consent.Column),
		})
	}
	if h != nil && h.count(compile.MissingVersions) > 0 {
		missing := h.count(compile.MissingVersions)
		e.add(Finding{
			Check: Mapping, Code: "missing_versions", Status: Warning, Subject: s.Name,
			Detail: fmt.Sprintf("rows of %s without %s: %s; these versions are valid at no moment", s.Name, s.ValidFrom.Column, tally(missing, all)),
		}.counted(missing))
	}
}

// created says from when on customers exist.
func (e *examination) created(s *catalog.Source, h *health, all int64) {
	if s.CreatedAt == nil {
		e.add(Finding{
			Check: Mapping, Code: "created_at", Status: Note, Subject: s.Name,
			Detail: s.Name + " maps no created_at: every customer is there at every moment, also before the first purchase",
			Hint:   "map the column that says since when a customer is known",
		})
		return
	}
	if h == nil {
		return
	}
	if missing := h.count(compile.MissingCreated); missing > 0 {
		e.add(Finding{
			Check: Mapping, Code: "missing_created", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("customers without %s: %s; they are there at every moment", s.CreatedAt.Column, tally(missing, all)),
		}.counted(missing))
	}
	if ahead := h.count(compile.AheadRows); ahead > 0 {
		e.add(Finding{
			Check: Mapping, Code: "created_ahead", Status: Warning, Subject: s.Name,
			Detail: fmt.Sprintf("customers created in the future: %s; they are none until then", tally(ahead, all)),
			Hint:   "a wrong clock, or a wrong time zone: see `zone:`",
		}.counted(ahead))
	}
}

// mapping says what the mapping of a source of rows leaves open, and what
// follows from that.
func (e *examination) mapping(s *catalog.Source, h *health) {
	if s.LoadedAt == nil {
		f := Finding{
			Check: Mapping, Code: "loaded_at", Status: Note, Subject: s.Name,
			Detail: s.Name + " maps no loaded_at: rows that came late cannot be told apart, and --as-known-at does not hide them",
			Hint:   "map the column that says when a row was loaded",
		}
		if !s.AppendOnly {
			f.Detail += "; nothing tells which rows are new, so every run reads all of them"
			f.Hint += ", or say `append_only: true` if rows never change"
		}
		e.add(f)
	}
	if s.ID == nil {
		e.add(Finding{
			Check: Mapping, Code: "id", Status: Note, Subject: s.Name,
			Detail: s.Name + " maps no id: which of two rows of the same instant is the first or last is decided by their values",
			Hint:   "map a column that tells rows apart",
		})
	}
	if h == nil || s.At == nil {
		return
	}
	if missing := h.count(compile.MissingTimes); missing > 0 {
		e.add(Finding{
			Check: Mapping, Code: "missing_times", Status: Warning, Subject: s.Name,
			Detail: fmt.Sprintf("rows of %s without %s: %s; they lie in no window, not even `ever`",
				s.Name, s.At.Column, tally(missing, h.count(compile.HealthRows))),
		}.counted(missing))
	}
}
