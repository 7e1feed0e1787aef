package diagnose

import (
	"context"
	"fmt"
	"slices"

	"strata/segments/catalog"
	"strata/segments/source"
	"strata/sql/warehouse"
)

// manyKinds is how many values of a type column are looked at: one with more is
// no column of types.
const manyKinds = 10000

// kinds holds the streams of a source against the types that its rows have.
func (e *examination) kinds(ctx context.Context, s *catalog.Source) {
	if s.Kind == nil {
		return
	}
	statement, err := e.compiler.Kinds(s, manyKinds+1)
	counts, names := map[string]int64{}, []string{}
	untyped := int64(0)
	if err == nil {
		err = e.run(ctx, statement, func(_ []string, row []any) {
			n, _ := row[1].(int64)
			if row[0] == nil {
				untyped = n
				return
			}
			name := warehouse.Text(row[0])
			names = append(names, name)
			counts[name] = n
		})
	}
	if err != nil {
		e.fail(ctx, failed(Streams, "types", fmt.Errorf("look at the types of %s: %w", s.Name, err)).about(s.Name))
		return
	}
	if len(names) > manyKinds {
		e.add(Finding{
			Check: Streams, Code: "types", Status: Warning, Subject: s.Name,
			Detail: fmt.Sprintf("%s has more than %s values in %s rows: it does not look like a type", s.Kind.Column, number(manyKinds), s.Name),
			Hint:   "map another column as `type:`",
		})
		return
	}
	if untyped > 0 {
		e.add(Finding{
			Check: Streams, Code: "untyped", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("rows of %s without %s: %s; no stream with `type:` counts them", s.Name, s.Kind.Column, number(untyped)),
		}.counted(untyped))
	}
	e.streams(s, names, counts)
}

// streams finds streams whose type occurs in no row, and types that no stream
// takes.
func (e *examination) streams(s *catalog.Source, names []string, counts map[string]int64) {
	taken, whole, used, empty := map[string]bool{}, false, 0, 0
	for _, stream := range e.Set.Project.Streams {
		if stream.From.Value != s.Name {
			continue
		}
		used++
		if stream.Type.Value == "" {
			whole = true
			continue
		}
		taken[stream.Type.Value] = true
		if counts[stream.Type.Value] > 0 {
			continue
		}
		empty++
		f := Finding{
			Check: Streams, Code: "no_rows", Status: Warning, Subject: stream.Name.Name,
			Detail: fmt.Sprintf("no row of %s has the %s %q, so the stream %s is empty", s.Name, s.Kind.Column, stream.Type.Value, stream.Name.Name),
			Hint:   "its types are: " + enumerated(names),
		}
		if near, ok := source.Nearest(stream.Type.Value, names); ok {
			f.Hint = fmt.Sprintf("did you mean %q?", near)
		}
		e.add(f)
	}
	if used > 0 && empty == 0 {
		e.add(Finding{
			Check: Streams, Code: "streams", Status: OK, Subject: s.Name,
			Detail: fmt.Sprintf("%s over %s; every type they ask for occurs", some(int64(used), "stream"), s.Name),
		}.counted(int64(used)))
	}
	others := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return taken[name] })
	if !whole && len(others) > 0 {
		e.add(Finding{
			Check: Streams, Code: "no_stream", Status: Note, Subject: s.Name,
			Detail: fmt.Sprintf("%s of %s in no stream: %s", some(int64(len(others)), "type"), s.Name, enumerated(others)),
			Hint:   fmt.Sprintf("rules can count them with a stream such as `%s: {from: %s, type: %s}`", asName(others[0]), s.Name, others[0]),
		}.counted(int64(len(others))))
	}
}

// asName makes a name that a stream may have out of a type.
func asName(kind string) string {
	out := []rune{}
	for _, r := range kind {
		switch {
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r >= 'a' && r <= 'z', len(out) > 0 && r >= '0' && r <= '9':
		default:
			r = '_'
		}
		if r != '_' || len(out) > 0 {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return "other"
	}
	return string(out)
}
