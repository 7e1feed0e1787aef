package diagnose

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// spilled matches the folders in which queries keep what does not fit in
// memory; the number of their process is part of the name.
const spilled = "strata-*-*"

// leftovers looks for folders of processes that ended without cleaning up.
func (e *examination) leftovers() Finding {
	parent := e.Engine.TempDir
	if parent == "" {
		parent = os.TempDir()
	}
	left, bytes := 0, int64(0)
	// The pattern is right, so that there is no error to look at.
	folders, _ := filepath.Glob(filepath.Join(escaped(parent), spilled))
	for _, folder := range folders {
		if info, err := os.Lstat(folder); err != nil || !info.IsDir() || !abandoned(folder) {
			continue
		}
		left++
		bytes += fileSize(folder)
	}
	f := Finding{Check: Temporary, Code: "leftovers", Status: OK, Subject: parent, Detail: "nothing was left behind in " + parent}.counted(int64(left))
	if left > 0 {
		f.Status = Note
		f.Detail = fmt.Sprintf("left behind in %s by processes that are gone: %s (%s)", parent, some(int64(left), "folder"), size(bytes))
		f.Hint = "they are removed whenever a database is opened"
	}
	return f
}

// abandoned reports whether the process of a folder is gone.
func abandoned(folder string) bool {
	digits, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), "strata-"), "-")
	pid, err := strconv.Atoi(digits)
	if err != nil || pid <= 0 {
		return false
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = process.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}

// escaped keeps the characters of a path from being read as a pattern.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "*", `\*`, "?", `\?`).Replace(path)
}
