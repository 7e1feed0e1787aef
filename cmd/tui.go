package cmd

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"strata/segments/check"
	"strata/segments/definition"
	"strata/tui/draw"
)

// tuiOptions are what the command line says of the screens.
type tuiOptions struct {
	f    *factory
	name string
	// theme, plain, ascii and noMouse are flags, which beat the environment and the
	// file of the user. set says which were given.
	theme                 string
	plain, ascii, noMouse bool
	set                   func(flag string) bool
	// logFile is a file that gets what happens, "" for none.
	logFile string
}

const tuiAbout = `Show segments, rules, customers, overlap, drift, metrics, campaigns and runs on
screens that answer to keys and to the mouse: ? shows the keys of a screen, : all
that can be done, t another as-of, esc stops what runs and goes back, q ends.
NAME is a segment, a partition or partition.stage to begin with.

strata alone does the same in the folder of a project. Each screen names the
command that prints what it shows, which is also the way for a script or a screen
reader; --plain draws without frames, one fact a line, and nothing that turns.

What you like better is read from strata/config.yml in $XDG_CONFIG_HOME or
~/.config: theme, ascii, plain, mouse, motion, and keys, which gives actions other
keys (keys: {segments.open: [enter, o]}). STRATA_THEME, STRATA_ASCII, STRATA_PLAIN,
STRATA_MOUSE and STRATA_MOTION (1 or 0) beat the file, and flags beat both;
NO_COLOR is followed, and a locale without UTF-8 means ascii. Nothing is written to
the warehouse, and to the store only what you confirm.`

func newTUICommand(f *factory) *cobra.Command {
	opts := tuiOptions{f: f}
	c := &cobra.Command{
		Use:   "tui [NAME]",
		Short: "Look at everything on screens, with keys and the mouse",
		Long:  tuiAbout,
		Example: `  strata tui
  strata tui vip --at 2026-08-01
  strata tui --theme light
  strata tui --plain`,
		GroupID: groupAsk,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("%s takes one name, it got %d", c.CommandPath(), len(args))
			}
			return nil
		},
		ValidArgsFunction: f.completeNames("segment", "partition"),
		RunE: func(c *cobra.Command, args []string) error {
			opts.set = c.Flags().Changed
			if len(args) == 1 {
				opts.name = args[0]
			}
			return runTUI(c.Context(), opts)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&opts.theme, "theme", string(draw.Auto), "`THEME` of colours: "+strings.Join(themeNames(), ", "))
	flags.BoolVar(&opts.plain, "plain", false, "for screen readers: no frames, one fact a line, nothing that turns")
	flags.BoolVar(&opts.ascii, "ascii", false, "draw with ASCII alone")
	flags.BoolVar(&opts.noMouse, "no-mouse", false, "leave the mouse to the terminal, for selecting text")
	flags.StringVar(&opts.logFile, "log-file", "", "append what happens to `FILE`")
	// The only error is a flag that does not exist, which tests would show.
	_ = c.RegisterFlagCompletionFunc("theme", cobra.FixedCompletions(themeNames(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// runTUI refuses what cannot work before the screen is taken.
func runTUI(ctx context.Context, opts tuiOptions) error {
	f := opts.f
	if !f.screens() {
		why := "its input and output are no terminal"
		if f.env.Terminal.Stdin && f.env.Terminal.Stdout {
			why = "the terminal says that it is dumb (TERM)"
		}
		return usage("strata tui needs a terminal, and %s", why).advise("'strata list' and 'strata count NAME' answer without one")
	}
	if !isTheme(opts.theme) {
		return unknownWord(usage("there is no theme %q", opts.theme), opts.theme, themeNames())
	}
	if err := opts.named(); err != nil {
		return err
	}
	return startTUI(ctx, opts)
}

// screens reports whether there is a terminal that screens can be drawn on.
func (f *factory) screens() bool {
	t := f.env.Terminal
	return t.Stdin && t.Stdout && f.env.Getenv("TERM") != "dumb"
}

// named refuses a name that nothing has. Where definitions are wrong the screens
// say so, and where there is no project there is no name.
func (o tuiOptions) named() error {
	if o.name == "" {
		return nil
	}
	program, err := o.f.Program()
	if _, wrong := errors.AsType[*invalid](err); wrong {
		return nil
	}
	if err != nil {
		return err
	}
	s := &session{factory: o.f, program: program}
	if _, ok := s.stageRule(o.name); ok {
		return nil
	}
	d, ok := program.Lookup(o.name)
	if !ok {
		return s.noDefinition(o.name)
	}
	return onlyMembers([]check.Definition{d})
}

// look is how the user wants to see things: flags beat the environment, and that
// beats the file.
func (o tuiOptions) look(t taste) (draw.Look, bool, error) {
	env := o.f.env.Getenv
	look := draw.Look{NoColor: !o.f.colorOn(o.f.env.Terminal.Stdout)}
	theme := firstText(env("STRATA_THEME"), t.theme, string(draw.Auto))
	if o.given("theme") {
		theme = o.theme
	}
	if !isTheme(theme) {
		return look, false, unknownWord(usage("STRATA_THEME: there is no theme %q", theme), theme, themeNames())
	}
	look.Theme = draw.Theme(theme)
	var problems []error
	choose := func(flag string, on bool, variable string, own *bool, usual bool) bool {
		if flag != "" && o.given(flag) {
			return on
		}
		switch text := env(variable); text {
		case "":
		case "0", "false":
			return false
		case "1", "true":
			return true
		default:
			problems = append(problems, usage("%s is 1 or 0, not %q", variable, text))
		}
		if own != nil {
			return *own
		}
		return usual
	}
	look.Plain = choose("plain", o.plain, "STRATA_PLAIN", t.plain, false)
	look.ASCII = choose("ascii", o.ascii, "STRATA_ASCII", t.ascii, !unicodeLocale(env))
	look.Still = !choose("", false, "STRATA_MOTION", t.motion, true)
	mouse := choose("no-mouse", !o.noMouse, "STRATA_MOUSE", t.mouse, true)
	return look, mouse, errors.Join(problems...)
}

// unicodeLocale reports whether the locale lets a terminal show more than ASCII.
// Where it says nothing, as in most containers, terminals do.
func unicodeLocale(getenv func(string) string) bool {
	locale := firstText(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG"))
	return locale == "" || strings.Contains(strings.ReplaceAll(strings.ToLower(locale), "-", ""), "utf8")
}

// given reports whether a flag was on the command line.
func (o tuiOptions) given(flag string) bool { return o.set != nil && o.set(flag) }

// logger is what is told of what happens: it writes to the file that was asked
// for, and never to the screen. The function closes the file.
func (o tuiOptions) logger() (*slog.Logger, func() error, error) {
	if o.logFile == "" {
		return slog.New(slog.DiscardHandler), func() error { return nil }, nil
	}
	path := within(o.f.start(), o.logFile)
	file, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, environment("open the log: %w", err).advise("name another file with --log-file")
	}
	return slog.New(slog.NewTextHandler(file, nil)), file.Close, nil
}

// startTUI shows the screens until the user ends them.
func startTUI(ctx context.Context, opts tuiOptions) (err error) {
	wants, err := opts.f.taste()
	if err != nil {
		return err
	}
	look, mouse, err := opts.look(wants)
	if err != nil {
		return err
	}
	logger, closeLog, err := opts.logger()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	show := showing{tuiOptions: opts, Look: look, Mouse: mouse, Keys: wants.keys, Log: logger}
	show.Desk = newDesk(opts.f)
	show.Desk.log = logger
	logger.Info("the screens begin", "version", firstText(opts.f.env.Version, "dev"), "folder", opts.f.start(), "theme", string(look.Theme))
	defer logger.Info("the screens end")
	defer func() { err = errors.Join(err, show.close(ctx)) }()
	return show.run(ctx)
}

// inProject reports whether there is a project to show.
func (f *factory) inProject() bool {
	_, err := definition.Find(f.start())
	return err == nil
}
