package warehouse_test

import (
	"os"
	"path/filepath"
	"testing"

	"strata/sql/warehouse"

	"github.com/stretchr/testify/require"
)

func TestImpureViews(t *testing.T) {
	csv := filepath.Join(t.TempDir(), "x.csv")
	require.NoError(t, os.WriteFile(csv, []byte("a\n1\n"), 0o600))
	db := open(t, warehouse.Config{Warehouse: shop(
		t,
		`CREATE VIEW clean AS SELECT lower(email) AS email, o.* FROM customers JOIN crm.orders o USING (customer_id)`,
		`CREATE VIEW "as" AS WITH c AS (SELECT 1 AS "now()") SELECT * FROM c`,
		`CREATE VIEW crm.ages AS SELECT age(created_at) FROM customers`,
		`CREATE VIEW dated (a, b) AS SELECT current_date, 1`,
		`CREATE VIEW drawn AS SELECT * FROM customers ORDER BY random()`,
		`CREATE VIEW recent AS SELECT * FROM customers WHERE created_at > now() - INTERVAL 1 DAY`,
		`CREATE VIEW filed AS SELECT * FROM read_csv('`+csv+`')`,
		`CREATE VIEW named AS SELECT * FROM '`+csv+`'`,
		`CREATE MACRO clock() AS now()`,
		`CREATE VIEW hidden AS SELECT clock()`,
	)})
	problems, err := db.ImpureViews(t.Context())
	require.NoError(t, err)
	reasons := map[string]string{}
	for _, p := range problems {
		reasons[p.Schema+"."+p.Name] = p.Reason
	}
	require.Len(t, reasons, 7, "%v", reasons)
	for name, says := range map[string]string{
		"crm.ages":    "age",
		"main.dated":  "clock",
		"main.drawn":  "random",
		"main.recent": "now",
		"main.filed":  "read_csv",
		"main.named":  "x.csv",
		"main.hidden": "clock",
	} {
		require.Contains(t, reasons[name], says, name)
	}
	require.Equal(t, "crm", problems[0].Schema)
}
