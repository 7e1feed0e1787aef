package definition

// customerRoles and rowRoles are the roles a column of the customers source,
// and of every other source, can have.
var (
	customerRoles = []string{"key", "email", "phone", "consent", "created_at", "valid_from", "valid_to"}
	rowRoles      = []string{"customer", "at", "id", "type", "amount", "status", "loaded_at"}
)

// sourceShape is a source with the roles its columns can have.
func sourceShape(name, ref string, roles []string, required ...string) *shape {
	field := &shape{
		name: "a field", ref: "field", oneOf: [][]string{{"path", "column"}},
		needs: [][2]string{{"path", "type"}}, keys: []key{
			{name: "path", doc: "A part of a JSON column, such as properties.plan.", shape: scalarShape(textValue)},
			{name: "column", doc: "A column whose name a rule cannot use.", shape: scalarShape(textValue)},
			{name: "type", doc: "text, number, decimal, boolean, date or timestamp.", shape: scalarShape(textValue)},
		},
	}
	s := &shape{name: name, ref: ref, oneOf: [][]string{{"table", "query"}}, keys: []key{
		{name: "table", doc: "A table or view, or schema.table.", shape: scalarShape(textValue)},
		{name: "query", doc: "A SELECT in place of a table.", shape: scalarShape(textValue)},
	}}
	s.keys = append(s.keys, columnKeys(roles...)...)
	for _, role := range required {
		s.key(role).required = true
	}
	s.keys = append(s.keys,
		key{name: "zone", doc: "The zone of timestamps without one; the project's unless given.", shape: scalarShape(textValue)},
		key{name: "fields", doc: "Names for parts of JSON columns and for awkward columns.", shape: namesOf(local, "fields", field)},
	)
	return s
}

// projectShape is strata.yaml.
func projectShape() *shape {
	customers := sourceShape("the customers source", "customers", customerRoles, "key")
	rows := sourceShape("a source", "source", rowRoles, "customer", "at")
	rows.keys = append(rows.keys, key{
		name: "append_only", doc: "Says that rows never change, so that runs can be incremental.", shape: scalarShape(booleanValue),
	})
	sources := namesOf(local, "sources", rows)
	sources.keys = []key{{name: CustomersSource, doc: "The population.", shape: customers, required: true}}
	stream := &shape{name: "a stream", ref: "stream", keys: []key{
		{name: "from", doc: "The source.", shape: scalarShape(textValue), required: true},
		{name: "type", doc: "The value of the type column.", shape: scalarShape(textValue)},
		{name: "where", doc: "A filter on the rows.", shape: scalarShape(expressionValue)},
	}}
	return &shape{name: "strata.yaml", keys: []key{
		{name: "warehouse", doc: "A DuckDB file, or a folder of Parquet or CSV files. It is only read.", shape: scalarShape(textValue), required: true},
		{name: "store", doc: "Our own file: snapshots and history; " + defaultStore + " unless given.", shape: scalarShape(textValue)},
		{name: "timezone", doc: "The zone of calendar windows and days.", shape: scalarShape(textValue), required: true},
		{name: "currency", doc: "The currency of amounts.", shape: scalarShape(textValue)},
		{name: "as_of", doc: "latest, now, or a date or timestamp; now unless given.", shape: scalarShape(textValue)},
		{name: "sources", doc: "Tables and what their columns are.", shape: sources, required: true},
		{name: "streams", doc: "What rules count.", shape: namesOf(definition, "streams", stream)},
		{name: "kpi", doc: "What the built-in metrics are made of.", shape: kpiShape()},
	}}
}

// columnsShape is strata.schema.yaml.
func columnsShape() *shape {
	columns := namesOf(anyWord, "columns", scalarShape(textValue))
	return &shape{name: "strata.schema.yaml", keys: []key{
		{name: "sources", doc: "The columns of each source and their DuckDB types.", shape: namesOf(anyWord, "sources", columns), required: true},
	}}
}
