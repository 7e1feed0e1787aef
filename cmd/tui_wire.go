package cmd

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"strata/tui"
	"strata/tui/ask"
)

// run shows the screens until the user ends them.
func (s *showing) run(ctx context.Context) error {
	if err := s.knownKeys(); err != nil {
		return err
	}
	env := s.f.env
	err := tui.Run(ctx, tui.Options{
		Backend: s.Desk, Look: s.Look, NoMouse: !s.Mouse, At: s.f.flags.at, Name: s.name, Keys: s.keys(), Now: env.Now,
		Editor: s.editor(ctx), Copy: s.clipboard(), Log: s.Log, NoSuspend: !wakes(), Input: env.Stdin, Output: env.Stdout,
		Demo: func(ctx context.Context, say func(string)) (ask.Backend, error) {
			d, err := s.demo(ctx, say)
			if err != nil {
				return nil, err
			}
			return d, nil
		},
	})
	if ended := ctx.Err(); ended != nil { // A signal or --timeout, not the user's own key.
		return errors.Join(ended, err)
	}
	if err != nil {
		return environment("%w", err).advise("'strata list' and 'strata count NAME' answer without screens")
	}
	return nil
}

// knownKeys refuses keys for actions that are not there, each at its place, in
// the order of the file.
func (s *showing) knownKeys() error {
	var wrong []*failure
	names := tui.ActionNames()
	byRank := func(a, b string) int { return s.Keys[a].rank - s.Keys[b].rank }
	for _, action := range slices.SortedFunc(maps.Keys(s.Keys), byRank) {
		if !slices.Contains(names, action) {
			wrong = append(wrong, suggest(usage("%s: there is no action %q", s.Keys[action].place, action), action, names))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	if len(wrong) == 1 && wrong[0].hint != "" {
		return wrong[0]
	}
	lines := make([]string, 0, len(wrong))
	for _, e := range wrong { // Each has a hint of its own.
		line := e.message
		if e.hint != "" {
			line += " (" + e.hint + ")"
		}
		lines = append(lines, line)
	}
	return usage("%s", strings.Join(lines, "\n")).advise("actions are %s", strings.Join(names, ", "))
}
