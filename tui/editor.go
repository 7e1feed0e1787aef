package tui

import (
	"io"
	"os/exec"
	"time"
)

// patient is a child that lives long enough: where an editor ends at once, the
// renderer could stay frozen.
type patient struct{ *exec.Cmd }

// patience is how long a child lives at least.
const patience = 60 * time.Millisecond

// Run runs the child and waits.
func (p *patient) Run() error {
	pause := time.NewTimer(patience)
	err := p.Cmd.Run()
	<-pause.C
	return err
}

// SetStdin, SetStdout and SetStderr give the child the terminal.
func (p *patient) SetStdin(r io.Reader) {
	if p.Stdin == nil {
		p.Stdin = r
	}
}

// SetStdout gives the child what it writes to.
func (p *patient) SetStdout(w io.Writer) {
	if p.Stdout == nil {
		p.Stdout = w
	}
}

// SetStderr gives the child what it complains to.
func (p *patient) SetStderr(w io.Writer) {
	if p.Stderr == nil {
		p.Stderr = w
	}
}
