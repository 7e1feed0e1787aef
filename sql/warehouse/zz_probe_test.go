package warehouse_test

import (
	"fmt"
	"os"
	"testing"

	"strata/sql/warehouse"
)

func TestProbe(t *testing.T) {
	db := open(t, warehouse.Config{})
	for _, q := range []string{
		`CREATE TABLE main.x AS SELECT 1 a`,
		`SELECT json_serialize_sql('SELECT main.x.* FROM main.x')::VARCHAR`,
		`SELECT json_deserialize_sql(json_serialize_sql('SELECT main.x.* FROM main.x'))`,
		`SELECT json_serialize_sql('SELECT x.* FROM main.x')::VARCHAR`,
		`SELECT main.x.* FROM main.x`,
		`SELECT warehouse.main.x.* FROM main.x`,
		`SELECT json_serialize_sql('SELECT x, "main".x.a.b, * EXCLUDE (main.x.a) FROM main.x')::VARCHAR`,
		`SELECT INTERVAL '-3720s'::VARCHAR`,
		`SELECT INTERVAL '-0.000015s'::VARCHAR`,
		`SELECT INTERVAL '1 months -2 days -9223372036854.775807s'::VARCHAR`,
		`SELECT INTERVAL '-9223372036854.775808s'::VARCHAR`,
		`SELECT INTERVAL '90000000.000001s'::VARCHAR`,
	} {
		rows, err := db.Query(t.Context(), q)
		if err != nil {
			fmt.Fprintln(os.Stderr, q, "ERR", err)
			continue
		}
		for rows.Next() {
			v, _ := warehouse.PlainRow(rows)
			fmt.Fprintln(os.Stderr, q, "->", v)
		}
		rows.Close()
	}
}
