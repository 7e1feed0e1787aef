package suite_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/fixtures/shop"
	"strata/segments/suite"
)

// TestDemo runs the tests that the demo project carries: all of them pass.
func TestDemo(t *testing.T) {
	program := loadFiles(t, shop.Files())
	started := time.Now()
	outcomes, err := suite.Tests(t.Context(), program, program.Order, time.Now)
	require.NoError(t, err)
	t.Logf("%d tests in %s", len(outcomes), time.Since(started))
	require.GreaterOrEqual(t, len(outcomes), 20)
	for _, o := range outcomes {
		require.True(t, o.Passed, "%s:%d %s: %s\n%s", o.File, o.Line, o.Definition, o.Test, o.Message)
		require.NotEmpty(t, o.File)
		require.Positive(t, o.Line)
	}
}
