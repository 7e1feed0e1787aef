package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// Export runs a command of the command line and writes its answer to a file, whole
// or not at all. A file that is there is never replaced: the new one gets a number.
// The text says what was written; what the command said follows in lines of its
// own. An answer has all of its rows unless the command says --limit.
func (d *desk) Export(ctx context.Context, command []string, path string) (string, error) {
	return byItself(ctx, d, func() (string, error) {
		stand, err := d.footing(ctx)
		if err != nil {
			return "", err
		}
		e := export{factory: d.factory(), path: path}
		if e.command, e.path = toOutput(command, path); e.path == "" {
			return "", usage("the export needs a file")
		}
		// The same program and database as on the screens. A process opens a file
		// once: closing it a second time would let go of the lock of the first.
		e.program, e.db = checked(stand.program), stand.db
		e.env.Args = slices.Concat(d.globals(e.command), e.command)
		return e.write(ctx)
	})
}

// globals are the flags that strata was started with, and all rows where the
// command does not say how many.
func (d *desk) globals(command []string) []string {
	var args []string
	add := func(flag, value string) {
		if value != "" {
			args = append(args, flag, value)
		}
	}
	flags := d.cli.flags
	add("-C", flags.dir)
	add("--as-known-at", flags.knownAt)
	add("--memory-limit", flags.memoryLimit)
	if flags.threads > 0 {
		add("--threads", strconv.Itoa(flags.threads))
	}
	if !slices.ContainsFunc(command, func(arg string) bool { return arg == "--limit" || strings.HasPrefix(arg, "--limit=") }) {
		add("--limit", "0")
	}
	return args
}

// outFlag is the flag of commands that write a page.
const outFlag = "--out"

// toOutput lets a command that writes a page write to its standard output, and
// returns where the page goes: to path, or to the file that the command names
// where path is "".
func toOutput(command []string, path string) ([]string, string) {
	words := pageCommand(command)
	if words == 0 {
		return command, path
	}
	rest, own := withoutOut(command[words:])
	if path == "" {
		path = own
	}
	ends := strings.ToLower(filepath.Ext(path))
	if words > 1 && own == "" && ends != ".html" && ends != ".htm" {
		return command, path // Its tables have no --out.
	}
	return slices.Concat(command[:words], []string{outFlag, "-"}, rest), path
}

// pageCommand is how many words the name of a command has that writes a page, 0
// where it writes none.
func pageCommand(command []string) int {
	switch {
	case len(command) > 0 && command[0] == "report":
		return 1
	case len(command) > 1 && command[0] == "campaign" && command[1] == "report":
		return 2 //nolint:mnd // campaign report.
	}
	return 0
}

// withoutOut takes the flag and its value out of arguments.
func withoutOut(args []string) (rest []string, value string) {
	for i := 0; i < len(args); i++ {
		joined, ok := strings.CutPrefix(args[i], outFlag+"=")
		switch {
		case ok:
			value = joined
		case args[i] == outFlag && i+1 < len(args):
			value = args[i+1]
			i++
		default:
			rest = append(rest, args[i])
		}
	}
	return rest, value
}

// export is a command whose answer goes to a file.
type export struct {
	*factory
	command []string
	// path is where the answer goes, as the user wrote it.
	path string
}

// write runs the command into a file beside the one that is asked for, and gives
// it its name in the end.
func (e *export) write(ctx context.Context) (text string, err error) {
	target := within(e.start(), e.path)
	temporary, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if errors.Is(err, fs.ErrNotExist) {
		return "", environment("there is no folder for %s", e.path).advise("make it first: %s", filepath.Dir(target))
	}
	if err != nil {
		return "", environment("write %s: %w", e.path, err)
	}
	defer func() {
		if err != nil {
			_ = temporary.Close()
			_ = os.Remove(temporary.Name())
		}
	}()
	var talk bytes.Buffer
	e.env.Stdout, e.env.Stderr = temporary, &talk
	failed, err := e.run(ctx)
	if err != nil {
		return "", err
	}
	said, err := e.finish(temporary, target)
	if err != nil {
		return "", environment("write %s: %w", e.path, err)
	}
	lines := append([]string{said}, strings.Split(strings.TrimSpace(talk.String()), "\n")...)
	if failed != "" {
		lines = append(lines, failed)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n"), nil
}

// run runs the command. One that did its work and found something, such as the
// doctor, has answered: what it found is no error.
func (e *export) run(ctx context.Context) (failed string, err error) {
	var ran *cobra.Command
	ran, cause, err := e.perform(ctx, newRootCommand(e.factory))
	switch code := codeOf(err, cause); {
	case code == exitDone:
		return "", nil
	case code == exitFailed:
		return err.Error(), nil
	case err.Error() == "": // The reason is in what the command said.
		return "", newFailure(code, "%s failed", []any{ran.CommandPath()})
	}
	if hint := hintOf(ran, err); hint != "" {
		return "", &askError{message: strings.TrimSuffix(err.Error(), " ("+hint+")"), hint: hint, cause: err}
	}
	return "", err
}

// finish closes the file and gives it a name that nobody has.
func (e *export) finish(file *os.File, target string) (string, error) {
	info, err := file.Stat()
	if err == nil {
		err = file.Chmod(0o644)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	name, err := freeName(target)
	if err != nil {
		return "", err
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return "", errors.Join(err, os.Remove(name))
	}
	shown := filepath.Join(filepath.Dir(e.path), filepath.Base(name))
	if e.written.tables == 1 && e.written.below == 0 {
		return fmt.Sprintf("wrote %s: %s", shown, pluralWord(e.written.rows, "row", "rows")), nil
	}
	return fmt.Sprintf("wrote %s (%s KB)", shown, number((info.Size()+1023)/1024)), nil //nolint:mnd // Bytes of a KB.
}

// mostNames is how many numbers a name gets before it is given up.
const mostNames = 1000

// freeName makes an empty file under a name that nobody has: the one that is asked
// for, or with -2, -3 and so on behind it.
func freeName(target string) (string, error) {
	ending := filepath.Ext(target)
	stem := strings.TrimSuffix(target, ending)
	for n := 1; n <= mostNames; n++ {
		name := target
		if n > 1 {
			name = stem + "-" + strconv.Itoa(n) + ending
		}
		file, err := os.OpenFile(filepath.Clean(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		return name, file.Close()
	}
	return "", fmt.Errorf("%s and its numbers up to %d are there already", filepath.Base(target), mostNames)
}
