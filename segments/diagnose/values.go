package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"strata/segments/catalog"
	"strata/segments/compile"
)

// values looks at values that are read in another type than they are stored
// in.
func (e *examination) values(s *catalog.Source, h *health) {
	all := h.count(compile.HealthRows)
	kinds := []struct {
		prefix, code string
		detail       func(name string) string
		effect, hint string
	}{
		{
			compile.UnreadOf, "unread",
			func(name string) string { return "whose " + name + " is no " + declared(s, name) },
			"it is missing there", "a number may stand there as a text such as n/a; declare the field as text to see them",
		},
		{
			compile.UnfitOf, "unfit",
			func(name string) string { return "whose " + name + " fits no DECIMAL" },
			"it is missing, at least in sums", "NaN, infinity, or a number that is too large",
		},
		{
			compile.RoundedOf, "rounded",
			func(name string) string { return "whose " + name + " has more than four decimals" },
			"it is rounded", "store amounts as DECIMAL",
		},
		{
			compile.CutOf, "nanoseconds",
			func(name string) string { return "with nanoseconds in " + name },
			"it is cut to microseconds", "rows of one microsecond are of the same instant to rules",
		},
	}
	for _, name := range h.names {
		for _, kind := range kinds {
			field, ok := strings.CutPrefix(name, kind.prefix)
			n := h.count(name)
			if !ok || n == 0 {
				continue
			}
			e.add(Finding{
				Check: Values, Code: kind.code, Status: Warning, Subject: s.Name,
				Detail: fmt.Sprintf("rows of %s %s: %s; %s", s.Name, kind.detail(field), tally(n, all), kind.effect), Hint: kind.hint,
			}.counted(n))
		}
	}
}

// declared is the type that a field was given.
func declared(s *catalog.Source, name string) string {
	if f, ok := s.Field(name); ok {
		return f.Type.Kind.String()
	}
	return "value of its type"
}

// numbers says how floating columns are added up: their sum must not depend on
// the order of rows.
func (e *examination) numbers(s *catalog.Source) {
	if s.Amount != nil && s.Amount.Money {
		e.add(Finding{
			Check: Values, Code: "money", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("the amount %s.%s is %s: it is read as DECIMAL(18,4)", s.Name, s.Amount.Column, s.Amount.Physical),
			Hint:   "store amounts as DECIMAL",
		})
	}
	var floating []string
	for _, c := range s.Columns {
		t, ok := catalog.FromDuckDB(c.Physical)
		isAmount := s.Amount != nil && strings.EqualFold(s.Amount.Column, c.Name)
		if ok && t.Kind == catalog.Number && !isAmount {
			floating = append(floating, c.Name+" ("+c.Physical+")")
		}
	}
	if len(floating) > 0 {
		e.add(Finding{
			Check: Values, Code: "floating", Status: Note, Subject: s.Name,
			Detail: "floating columns of " + s.Name + " are summed as DECIMAL(38,6): " + enumerated(floating),
		})
	}
}

// times says which zone local times are read in.
func (e *examination) times(s *catalog.Source) {
	var local []string
	for _, c := range s.Columns {
		t, ok := catalog.FromDuckDB(c.Physical)
		if ok && t.Kind == catalog.Timestamp && !catalog.Zoned(c.Physical) {
			local = append(local, c.Name)
		}
	}
	zone := s.Zone
	if zone == "" {
		zone = e.program.ZoneName
	}
	if len(local) > 0 {
		e.add(Finding{
			Check: Values, Code: "local_times", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("times of %s carry no zone and are read in %s: %s", s.Name, zone, enumerated(local)),
			Hint:   fmt.Sprintf("if they are in another zone, say so in the source, as in `zone: %s`", otherZone(zone)),
		})
	}
}

// otherZone is the zone that people most often mean instead.
func otherZone(zone string) string {
	if zone == "UTC" {
		return "Europe/Berlin"
	}
	return "UTC"
}

// updated are endings of names of columns that programs overwrite.
var updated = []string{"updated_at", "modified_at", "changed_at", "last_seen", "last_login", "last_active", "last_order", "status", "state", "balance", "score", "tier"}

// inPlace names columns that look as if they were overwritten: a moment in the
// past reads them as they are now.
func (e *examination) inPlace(s *catalog.Source) {
	if s.ValidFrom != nil {
		return
	}
	var names []string
	for _, c := range s.Columns {
		lower := strings.ToLower(c.Name)
		ends := func(word string) bool {
			return lower == word || strings.HasSuffix(lower, "_"+word) || strings.HasPrefix(lower, word+"_")
		}
		if slices.ContainsFunc(updated, ends) || s.Status != nil && strings.EqualFold(s.Status.Column, c.Name) {
			names = append(names, c.Name)
		}
	}
	if s == e.program.Customers {
		e.add(e.noHistory(s, names))
		return
	}
	if len(names) > 0 {
		e.add(Finding{
			Check: History, Code: "in_place", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("columns of %s that look overwritten: %s; an as-of in the past reads them as they are now", s.Name, enumerated(names)),
			Hint:   "a stream with `where:` on such a column changes the past when it changes",
		})
	}
}

// noHistory is about customers, whose columns are all read as they are now.
func (e *examination) noHistory(s *catalog.Source, names []string) Finding {
	f := Finding{
		Check: History, Code: "in_place", Status: Note, Subject: s.Name,
		Detail: fmt.Sprintf("%s keeps no history: an as-of in the past reads its columns as they are now", s.Name),
		Hint:   "map valid_from and valid_to if there is a table of versions",
	}
	if len(names) > 0 {
		f.Detail += "; these look overwritten: " + enumerated(names)
	}
	return f
}
