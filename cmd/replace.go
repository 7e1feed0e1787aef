package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// replaceFile gives a file a new text in one step: whoever reads it, even
// after a crash, finds the old text or the new one and never a part. A file
// that is no longer what was read is left alone, since somebody else has just
// written it. A link stays a link, and the permissions stay.
func replaceFile(path, before, after string) (err error) {
	path, err = filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	if err := fill(temporary, after, info.Mode().Perm()); err != nil {
		return err
	}
	now, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if string(now) != before {
		return errors.New("the file was changed by somebody else meanwhile")
	}
	return os.Rename(temporary.Name(), path)
}

// createFile makes a file that is there whole or not at all.
func createFile(path, text string) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	if err := fill(temporary, text, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// fill writes the text through to the disk and closes the file.
func fill(file *os.File, text string, mode os.FileMode) error {
	_, err := file.WriteString(text)
	if err == nil {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write temporary file: %w", err)
	}
	return nil
}
