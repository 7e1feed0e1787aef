package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"strata/segments/calendar"
)

// oneYear is the length of a year.
const oneYear = int64(365 * 24 * time.Hour / time.Microsecond)

// The benchmarks build courses over years of as-ofs in Berlin and ask them for
// rows in no order.
//
//	go test -run '^$' -bench Course -benchmem ./segments/calendar
var courseBenches = []struct {
	name  string
	years int64
	moves func(zone *time.Location) moves
}{
	{"last 30 days over 2 years", 2, func(zone *time.Location) moves { return stepMoves(day(-30), zone) }},
	{"last 30 days over 15 years", 15, func(zone *time.Location) moves { return stepMoves(day(-30), zone) }},
	{"last 6 months over 2 years", 2, func(zone *time.Location) moves { return stepMoves(month(-6), zone) }},
	{"last 6 months over 15 years", 15, func(zone *time.Location) moves { return stepMoves(month(-6), zone) }},
	{"last 6 months over 15 years plainly", 15, func(zone *time.Location) moves { return stepMoves(month(-6), zone).plainly() }},
	{"last 48 hours over 2 years", 2, func(zone *time.Location) moves {
		return stepMoves(calendar.Duration{N: -48, Unit: calendar.Hour}, zone)
	}},
	{"this month over 2 years", 2, func(zone *time.Location) moves {
		return lowerMoves(calendar.Window{From: start(calendar.Month, 0)}, zone)
	}},
	{"this hour over 2 years", 2, func(zone *time.Location) moves {
		return lowerMoves(calendar.Window{From: start(calendar.Hour, 0)}, zone)
	}},
	{"this minute over 15 years", 15, func(zone *time.Location) moves {
		return lowerMoves(calendar.Window{From: start(calendar.Minute, 0)}, zone)
	}},
	{"day over 15 years", 15, dayMoves},
	{"between 1 month and 30 days over 2 years", 2, func(zone *time.Location) moves {
		return lowerMoves(calendar.Window{From: ago(1, calendar.Month), To: ago(30, calendar.Day), Swap: true}, zone)
	}},
}

func BenchmarkCourse(b *testing.B) {
	zone := location(b, berlin)
	to := utc(b, "2026-06-15T12:00:00Z").UnixMicro()
	for _, bench := range courseBenches {
		from, m := to-bench.years*oneYear, bench.moves(zone)
		b.Run("build/"+bench.name, func(b *testing.B) {
			for b.Loop() {
				m.course(from, to)
			}
		})
		course, rows := m.course(from, to), make([]int64, 1<<12)
		for i := range rows {
			rows[i] = from + int64(i)*2654435761%4093*((to-from)/4093)
		}
		ask := func(name string, answer func(int64) int64) {
			b.Run(name+"/"+bench.name, func(b *testing.B) {
				var sum int64
				for i := 0; b.Loop(); i++ {
					sum += answer(rows[i%len(rows)])
				}
				require.NotZero(b, sum)
			})
		}
		ask("after", course.After)
		ask("at", course.At)
		ask("bound itself", m.at)
	}
}
