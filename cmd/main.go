package cmd

import (
	"context"

	"github.com/spf13/cobra"
)

// Main runs one command line and returns the exit code of the process. A
// cancelled ctx ends the command; where its cause is ErrInterrupted the code
// says so.
func Main(ctx context.Context, env Env) int {
	f := newFactory(env)
	return f.execute(ctx, newRootCommand(f))
}

// execute runs the command tree on the arguments of the environment.
func (f *factory) execute(ctx context.Context, root *cobra.Command) int {
	ran, cause, err := f.perform(ctx, root)
	return f.report(ran, err, cause)
}

// perform runs the command tree and returns the command that ran, why its context
// ended, nil while it has not, and its error.
func (f *factory) perform(ctx context.Context, root *cobra.Command) (ran *cobra.Command, cause, err error) {
	args := f.env.Args
	if len(args) == 1 && args[0] == "--version" { // What people try first with a program that they do not know.
		args = []string{"version"}
	}
	root.SetArgs(joinFields(root, args))
	root.SetIn(f.env.Stdin)
	root.SetOut(f.env.Stdout)
	root.SetErr(f.env.Stderr)
	ran, err = root.ExecuteContextC(ctx)
	if ran != nil && ran.Context() != nil {
		// The command's own context knows of --timeout.
		ctx = ran.Context()
	}
	cause = context.Cause(ctx)
	if closed := f.close(); err == nil {
		err = closed
	}
	return ran, cause, err
}
