package propose_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
)

// TestDemoShop looks at the demo shop and must find again what its own project
// says of it.
func TestDemoShop(t *testing.T) {
	opt := shop.Default()
	opt.Customers = 1500
	db := build(t, shop.Statements(opt)...)
	p := proposal(t, db)
	t.Log("\n" + p.Project())
	t.Log("\n" + p.Starter())
	for _, u := range p.Unsure() {
		t.Log(u)
	}
	require.NotEmpty(t, p.Unsure())
}
