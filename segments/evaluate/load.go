package evaluate

import (
	"context"
	"fmt"

	"strata/segments/catalog"
	"strata/segments/compile"
)

// loadedTable is the in-memory table that a source is read into.
func loadedTable(source *catalog.Source) string { return "strata source " + source.Name }

// loadedCompiler returns a compiler that reads from memory what each statement
// of a run would otherwise compute again: sources given by a query, and files
// of text.
func (e *Evaluator) loadedCompiler(ctx context.Context, run RunOptions) (*compile.Compiler, error) {
	options, err := e.compileOptions(ctx, run.AsOf, ForRunning)
	if err != nil {
		return nil, err
	}
	compiler := compile.New(e.program, options)
	if len(run.Definitions) < 2 {
		return compiler, nil
	}
	options.Loaded = map[string]string{}
	for _, source := range e.program.Sources {
		if source.Query == "" && !e.db.IsText(source.SchemaName(), source.Table) {
			continue
		}
		statement, err := compiler.Source(source)
		if err != nil {
			return nil, err
		}
		table := scratch(loadedTable(source))
		if _, err := e.db.Exec(ctx, statement.As(table).SQL, statement.Args...); err != nil {
			return nil, fmt.Errorf("read source %s: %w", source.Name, err)
		}
		options.Loaded[source.Name] = table
	}
	return compile.New(e.program, options), nil
}
