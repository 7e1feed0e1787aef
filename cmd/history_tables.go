package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"strata/reports/render"
)

// declareTables adds the flag that chooses one of an answer's tables.
func declareTables(c *cobra.Command, into *string, names ...string) {
	c.Flags().StringVar(into, "table", "", "show only the table `NAME`: "+strings.Join(names, " or "))
	// The only error is a flag that does not exist, which tests would show.
	_ = c.RegisterFlagCompletionFunc("table", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// knownTable refuses a table that an answer does not have; "" is all of them.
func knownTable(name string, names []string) error {
	if name == "" || slices.Contains(names, name) {
		return nil
	}
	return unknownWord(usage("there is no table %q", name), name, names)
}

// writeTables answers with several tables, or with the one that was chosen. The
// first comes by itself where the format has a row a line, which is said. Tables
// without rows are not shown below others.
func (s *session) writeTables(answer string, chosen string, tables ...render.Table) error {
	if chosen != "" {
		at := slices.IndexFunc(tables, func(t render.Table) bool { return t.Name == chosen })
		t := tables[at]
		t.Name = answer + "_" + chosen
		t.Meta.AsOf, t.Meta.KnownAt, t.Meta.Run = tables[0].Meta.AsOf, tables[0].Meta.KnownAt, tables[0].Meta.Run
		return s.write(t)
	}
	t := tables[0]
	t.Name = answer
	format := s.tableFormat()
	for _, more := range tables[1:] {
		if len(more.Rows) > 0 || format == render.JSON {
			t.More = append(t.More, more)
		}
	}
	if err := s.write(t); err != nil {
		return err
	}
	for _, more := range t.More {
		switch {
		case len(s.fields) > 0:
		case format != render.Aligned && format != render.Markdown && format != render.JSON:
			s.say("--table %s shows the %s", more.Name, more.Name)
		case more.TruncationNote() != "":
			s.say("%s: %s", more.Name, more.TruncationNote())
		}
	}
	return nil
}
