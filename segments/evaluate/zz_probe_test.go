package evaluate_test

import (
	"context"
	"fmt"
	"testing"

	"strata/segments/evaluate"
)

func TestProbe(t *testing.T) {
	db := scratch(t)
	cases := []handCase{
		{rule: "floor(ratio)", customers: []string{"a ratio=1e300"}},
		{rule: "ceil(ratio)", customers: []string{"a ratio=-1e30"}},
		{rule: "round(ratio, 12)", customers: []string{"a ratio=1e300"}},
		{rule: "round(ratio)", customers: []string{"a ratio=1e300"}},
		{rule: "sum(view.price) ever", rows: []string{"view 2026-01-01T10:00Z price=1e300", "view 2026-01-01T10:00Z price=2"}},
		{rule: "avg(view.price) ever", rows: []string{"view 2026-01-01T10:00Z price=1e300", "view 2026-01-01T10:00Z price=2"}},
		{rule: "sum(view.qty) ever * sum(view.qty) ever * sum(view.qty) ever * sum(view.qty) ever * sum(view.qty) ever", rows: []string{"view 2026-01-01T10:00Z qty=2000000000", "view 2026-01-01T10:00Z qty=2000000000"}},
		{rule: "sum(codes_x) ever"},
		{rule: "age * age * age", customers: []string{"a age=2147483647"}},
		{rule: "age + age", customers: []string{"a age=2147483647"}},
		{rule: "-age", customers: []string{"a age=-2147483648"}},
		{rule: "abs(age)", customers: []string{"a age=-2147483648"}},
		{rule: "balance * balance * balance * balance", customers: []string{"a balance=9999999999.99"}},
		{rule: "sum(order.amount) ever * sum(order.amount) ever", rows: []string{"order 2026-01-01T10:00Z amount=9999999999.99", "order 2026-01-01T10:00Z amount=9999999999.99"}},
		{rule: "sum(order.amount * 2) ever"},
		{rule: "balance + 99999999999999999999999999999999999.99", customers: []string{"a balance=1"}},
		{rule: "balance = 99999999999999999999999999999999999999", customers: []string{"a balance=1"}, want: "true"},
		{rule: "balance > 0.000000000000000000000000001", customers: []string{"a balance=1"}, want: "true"},
		{rule: "balance - 0.000000000000000000000000001", customers: []string{"a balance=1"}},
		{rule: "balance * 0.000001", customers: []string{"a balance=1"}},
		{rule: "round(balance, 1) * 1.000000000001", customers: []string{"a balance=1"}},
		{rule: `country like nick`, customers: []string{`a country=x 'odd name=\'`}, want: "true"},
		{rule: `country matches nick`, customers: []string{`a country=x 'odd name=('`}, want: "true"},
		{rule: `country matches '(?i)X\b'`, customers: []string{`a country=x`}, want: "true"},
		{rule: "renews_on + 1000 years", customers: []string{"a renews_on=9999-12-31"}},
		{rule: "renews_on - 1000 years", customers: []string{"a renews_on=0001-01-01"}},
		{rule: "seen_at + 100000 days", customers: []string{"a seen_at=9999-12-31T00:00Z"}},
		{rule: "days_since(renews_on)", customers: []string{"a renews_on=0001-01-01"}},
		{rule: "days_since(seen_at)", customers: []string{"a seen_at=0001-01-01T00:00Z", "b seen_at=1893-01-01T00:00Z", "c seen_at=2150-07-01T00:00Z"}},
		{rule: "anniversary(renews_on) in next 7 days", customers: []string{"a renews_on=0001-01-20", "b renews_on=1800-01-20"}, want: "true"},
		{rule: "seats", customers: []string{`a props='{"seats":2.5}'`, `b props='{"seats":"2"}'`, `c props='{"seats":" 2 "}'`, `d props='{"seats":true}'`, `e props='{"seats":1e3}'`, `f props='{"seats":[1]}'`, `g props='{"seats":2.0}'`}},
		{rule: "active = true", customers: []string{`a props='{"active":"yes"}'`, `b props='{"active":1}'`, `c props='{"active":"t"}'`, `d props='{"active":"TRUE"}'`}, want: "true"},
		{rule: "plan", customers: []string{`a props='{"plan":{"x":1}}'`, `b props='{"plan":[1,2]}'`, `c props='{"plan":2.50}'`, `d props='{"plan":true}'`, `e props='[1]'`, `f props='null'`}},
		{rule: "fee", customers: []string{`a props='{"fee":"NaN"}'`, `b props='{"fee":1e400}'`, `c props='{"fee":"inf"}'`, `d props='{"fee":true}'`}},
		{rule: "until", customers: []string{`a props='{"until":"2026-01-31T10:00:00Z"}'`, `b props='{"until":"2026-1-3"}'`, `c props='{"until":"infinity"}'`, `d props='{"until":20260131}'`, `e props='{"until":"2026-02-30"}'`}},
		{rule: "country is blank", customers: []string{"a country='\t'", "b country='\u00a0'"}, want: "true"},
		{rule: "upper(country)", customers: []string{"a country=ß", "b country=ŉ", "c country=ǆ"}},
		{rule: "lower(country)", customers: []string{"a country=İ", "b country=ΑΣ"}},
		{rule: "country ilike 'STRASSE'", customers: []string{"a country=straße"}, want: "true"},
		{rule: "length(country)", customers: []string{"a country=👨‍👩‍👧"}},
		{rule: "count(view where at in ever) ever", rows: []string{"view 2026-01-01T10:00Z"}},
		{rule: "least(age, ratio, balance)", customers: []string{"a age=1 ratio=1.5 balance=1"}},
		{rule: "greatest(renews_on, seen_at)", customers: []string{"a renews_on=2026-01-01 seen_at=2026-01-01T00:00Z"}},
		{rule: "percentile(ratio)", customers: []string{"a ratio=NaN", "b ratio=1"}},
		{rule: "vip in (true, active)", customers: []string{"a vip=true", "b vip=false"}, want: "true"},
		{rule: "most_frequent(view.price) ever", rows: []string{"view 2026-01-01T10:00Z price=0", "view 2026-01-01T11:00Z price=-0.0", "view 2026-01-01T12:00Z price=1"}},
		{rule: "distinct(view.price) ever", rows: []string{"view 2026-01-01T10:00Z price=0", "view 2026-01-01T11:00Z price=-0.0", "view 2026-01-01T12:00Z price=NaN"}},
		{rule: "\ntraits:\n  rule:\n    range: 0..100\n    score:\n      - {points: 1, of: count(view) ever, half_life: 1 hour}\n", rows: []string{"view 2026-01-15T02:00+01:00"}},
		{rule: "\ntraits:\n  rule:\n    range: 0..100\n    score:\n      - {points: 1, of: count(view) ever, half_life: 1 hour}\n", rows: []string{"view 2023-01-15T02:00+01:00"}},
	}
	for _, c := range cases {
		l := plainLayout()
		program, list := checked(l, map[string]string{"rule": c.definition()})
		if program == nil {
			fmt.Printf("%-60s CHECK %v\n", c.rule, list)
			continue
		}
		data := c.data(t, l)
		d, at := find(program, "rule"), moment(t, "2026-01-15T12:00+01:00")
		l.load(t, db, data)
		got, err := asked(context.Background(), evaluate.New(db, program), d, at)
		text := ""
		func() {
			defer func() {
				if r := recover(); r != nil {
					text += fmt.Sprint("PANIC ", r)
				}
			}()
			for k, v := range newNaive(program, data).values(d, at) {
				text += fmt.Sprintf(" %s:%s/%s", k, show(v), show(got[k]))
			}
		}()
		fmt.Printf("%-60s naive/SQL%s %v\n", c.rule, text, err)
	}
}
