package revision_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/evaluate"
	"strata/segments/revision"
)

func TestNothingDiffersFromItself(t *testing.T) {
	t.Parallel()
	r := compare(t, shop(t), edited(t), edited(t), revision.Options{})
	require.Empty(t, r.Changes)
	require.Empty(t, r.Edits)
	require.Empty(t, r.Renames)
	require.Empty(t, r.Notes)
	require.Equal(t, 7, r.Unchanged)

	// Neither does a definition in other words: its layout, its title, the order
	// of files.
	r = compare(t, shop(t), edited(t), edited(t,
		"austrians: {where: country = 'AT'", "austrians: {title: From Austria, owner: crm, tags: [at], where: \"country = 'AT'\""), revision.Options{})
	require.Empty(t, r.Changes)
}

// A param reaches whoever names it, also through others.
func TestAParam(t *testing.T) {
	t.Parallel()
	r := compare(t, shop(t), edited(t), edited(t, "bound: 100", "bound: 60"), revision.Options{Examples: 5})
	require.Equal(t, []string{"spenders affected", "german_spenders affected", "worth affected"}, names(r))
	require.Equal(t, 4, r.Unchanged)
	require.Equal(t, []revision.Edit{{Kind: "param", Name: "bound", Status: revision.Edited, Before: "100", After: "60", Affects: 3}}, r.Edits)

	spenders := find(t, r, "spenders")
	require.Equal(t, [3]int64{2, 0, 2}, moves(spenders), "2 and 3 join 1 and 5")
	require.Equal(t, revision.Size{Members: 2, Contactable: 2}, *spenders.Before)
	require.Equal(t, revision.Size{Members: 4, Contactable: 3}, *spenders.After, "3 gave no consent")
	require.Equal(t, []any{int64(2), int64(3)}, spenders.JoinedKeys)
	require.Empty(t, spenders.LeftKeys)
	require.Equal(t, []string{"param bound"}, spenders.Through)
	require.Equal(t, "through param bound", spenders.Why())
	require.Equal(t, []revision.Cause{{
		Name: "c1", Kind: revision.LeafThrough, Before: "spent >= $bound", After: "spent >= $bound", Through: []string{"param bound"}, Joined: 2,
	}}, spenders.Causes)

	german := find(t, r, "german_spenders")
	require.Equal(t, [3]int64{1, 0, 1}, moves(german), "2 joins 1")
	require.Equal(t, []string{"param bound"}, german.Through)
	require.Len(t, german.Causes, 1, "the country has no part in it")
	require.Equal(t, "spenders", german.Causes[0].Name)
	require.Equal(t, int64(1), german.Causes[0].Joined)

	worth := find(t, r, "worth")
	require.Equal(t, int64(2), worth.Moved)
	require.Equal(t, int64(6), worth.Stayed)
	require.Equal(t, []revision.Move{{From: "small", To: "big", Customers: 2, Keys: []any{int64(2), int64(3)}}}, worth.Moves)
	require.Equal(t, []revision.Stage{
		{Name: "big", Before: &revision.Size{Members: 2, Contactable: 2}, After: &revision.Size{Members: 4, Contactable: 4}},
		{Name: "small", Before: &revision.Size{Members: 4, Contactable: 4}, After: &revision.Size{Members: 2, Contactable: 2}},
		{Name: "none", Before: &revision.Size{Members: 2, Contactable: 2}, After: &revision.Size{Members: 2, Contactable: 2}},
	}, worth.Stages)
}

// Leaves that only together make a move: 3 loses both, 5 the opens alone.
func TestLeaves(t *testing.T) {
	t.Parallel()
	r := compare(t, shop(t), edited(t),
		edited(t, "{spends: spent >= 50}, {opens: count(open) last 7 days >= 1}", "{spends: spent >= 90}, {opens: count(open) last 7 days >= 2}"),
		revision.Options{Examples: 1})
	require.Equal(t, []string{"keen edited"}, names(r))
	keen := find(t, r, "keen")
	require.Equal(t, [3]int64{0, 2, 1}, moves(keen), "of 1, 3 and 5 only 1 stays")
	require.Equal(t, []revision.Cause{
		{Name: "spends", Kind: revision.LeafEdited, Before: "spent >= 50", After: "spent >= 90", TogetherLeft: 1},
		{Name: "opens", Kind: revision.LeafEdited, Before: "count(open) last 7 days >= 1", After: "count(open) last 7 days >= 2", Left: 1, TogetherLeft: 1},
	}, keen.Causes)
	require.Equal(t, []revision.Combination{{Causes: []string{"spends", "opens"}, Left: 1}}, keen.Together)
	require.Equal(t, []any{int64(3)}, keen.LeftKeys, "the first by key")
	require.Equal(t, "segments/all.yaml", keen.File)
	require.Equal(t, 9, keen.Line)
}

func TestLeavesComeAndGo(t *testing.T) {
	t.Parallel()
	db := shop(t)
	// 5 is no German and leaves for it; the spend is gone and lets in 4, who is no
	// German either.
	r := compare(t, db, edited(t), edited(t, "{spends: spent >= 50}", "{german: country = 'DE'}"), revision.Options{})
	keen := find(t, r, "keen")
	require.Equal(t, [3]int64{0, 2, 1}, moves(keen), "3 and 5 leave, 1 stays")
	require.Equal(t, []revision.Cause{
		{Name: "german", Kind: revision.LeafAdded, After: "country = 'DE'", Left: 2},
		{Name: "spends", Kind: revision.LeafRemoved, Before: "spent >= 50"},
	}, keen.Causes)

	r = compare(t, db, edited(t), edited(t, "keen: {where: {all: [{spends: spent >= 50}, {opens", "keen: {where: {any: [{spends: spent >= 50}, {opens"), revision.Options{})
	keen = find(t, r, "keen")
	require.Equal(t, [3]int64{3, 0, 3}, moves(keen), "2 and 7 spend, 4 opens")
	require.Equal(t, []revision.Cause{{Name: "(structure)", Kind: revision.Structure, Joined: 3}}, keen.Causes)
}

func TestNewDeletedAndRenamed(t *testing.T) {
	t.Parallel()
	db := shop(t)
	after := edited(t, "austrians: {where: country = 'AT', expect: {size: 1..2}}", "from_austria: {where: country = 'AT', expect: {size: 1..1}}",
		"keen: {where", "eager: {was: keen, where")
	r := compare(t, db, edited(t), after, revision.Options{Examples: 9})
	require.Equal(t, []string{"eager renamed", "from_austria new", "austrians deleted"}, names(r))
	eager := find(t, r, "eager")
	require.Equal(t, "keen", eager.Was)
	require.Equal(t, "renamed from keen", eager.Why())
	require.Equal(t, [3]int64{0, 0, 3}, moves(eager))
	added := find(t, r, "from_austria")
	require.Nil(t, added.Before)
	require.Equal(t, [3]int64{2, 0, 0}, moves(added))
	require.Equal(t, int64(2), added.After.Members)
	require.Equal(t, []any{int64(3), int64(4)}, added.JoinedKeys)
	require.Len(t, added.Bounds, 1)
	require.False(t, added.Bounds[0].Already)
	gone := find(t, r, "austrians")
	require.Nil(t, gone.After)
	require.Equal(t, [3]int64{0, 2, 0}, moves(gone))
	require.Equal(t, []any{int64(3), int64(4)}, gone.LeftKeys)
	require.Equal(t, []revision.Rename{{Kind: "segment", From: "austrians", To: "from_austria", File: "segments/all.yaml", Line: 11}}, r.Renames)

	// Another rule is no rename, and was: says it already.
	r = compare(t, db, edited(t), edited(t, "austrians: {where: country = 'AT'", "from_austria: {where: country = 'FR'"), revision.Options{})
	require.Empty(t, r.Renames)
	r = compare(t, db, edited(t), edited(t, "austrians: {where", "from_austria: {was: austrians, where"), revision.Options{})
	require.Empty(t, r.Renames)
	require.Equal(t, []string{"from_austria renamed"}, names(r))
}

func TestBounds(t *testing.T) {
	t.Parallel()
	db := shop(t)
	r := compare(t, db, edited(t), edited(t, "country = 'AT', expect: {size: 1..2}", "country = 'DE', expect: {size: 1..3}"), revision.Options{})
	broken := r.Broken()
	require.Len(t, broken, 1, "1, 2, 7 and 8 are Germans")
	require.Equal(t, "austrians", broken[0].Unit)
	require.Equal(t, int64(4), broken[0].Size)
	require.Equal(t, int64(1), *broken[0].Low)
	require.Equal(t, int64(3), *broken[0].High)
	require.False(t, broken[0].Already)

	// Only the bound is another one: the size is looked at all the same.
	r = compare(t, db, edited(t), edited(t, "expect: {size: 1..2}", "expect: {size: 3..}"), revision.Options{})
	require.Equal(t, []string{"austrians edited"}, names(r))
	require.Equal(t, "other bounds", r.Changes[0].Why())
	require.Len(t, r.Broken(), 1)
	require.Nil(t, r.Broken()[0].High)
	was := edited(t, "expect: {size: 1..2}", "expect: {size: 9..}")
	r = compare(t, db, was, edited(t, "expect: {size: 1..2}", "expect: {size: 8..}"), revision.Options{})
	require.True(t, r.Broken()[0].Already)

	// A partition has bounds for each stage.
	r = compare(t, db, edited(t), edited(t, "worth: {stages: [big: spent >= $bound", "worth: {expect: {size: 1..4}, stages: [big: spent >= 55"), revision.Options{})
	require.Len(t, r.Broken(), 1, "1, 2, 3, 5 and 7 are big")
	require.Equal(t, "worth.big", r.Broken()[0].Unit)
}

// Gates do not make members, but say who may be contacted.
func TestGates(t *testing.T) {
	t.Parallel()
	db := shop(t)
	r := compare(t, db, edited(t), edited(t, "mailable: {where: consent = true}", "mailable: {where: consent = true and country = 'DE'}"), revision.Options{})
	require.Equal(t, []string{"spenders affected"}, names(r), "whoever names spenders means members")
	spenders := &r.Changes[0]
	require.Equal(t, []string{"gate mailable"}, spenders.Through)
	require.Equal(t, [3]int64{0, 0, 2}, moves(spenders))
	require.Equal(t, int64(2), spenders.Before.Contactable)
	require.Equal(t, int64(1), spenders.After.Contactable)
	require.Empty(t, spenders.Causes)
	require.Equal(t, []revision.Edit{{Kind: "gate", Name: "mailable", Status: revision.Edited, Affects: 1}}, r.Edits)

	r = compare(t, db, edited(t), edited(t, ", gate: mailable", ""), revision.Options{})
	require.Equal(t, "other gates", find(t, r, "spenders").Why())
}

func TestStages(t *testing.T) {
	t.Parallel()
	r := compare(t, shop(t), edited(t), edited(t,
		"stages: [big: spent >= $bound, small: spent > 0, none: else]", "stages: [vast: spent >= 150, small: spent > 50, big: spent > 0, none: else]"), revision.Options{})
	worth := find(t, r, "worth")
	// Before: 1 and 5 big; 2, 3, 6 and 7 small; 4 and 8 none. After: 1 vast; 2, 3, 5
	// and 7 small; 6 big; 4 and 8 none.
	require.Equal(t, []revision.Move{
		{From: "small", To: "big", Customers: 1}, {From: "big", To: "vast", Customers: 1}, {From: "big", To: "small", Customers: 1},
	}, worth.Moves)
	require.Equal(t, int64(3), worth.Moved)
	require.Equal(t, int64(5), worth.Stayed)
	require.Equal(t, "vast", worth.Stages[0].Name)
	require.Nil(t, worth.Stages[0].Before)
	r = compare(t, shop(t), edited(t), edited(t, "small: spent > 0, ", ""), revision.Options{})
	worth = find(t, r, "worth")
	require.Equal(t, []revision.Move{{From: "small", To: "none", Customers: 4}}, worth.Moves)
	require.Equal(t, "small", worth.Stages[1].Name, "behind the one that was before it")
	require.Nil(t, worth.Stages[1].After)
}

// What is evaluated by itself has members and no leaves to explain them.
func TestAlone(t *testing.T) {
	t.Parallel()
	db := shop(t)
	r := compare(t, db, edited(t), edited(t, "amount >= 90", "amount >= 100"), revision.Options{})
	require.Equal(t, []string{"in_sql edited"}, names(r))
	require.Equal(t, [3]int64{0, 1, 2}, moves(&r.Changes[0]), "2 leaves, 1 and 5 stay")
	require.Empty(t, r.Changes[0].Causes)
	require.Equal(t, "it is given by sql", r.Changes[0].Unexplained)

	// From SQL to a rule and back; 4 opened and did not order.
	r = compare(t, db, edited(t), edited(t, "in_sql: {sql: SELECT customer_id FROM orders WHERE amount >= 90 AND ordered_at < $as_of}", "in_sql: {where: count(open) ever >= 1}"), revision.Options{})
	require.Equal(t, [3]int64{2, 1, 2}, moves(&r.Changes[0]), "3 and 4 join, 2 leaves, 1 and 5 stay")
	require.NotEmpty(t, r.Changes[0].Unexplained)

	// All six who ordered five days ago spent for three days, and none for six.
	r = compare(t, db, edited(t), edited(t, "steady: {where: spent > 1 for 3 days}", "steady: {where: spent > 1 for 6 days}"), revision.Options{})
	require.Equal(t, []string{"steady edited"}, names(r))
	require.Equal(t, [3]int64{0, 6, 0}, moves(&r.Changes[0]))
	require.Equal(t, "it looks at more than one moment", r.Changes[0].Unexplained)
}

// fading is a definition that nothing evaluates: a weight that fades, over time.
const fading = `
traits: {fresh: {range: 0..10, score: [{points: 1, of: count(open) last 30 days, cap: 10, half_life: 14 days}]}}
segments: {fading: {where: fresh > 0 for DAYS}}
`

func faded(tb testing.TB, days string) *check.Program {
	tb.Helper()
	return version(tb, map[string]string{"segments/more.yaml": replaced(tb, fading, "DAYS", days)})
}

func TestWhatIsNotEvaluatedIsSaid(t *testing.T) {
	t.Parallel()
	r := compare(t, shop(t), faded(t, "3 days"), faded(t, "4 days"), revision.Options{})
	require.Equal(t, []string{"fading edited"}, names(r))
	require.NotEmpty(t, r.Changes[0].Skipped)
	require.Nil(t, r.Changes[0].Before)
	require.Nil(t, r.Changes[0].After)
	require.Empty(t, compare(t, shop(t), faded(t, "3 days"), faded(t, "3 days"), revision.Options{}).Changes)
}

// A list and a stream reach members as well.
func TestListsAndStreams(t *testing.T) {
	t.Parallel()
	db := shop(t)
	rule := "austrians: {where: {all: [chosen]}"
	before := edited(t, "austrians: {where: country = 'AT'", rule)
	text := map[string]string{"lists/chosen.csv": "customer_id\n2\n3\n9\n"}
	after := version(t, map[string]string{"segments/all.yaml": textOf(before), "lists/chosen.csv": text["lists/chosen.csv"]})
	r := compare(t, db, before, after, revision.Options{})
	require.Equal(t, []string{"austrians affected"}, names(r))
	require.Equal(t, [3]int64{1, 1, 1}, moves(&r.Changes[0]))
	require.Equal(t, []string{"list chosen"}, r.Changes[0].Through)
	require.Equal(t, []revision.Edit{{Kind: "list", Name: "chosen", Status: revision.Edited, Before: "2 keys", After: "3 keys", Affects: 1}}, r.Edits)

	r = compare(t, db, edited(t), version(t, map[string]string{"strata.yaml": project + "    # nothing\n"}), revision.Options{})
	require.Empty(t, r.Changes)
	streamed := version(t, map[string]string{"strata.yaml": replaced(t, project, "order: {from: orders}", "order: {from: orders, where: amount > 60}")})
	r = compare(t, db, edited(t), streamed, revision.Options{})
	require.Equal(t, [3]int64{0, 1, 2}, moves(find(t, r, "keen")), "3 spent just 60 and leaves")
	require.Equal(t, []string{"stream order"}, find(t, r, "keen").Through)
	require.Equal(t, []revision.Cause{{
		Name: "spends", Kind: revision.LeafThrough, Before: "spent >= 50", After: "spent >= 50", Through: []string{"stream order"}, Left: 1,
	}}, find(t, r, "keen").Causes)
}

// Sources may be mapped differently: both versions read the same warehouse.
func TestSources(t *testing.T) {
	t.Parallel()
	db := shop(t)
	ctx := context.Background()
	for _, statement := range []string{
		"CREATE TABLE people AS SELECT * FROM customers WHERE customer_id <> 1 UNION ALL SELECT 10, 'AT', true",
	} {
		_, err := db.Exec(ctx, statement)
		require.NoError(t, err)
	}
	after := version(t, map[string]string{"strata.yaml": replaced(t, project, "customers: {table: customers", "customers: {table: people")})
	r := compare(t, db, edited(t), after, revision.Options{})
	require.Equal(t, []string{"source customers changed: table customers -> people"}, r.Notes)
	austrians := find(t, r, "austrians")
	require.Equal(t, [3]int64{1, 0, 2}, moves(austrians), "10 is no customer before")
	require.Equal(t, []string{"source customers"}, austrians.Through)
	require.Equal(t, []revision.Cause{{Name: "(customers)", Kind: revision.Customers, Joined: 1}}, austrians.Causes)
	require.Equal(t, [3]int64{0, 1, 1}, moves(find(t, r, "spenders")), "1 is none after")
	worth := find(t, r, "worth")
	require.Equal(t, []revision.Move{{From: "", To: "none", Customers: 1}, {From: "big", To: "", Customers: 1}}, worth.Moves)
	require.Equal(t, [3]int64{1, 1, 7}, moves(worth))

	// A source that changes nothing for anybody is a note alone.
	_, err := db.Exec(ctx, "CREATE TABLE copied AS SELECT * FROM orders")
	require.NoError(t, err)
	after = version(t, map[string]string{"strata.yaml": replaced(t, project, "orders: {table: orders", "orders: {table: copied")})
	r = compare(t, db, edited(t), after, revision.Options{})
	require.Equal(t, []string{"source orders changed: table orders -> copied"}, r.Notes)
	require.Empty(t, r.Changes)
	require.Equal(t, 7, r.Unchanged)

	// An as-of by the day is another moment in another zone.
	zoned := version(t, map[string]string{"strata.yaml": replaced(t, project, "timezone: UTC", "timezone: Asia/Tokyo")})
	r = compare(t, db, edited(t), zoned, revision.Options{})
	require.Equal(t, []string{"the time zone changed: UTC -> Asia/Tokyo"}, r.Notes)

	// What the version before cannot read is said to be its fault.
	_, err = db.Exec(ctx, "DROP TABLE people")
	require.NoError(t, err)
	before := version(t, map[string]string{"strata.yaml": replaced(t, project, "customers: {table: customers", "customers: {table: people")})
	_, err = revision.Compare(ctx, db, before, edited(t), revision.Options{AsOf: noon, Before: revision.Version{Name: "HEAD"}})
	failed, ok := errors.AsType[*revision.BeforeError](err)
	require.True(t, ok, "%v", err)
	require.Contains(t, failed.Error(), "HEAD cannot be evaluated on the present data: ")
}

// Keys of another type are compared as text.
func TestKeysOfAnotherType(t *testing.T) {
	t.Parallel()
	db := shop(t)
	ctx := context.Background()
	for _, statement := range []string{
		"CREATE TABLE c2 AS SELECT customer_id::VARCHAR AS customer_id, country, consent FROM customers",
		"CREATE TABLE e2 AS SELECT event_id, customer_id::VARCHAR AS customer_id, ts, event_type FROM events",
		"CREATE TABLE o2 AS SELECT order_id, customer_id::VARCHAR AS customer_id, ordered_at, amount FROM orders",
	} {
		_, err := db.Exec(ctx, statement)
		require.NoError(t, err)
	}
	after := version(t, map[string]string{
		"strata.yaml": replaced(t, replaced(t, replaced(t, replaced(t, project, "table: customers", "table: c2"), "table: events", "table: e2"), "table: orders", "table: o2"),
			"open: {from: events, type: open}", "open: {from: events, type: open, where: customer_id <> '3'}"),
		"strata.schema.yaml": replaced(t, replaced(t, replaced(t, schema, "{customer_id: BIGINT, country", "{customer_id: VARCHAR, country"),
			"event_id: BIGINT, customer_id: BIGINT", "event_id: BIGINT, customer_id: VARCHAR"), "order_id: BIGINT, customer_id: BIGINT", "order_id: BIGINT, customer_id: VARCHAR"),
	})
	r := compare(t, db, edited(t), after, revision.Options{Examples: 3})
	keen := find(t, r, "keen")
	require.Equal(t, [3]int64{0, 1, 2}, moves(keen), "the opens of 3 do not count any more")
	require.Equal(t, []any{"3"}, keen.LeftKeys)
	require.Equal(t, "opens", keen.Causes[len(keen.Causes)-1].Name)
}

// The old schema may describe tables that are not there any more.
func TestFit(t *testing.T) {
	t.Parallel()
	db, ctx := shop(t), context.Background()
	before := version(t, map[string]string{"strata.schema.yaml": replaced(t, schema, "consent: BOOLEAN}", "consent: BOOLEAN, gone: VARCHAR}")})
	fitting, replaced, err := revision.Fit(ctx, db, treeOf(t, nil), edited(t), edited(t))
	require.NoError(t, err)
	require.False(t, replaced)
	require.NotNil(t, fitting)
	fitting, replaced, err = revision.Fit(ctx, db, treeOf(t, nil), before, edited(t))
	require.NoError(t, err)
	require.True(t, replaced)
	require.Empty(t, compare(t, db, fitting, edited(t), revision.Options{}).Changes)

	// Where the definitions themselves need what is gone, nothing fits.
	needs := map[string]string{
		"strata.schema.yaml": before.Set.Files[1].Text,
		"segments/more.yaml": "segments: {lost: {where: gone is missing}}\n",
	}
	_, _, err = revision.Fit(ctx, db, treeOf(t, needs), version(t, needs), edited(t))
	failed, ok := errors.AsType[*evaluate.MappingError](err)
	require.True(t, ok, "%v", err)
	require.Contains(t, failed.Error(), `no column "gone"`)
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	db := shop(t)
	after := edited(t, "bound: 100", "bound: 60", "austrians:", "from_austria:")
	for selector, want := range map[string][]string{
		"spenders":      {"spenders affected"},
		"*spenders":     {"spenders affected", "german_spenders affected"},
		"austrians":     {"austrians deleted"},
		"from_austria":  {"from_austria new"},
		"keen":          {},
		"*austria*":     {"from_austria new", "austrians deleted"},
		"+spenders":     {"spenders affected"},
		"path:segments": {"spenders affected", "german_spenders affected", "from_austria new", "worth affected", "austrians deleted"},
	} {
		require.Equal(t, want, names(compare(t, db, edited(t), after, revision.Options{Selectors: []string{selector}})), selector)
	}
	_, err := revision.Compare(context.Background(), db, edited(t), after, revision.Options{AsOf: noon, Selectors: []string{"spender"}})
	_, ok := errors.AsType[*revision.SelectionError](err)
	require.True(t, ok, "%v", err)
}

// A comparison that is cancelled leaves nothing behind.
func TestCancelled(t *testing.T) {
	t.Parallel()
	db := shop(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := revision.Compare(ctx, db, edited(t), edited(t, "bound: 100", "bound: 60"), revision.Options{AsOf: noon})
	require.ErrorIs(t, err, context.Canceled)
	compare(t, db, edited(t), edited(t), revision.Options{})
}
