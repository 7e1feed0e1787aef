package tui

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// framesPerSecond is how often the screen is drawn at most. More would show a key
// sooner, and each frame costs a little even where nothing has changed: at 120 an
// idle program takes more than 1% of a processor.
const framesPerSecond = 80

// Run runs the program until the user quits or ctx ends. The error is that of the
// terminal.
func Run(ctx context.Context, opt Options) error {
	// The program ends with its own context, so that all questions end with it.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := New(ctx, opt)
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler()}
	if opt.Input != nil {
		options = append(options, tea.WithInput(opt.Input))
	}
	if opt.Output != nil {
		options = append(options, tea.WithOutput(opt.Output))
	}
	if opt.Environment != nil {
		options = append(options, tea.WithEnvironment(opt.Environment))
	}
	if opt.Look.NoColor {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	_, err := tea.NewProgram(m, options...).Run()
	switch {
	case err == nil, errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil:
		return nil
	}
	return fmt.Errorf("the screen: %w", err)
}
