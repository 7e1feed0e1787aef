package definition

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrNoProject says that no strata.yaml was found.
var ErrNoProject = errors.New("no strata.yaml in this folder or above it")

// Find returns the nearest folder at or above start that holds a strata.yaml.
// It does not look above a folder that holds .git: what lies there belongs to
// someone else. The error is ErrNoProject when there is none.
func Find(start string) (string, error) {
	dir, err := filepath.Abs(start)
	if err != nil {
		return "", fmt.Errorf("find project: %w", err)
	}
	for {
		info, err := os.Stat(filepath.Join(dir, projectFile))
		if err == nil && !info.IsDir() {
			return dir, nil
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return "", ErrNoProject
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", ErrNoProject
		}
		dir = parent
	}
}
