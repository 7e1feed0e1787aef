package cmd

import (
	"slices"

	"github.com/spf13/cobra"
)

// The groups of commands, in the order in which help shows them.
const (
	groupWrite   = "write"
	groupAsk     = "ask"
	groupKeep    = "keep"
	groupCompare = "compare"
	groupOther   = "other"
)

// newRootCommand puts the command tree together.
func newRootCommand(f *factory) *cobra.Command {
	root := &cobra.Command{
		Use:               "strata",
		Short:             "Customer segments from definitions in git, computed where the data is",
		Long:              page(overview),
		Args:              onlyCommands,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return f.prepare(c) },
		RunE:              func(c *cobra.Command, _ []string) error { return runRoot(f, c) },
	}
	root.AddGroup(
		&cobra.Group{ID: groupWrite, Title: "Write definitions:"},
		&cobra.Group{ID: groupAsk, Title: "Ask questions:"},
		&cobra.Group{ID: groupKeep, Title: "Keep snapshots:"},
		&cobra.Group{ID: groupCompare, Title: "Compare and report:"},
		&cobra.Group{ID: groupOther, Title: "More:"},
	)
	declareGlobals(root, &f.flags)
	root.InitDefaultHelpFlag()
	completeGlobals(root)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return badFlag(err) })
	root.SetUsageFunc(writeUsage)
	root.SetHelpCommand(newHelpCommand(f))
	root.SetHelpCommandGroupID(groupOther)
	root.AddCommand(commands(f)...)
	return root
}

// commands are all commands below the root. Help sorts them into their groups.
func commands(f *factory) []*cobra.Command {
	return []*cobra.Command{
		newInitCommand(f),
		newDoctorCommand(f),
		newCheckCommand(f),
		newFmtCommand(f),
		newSchemaCommand(f),
		newTestCommand(f),
		newListCommand(f),
		newSQLCommand(f),
		newCountCommand(f),
		newMembersCommand(f),
		newFunnelCommand(f),
		newWhyCommand(f),
		newForecastCommand(f),
		newQueryCommand(f),
		newTUICommand(f),
		newRunCommand(f),
		newRunsCommand(f),
		newHistoryCommand(f),
		newPlanCommand(f),
		newOverlapCommand(f),
		newDriftCommand(f),
		newKPICommand(f),
		newCampaignCommand(f),
		newReportCommand(f),
		newAuditCommand(f),
		newCompletionCommand(f),
		newVersionCommand(f),
	}
}

// runRoot is what strata does without a command: it shows the screens where there
// is a project and a terminal, and else its help. To a program that is not an
// answer, so there it is an error.
func runRoot(f *factory, c *cobra.Command) error {
	if f.screens() && f.inProject() {
		return startTUI(c.Context(), tuiOptions{f: f})
	}
	if f.env.Terminal.Stdout {
		return c.Help()
	}
	c.SetOut(f.env.Stderr)
	if err := c.Help(); err != nil {
		return err
	}
	return usage("which command?")
}

// onlyCommands refuses a word that is no command and suggests one that is.
func onlyCommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if slices.Contains(topicNames(), args[0]) {
		return usage("unknown command %q", args[0]).advise("'strata help %s' is a page about it", args[0])
	}
	return suggest(usage("unknown command %q", args[0]), args[0], commandNames(c)).orHelp()
}

// orHelp points to the overview where there is no better hint.
func (e *failure) orHelp() *failure {
	if e.hint == "" {
		return e.advise("'strata --help' lists the commands")
	}
	return e
}

// none refuses arguments.
func none(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments, it got %q", c.CommandPath(), args[0])
	}
	return nil
}

// one demands exactly one argument, which is called what in the message.
func one(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return usage("%s needs %s", c.CommandPath(), what)
		case len(args) > 1:
			return usage("%s takes one argument, it got %d", c.CommandPath(), len(args))
		}
		return nil
	}
}
