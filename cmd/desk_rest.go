package cmd

import "context"

// Rest lets go of all files; the next question opens them again.
func (d *desk) Rest(ctx context.Context) error {
	if err := d.lock(ctx); err != nil {
		return err
	}
	defer d.unlock()
	return deskError(d.leave())
}
