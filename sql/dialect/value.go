package dialect

import (
	"fmt"
	"time"
)

// Date is a calendar day without a zone. It becomes a DATE.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// String returns the day as 2026-01-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// Decimal is the exact text of a number, such as "5000.00" or "-0.5". It becomes a DECIMAL whose scale is the number of
// digits behind the point, never a floating point number.
type Decimal string

// LocalTimestamp is a wall clock reading without a zone: only the fields from year to microsecond count. It becomes a
// TIMESTAMP, where a plain time.Time becomes a TIMESTAMPTZ.
type LocalTimestamp time.Time

// String returns the reading as 2026-01-02 03:04:05, with the fraction where there is one.
func (t LocalTimestamp) String() string { return time.Time(t).Format("2006-01-02 15:04:05.999999") }
