package cmd

import (
	"slices"

	"github.com/spf13/cobra"

	"strata/segments/definition"
)

// shells are those that completion knows.
var shells = [...]string{"bash", "zsh", "fish", "powershell"}

type completionOptions struct {
	f     *factory
	root  *cobra.Command
	shell string
}

func newCompletionCommand(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script that completes commands, flags and names",
		Long: `Print a script that makes a shell complete commands, flags and the names of
definitions. Names are read from the files of the project, never from the
database, so completing is quick and locks nothing.`,
		Example: `  source <(strata completion bash)
  strata completion zsh > "${fpath[1]}/_strata"
  strata completion fish > ~/.config/fish/completions/strata.fish`,
		GroupID:   groupOther,
		Args:      one("a shell: bash, zsh, fish or powershell"),
		ValidArgs: shells[:],
		RunE: func(c *cobra.Command, args []string) error {
			return runCompletion(completionOptions{f: f, root: c.Root(), shell: args[0]})
		},
	}
}

func runCompletion(opts completionOptions) error {
	out := opts.f.env.Stdout
	switch opts.shell {
	case "bash":
		return opts.root.GenBashCompletionV2(out, true)
	case "zsh":
		return opts.root.GenZshCompletion(out)
	case "fish":
		return opts.root.GenFishCompletion(out, true)
	case "powershell":
		return opts.root.GenPowerShellCompletionWithDesc(out)
	}
	return unknownWord(usage("unknown shell %q", opts.shell), opts.shell, shells[:])
}

// completion is what cobra calls for the words behind a command or flag.
type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// completeNames offers the names of definitions of the given kinds, of all
// kinds where none is given, each with its title. Only files are read, and
// files that are wrong are no reason to offer less.
func (f *factory) completeNames(kinds ...string) completion {
	return func(_ *cobra.Command, given []string, _ string) ([]string, cobra.ShellCompDirective) {
		set, err := f.Project()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var offers []string
		for _, e := range entries(set) {
			if len(kinds) > 0 && !slices.Contains(kinds, e.kind) || slices.Contains(given, e.about.Name.Name) {
				continue
			}
			offers = append(offers, cobra.CompletionWithDesc(e.about.Name.Name, e.describe()))
		}
		return offers, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeGlobals offers the values of global flags.
func completeGlobals(root *cobra.Command) {
	offer := func(flag string, words completion) {
		// The only error is a flag that does not exist, which tests would show.
		_ = root.RegisterFlagCompletionFunc(flag, words)
	}
	offer("color", cobra.FixedCompletions([]string{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp))
	offer("at", cobra.FixedCompletions([]string{"latest", "now", "-7d", "-1mo"}, cobra.ShellCompDirectiveNoFileComp))
	offer("json", func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return declared(c, fieldsKey), cobra.ShellCompDirectiveNoFileComp
	})
	offer("output", func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return declared(c, formatsKey), cobra.ShellCompDirectiveNoFileComp
	})
	offer("directory", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
}

// entry is a definition as listings show it.
type entry struct {
	kind  string
	about definition.About
}

// describe is the entry in a few words.
func (e entry) describe() string {
	if e.about.Title == "" {
		return e.kind
	}
	return e.kind + ": " + e.about.Title
}

// entries lists all definitions of a set by kind, and in file order within.
func entries(set *definition.Set) []entry {
	var all []entry
	for _, d := range set.Segments {
		all = append(all, entry{"segment", d.About})
	}
	for _, d := range set.Partitions {
		all = append(all, entry{"partition", d.About})
	}
	for _, d := range set.Traits {
		all = append(all, entry{"trait", d.About})
	}
	for _, d := range set.Lists {
		all = append(all, entry{"list", d.About})
	}
	for _, d := range set.Gates {
		all = append(all, entry{"gate", d.About})
	}
	for _, d := range set.Params {
		all = append(all, entry{"param", d.About})
	}
	for _, d := range set.Metrics {
		all = append(all, entry{"metric", d.About})
	}
	for _, d := range set.Campaigns {
		all = append(all, entry{"campaign", d.About})
	}
	return all
}
