package definition

// scalarShape is a place that takes a single value.
func scalarShape(kind valueKind) *shape { return &shape{value: kind} }

// oneOrMore is a place that takes a value or a list of them.
func oneOrMore(kind valueKind) *shape {
	return &shape{value: kind, list: scalarShape(kind)}
}

// namesOf is a map from names of a kind to what they name.
func namesOf(kind nameKind, name string, item *shape) *shape {
	return &shape{name: name, names: kind, rest: item}
}

// aboutKeys are the keys that every definition may have.
func aboutKeys(own ...key) []key {
	return append(own, []key{
		{name: "title", doc: "What people call it.", shape: scalarShape(textValue)},
		{name: "description", doc: "What it is for.", shape: scalarShape(textValue)},
		{name: "owner", doc: "Who answers for it; selects as owner:NAME.", shape: scalarShape(textValue)},
		{name: "tags", doc: "Words to select it by, as tag:NAME.", shape: oneOrMore(textValue)},
		{name: "was", doc: "The former name of a renamed definition; keeps its history.", shape: scalarShape(textValue)},
	}...)
}

// treeShape is a where: an expression, or a tree of all, any and not over
// entries.
func treeShape() *shape {
	entry := &shape{name: "an entry", ref: "entry", value: entryValue, single: true, names: local}
	negated := &shape{name: "an entry", ref: "negated", value: entryValue, list: entry, single: true, names: local}
	groups := []key{
		{name: string(All), doc: "Every entry holds.", shape: &shape{list: entry}},
		{name: string(Any), doc: "At least one entry holds.", shape: &shape{list: entry}},
		{name: string(None), doc: "The entry does not hold.", shape: negated},
	}
	leaf := &shape{name: "a group", ref: "leaf", value: expressionValue, single: true, keys: groups}
	entry.keys, entry.rest = groups, leaf
	negated.keys, negated.rest = groups, leaf
	return &shape{name: "a where", ref: "where", value: expressionValue, single: true, keys: groups}
}

func gateKey() key {
	return key{name: "gate", doc: "The gate, or gates, that contactable members pass.", shape: oneOrMore(textValue)}
}

func expectKey() key {
	return key{name: "expect", doc: "Bounds that a run is checked against.", shape: &shape{name: "an expect", ref: "expect", keys: []key{
		{name: "size", doc: "How many members, both ends included: 20..400, 20.., ..400 or 0.", shape: scalarShape(sizeValue)},
		{name: "change_per_day", doc: "By how much the size may change in a day: 30%.", shape: scalarShape(shareValue)},
	}}}
}

func testsKey() key {
	values := &shape{
		name: "a row", ref: "row", names: anyWord, empty: true,
		rest: &shape{value: literalValue, list: scalarShape(literalValue), empty: true},
	}
	given := &shape{name: "a given", names: anyWord, empty: true, rest: &shape{list: values, empty: true}, keys: []key{
		{name: "customer", doc: "Fields of the customer.", shape: values},
	}}
	expected := &shape{name: "an expect", keys: []key{
		{name: "member", doc: "Whether the rule holds, gates aside.", shape: scalarShape(booleanValue)},
		{name: "contactable", doc: "Whether the gates pass as well.", shape: scalarShape(booleanValue)},
		{name: "failing", doc: "Exactly the leaves that do not hold.", shape: &shape{value: textValue, list: scalarShape(textValue), empty: true}},
		{name: "stage", doc: "The partition's stage.", shape: scalarShape(textValue)},
		{name: "value", doc: "The trait's value; null for missing.", shape: &shape{value: literalValue, empty: true}},
	}}
	return key{name: "tests", doc: "Customers made up to try the rule on.", shape: &shape{list: &shape{name: "a test", ref: "test", keys: []key{
		{name: "name", doc: "What the test shows.", shape: scalarShape(textValue), required: true},
		{name: "as_of", doc: "The moment of the test; 2026-01-15 12:00 unless given.", shape: scalarShape(textValue)},
		{name: "given", doc: "The customer's fields, and rows by source.", shape: given},
		{name: "expect", doc: "What must come out.", shape: expected, required: true},
	}}}}
}

func traitShape() *shape {
	term := &shape{name: "a score's term", ref: "term", keys: []key{
		{name: "points", doc: "Points for each unit of the value.", shape: scalarShape(amountValue), required: true},
		{name: "of", doc: "The value that scores.", shape: scalarShape(expressionValue), required: true},
		{name: "cap", doc: "The most that the term can give.", shape: scalarShape(amountValue)},
		{name: "half_life", doc: "The time after which a row counts half.", shape: scalarShape(durationValue)},
	}}
	return &shape{
		name: "a trait", ref: "trait", oneOf: [][]string{{"value", "score"}},
		needs: [][2]string{{"score", "range"}, {"range", "score"}}, keys: aboutKeys(
			key{name: "value", doc: "The expression.", shape: scalarShape(expressionValue)},
			key{name: "score", doc: "Terms that add up.", shape: &shape{list: term}},
			key{name: "range", doc: "What a score is clamped to: 0..100.", shape: scalarShape(rangeValue)},
			testsKey(),
		),
	}
}

func segmentShape() *shape {
	return &shape{name: "a segment", ref: "segment", oneOf: [][]string{{"where", "sql"}}, keys: aboutKeys(
		key{name: "where", doc: "The rule.", shape: treeShape()},
		key{name: "sql", doc: "A SELECT of customer_id in place of a rule.", shape: scalarShape(textValue)},
		gateKey(), expectKey(), testsKey(),
	)}
}

func partitionShape() *shape {
	stages := &shape{list: &shape{name: "a stage", single: true, names: local, rest: scalarShape(stageValue)}}
	bands := &shape{list: &shape{name: "a band", single: true, names: local, rest: scalarShape(bandValue)}}
	return &shape{
		name: "a partition", ref: "partition", oneOf: [][]string{{"stages", "bands"}},
		needs: [][2]string{{"bands", "over"}, {"over", "bands"}}, keys: aboutKeys(
			key{name: "stages", doc: "Conditions; the first that holds decides. Ends in else.", shape: stages},
			key{name: "over", doc: "The value that bands compare.", shape: scalarShape(expressionValue)},
			key{name: "bands", doc: "Comparisons of over; the first that holds decides. Ends in else.", shape: bands},
			key{name: "transitions", doc: "Moves between stages.", shape: &shape{name: "transitions", keys: []key{
				{name: "allowed", doc: "Moves that are not reported, such as lead -> new.", shape: oneOrMore(transitionValue), required: true},
			}}},
			gateKey(), expectKey(), testsKey(),
		),
	}
}

// definitionShape is a definition file.
func definitionShape() *shape {
	list := &shape{name: "a list", ref: "list", keys: aboutKeys(
		key{name: "file", doc: "The CSV file; the path starts at the project's folder.", shape: scalarShape(textValue), required: true},
		key{name: "column", doc: "The column that holds the keys.", shape: scalarShape(textValue), required: true},
	)}
	gate := &shape{name: "a gate", ref: "gate", keys: aboutKeys(
		key{name: "where", doc: "The condition.", shape: treeShape(), required: true},
	)}
	return &shape{name: "a definition file", empty: true, keys: []key{
		{name: "params", doc: "Typed constants, $name in rules.", shape: namesOf(definition, "params", oneOrMore(literalValue))},
		{name: "lists", doc: "Customer keys in CSV files.", shape: namesOf(definition, "lists", list)},
		{name: "traits", doc: "Values per customer.", shape: namesOf(definition, "traits", traitShape())},
		{name: "segments", doc: "Sets of customers.", shape: namesOf(definition, "segments", segmentShape())},
		{name: "partitions", doc: "Stages that divide all customers.", shape: namesOf(definition, "partitions", partitionShape())},
		{name: "gates", doc: "Conditions on contacting a member.", shape: namesOf(definition, "gates", gate)},
		{name: "metrics", doc: "Metrics of reports.", shape: namesOf(definition, "metrics", metricShape())},
		{name: "campaigns", doc: "Campaigns.", shape: namesOf(definition, "campaigns", campaignShape())},
	}}
}

// columnKeys are keys whose values name columns.
func columnKeys(names ...string) []key {
	keys := make([]key, 0, len(names))
	for _, name := range names {
		keys = append(keys, key{name: name, doc: "The column whose role is " + name + ".", shape: scalarShape(textValue)})
	}
	return keys
}
