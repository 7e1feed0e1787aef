package timeline

// Never is an as-of that no range reaches.
const never = int64(1<<63 - 1)

// missing stands for a value that is not there, in columns of whole numbers.
const missing = int64(-1 << 63)

// step is a value that holds from an as-of on, until the next step's.
type step struct {
	at    int64
	value value
}

// value is what a step has: a whole number, or with wide the lower half of one
// of 128 bits, or the place of a row. A boolean is 0 or 1.
type value struct {
	low  int64
	high int64
	// absent says that the value is missing.
	absent bool
}

func whole(n int64) value { return value{low: n, high: n >> 63} }

func truth(b bool) value {
	if b {
		return value{low: 1}
	}
	return value{}
}

var nothing = value{absent: true}
