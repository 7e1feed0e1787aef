package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"strata/tui/draw"
)

// taste is how a user likes the screens, from a file of their own: it is about
// people and not about a project. What the file does not say is nil or "".
type taste struct {
	theme string
	// mouse, ascii, plain and motion are switches.
	mouse, ascii, plain, motion *bool
	// keys are the keys of actions by the actions' names.
	keys map[string]tasteKeys
}

// tasteKeys are the keys that a user wants for an action.
type tasteKeys struct {
	keys []string
	// place is where the file says so, as path:line:column, and rank the how
	// manieth of the file it is.
	place string
	rank  int
}

// tasteFile is where the file is: strata/config.yml in the folder for settings,
// "" where the environment names none.
func (f *factory) tasteFile() string {
	dir := f.env.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) { // As the standard has it, a relative path does not count.
		home := f.env.Getenv("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "strata", "config.yml")
}

// taste reads the file. A user who has none has no taste, and that is no error;
// neither is a home that is no folder, which the users of services have.
func (f *factory) taste() (taste, error) {
	path := f.tasteFile()
	if path == "" {
		return taste{}, nil
	}
	text, err := os.ReadFile(filepath.Clean(path))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return taste{}, nil
	}
	if err != nil {
		return taste{}, environment("read the settings of the screens: %w", err)
	}
	return readTaste(path, string(text))
}

// readTaste reads the text of a file, whose path is for messages.
func readTaste(path, text string) (t taste, err error) {
	root, err := readNode(path, text)
	if err != nil || root == nil {
		return t, err
	}
	r := tasteReader{path: path, taste: &t}
	for at := range entriesOf(root) {
		if err := r.setting(root.Content[at], root.Content[at+1]); err != nil {
			return taste{}, err
		}
	}
	return t, nil
}

// readNode is the map that a file holds, nil where it holds nothing.
func readNode(path, text string) (root *yaml.Node, err error) {
	defer func() { // The parser panics on states that it believes impossible.
		if p := recover(); p != nil {
			root, err = nil, usage("%s cannot be read: %v", path, p)
		}
	}()
	loader, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("start the YAML reader: %w", err)
	}
	document := &yaml.Node{}
	switch err := loader.Load(document); {
	case errors.Is(err, io.EOF):
		return nil, nil //nolint:nilnil // An empty file says nothing.
	case err != nil:
		if broken, ok := errors.AsType[*yaml.LoadError](err); ok && broken.Mark.Line > 0 {
			return nil, usage("%s:%d:%d: %s", path, broken.Mark.Line, broken.Mark.Column, broken.Message)
		}
		return nil, usage("%s: %w", path, err)
	}
	root = document
	if document.Kind == yaml.DocumentNode && len(document.Content) > 0 {
		root = document.Content[0]
	}
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, nil //nolint:nilnil // Nothing but comments.
	}
	if root.Kind != yaml.MappingNode {
		return nil, usage("%s:%d:%d: settings are names with values", path, root.Line, root.Column).advise("write 'theme: light'")
	}
	return root, nil
}

// entriesOf are the places of the keys of a map in its content.
func entriesOf(n *yaml.Node) func(func(int) bool) {
	return func(each func(int) bool) {
		for at := 0; at+1 < len(n.Content); at += 2 {
			if !each(at) {
				return
			}
		}
	}
}

// tasteReader reads the settings of a file.
type tasteReader struct {
	path  string
	taste *taste
	seen  []string
}

// place is where a node stands.
func (r *tasteReader) place(n *yaml.Node) string {
	return fmt.Sprintf("%s:%d:%d", r.path, n.Line, n.Column)
}

// Settings of the file.
const (
	tasteTheme  = "theme"
	tasteMouse  = "mouse"
	tasteASCII  = "ascii"
	tastePlain  = "plain"
	tasteMotion = "motion"
	tasteOfKeys = "keys"
)

// setting reads one.
func (r *tasteReader) setting(key, value *yaml.Node) (err error) {
	if slices.Contains(r.seen, key.Value) {
		return usage("%s: %s is there twice", r.place(key), key.Value)
	}
	r.seen = append(r.seen, key.Value)
	switch key.Value {
	case tasteTheme:
		if value.Kind != yaml.ScalarNode {
			return usage("%s: a theme is one word", r.place(value)).advise("it is one of %s", strings.Join(themeNames(), ", "))
		}
		if !isTheme(value.Value) {
			return unknownWord(usage("%s: there is no theme %q", r.place(value), value.Value), value.Value, themeNames())
		}
		r.taste.theme = value.Value
	case tasteMouse:
		r.taste.mouse, err = r.flag(value)
	case tasteASCII:
		r.taste.ascii, err = r.flag(value)
	case tastePlain:
		r.taste.plain, err = r.flag(value)
	case tasteMotion:
		r.taste.motion, err = r.flag(value)
	case tasteOfKeys:
		r.taste.keys, err = r.keys(value)
	default:
		known := []string{tasteTheme, tasteMouse, tasteASCII, tastePlain, tasteMotion, tasteOfKeys}
		err = unknownWord(usage("%s: there is no setting %q", r.place(key), key.Value), key.Value, known)
	}
	return err
}

// flag reads true or false.
func (r *tasteReader) flag(n *yaml.Node) (*bool, error) {
	var on bool
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(&on) != nil {
		return nil, usage("%s: this is true or false, not %q", r.place(n), n.Value)
	}
	return &on, nil
}

// keys reads the keys of actions: one, or a list.
func (r *tasteReader) keys(n *yaml.Node) (map[string]tasteKeys, error) {
	if n.Kind != yaml.MappingNode {
		return nil, usage("%s: keys are names of actions with keys", r.place(n)).advise("write 'keys: {segments.open: [enter, o]}'")
	}
	keys := map[string]tasteKeys{}
	for at := range entriesOf(n) {
		action, value := n.Content[at], n.Content[at+1]
		if _, twice := keys[action.Value]; twice {
			return nil, usage("%s: %s is there twice", r.place(action), action.Value)
		}
		list := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			list = value.Content
		}
		wanted := tasteKeys{place: r.place(action), rank: at}
		for _, key := range list {
			if key.Kind != yaml.ScalarNode || key.Value == "" || key.Tag == "!!null" {
				return nil, usage("%s: %s needs a key, or several in a list", r.place(value), action.Value).advise("write [enter, o]")
			}
			if err := r.isKey(key); err != nil {
				return nil, err
			}
			wanted.keys = append(wanted.keys, key.Value)
		}
		keys[action.Value] = wanted
	}
	return keys, nil
}

// keyNames are the keys that have a name; other keys are called by their
// character.
var keyNames = []string{
	"backspace", "delete", "down", "end", "enter", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
	"home", "insert", "left", "pgdown", "pgup", "right", "space", "tab", "up",
}

// modifiers stand in front of a key, in this order.
var modifiers = []string{"ctrl+", "alt+", "shift+", "meta+", "hyper+", "super+"}

// isKey refuses what no keyboard sends, and the two keys that always do the same.
func (r *tasteReader) isKey(n *yaml.Node) error {
	if n.Value == "esc" || n.Value == "ctrl+c" {
		return usage("%s: %s keeps its meaning", r.place(n), n.Value).advise("take another key")
	}
	key := n.Value
	for _, modifier := range modifiers {
		if rest, ok := strings.CutPrefix(key, modifier); ok && rest != "" {
			key = rest
		}
	}
	if slices.Contains(keyNames, key) || utf8.RuneCountInString(key) == 1 && unicode.IsPrint([]rune(key)[0]) && key != " " {
		return nil
	}
	e := suggest(usage("%s: there is no key %q", r.place(n), n.Value), key, keyNames)
	if e.hint == "" {
		return e.advise("a key is a character or one of %s; in front of it ctrl+, alt+ or shift+", strings.Join(keyNames, ", "))
	}
	return e
}

// themeNames are the themes that can be asked for.
func themeNames() []string {
	names := []string{string(draw.Auto)}
	for _, theme := range draw.Themes() {
		names = append(names, string(theme))
	}
	return names
}

func isTheme(name string) bool { return slices.Contains(themeNames(), name) }
