package check_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"strata/segments/check"
	"strata/segments/definition"
)

func TestDemoShopChecks(t *testing.T) {
	set, list := definition.Load(os.DirFS("../../fixtures/shop/project"), "../../fixtures/shop/project")
	require.NoError(t, list.Err())
	program, list := check.Check(set)
	require.NoError(t, list.Err())
	require.Len(t, program.Order, len(set.Lists)+len(set.Traits)+len(set.Segments)+len(set.Partitions)+len(set.Gates))
}
