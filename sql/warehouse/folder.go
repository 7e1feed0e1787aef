package warehouse

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"strata/sql/dialect"
)

// folder is a warehouse made of files: each data file, and each folder of data files of one format, is a relation.
type folder struct {
	relations []relation
}

// relation is one such file or folder and the expression that reads it.
type relation struct {
	name string
	path string
	read string // Such as read_csv('/data/customers.csv.gz').
}

// view returns the statement that makes the relation a view of the warehouse.
func (r relation) view() string {
	return "CREATE VIEW warehouse.main." + dialect.Ident(r.name) + " AS SELECT * FROM " + r.read
}

// find returns the relation of a name, compared as DuckDB does. No folder has none.
func (f *folder) find(name string) (relation, bool) {
	if f == nil {
		return relation{}, false
	}
	for _, r := range f.relations {
		if strings.EqualFold(r.name, name) {
			return r, true
		}
	}
	return relation{}, false
}

// format says how files of a suffix are read.
type format struct {
	suffix, function, options string
}

// formats are the files that a folder may hold; any other file in it is left alone.
var formats = []format{
	{".parquet", "read_parquet", ""},
	{".csv", "read_csv", ""},
	{".csv.gz", "read_csv", ""},
	{".tsv", "read_csv", `, delim = '\t'`},
	{".tsv.gz", "read_csv", `, delim = '\t'`},
}

// formatOf returns how a file is read; false when it is no data file.
func formatOf(name string) (format, bool) {
	for _, f := range formats {
		if strings.HasSuffix(strings.ToLower(name), f.suffix) && len(name) > len(f.suffix) && name[0] != '.' {
			return f, true
		}
	}
	return format{}, false
}

// readFolder lists the relations of a folder, in order of their names.
func readFolder(path string) (*folder, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, &Error{Kind: Unreadable, Path: path, Message: "cannot read the folder " + path, Err: err}
	}
	found := &folder{}
	for _, entry := range entries {
		r, ok, err := relationOf(path, entry)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if other, twice := found.find(r.name); twice {
			return nil, &Error{
				Kind: Failed, Path: r.path,
				Message: fmt.Sprintf("%s and %s would both be the table %s", filepath.Base(other.path), filepath.Base(r.path), r.name),
				Hint:    "rename one of them or move it away",
			}
		}
		found.relations = append(found.relations, r)
	}
	if len(found.relations) == 0 {
		return nil, &Error{
			Kind: Missing, Path: path, Message: "the folder " + path + " holds no data files",
			Hint: "put .parquet, .csv, .csv.gz, .tsv or .tsv.gz files there, or name a DuckDB file",
		}
	}
	return found, nil
}

// relationOf makes a relation of a file or folder; ok is false for what is no data.
func relationOf(parent string, entry fs.DirEntry) (r relation, ok bool, err error) {
	path := filepath.Join(parent, entry.Name())
	if entry.Type()&fs.ModeSymlink != 0 {
		return linked(parent, path)
	}
	if entry.IsDir() {
		return folderRelation(path)
	}
	f, ok := formatOf(entry.Name())
	if !ok {
		return relation{}, false, nil
	}
	r, err = f.relation(entry.Name()[:len(entry.Name())-len(f.suffix)], path, globEscape(path))
	return r, err == nil, err
}

// linked refuses a data file that is a link out of the folder: only the folder is what the customer handed over. A link to
// a file inside of it is a table of its own.
func linked(parent, path string) (r relation, ok bool, err error) {
	f, data := formatOf(filepath.Base(path))
	target, err := filepath.EvalSymlinks(path)
	if err != nil || !data {
		return relation{}, false, nil //nolint:nilerr // A dangling link is no data file.
	}
	inside, err := filepath.Rel(parent, target)
	if err != nil || inside == ".." || strings.HasPrefix(inside, "../") {
		return relation{}, false, &Error{
			Kind: Refused, Path: path, Message: path + " is a link to a place outside of the warehouse folder", Hint: "copy the data, or remove the link",
		}
	}
	name := filepath.Base(path)
	r, err = f.relation(name[:len(name)-len(f.suffix)], path, globEscape(path))
	return r, err == nil, err
}

// folderRelation makes one relation of all data files below a folder, which must be of one format.
func folderRelation(path string) (relation, bool, error) {
	var found format
	deep := false
	err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f, ok := formatOf(entry.Name())
		if entry.IsDir() || !ok {
			return nil
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			if _, _, err := linked(path, file); err != nil {
				return err
			}
		}
		if found.suffix != "" && found != f {
			return &Error{
				Kind: Failed, Path: path, Message: fmt.Sprintf("the folder %s holds %s and %s files", path, found.suffix, f.suffix),
				Hint: "keep files of one format in a folder",
			}
		}
		found, deep = f, deep || filepath.Dir(file) != path
		return nil
	})
	if err != nil || found.suffix == "" {
		return relation{}, false, err
	}
	pattern := globEscape(path) + "/*" + found.suffix
	if deep {
		pattern = globEscape(path) + "/**/*" + found.suffix
	}
	r, err := found.relation(filepath.Base(path), path, pattern)
	return r, err == nil, err
}

func (f format) relation(name, path, pattern string) (relation, error) {
	literal, err := dialect.Literal(pattern)
	if err != nil {
		return relation{}, fmt.Errorf("name file %q: %w", path, err)
	}
	return relation{name: name, path: path, read: f.function + "(" + literal + f.options + ")"}, nil
}

// globEscape keeps characters of a path from being read as a pattern.
func globEscape(path string) string {
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path)
}
