package diagnose

import (
	"fmt"
	"os"

	"strata/sql/warehouse"
)

// leftovers looks for folders of processes that ended without cleaning up.
func (e *examination) leftovers() Finding {
	parent := e.Engine.TempDir
	if parent == "" {
		parent = os.TempDir()
	}
	left, bytes := 0, int64(0)
	for _, folder := range warehouse.Abandoned(e.Engine.TempDir) {
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
