package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// everyCommand stands below the flags of a command in place of the global
// ones, which would be longer than the rest of the page.
const everyCommand = "Every command also takes -C, --at, -o, --json, --limit, -q and more: 'strata --help'."

// topicList stands at the end of the overview.
const topicList = `Pages to read, with 'strata help PAGE':
  rules       the language of conditions
  windows     last 30 days, this month, between 5 days and 3 days ago
  selectors   which definitions a command is about
  time        as-of, --at and what a day is
  formats     tables, CSV, JSON and where they go
  exit-codes  what a script can rely on`

// writeUsage writes how a command is used: first by example, then in general.
func writeUsage(c *cobra.Command) error {
	var parts []string
	if c.HasExample() {
		parts = append(parts, "Examples:\n"+c.Example)
	}
	parts = append(parts, "Usage:\n  "+useLine(c))
	parts = append(parts, groupsOf(c)...)
	if c.HasAvailableLocalFlags() {
		parts = append(parts, "Flags:\n"+flagLines(c))
	}
	if c.HasParent() {
		parts = append(parts, everyCommand)
	} else {
		parts = append(parts, topicList)
	}
	_, err := io.WriteString(c.OutOrStderr(), strings.Join(parts, "\n\n")+"\n")
	return err
}

func useLine(c *cobra.Command) string {
	if c.HasAvailableSubCommands() {
		return c.CommandPath() + " COMMAND [flags]"
	}
	return c.UseLine()
}

// groupsOf lists the subcommands of each group that has any.
func groupsOf(c *cobra.Command) []string {
	var parts []string
	for _, group := range c.Groups() {
		lines := []string{group.Title}
		for _, sub := range c.Commands() {
			if sub.GroupID == group.ID && sub.IsAvailableCommand() {
				lines = append(lines, fmt.Sprintf("  %-*s %s", sub.NamePadding(), sub.Name(), sub.Short))
			}
		}
		if len(lines) > 1 {
			parts = append(parts, strings.Join(lines, "\n"))
		}
	}
	return parts
}

// flagLines describes the flags of a command itself. The library shows what a
// flag means without a value, which for --json is of no use to a reader.
func flagLines(c *cobra.Command) string {
	lines := strings.TrimRight(c.LocalFlags().FlagUsages(), "\n")
	const noise = `[="` + allFields + `"]`
	return strings.ReplaceAll(lines, noise, strings.Repeat(" ", len(noise)))
}
