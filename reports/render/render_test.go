package render_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"strata/reports/render"
)

// decimal stands for the exact numbers that a database gives as text.
type decimal string

// shop is a small table with a value of every kind and an unknown one.
func shop() render.Table {
	berlin := time.FixedZone("CET", 3600)
	return render.Table{
		Name: "sizes",
		Columns: []render.Column{
			{Name: "name"},
			{Name: "size", Kind: render.Count},
			{Name: "revenue", Title: "revenue (EUR)", Kind: render.Number, Digits: 2},
			{Name: "share", Kind: render.Share},
			{Name: "since", Kind: render.Moment},
			{Name: "gated", Kind: render.Flag},
			{Name: "tags", Kind: render.Nested},
			{Name: "hash", DataOnly: true},
		},
		Rows: [][]any{
			{"vip", int64(1234567), decimal("98765432.105"), 0.1234, time.Date(2026, 1, 2, 3, 4, 5, 0, berlin), true, []string{"crm", "eu"}, "h1"},
			{"new", 7, decimal("0.50"), 1.0, nil, false, []string{}, "h2"},
			{"none", 0, nil, math.NaN(), nil, nil, nil, nil},
		},
	}
}

func write(t *testing.T, table render.Table, opt render.Options) string {
	t.Helper()
	var b strings.Builder
	_, err := render.Write(&b, table, opt)
	require.NoError(t, err)
	return b.String()
}

func TestAlignedTable(t *testing.T) {
	require.Equal(t, strings.Join([]string{
		"NAME       SIZE  REVENUE (EUR)   SHARE  SINCE             GATED  TAGS",
		"vip   1,234,567  98,765,432.11   12.3%  2026-01-02 03:04  yes    crm, eu",
		"new           7           0.50  100.0%  –                 no",
		"none          0              –       –  –                 –      –",
		"",
	}, "\n"), write(t, shop(), render.Options{Format: render.Aligned}))
}

func TestPlainIsExactAndHasNoHeaderUnlessAsked(t *testing.T) {
	want := "vip\t1234567\t98765432.105\t0.1234\t2026-01-02T03:04:05+01:00\ttrue\tcrm, eu\n" +
		"new\t7\t0.50\t1\t\tfalse\t\n" +
		"none\t0\t\t\t\t\t\n"
	require.Equal(t, want, write(t, shop(), render.Options{Format: render.Plain}))
	require.Equal(t, want, write(t, shop(), render.Options{Format: render.TSV}))
	yes := true
	require.Equal(t, "name\tsize\trevenue\tshare\tsince\tgated\ttags\n"+want,
		write(t, shop(), render.Options{Format: render.Plain, Header: &yes}))
}

func TestCSV(t *testing.T) {
	want := "name,size,revenue,share,since,gated,tags,hash\n" +
		"vip,1234567,98765432.105,0.1234,2026-01-02T03:04:05+01:00,true,\"crm, eu\",h1\n" +
		"new,7,0.50,1,,false,,h2\n" +
		"none,0,,,,,,\n"
	require.Equal(t, want, write(t, shop(), render.Options{Format: render.CSV}))
	no := false
	_, rows, _ := strings.Cut(want, "\n")
	require.Equal(t, rows, write(t, shop(), render.Options{Format: render.CSV, Header: &no}))
}

// A line with nothing on it is no row to most readers of CSV.
func TestCSVRowOfOneEmptyCell(t *testing.T) {
	table := render.Table{Columns: []render.Column{{Name: "name"}}, Rows: [][]any{{"a"}, {nil}, {""}, {"b"}}}
	require.Equal(t, "name\na\n\"\"\n\"\"\nb\n", write(t, table, render.Options{Format: render.CSV}))
}

func TestJSONHasEveryKeyAndExactNumbers(t *testing.T) {
	table := shop()
	at := time.Date(2026, 10, 31, 23, 0, 0, 0, time.UTC)
	table.Meta.AsOf = &at
	require.Equal(t, `{"schema":"strata/v1/sizes","data":[
{"name":"vip","size":1234567,"revenue":98765432.105,"share":0.1234,"since":"2026-01-02T03:04:05+01:00","gated":true,"tags":["crm","eu"],"hash":"h1"},
{"name":"new","size":7,"revenue":0.50,"share":1,"since":null,"gated":false,"tags":[],"hash":"h2"},
{"name":"none","size":0,"revenue":null,"share":null,"since":null,"gated":null,"tags":null,"hash":null}
],"meta":{"as_of":"2026-10-31T23:00:00Z","as_known_at":null,"run":null,"rows":3,"total":3,"truncated":false}}
`, write(t, table, render.Options{Format: render.JSON}))
}

func TestJSONLHasTheRowsAlone(t *testing.T) {
	table := shop()
	require.NoError(t, table.Pick([]string{"size", "name"}))
	require.Equal(t, `{"size":1234567,"name":"vip"}
{"size":7,"name":"new"}
{"size":0,"name":"none"}
`, write(t, table, render.Options{Format: render.JSONL}))
}

func TestJSONOfNoRows(t *testing.T) {
	require.Equal(t, `{"schema":"strata/v1/sizes","data":[],"meta":{"as_of":null,"as_known_at":null,"run":null,"rows":0,"total":0,"truncated":false}}`+"\n",
		write(t, render.Table{Name: "sizes", Columns: shop().Columns}, render.Options{Format: render.JSON}))
}

func TestMarkdown(t *testing.T) {
	table := render.Table{
		Columns: []render.Column{{Name: "name"}, {Name: "n", Kind: render.Count}},
		Rows:    [][]any{{"a|b <i>*", 1000}, {nil, 2}},
	}
	require.Equal(t, "| name | n |\n| --- | ---: |\n| a\\|b &lt;i>\\* | 1,000 |\n| – | 2 |\n",
		write(t, table, render.Options{Format: render.Markdown}))
}

func TestRecordIsReadFromTopToBottom(t *testing.T) {
	table := render.Table{
		Record: true, Name: "version",
		Columns: []render.Column{{Name: "version", Title: "strata"}, {Name: "go"}},
		Rows:    [][]any{{"v1.2.3", nil}},
	}
	require.Equal(t, "strata  v1.2.3\ngo      –\n", write(t, table, render.Options{Format: render.Aligned, Width: 40}))
	require.Equal(t, "version\tv1.2.3\ngo\t\n", write(t, table, render.Options{Format: render.Plain}))
	require.Equal(t, "| property | value |\n| --- | --- |\n| strata | v1.2.3 |\n| go | – |\n", write(t, table, render.Options{Format: render.Markdown}))
	require.Equal(t, "version,go\nv1.2.3,\n", write(t, table, render.Options{Format: render.CSV}))
}

func TestHeaderIsBoldWithColourOnly(t *testing.T) {
	table := render.Table{Columns: []render.Column{{Name: "name"}}, Rows: [][]any{{"vip"}}}
	require.Equal(t, "\x1b[1mNAME\x1b[0m\nvip\n", write(t, table, render.Options{Format: render.Aligned, Color: true}))
	require.Equal(t, "NAME\nvip\n", write(t, table, render.Options{Format: render.Aligned}))
}

func TestTextIsCutToFitAndNumbersAreNot(t *testing.T) {
	table := render.Table{
		Columns: []render.Column{{Name: "name"}, {Name: "title"}, {Name: "size", Kind: render.Count}},
		Rows:    [][]any{{"high_value", "More than 5000 euros in six months", 1234567}},
	}
	var b strings.Builder
	hidden, err := render.Write(&b, table, render.Options{Format: render.Aligned, Width: 40})
	require.NoError(t, err)
	require.Empty(t, hidden)
	require.Equal(t, "NAME        TITLE                   SIZE\nhigh_value  More than 5000 e…  1,234,567\n", b.String())
}

func TestColumnsWithoutRoomAreNamed(t *testing.T) {
	table := shop()
	var b strings.Builder
	hidden, err := render.Write(&b, table, render.Options{Format: render.Aligned, Width: 30})
	require.NoError(t, err)
	require.Equal(t, []string{"share", "since", "gated", "tags"}, hidden)
	require.Equal(t, "NAME       SIZE  REVENUE (EUR)", strings.SplitN(b.String(), "\n", 2)[0])
}

func TestWideCharactersLineUp(t *testing.T) {
	table := render.Table{
		Columns: []render.Column{{Name: "name"}, {Name: "n", Kind: render.Count}},
		Rows:    [][]any{{"東京", 1}, {"Zürich", 22}, {"e\u0301clair", 3}},
	}
	require.Equal(t, "NAME     N\n東京     1\nZürich  22\ne\u0301clair   3\n", write(t, table, render.Options{Format: render.Aligned}))
}

// A name in the data must not be able to clear the screen, end a line or turn
// the direction of what follows it.
func TestControlCharactersDoNotReachTheTerminal(t *testing.T) {
	table := render.Table{Columns: []render.Column{{Name: "a"}, {Name: "b"}}, Rows: [][]any{{"x\x1b[2J\ty\nz\u202e", "\u009b31m"}}}
	for _, format := range []render.Format{render.Aligned, render.Plain, render.Markdown} {
		text := write(t, table, render.Options{Format: format})
		require.NotContains(t, text, "\x1b", format)
		require.NotContains(t, text, "\u009b", format)
		require.NotContains(t, text, "\u202e", format)
	}
	require.Equal(t, "x [2J y z\t 31m\n", write(t, table, render.Options{Format: render.Plain}))
	require.Contains(t, write(t, table, render.Options{Format: render.CSV}), "x\x1b[2J\ty\nz", "CSV keeps values exactly")
}

func TestLimit(t *testing.T) {
	table := render.Table{Columns: []render.Column{{Name: "n", Kind: render.Count}}}
	for i := range 2481 {
		table.Rows = append(table.Rows, []any{i})
	}
	table.Limit(0)
	require.Len(t, table.Rows, 2481)
	require.Empty(t, table.TruncationNote())
	table.Limit(2481)
	require.Empty(t, table.TruncationNote())
	table.Limit(1000)
	require.Len(t, table.Rows, 1000)
	require.Equal(t, "1,000 of 2,481 rows (use --limit 0)", table.TruncationNote())
	require.Contains(t, write(t, table, render.Options{Format: render.JSON}), `"rows":1000,"total":2481,"truncated":true}`)
}

func TestTruncationWithoutATotal(t *testing.T) {
	table := render.Table{Columns: []render.Column{{Name: "n"}}, Rows: [][]any{{"a"}}, Meta: render.Meta{Truncated: true}}
	require.Equal(t, "the first 1 rows, there are more (use --limit 0)", table.TruncationNote())
	require.Contains(t, write(t, table, render.Options{Format: render.JSON}), `"rows":1,"total":null,"truncated":true}`)
}

func TestPickNamesTheUnknownField(t *testing.T) {
	table := shop()
	err := table.Pick([]string{"name", "sizes"})
	var unknown *render.UnknownFieldError
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, "sizes", unknown.Field)
	require.Equal(t, []string{"name", "size", "revenue", "share", "since", "gated", "tags", "hash"}, unknown.Known)
}

func TestPickedDataColumnsAreShown(t *testing.T) {
	table := shop()
	require.NoError(t, table.Pick([]string{"hash"}))
	require.Equal(t, "h1\nh2\n\n", write(t, table, render.Options{Format: render.Plain}))
}

func TestExactNumbersStayExact(t *testing.T) {
	huge, ok := new(big.Int).SetString("170141183460469231731687303715884105727", 10)
	require.True(t, ok)
	table := render.Table{
		Columns: []render.Column{{Name: "n", Kind: render.Count}, {Name: "d", Kind: render.Number}},
		Rows:    [][]any{{huge, decimal("12345678901234567890.123456789")}},
	}
	require.Contains(t, write(t, table, render.Options{Format: render.JSON}),
		`{"n":170141183460469231731687303715884105727,"d":12345678901234567890.123456789}`)
	require.Contains(t, write(t, table, render.Options{Format: render.Aligned}), "12,345,678,901,234,567,890.123456789")
}

func TestUnknownFormat(t *testing.T) {
	_, err := render.Write(&strings.Builder{}, shop(), render.Options{Format: "xml"})
	require.EqualError(t, err, `unknown format "xml"`)
}

func TestGroupDigits(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "999": "999", "1000": "1,000", "-1000": "-1,000", "-100": "-100", "1234567.8901": "1,234,567.8901",
		"100000": "100,000", "": "", "1e21": "1e21",
	} {
		require.Equal(t, want, render.GroupDigits(in), in)
	}
}

// anyTable draws tables of text and numbers with whatever characters.
func anyTable(t *rapid.T) render.Table {
	columns := rapid.IntRange(1, 6).Draw(t, "columns")
	table := render.Table{Name: "any"}
	for i := range columns {
		kind := rapid.SampledFrom([]render.Kind{render.Text, render.Count}).Draw(t, "kind")
		table.Columns = append(table.Columns, render.Column{Name: string(rune('a' + i)), Kind: kind})
	}
	for range rapid.IntRange(0, 5).Draw(t, "rows") {
		row := make([]any, columns)
		for i, c := range table.Columns {
			if c.Kind == render.Count {
				row[i] = rapid.Int64().Draw(t, "number")
			} else {
				row[i] = rapid.String().Draw(t, "text")
			}
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// Every line of an aligned table fits the terminal as long as the first
// column, which always stays, does.
func TestNoLineIsTooWide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(24, 120).Draw(t, "width")
		var b strings.Builder
		_, err := render.Write(&b, anyTable(t), render.Options{Format: render.Aligned, Width: width})
		require.NoError(t, err)
		for line := range strings.Lines(b.String()) {
			require.LessOrEqual(t, ansi.StringWidth(strings.TrimSuffix(line, "\n")), max(width, 26))
		}
	})
}

// A row is a line of plain text, whatever is in it.
func TestPlainHasALineForEachRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable(t)
		var b strings.Builder
		_, err := render.Write(&b, table, render.Options{Format: render.Plain})
		require.NoError(t, err)
		require.Equal(t, len(table.Rows), strings.Count(b.String(), "\n"))
		for line := range strings.Lines(b.String()) {
			require.Equal(t, len(table.Columns)-1, strings.Count(line, "\t"))
		}
	})
}

// CSV and JSON give back exactly what was put in.
func TestCSVAndJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := anyTable(t)
		var b strings.Builder
		_, err := render.Write(&b, table, render.Options{Format: render.JSON})
		require.NoError(t, err)
		var envelope struct {
			Data []map[string]any `json:"data"`
		}
		decoder := json.NewDecoder(strings.NewReader(b.String()))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&envelope))
		require.Len(t, envelope.Data, len(table.Rows))
		for i, row := range table.Rows {
			for j, c := range table.Columns {
				require.Equal(t, exactText(row[j]), exactText(envelope.Data[i][c.Name]))
			}
		}

		b.Reset()
		_, err = render.Write(&b, table, render.Options{Format: render.CSV})
		require.NoError(t, err)
		records, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		require.NoError(t, err)
		require.Len(t, records, len(table.Rows)+1)
	})
}

func exactText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// twoTables is a table with two more.
func twoTables() render.Table {
	total := int64(7)
	return render.Table{
		Name: "sizes", Columns: []render.Column{{Name: "name"}, {Name: "size", Kind: render.Count}}, Rows: [][]any{{"vip", 3}},
		More: []render.Table{
			{
				Name: "leavers", Columns: []render.Column{{Name: "key", Kind: render.Figure}, {Name: "hash", DataOnly: true}},
				Rows: [][]any{{12, "h"}}, Meta: render.Meta{Total: &total, Truncated: true},
			},
			{Name: "falls", Columns: []render.Column{{Name: "from"}}},
		},
	}
}

func TestFurtherTablesStandBelow(t *testing.T) {
	require.Equal(t, "NAME  SIZE\nvip      3\n\nKEY\n 12\n\nFROM\n", write(t, twoTables(), render.Options{Format: render.Aligned}))
	require.Equal(t, "| name | size |\n| --- | ---: |\n| vip | 3 |\n\n| key |\n| ---: |\n| 12 |\n\n| from |\n| --- |\n",
		write(t, twoTables(), render.Options{Format: render.Markdown}))
}

func TestFurtherTablesInJSON(t *testing.T) {
	text := write(t, twoTables(), render.Options{Format: render.JSON})
	require.Equal(t, `{"schema":"strata/v1/sizes","data":[
{"name":"vip","size":3}
],"meta":{"as_of":null,"as_known_at":null,"run":null,"rows":1,"total":1,"truncated":false},"tables":{
"leavers":{"data":[
{"key":12,"hash":"h"}
],"meta":{"rows":1,"total":7,"truncated":true}},
"falls":{"data":[],"meta":{"rows":0,"total":0,"truncated":false}}
}}
`, text)
	require.True(t, json.Valid([]byte(text)))
}

// A reader of lines takes every line for a row of one table.
func TestFurtherTablesAreNoRows(t *testing.T) {
	for _, format := range []render.Format{render.Plain, render.TSV, render.CSV, render.JSONL} {
		alone := twoTables()
		alone.More = nil
		require.Equal(t, write(t, alone, render.Options{Format: format}), write(t, twoTables(), render.Options{Format: format}))
	}
}

func TestFieldsAreThoseOfTheFirstTable(t *testing.T) {
	table := twoTables()
	require.NoError(t, table.Pick([]string{"size"}))
	require.Equal(t, "SIZE\n   3\n", write(t, table, render.Options{Format: render.Aligned}))
	require.Error(t, table.Pick([]string{"key"}))
}
