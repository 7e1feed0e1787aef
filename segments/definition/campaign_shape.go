package definition

// campaignShape is an entry of campaigns.
func campaignShape() *shape {
	text := func(name, doc string) key { return key{name: name, doc: doc, shape: scalarShape(textValue)} }
	needed := func(k key) key {
		k.required = true
		return k
	}
	measure := &shape{name: "a measure", keys: []key{
		needed(text("primary", "The one metric that decides.")),
		{name: "window", doc: "How long outcomes are counted, from send on.", shape: scalarShape(durationValue), required: true},
		{name: "secondary", doc: "Metrics to look at besides.", shape: oneOrMore(textValue)},
	}}
	cost := &shape{name: "a cost", keys: []key{
		{name: "per_sent", doc: "What each message costs.", shape: scalarShape(amountValue)},
		{name: "fixed", doc: "What the campaign costs whatever is sent.", shape: scalarShape(amountValue)},
	}}
	return &shape{
		name: "a campaign", ref: "campaign", keys: aboutKeys(
			text("audience", "Whom it is for: a segment, or partition.stage."),
			gateKey(),
			needed(text("freeze", "The moment as of which the audience is taken, such as 2026-10-06 09:00.")),
			text("send", "The moment from which outcomes count; that of freeze unless given."),
			key{name: "split", doc: "Arms that are assigned here.", shape: splitShape()},
			key{name: "assignment", doc: "Where in the data the arms stand, instead of split.", shape: assignmentShape()},
			key{name: "measure", doc: "What will be looked at, fixed before sending.", shape: measure, required: true},
			key{name: "messages", doc: "What counts as sent, delivered, opened and clicked.", shape: messagesShape()},
			key{name: "attribution", doc: "For how long an order is credited to a touch.", shape: attributionShape()},
			key{name: "cost", doc: "What it costs, in the project's currency.", shape: cost},
			key{name: "contaminated_by", doc: "Campaigns whose messages may reach these customers.", shape: oneOrMore(textValue)},
			key{name: "by", doc: "Segments and partitions in which the effect is looked at apart.", shape: oneOrMore(textValue)},
		),
	}
}

func armsKey(names nameKind) key {
	return key{name: "arms", doc: "The arms and their shares, which add up to 100%.", shape: &shape{
		name: "arms", names: names, rest: scalarShape(shareValue),
	}}
}

// splitShape has arms whose names become those of files and flags.
func splitShape() *shape {
	arms := armsKey(local)
	arms.required = true
	return &shape{name: "a split", keys: []key{
		{name: "salt", doc: "What makes this split another than all others; the campaign's name unless given.", shape: scalarShape(textValue)},
		arms,
		{name: "holdout", doc: "The arm that gets nothing.", shape: scalarShape(textValue)},
		{name: "stratify", doc: "A partition within whose stages the shares are exact.", shape: scalarShape(textValue)},
	}}
}

// assignmentShape has arms whose names are whatever the data call them.
func assignmentShape() *shape {
	return &shape{name: "an assignment", oneOf: [][]string{{"source", "field", "stream"}}, keys: []key{
		{name: "source", doc: "A source whose rows assign customers.", shape: scalarShape(textValue)},
		{name: "field", doc: "A field of the customer that names the arm.", shape: scalarShape(textValue)},
		{name: "stream", doc: "A stream whose rows assign customers.", shape: scalarShape(textValue)},
		{name: "arm", doc: "The column of the rows that names the arm.", shape: scalarShape(textValue)},
		{name: "where", doc: "Which rows count.", shape: scalarShape(expressionValue)},
		{name: "holdout", doc: "The arm that got nothing.", shape: scalarShape(textValue)},
		armsKey(anyWord),
	}}
}

func messagesShape() *shape {
	messages := &shape{name: "messages"}
	for _, role := range CampaignMessages() {
		place := &shape{value: rowsValue}
		if machineRoles[role] {
			place.name, place.keys = "messages."+role, []key{
				{name: "rows", doc: "The stream, with its filter.", shape: scalarShape(rowsValue), required: true},
				{name: "machine", doc: "Which rows were made by machines.", shape: scalarShape(expressionValue)},
			}
		}
		messages.keys = append(messages.keys, key{name: role, doc: "The rows that mean " + role + ".", shape: place})
	}
	return messages
}

func attributionShape() *shape {
	touch := func(name, doc string) key { return key{name: name, doc: doc, shape: scalarShape(touchValue)} }
	return &shape{name: "attribution", keys: []key{
		touch("click", "How long after a click; 5 days unless given."),
		touch("open", "How long after an open; off unless given."),
		touch("delivery", "How long after a message came; off unless given."),
		{name: "also", doc: "Further windows to show beside the planned one.", shape: oneOrMore(durationValue)},
	}}
}
