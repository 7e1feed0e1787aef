package history

import (
	"context"

	"strata/segments/result"
)

// LateWithin is Late with room for so many bits, so that it takes several sweeps.
func (a *Asker) LateWithin(ctx context.Context, q Late, room int64) (*result.Late, error) {
	return a.lateWithin(ctx, q, room)
}
