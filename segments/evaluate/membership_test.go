package evaluate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/evaluate"
)

// membershipCase is a case of testdata/membership_cases.json: what another
// segmentation system's own tests expect. Each case names its source and
// licence.
type membershipCase struct {
	ID       string    `json:"case_id"`
	InWords  string    `json:"rule_in_words"`
	Rule     peerRule  `json:"rule_struct"`
	Expected []string  `json:"expected_members"`
	Now      time.Time `json:"now"`
	Source   struct {
		Repo    string `json:"repo"`
		Licence string `json:"licence"`
	} `json:"source"`
	Customers []struct {
		ID         string            `json:"customer_id"`
		Attributes map[string]string `json:"attributes"`
	} `json:"customers"`
	Events []struct {
		Customer   string         `json:"customer_id"`
		Event      string         `json:"event"`
		At         time.Time      `json:"ts"`
		Properties map[string]any `json:"properties"`
	} `json:"events"`
}

// peerRule is a rule as the cases write it: a count of events, or a test of an
// attribute.
type peerRule struct {
	Event string `json:"event"`
	Count struct {
		Compare string `json:"cmp"`
		N       int    `json:"n"`
	} `json:"count"`
	WithinSeconds int `json:"within_seconds"`
	Where         []struct {
		Property string `json:"property"`
		Compare  string `json:"cmp"`
		Value    any    `json:"value"`
	} `json:"where"`
	Attribute string `json:"attribute"`
	Compare   string `json:"cmp"`
	Value     string `json:"value"`
}

// TestMembershipCases translates the rules of the other system and holds both
// evaluators against its expectations.
//
// Two of its meanings are written differently here. An attribute that "does
// not exist" is missing or empty, which is `is blank`; `is missing` leaves the
// empty text out. A property that "exists" is `is not blank` for the same
// reason. Its windows hold the row that is exactly as old as they are, as
// ours do; no case tells.
func TestMembershipCases(t *testing.T) {
	text, err := os.ReadFile("testdata/membership_cases.json")
	require.NoError(t, err)
	var file struct {
		Cases []membershipCase `json:"cases"`
	}
	require.NoError(t, json.Unmarshal(text, &file))
	require.Len(t, file.Cases, 17)
	db := scratch(t)
	for _, c := range file.Cases {
		t.Run(c.ID, func(t *testing.T) {
			require.Equal(t, "MIT", c.Source.Licence)
			l := c.layout()
			program, list := checked(l, map[string]string{"rule": "segments:\n  rule:\n    where: >-\n      " + c.Rule.translated() + "\n"})
			require.False(t, list.HasErrors(), "%v", list)
			data, d := c.data(), find(program, "rule")
			n := newNaive(program, data, nil)
			slices.Sort(c.Expected)
			require.Equal(t, c.Expected, n.members(d, c.Now), "the naive evaluator: %s", c.InWords)
			l.load(t, db, data)
			got, err := evaluate.New(db, program).Members(t.Context(), d, c.Now)
			require.NoError(t, err)
			require.Equal(t, c.Expected, got, "SQL: %s", c.InWords)
		})
	}
}

// layout has the attributes and properties of the cases as columns.
func (c membershipCase) layout() layout {
	return layout{zone: "UTC", streams: "streams:\n  event: {from: events}\n", tables: []tableOf{
		{source: "customers", mapping: "{table: customers, key: customer_id}", columns: []columnOf{
			{"customer_id", "VARCHAR"}, {"email", "VARCHAR"}, {"env", "VARCHAR"},
		}},
		{
			source: "events", columns: []columnOf{
				{"event_id", "BIGINT"}, {"customer_id", "VARCHAR"}, {"event_type", "VARCHAR"}, {"ts", "TIMESTAMPTZ"}, {"props", "JSON"},
			},
			mapping: "{table: events, customer: customer_id, at: ts, type: event_type, id: event_id, " +
				"fields: {age: {path: props.age, type: number}, status: {path: props.status, type: text}}}",
		},
	}}
}

// translated writes the rule in our language.
func (r peerRule) translated() string {
	if r.Attribute != "" {
		if r.Compare == "not_exists" {
			return r.Attribute + " is blank"
		}
		return fmt.Sprintf("%s <> %s", r.Attribute, quote(r.Value))
	}
	filters := []string{"event_type = " + quote(r.Event)}
	if prefix, ok := strings.CutSuffix(r.Event, "*"); ok {
		filters[0] = fmt.Sprintf("event_type like '%s%%'", strings.ReplaceAll(prefix, "_", `\_`))
	}
	for _, w := range r.Where {
		switch v := w.Value.(type) {
		case nil:
			filters = append(filters, w.Property+" is not blank")
		case string:
			filters = append(filters, fmt.Sprintf("%s %s %s", w.Property, sign(w.Compare), quote(v)))
		default:
			filters = append(filters, fmt.Sprintf("%s %s %v", w.Property, sign(w.Compare), v))
		}
	}
	window := "ever"
	if r.WithinSeconds > 0 {
		window = fmt.Sprintf("last %d seconds", r.WithinSeconds)
	}
	return fmt.Sprintf("count(event where %s) %s %s %d", strings.Join(filters, " and "), window, sign(r.Count.Compare), r.Count.N)
}

func sign(name string) string {
	return map[string]string{"eq": "=", "gte": ">=", "lt": "<", "ne": "<>"}[name]
}

func (c membershipCase) data() tables {
	data := tables{}
	for _, customer := range c.Customers {
		r := record{"customer_id": customer.ID}
		for name, v := range customer.Attributes {
			r[name] = v
		}
		data["customers"] = append(data["customers"], r)
	}
	for i, e := range c.Events {
		props, err := json.Marshal(e.Properties)
		if err != nil {
			panic(err)
		}
		data["events"] = append(data["events"], record{
			"event_id": int64(i + 1), "customer_id": e.Customer, "event_type": e.Event, "ts": e.At.UTC(), "props": jsonText(props),
		})
	}
	return data
}
