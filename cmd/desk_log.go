package cmd

import (
	"context"
	"errors"
)

// ended is how a question ends: with an error that knows its hint, which the log
// is told of. Questions that nobody waits for any more are no failure.
func (d *desk) ended(ctx context.Context, err error) error {
	err = deskError(err)
	if err == nil || d.log == nil || ctx.Err() != nil {
		return err
	}
	if known, ok := errors.AsType[*askError](err); ok && known.cause != nil {
		d.log.Error(known.message, "hint", known.hint, "cause", known.cause)
		return err
	}
	d.log.Error(err.Error())
	return err
}
