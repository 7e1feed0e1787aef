package segments_test

import "flag"

// The flag is read by the bench of pages.
var _ = flag.Bool("update", false, "rewrite expected frames")
