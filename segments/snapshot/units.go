package snapshot

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/segments/evaluate"
	"strata/sql/queries"
)

// unitKey names a unit; a segment and a stage never share a name, but nothing here depends on that.
type unitKey struct{ kind, name string }

// resolve returns the store's id of every unit of a result, in order. It gives out ids to new ones, and a renamed
// definition keeps the id, and with it the history, of its former name; renamed says that there was one.
func resolve(ctx context.Context, s session, units []evaluate.Unit) (ids []int64, renamed bool, err error) {
	known := map[unitKey]int64{}
	var last int64
	err = s.each(ctx, "commit/segments", nil, func(rows *sql.Rows) error {
		var id int64
		var key unitKey
		err := rows.Scan(&id, &key.kind, &key.name)
		known[key], last = id, id
		return err
	})
	if err != nil {
		return nil, false, err
	}
	if renamed, err = rename(ctx, s, units, known); err != nil {
		return nil, false, err
	}
	ids = make([]int64, len(units))
	var newIDs []int64
	var kinds, names []string
	for i, u := range units {
		key := unitKey{kind: string(u.Kind), name: u.Name}
		if id, ok := known[key]; ok {
			ids[i] = id
			continue
		}
		last++
		ids[i], known[key] = last, last
		newIDs, kinds, names = append(newIDs, last), append(kinds, key.kind), append(names, key.name)
	}
	if len(newIDs) == 0 {
		return ids, renamed, nil
	}
	err = s.exec(ctx, "commit/segment", queries.Values{"ids": newIDs, "kinds": kinds, "names": names})
	return ids, renamed, err
}

// rename gives the history of a former name to the new one, unless either name lives a life of its own.
func rename(ctx context.Context, s session, units []evaluate.Unit, known map[unitKey]int64) (renamed bool, err error) {
	alive := map[unitKey]bool{}
	for _, u := range units {
		alive[unitKey{kind: string(u.Kind), name: u.Name}] = true
	}
	for _, u := range units {
		former := unitKey{kind: string(u.Kind), name: u.Was}
		key := unitKey{kind: string(u.Kind), name: u.Name}
		id, stored := known[former]
		if _, taken := known[key]; u.Was == "" || !stored || taken || alive[former] {
			continue
		}
		if err := s.exec(ctx, "commit/rename", queries.Values{"id": id, "name": u.Name, "was": u.Was}); err != nil {
			return false, err
		}
		delete(known, former)
		known[key], renamed = id, true
	}
	return renamed, nil
}

// DefinitionSet identifies what all units of a result mean together, whatever their order.
func DefinitionSet(units []evaluate.Unit) string {
	lines := make([]string, len(units))
	for i, u := range units {
		lines[i] = string(u.Kind) + " " + u.Name + " " + u.Hash
	}
	slices.Sort(lines)
	sum := sha256.New()
	write(sum, lines...)
	return hex.EncodeToString(sum.Sum(nil))
}

// fingerprint identifies everything that a result follows from. What was made with equal fingerprints has equal members,
// as long as no row that was there is edited in place.
func fingerprint(r *evaluate.Result) string {
	sum := sha256.New()
	write(sum, moment(&r.AsOf), moment(r.KnownAt), r.Zone, r.KeyType, DefinitionSet(r.Units))
	for _, m := range r.Sources {
		write(sum, m.Source, strconv.FormatInt(m.Rows, 10), moment(m.LastAt), moment(m.LastLoadedAt))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// write adds texts to a hash; the quotes keep neighbours apart.
func write(sum hash.Hash, texts ...string) {
	for _, text := range texts {
		_, _ = fmt.Fprintf(sum, "%q\n", text)
	}
}

// moment writes a time in the precision that the store keeps, "" for none.
func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
}

// partitionOf returns the name of the partition that a stage belongs to, or "".
func partitionOf(stage string) string {
	return stage[:max(0, strings.LastIndex(stage, "."))]
}
