//go:build unix

package warehouse

import (
	"io"
	"os"
	"syscall"
)

// lockWhole takes the lock that DuckDB takes for writing, and reports whether it could: it cannot while another process has
// the file open in DuckDB. The lock ends when the file is closed.
func lockWhole(file *os.File) bool {
	return syscall.FcntlFlock(file.Fd(), syscall.F_SETLK, &syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart}) == nil
}
