package cmd

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed help/*.txt
var pages embed.FS

// overview is the page that stands above the list of commands; it is no topic.
const overview = "overview"

// page returns the text of a help page without its last line break, or "" for
// a page that does not exist.
func page(name string) string {
	text, err := pages.ReadFile("help/" + name + ".txt")
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

// topicNames lists the pages that help can show, in order of their names.
func topicNames() []string {
	entries, err := fs.ReadDir(pages, "help")
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if name := strings.TrimSuffix(entry.Name(), ".txt"); name != overview {
			names = append(names, name)
		}
	}
	return names
}

type helpOptions struct {
	f    *factory
	root *cobra.Command
	// words are a topic, or the words of a command.
	words []string
}

func newHelpCommand(f *factory) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND or TOPIC]",
		Short: "Explain a command or a topic",
		Example: `  strata help rules        # the language of conditions
  strata help fmt          # the same as strata fmt --help`,
		GroupID: groupOther,
		RunE: func(c *cobra.Command, args []string) error {
			return runHelp(helpOptions{f: f, root: c.Root(), words: args})
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return append(commandNames(c.Root()), topicNames()...), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func runHelp(opts helpOptions) error {
	if len(opts.words) == 0 {
		return opts.root.Help()
	}
	word := opts.words[0]
	if slices.Contains(topicNames(), word) {
		_, err := fmt.Fprintln(opts.f.env.Stdout, page(word))
		return err
	}
	if c, rest, err := opts.root.Find(opts.words); err == nil && c != opts.root && len(rest) == 0 {
		c.InitDefaultHelpFlag()
		return c.Help()
	}
	known := append(commandNames(opts.root), topicNames()...)
	return suggest(usage("no help for %q", strings.Join(opts.words, " ")), word, known).orHelp()
}

// commandNames lists the commands that a user can type.
func commandNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}
