package propose

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"strata/segments/catalog"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// dateForm is a way to write a day, with the formats it can mean.
type dateForm struct {
	pattern string
	formats []string
}

const monthName = `(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`

// dateForms are the ways that are known, besides 2026-01-31, which DuckDB casts
// by itself. The first format of a form is taken where the data does not
// decide.
var dateForms = []dateForm{
	{`[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}`, []string{"%Y/%m/%d"}},
	{`[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}`, []string{"%m/%d/%Y", "%d/%m/%Y"}},
	{`[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}`, []string{"%m/%d/%y", "%d/%m/%y"}},
	{`[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}`, []string{"%d.%m.%Y"}},
	{`[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}`, []string{"%d.%m.%y"}},
	{`[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}`, []string{"%d-%m-%Y", "%m-%d-%Y"}},
	{`(?:19|20)[0-9]{6}`, []string{"%Y%m%d"}},
	{`[0-9]{1,2} ` + monthName + ` [0-9]{4}`, []string{"%d %b %Y"}},
	{`[0-9]{1,2}-` + monthName + `-[0-9]{4}`, []string{"%d-%b-%Y"}},
	{monthName + ` [0-9]{1,2}, [0-9]{4}`, []string{"%b %d, %Y"}},
}

// timeForms are the ways to write a time of day behind a day.
var timeForms = []struct{ pattern, format string }{
	{``, ""},
	{` [0-9]{1,2}:[0-9]{2}`, " %H:%M"},
	{` [0-9]{1,2}:[0-9]{2}:[0-9]{2}`, " %H:%M:%S"},
	{` [0-9]{1,2}:[0-9]{2} ?(?i:am|pm)`, " %I:%M %p"},
	{` [0-9]{1,2}:[0-9]{2}:[0-9]{2} ?(?i:am|pm)`, " %I:%M:%S %p"},
}

// isoForms are those that a cast reads, with the type that holds them.
var isoForms = []struct {
	pattern  *regexp.Regexp
	physical string
}{
	{regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`), dateType},
	{regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$`), localType},
	{regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$`), zonedType},
}

// timeWords are found in the names of columns that hold times as numbers.
var timeWords = []string{"date", "day", "dt", "time", "timestamp", "ts", "at", "epoch", "when", "on"}

// asTime is how a column can be a time, and false where it cannot.
func (l *looker) asTime(ctx context.Context, p *profile, c *column) (reading, bool, error) {
	switch {
	case c.temporal():
		return reading{physical: c.physical}, true, nil
	case c.kind == catalog.Integer:
		if !anyOf(c.words, timeWords) {
			return reading{}, false, nil
		}
		if r, ok := asEpoch(c); ok {
			return r, true, nil
		}
	case c.kind != catalog.Text:
		return reading{}, false, nil
	}
	for _, form := range isoForms {
		if c.kind == catalog.Text && c.share(form.pattern.MatchString) >= enoughGood {
			return reading{make: castTo(form.physical), physical: form.physical, reason: "its times are stored as text"}, true, nil
		}
	}
	formats, clock := formatsOf(c)
	if len(formats) == 0 {
		return reading{}, false, nil
	}
	return l.parsed(ctx, p, c, formats, clock)
}

// formatsOf returns the formats that the sampled texts can have, and whether
// they tell the time of day.
func formatsOf(c *column) (formats []string, clock bool) {
	for _, day := range dateForms {
		for _, hour := range timeForms {
			pattern := regexp.MustCompile("^" + day.pattern + hour.pattern + "$")
			if c.share(pattern.MatchString) < enoughGood {
				continue
			}
			for _, format := range day.formats {
				formats = append(formats, format+hour.format)
			}
			return formats, hour.format != ""
		}
	}
	return nil, false
}

// tried is how many rows decide between two formats.
const tried = 1_000_000

// parsed chooses the format that reads most values. The sample alone does not
// do: the first thousands of rows can be of the first days of a month.
func (l *looker) parsed(ctx context.Context, p *profile, c *column, formats []string, clock bool) (reading, bool, error) {
	name := dialect.Ident(c.name)
	text := "CAST(" + name + " AS VARCHAR)"
	counts := make([]int64, len(formats)+1)
	dest := []any{&counts[0]}
	columns := []string{"count(x) AS n"}
	for i, format := range formats {
		columns = append(columns, "count(try_strptime(x, "+literal(format)+")) AS "+dialect.Ident(format))
		dest = append(dest, &counts[i+1])
	}
	question := "SELECT " + strings.Join(columns, ", ") + " FROM (SELECT " + text + " AS x FROM " + p.relation() + " WHERE " + text + " <> '' LIMIT ?)"
	if err := l.db.Row(ctx, dest, question, int64(tried)); err != nil {
		return reading{}, false, fmt.Errorf("try formats of %s.%s: %w", p.label(), c.name, err)
	}
	best := 0
	for i := range formats {
		if counts[i+1] > counts[best+1] {
			best = i
		}
	}
	if float64(counts[best+1]) < enoughGood*float64(counts[0]) {
		return reading{}, false, nil
	}
	r := reading{physical: localType, reason: "its times are written like " + c.texts()[0]}
	parse := func(name string) string {
		if c.kind != catalog.Text {
			name = "CAST(" + name + " AS " + textType + ")"
		}
		return "try_strptime(" + name + ", " + literal(formats[best]) + ")"
	}
	r.make = parse
	if !clock {
		r.physical = dateType
		r.make = func(name string) string { return "CAST(" + parse(name) + " AS DATE)" }
	}
	for i, format := range formats {
		if i != best && counts[i+1] == counts[best+1] {
			r.doubt = "all values fit " + formats[best] + " and " + format + " alike: say whether days or months come first"
		}
	}
	if missing := counts[0] - counts[best+1]; missing > 0 {
		r.doubt = strings.TrimPrefix(r.doubt+fmt.Sprintf("; %d of %d values are no times of this form and will be missing", missing, counts[0]), "; ")
	}
	return r, true, nil
}

// looker holds what the steps of a look share.
type looker struct {
	db *warehouse.DB
	guesses
}
