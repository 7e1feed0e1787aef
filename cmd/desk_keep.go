package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Keep writes a text to a new file, whole or not at all; a file that is there is
// never replaced.
func (d *desk) Keep(ctx context.Context, path, text string) (string, error) {
	return byItself(ctx, d, func() (string, error) {
		target := within(d.cli.start(), path)
		name, err := freeName(target)
		if err != nil {
			return "", environment("write %s: %w", path, err).advise("start strata in a folder that can be written to")
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil { //nolint:gosec // For everyone who may read the folder.
			return "", environment("write %s: %w", path, errors.Join(err, os.Remove(name)))
		}
		return fmt.Sprintf("wrote %s (%s KB)", filepath.Join(filepath.Dir(path), filepath.Base(name)), number(int64(len(text)+1023)/1024)), nil //nolint:mnd // Bytes of a KB.
	})
}
