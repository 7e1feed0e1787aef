package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"strata/reports/render"
	"strata/segments/source"
)

// globalFlags are the flags that every command takes.
type globalFlags struct {
	dir         string
	at          string
	knownAt     string
	format      string
	fields      string
	header      bool
	limit       int64
	quiet       bool
	color       string
	wait        time.Duration
	threads     int
	memoryLimit string
	timeout     time.Duration
}

// allFields is what --json means without a value.
const allFields = "*"

// declareGlobals adds the global flags to the root command.
func declareGlobals(root *cobra.Command, g *globalFlags) {
	flags := root.PersistentFlags()
	flags.SortFlags, root.Flags().SortFlags = false, false
	flags.StringVarP(&g.dir, "directory", "C", "", "work as if started in `DIR`")
	flags.StringVar(&g.at, "at", "", "as-of `MOMENT`: 2026-08-01, -7d, latest, now, run:12 (see 'strata help time')")
	flags.StringVar(&g.knownAt, "as-known-at", "", "ignore rows that were loaded after `MOMENT`")
	flags.StringVarP(&g.format, "output", "o", "", "`FORMAT` of the answer (see 'strata help formats')")
	flags.StringVar(&g.fields, "json", "", "JSON, all fields or those of a list `A,B`; --json ? names them")
	flags.Lookup("json").NoOptDefVal = allFields
	flags.BoolVar(&g.header, "header", false, "begin plain, tsv and csv with the names of the columns")
	flags.Int64Var(&g.limit, "limit", 1000, "show at most `N` rows, 0 for all")
	flags.BoolVarP(&g.quiet, "quiet", "q", false, "say nothing but the answer and errors")
	flags.StringVar(&g.color, "color", "auto", "`WHEN` to use colour: auto, always or never")
	flags.DurationVar(&g.wait, "wait", 10*time.Second, "how long to wait for a locked file, a `DURATION` such as 30s")
	flags.IntVar(&g.threads, "threads", 0, "use at most `N` threads, 0 for all")
	flags.StringVar(&g.memoryLimit, "memory-limit", "", "let the database use at most `SIZE`, such as 4GB")
	flags.DurationVar(&g.timeout, "timeout", 0, "give up after `DURATION`, 0 for never")
}

// prepare looks at the global flags before a command runs. Everything that can
// be said about them without a project is said here.
func (f *factory) prepare(c *cobra.Command) error {
	if err := f.checkGlobals(c); err != nil {
		return err
	}
	g := &f.flags
	if c.Flags().Changed("header") {
		f.header = &g.header
	}
	if err := f.chooseFormat(c); err != nil {
		return err
	}
	if g.timeout > 0 {
		ctx, cancel := context.WithTimeoutCause(c.Context(), g.timeout, errTimeout)
		f.onClose(func() error { cancel(); return nil })
		c.SetContext(ctx)
	}
	return nil
}

// checkGlobals looks at the values of the global flags.
func (f *factory) checkGlobals(c *cobra.Command) error {
	g := &f.flags
	if g.limit < 0 || g.threads < 0 || g.wait < 0 || g.timeout < 0 {
		return usage("--limit, --threads, --wait and --timeout cannot be negative")
	}
	if g.memoryLimit != "" && !memorySize.MatchString(g.memoryLimit) {
		return usage("--memory-limit takes a size, not %q", g.memoryLimit).advise("write 512MB or 4GB")
	}
	switch g.color {
	case "auto", "always", "never":
	default:
		return usage("unknown --color %q", g.color).advise("it is auto, always or never")
	}
	if info, err := os.Stat(f.start()); err != nil || !info.IsDir() {
		return usage("-C %s: no such folder", g.dir)
	}
	for name, text := range map[string]string{"at": g.at, "as-known-at": g.knownAt} {
		if text == "" && c.Flags().Changed(name) {
			return usage("--%s is empty", name).advise("leave it out for the usual moment")
		}
		if _, err := parseMoment(text); err != nil {
			return err
		}
	}
	return nil
}

// flagForms say what flags of a type take.
var flagForms = map[string]string{
	"int": "a whole number", "int64": "a whole number", "uint64": "a whole number, 0 or more",
	"duration": "a duration such as 30s, 5m or 1h30m", "bool": "true or false",
}

// badFlag says what a flag takes where it got something else.
func badFlag(err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		if form, ok := flagForms[invalid.GetFlag().Value.Type()]; ok {
			return usage("--%s takes %s, not %q", invalid.GetFlag().Name, form, invalid.GetValue())
		}
	}
	return usage("%w", err)
}

// memorySize is what --memory-limit takes.
var memorySize = regexp.MustCompile(`(?i)^\d+(\.\d+)?\s*([KMGT]i?B|B)$`)

// start is the folder in which the command works.
func (f *factory) start() string {
	if filepath.IsAbs(f.flags.dir) {
		return f.flags.dir
	}
	return filepath.Join(f.env.Dir, f.flags.dir)
}

// Commands say in annotations which formats and fields they know, so that one
// place can refuse the others, list them and complete them.
const (
	formatsKey = "formats"
	fieldsKey  = "fields"
)

// answers declares that a command answers with a table of these columns. Their
// names may be left open by a command whose columns depend on the question.
func answers(c *cobra.Command, columns ...render.Column) {
	names := make([]string, 0, len(columns))
	for _, column := range columns {
		names = append(names, column.Name)
	}
	formats := make([]string, 0, len(render.Formats()))
	for _, format := range render.Formats() {
		formats = append(formats, string(format))
	}
	declare(c, formats, names)
}

// declare notes the formats and fields of a command.
func declare(c *cobra.Command, formats, fields []string) {
	if c.Annotations == nil {
		c.Annotations = map[string]string{}
	}
	c.Annotations[formatsKey] = strings.Join(formats, ",")
	c.Annotations[fieldsKey] = strings.Join(fields, ",")
}

// declared returns what a command noted under a key.
func declared(c *cobra.Command, key string) []string {
	if c.Annotations[key] == "" {
		return nil
	}
	return strings.Split(c.Annotations[key], ",")
}

// chooseFormat decides between -o and --json and answers --json ?.
func (f *factory) chooseFormat(c *cobra.Command) error {
	g := &f.flags
	known := declared(c, formatsKey)
	asked := g.format
	if g.fields != "" {
		if asked != "" && asked != string(render.JSON) && asked != string(render.JSONL) {
			return usage("-o %s and --json exclude each other", asked)
		}
		if asked == "" {
			asked = string(render.JSON)
		}
	}
	if asked == "" {
		return nil
	}
	if len(known) == 0 {
		return usage("%s has only one form of output", c.CommandPath()).advise("leave -o and --json off")
	}
	if !slices.Contains(known, asked) {
		return unknownWord(usage("%s cannot write %q", c.CommandPath(), asked), asked, known)
	}
	f.format = asked
	return f.chooseFields(c)
}

// chooseFields reads the value of --json.
func (f *factory) chooseFields(c *cobra.Command) error {
	fields := declared(c, fieldsKey)
	switch f.flags.fields {
	case "", allFields:
		return nil
	case "?":
		if len(fields) == 0 {
			return usage("the fields of %s depend on the question", c.CommandPath()).advise("--json without a list gives them all")
		}
		if _, err := f.env.Stdout.Write([]byte(strings.Join(fields, "\n") + "\n")); err != nil {
			return environment("write the fields: %w", err)
		}
		return errAnswered
	}
	f.fields = strings.Split(f.flags.fields, ",")
	for _, field := range f.fields {
		if len(fields) > 0 && !slices.Contains(fields, field) {
			return unknownWord(usage("unknown field %q", field), field, fields)
		}
	}
	return nil
}

// suggest adds the nearest known word as a hint, if any is near.
func suggest(e *failure, word string, known []string) *failure {
	if near, ok := source.Nearest(word, known); ok {
		return e.advise("did you mean %s?", near)
	}
	return e
}

// unknownWord adds the nearest known word, or else all of them.
func unknownWord(e *failure, word string, known []string) *failure {
	if e = suggest(e, word, known); e.hint == "" {
		return e.advise("it is one of %s", strings.Join(known, ", "))
	}
	return e
}

// joinFields lets --json take its list as the next argument. A flag whose
// value is optional takes it only behind "=" otherwise, because the next
// argument may just as well be a name. It is the list when it is "?", has a
// comma, or consists of fields of the command.
func joinFields(root *cobra.Command, args []string) []string {
	c, _, err := root.Find(args)
	if err != nil {
		return args
	}
	fields := declared(c, fieldsKey)
	joined := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(joined, args[i:]...)
		}
		if args[i] == "--json" && i+1 < len(args) && isFieldList(args[i+1], fields) {
			joined = append(joined, args[i]+"="+args[i+1])
			i++
			continue
		}
		joined = append(joined, args[i])
	}
	return joined
}

func isFieldList(word string, fields []string) bool {
	if strings.HasPrefix(word, "-") {
		return false
	}
	return word == "?" || strings.Contains(word, ",") || slices.Contains(fields, word)
}
