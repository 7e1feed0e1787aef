package cmd

import (
	"context"
	"errors"

	"strata/segments/definition"
	"strata/sql/warehouse"
)

func proposeSchema(context.Context, *warehouse.DB, *definition.Project) (string, []string, error) {
	return "", nil, errors.New("not available yet")
}
