package warehouse

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// DuckDB writes a checkpoint into blocks that nothing refers to and then switches its header, so that a writer who dies
// leaves the file as it was. There is one exception: a block of metadata that has room left is written again where it
// stands, although the present header refers to other parts of it. Who is killed in the middle of that write leaves a block
// whose checksum is wrong, and with it a file that nobody can read any more. So these blocks are copied to a file beside
// the store before each transaction. Whoever opens the store next puts them back, unless the header has moved on.

// undoSuffix ends the name of that file.
const undoSuffix = ".undo"

// headerSize is where the blocks of a DuckDB file begin: behind its own header and the two that take turns.
const headerSize = 3 * 4096

// checksumSize is what stands at the start of each block, before its parts.
const checksumSize = 8

// undoLog is what the file holds, followed by its hash.
type undoLog struct {
	// Headers are the bytes before the blocks.
	Headers []byte
	Blocks  []undoBlock
}

// undoBlock is a block as it was.
type undoBlock struct {
	At   int64 // Where it begins in the file.
	Data []byte
	// Used are the parts, of Parts in all, that the header refers to. They do not change where the block is written anew.
	Used  []int
	Parts int
}

// undo guards one attachment of the store for writing.
type undo struct {
	path string
	// store is open as long as the file is attached. To close any handle of a file drops all locks that the process has
	// on it, DuckDB's among them.
	store *os.File
}

// usedPartsSQL lists the parts of metadata blocks that are in use. The statement is about the attached store.
const usedPartsSQL = `SELECT m.block_id, m.total_blocks, p.part,
       (SELECT block_size FROM pragma_database_size() WHERE database_name = 'store')
FROM pragma_metadata_info('store') AS m, range(m.total_blocks) AS p(part)
WHERE NOT list_contains(m.free_list, p.part)
ORDER BY m.block_id, p.part`

// saveUndo copies what a checkpoint of the attached store may write over. Without that copy nothing may be written.
func (db *DB) saveUndo(ctx context.Context) (*undo, error) {
	u := &undo{path: db.cfg.Store}
	var err error
	if u.store, err = os.Open(u.path); err != nil {
		return u, u.failed(err)
	}
	log := undoLog{Headers: make([]byte, headerSize)}
	if _, err := u.store.ReadAt(log.Headers, 0); err != nil {
		return u, u.failed(err)
	}
	if log.Blocks, err = db.metadataBlocks(ctx); err != nil || len(log.Blocks) == 0 {
		return u, err
	}
	for i := range log.Blocks {
		if _, err := u.store.ReadAt(log.Blocks[i].Data, log.Blocks[i].At); err != nil {
			return u, u.failed(err)
		}
	}
	if err := log.write(u.path + undoSuffix); err != nil {
		return u, errors.Join(u.failed(err), u.forget())
	}
	return u, nil
}

// failed words an error of the file system.
func (u *undo) failed(err error) error {
	e := &Error{Kind: Unreadable, Path: u.path, Message: "cannot keep a copy of what a write to the store changes: " + err.Error(), Err: err}
	e.Hint = hintFor(err.Error())
	return e
}

// forget removes the copy.
func (u *undo) forget() error {
	if err := os.Remove(u.path + undoSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// close lets go of the file, which must be detached by now.
func (u *undo) close() {
	if u != nil && u.store != nil {
		_ = u.store.Close()
	}
}

// metadataBlocks lists the metadata blocks of the attached store, without their bytes.
func (db *DB) metadataBlocks(ctx context.Context) (blocks []undoBlock, err error) {
	rows, err := db.admin.QueryContext(ctx, usedPartsSQL)
	if err != nil {
		return nil, translate(ctx, err, db.cfg.Store)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id, size int64
		var parts, part int
		if err := rows.Scan(&id, &parts, &part, &size); err != nil {
			return nil, fmt.Errorf("list metadata of the store: %w", err)
		}
		at := headerSize + id*size
		if n := len(blocks); n == 0 || blocks[n-1].At != at {
			blocks = append(blocks, undoBlock{At: at, Data: make([]byte, size), Parts: parts})
		}
		last := &blocks[len(blocks)-1]
		last.Used = append(last.Used, part)
	}
	return blocks, translate(ctx, rows.Err(), db.cfg.Store)
}

// write makes the file and returns when it has reached the disk.
func (l undoLog) write(path string) (err error) {
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(l); err != nil {
		return err
	}
	sum := sha256.Sum256(out.Bytes())
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = file.Write(append(out.Bytes(), sum[:]...))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes names that came or went in a folder outlast a failure of the machine.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	// Some file systems refuse this for folders. They keep names in order by themselves, or not at all.
	_ = folder.Sync()
	return folder.Close()
}

// readUndo reads the file. ok is false for one that was not written to its end, before which nothing was changed.
func readUndo(path string) (log undoLog, ok bool, err error) {
	all, err := os.ReadFile(path)
	if err != nil {
		return undoLog{}, false, err
	}
	if len(all) < sha256.Size {
		return undoLog{}, false, nil
	}
	body, sum := all[:len(all)-sha256.Size], all[len(all)-sha256.Size:]
	if own := sha256.Sum256(body); !bytes.Equal(own[:], sum) {
		return undoLog{}, false, nil
	}
	if err := gob.NewDecoder(bytes.NewReader(body)).Decode(&log); err != nil {
		return undoLog{}, false, nil //nolint:nilerr // A later program wrote it in another form; its own copy serves it alone.
	}
	return log, true, nil
}

// repair puts a store right whose last writer died. It does nothing where there is no copy of blocks, and where its writer
// is alive.
func repair(store string) error {
	name := store + undoSuffix
	if !exists(name) {
		return nil
	}
	file, err := os.OpenFile(store, os.O_RDWR, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.Remove(name) // It belongs to a store that is gone.
	case err != nil:
		return nil //nolint:nilerr // Who may not write cannot repair either. Reading may still do.
	}
	defer func() { _ = file.Close() }()
	if !lockWhole(file) {
		return nil
	}
	log, whole, err := readUndo(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // Its writer ended just now.
	}
	if err == nil && whole {
		err = log.putBack(file)
	}
	if err == nil {
		err = os.Remove(name)
	}
	if err != nil {
		return &Error{
			Kind: Unreadable, Path: store, Message: "cannot repair " + store + " after a writer that died: " + err.Error(),
			Hint: hintFor(err.Error()), Err: err,
		}
	}
	return nil
}

// putBack writes the blocks to where they were, if the file is still the one that they were taken from.
func (l undoLog) putBack(store *os.File) error {
	now := make([]byte, len(l.Headers))
	if _, err := store.ReadAt(now, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !bytes.Equal(now, l.Headers) {
		return nil // The checkpoint was complete, for its header is written last.
	}
	var changed []undoBlock
	for _, block := range l.Blocks {
		present := make([]byte, len(block.Data))
		if _, err := store.ReadAt(present, block.At); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if !block.sameUse(present) {
			return nil // Another file stands here by now, whose headers happen to be the same.
		}
		if !bytes.Equal(present, block.Data) {
			changed = append(changed, block)
		}
	}
	for _, block := range changed {
		if _, err := store.WriteAt(block.Data, block.At); err != nil {
			return err
		}
	}
	return store.Sync()
}

// sameUse reports whether the parts that the header refers to are the same in a block as it is now.
func (b undoBlock) sameUse(present []byte) bool {
	size := (len(b.Data) - checksumSize) / b.Parts / 8 * 8
	for _, part := range b.Used {
		from := checksumSize + part*size
		if !bytes.Equal(present[from:from+size], b.Data[from:from+size]) {
			return false
		}
	}
	return true
}
