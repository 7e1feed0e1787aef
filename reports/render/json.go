package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// envelopeVersion is part of the schema id of every JSON answer. It changes
// when a key is removed or changes its meaning; new keys do not change it.
const envelopeVersion = "strata/v1/"

// writeJSON writes the envelope: schema, data with a row a line, meta, and
// further tables by name where there are any.
func writeJSON(w io.Writer, t *Table) error {
	out := bufio.NewWriter(w)
	schema, err := marshal(envelopeVersion + t.Name)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, `{"schema":%s,"data":[`, schema)
	if err := writeRows(out, t); err != nil {
		return err
	}
	meta, err := metaOf(t)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "],\"meta\":%s", meta)
	if len(t.More) > 0 {
		if err := writeMore(out, t.More); err != nil {
			return err
		}
	}
	_, _ = out.WriteString("}\n")
	return out.Flush()
}

// writeRows writes the rows of a table, each an object on a line.
func writeRows(out *bufio.Writer, t *Table) error {
	for i, row := range t.Rows {
		object, err := objectOf(t.Columns, row)
		if err != nil {
			return err
		}
		if i > 0 {
			_ = out.WriteByte(',')
		}
		_ = out.WriteByte('\n')
		_, _ = out.Write(object)
	}
	if len(t.Rows) > 0 {
		_ = out.WriteByte('\n')
	}
	return nil
}

// writeMore writes further tables by name, each with its rows and how many
// there are.
func writeMore(out *bufio.Writer, more []Table) error {
	_, _ = out.WriteString(`,"tables":{`)
	for i := range more {
		t := &more[i]
		name, err := marshal(t.Name)
		if err != nil {
			return err
		}
		if i > 0 {
			_ = out.WriteByte(',')
		}
		_, _ = fmt.Fprintf(out, "\n%s:{\"data\":[", name)
		if err := writeRows(out, t); err != nil {
			return err
		}
		count, err := marshal(struct {
			Rows      int    `json:"rows"`
			Total     *int64 `json:"total"`
			Truncated bool   `json:"truncated"`
		}{len(t.Rows), t.total(), t.Meta.Truncated})
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "],\"meta\":%s}", count)
	}
	_, _ = out.WriteString("\n}")
	return nil
}

func writeJSONL(w io.Writer, t *Table) error {
	out := bufio.NewWriter(w)
	for _, row := range t.Rows {
		object, err := objectOf(t.Columns, row)
		if err != nil {
			return err
		}
		_, _ = out.Write(object)
		_ = out.WriteByte('\n')
	}
	return out.Flush()
}

// objectOf writes a row as an object whose keys stand in the order of the
// columns; a key is there even where its value is unknown.
func objectOf(columns []Column, row []any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, c := range columns {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := marshal(c.Name)
		if err != nil {
			return nil, err
		}
		value, err := marshal(jsonValue(row[i], c))
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func metaOf(t *Table) ([]byte, error) {
	return marshal(struct {
		AsOf      *string `json:"as_of"`
		KnownAt   *string `json:"as_known_at"`
		Run       *int64  `json:"run"`
		Rows      int     `json:"rows"`
		Total     *int64  `json:"total"`
		Truncated bool    `json:"truncated"`
	}{
		AsOf: moment(t.Meta.AsOf), KnownAt: moment(t.Meta.KnownAt), Run: t.Meta.Run,
		Rows: len(t.Rows), Total: t.total(), Truncated: t.Meta.Truncated,
	})
}

// total is the number of rows there are; without truncation those that are
// shown are all.
func (t *Table) total() *int64 {
	if t.Meta.Total == nil && !t.Meta.Truncated {
		rows := int64(len(t.Rows))
		return &rows
	}
	return t.Meta.Total
}

func moment(at *time.Time) *string {
	if at == nil {
		return nil
	}
	text := at.Format(time.RFC3339Nano)
	return &text
}

// jsonValue turns a value into what JSON writes: exact numbers as numbers,
// dates without a time, unknown as null.
func jsonValue(v any, c Column) any {
	if isMissing(v) {
		return nil
	}
	switch v := v.(type) {
	case bool, []string, []any, map[string]any:
		return v
	case time.Time:
		return forPrograms(v, c)
	}
	text := exact(v)
	if c.Kind.numeric() && json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	if _, ok := v.(float64); ok {
		return v
	}
	if c.Kind == Nested {
		return v
	}
	return text
}

// marshal encodes a value without the escapes that only HTML needs.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
