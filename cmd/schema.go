package cmd

import (
	"github.com/spf13/cobra"

	"strata/segments/definition"
)

type schemaOptions struct {
	f *factory
}

func newSchemaCommand(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print a JSON Schema of definition files, for editors",
		Long: `Print a JSON Schema (2020-12) of the project's files. An editor that knows it
completes keys and underlines mistakes of shape; rules are checked by
'strata check'.`,
		Example: `  strata schema > strata.schema.json
  # and as the first line of a definition file:
  # yaml-language-server: $schema=../strata.schema.json`,
		GroupID: groupWrite,
		Args:    none,
		RunE:    func(*cobra.Command, []string) error { return runSchema(schemaOptions{f: f}) },
	}
}

func runSchema(opts schemaOptions) error {
	text, err := definition.JSONSchema()
	if err != nil {
		return environment("make the schema: %w", err)
	}
	if _, err := opts.f.env.Stdout.Write(text); err != nil {
		return environment("write the schema: %w", err)
	}
	return nil
}
