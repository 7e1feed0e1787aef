package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"strata/segments/definition"
	"strata/tui/draw"
)

// showing is everything that the screens are started with.
type showing struct {
	tuiOptions

	// Desk answers, and more are desks that were made meanwhile.
	Desk *desk
	more []*desk
	// making is held while a sample shop is made; over says that none is any more.
	making sync.Mutex
	over   bool

	Look draw.Look
	// Mouse says that clicks are for us, and Keys are those that the user chose.
	Mouse bool
	Keys  map[string]tasteKeys
	Log   *slog.Logger
}

// close ends all questions and lets go of all files. It waits for a sample shop
// that is being made, whose context has ended: what is half made is taken away.
func (s *showing) close(ctx context.Context) error {
	s.making.Lock()
	defer s.making.Unlock()
	s.over = true
	var failed []error
	for _, d := range append([]*desk{s.Desk}, s.more...) {
		failed = append(failed, d.Close(context.WithoutCancel(ctx)))
	}
	return errors.Join(failed...)
}

// shown is the desk that answers now: the newest.
func (s *showing) shown() *desk {
	if len(s.more) > 0 {
		return s.more[len(s.more)-1]
	}
	return s.Desk
}

// keys are the keys that the user chose, by the names of actions.
func (s *showing) keys() map[string][]string {
	keys := map[string][]string{}
	for action, wanted := range s.Keys {
		keys[action] = wanted.keys
	}
	return keys
}

// demoDir is where the screens make the sample shop.
const demoDir = "strata-demo"

// demo makes the sample shop in a folder of its own, or takes the one that was
// made there before, and returns who answers for it.
func (s *showing) demo(ctx context.Context, say func(text string)) (*desk, error) {
	s.making.Lock()
	defer s.making.Unlock()
	if s.over {
		return nil, deskError(errClosed)
	}
	env := s.f.env
	env.Stdin, env.Stdout, env.Stderr, env.Terminal = strings.NewReader(""), io.Discard, &teller{tell: say}, Terminal{}
	f := newFactory(env)
	f.flags = s.f.flags
	f.flags.dir, f.flags.at = filepath.Join(s.f.start(), demoDir), ""
	if _, err := definition.Find(f.start()); err != nil {
		if err := initDemo(ctx, f, f.start()); err != nil {
			return nil, deskError(err)
		}
	}
	made := newDesk(f)
	made.log = s.Log
	s.more = append(s.more, made)
	return made, nil
}

// editorLines are the editors that take a line as a flag in front of the file;
// editorColons those that take it behind the name.
var (
	editorLines  = []string{"vi", "vim", "nvim", "nano", "pico", "emacs", "emacsclient", "micro", "kak", "joe", "ne", "mg", "gedit", "kate"}
	editorColons = []string{"hx", "helix", "subl", "zed"}
	editorGoes   = []string{"code", "codium", "cursor"}
)

// editor makes the command that edits a line of a file of the project: that of
// VISUAL or EDITOR, or one that is there. It is nil where there is none.
func (s *showing) editor(ctx context.Context) func(file string, line int) *exec.Cmd {
	words := strings.Fields(firstText(s.f.env.Getenv("VISUAL"), s.f.env.Getenv("EDITOR")))
	if len(words) == 0 {
		for _, usual := range []string{"nano", "vi"} {
			if path, err := exec.LookPath(usual); err == nil && len(words) == 0 {
				words = []string{path}
			}
		}
	}
	if len(words) == 0 {
		return nil
	}
	return func(file string, line int) *exec.Cmd {
		if dir, err := s.shown().folder(); err == nil {
			file = within(dir, file)
		}
		args := append(slices.Clone(words[1:]), editorPlace(words[0], file, line)...)
		return exec.CommandContext(ctx, words[0], args...) //nolint:gosec // The user's own editor.
	}
}

// editorPlace are the arguments that bring an editor to a line of a file.
func editorPlace(editor, file string, line int) []string {
	name := strings.TrimSuffix(filepath.Base(editor), ".exe")
	switch n := strconv.Itoa(max(1, line)); {
	case slices.Contains(editorLines, name):
		return []string{"+" + n, file}
	case slices.Contains(editorColons, name):
		return []string{file + ":" + n}
	case slices.Contains(editorGoes, name):
		return []string{"--wait", "--goto", file + ":" + n}
	}
	return []string{file}
}

// clipboards are the programs that take a text, with the variable that says that
// they can.
var clipboards = []struct {
	variable string
	command  []string
}{
	{"TMUX", []string{"tmux", "load-buffer", "-w", "-"}},
	{"WAYLAND_DISPLAY", []string{"wl-copy"}},
	{"DISPLAY", []string{"xclip", "-selection", "clipboard", "-in"}},
	{"DISPLAY", []string{"xsel", "--clipboard", "--input"}},
}

// clipboard copies a text by a program of the machine, beside what the terminal
// can do; it is nil where none is there.
func (s *showing) clipboard() func(ctx context.Context, text string) error {
	for _, one := range clipboards {
		if s.f.env.Getenv(one.variable) == "" {
			continue
		}
		if _, err := exec.LookPath(one.command[0]); err == nil {
			return copyWith(one.command)
		}
	}
	if _, err := exec.LookPath("pbcopy"); err == nil && runtime.GOOS == "darwin" {
		return copyWith([]string{"pbcopy"})
	}
	return nil
}

// copyWith hands a text to a program. What the program says belongs to its error:
// the screen is not its own to write on.
func copyWith(command []string) func(ctx context.Context, text string) error {
	return func(ctx context.Context, text string) error {
		var said bytes.Buffer
		program := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // One of our list.
		program.Stdin, program.Stderr = strings.NewReader(text), &said
		if err := program.Run(); err != nil {
			return fmt.Errorf("copy with %s: %w %s", command[0], err, strings.TrimSpace(said.String()))
		}
		return nil
	}
}
