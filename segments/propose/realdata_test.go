//go:build realdata

package propose_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOnlineRetail looks at the year of order lines as it was published and
// compares with the figures that analyses of it begin with: the lines with a
// customer, cancellations left out.
func TestOnlineRetail(t *testing.T) {
	p := proposal(t, open(t, filepath.Join(os.Getenv("STRATA_DATA"), "online_retail")))
	require.Equal(t, int64(4372), p.sizes(t)["population"])
	require.Equal(t, "8911407.904", p.total(t, "sum(order.amount) ever"))
	require.Equal(t, "406829", p.total(t, "count(order_line) ever"))
}
