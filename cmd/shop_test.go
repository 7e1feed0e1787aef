package cmd_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"strata/cmd"
	"strata/sql/dialect"
	"strata/sql/warehouse"
)

// The kinds of warehouse that a sample project is made on.
const (
	folderWarehouse = "folder"
	fileWarehouse   = "file"
)

// makeShop writes the sample project of testdata/shop into a folder, with its
// data as a folder of CSV files or as a DuckDB file. It returns the path of
// the folder that holds the data and nothing else.
func makeShop(dir, kind string) (string, error) {
	if err := os.CopyFS(dir, os.DirFS("testdata/shop")); err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	where := "data"
	if kind == fileWarehouse {
		where = "data/warehouse.duckdb"
		if err := buildShop(data); err != nil {
			return "", err
		}
	}
	settings := filepath.Join(dir, "strata.yaml")
	text, err := os.ReadFile(filepath.Clean(settings))
	if err != nil {
		return "", err
	}
	return data, os.WriteFile(settings, []byte(strings.Replace(string(text), "WAREHOUSE", where, 1)), 0o600)
}

// buildShop replaces the CSV files of a folder by a DuckDB file of their tables.
func buildShop(data string) error {
	files, err := fs.Glob(os.DirFS(data), "*.csv")
	if err != nil {
		return err
	}
	var statements []string
	for _, file := range files {
		literal, err := dialect.Literal(filepath.Join(data, file))
		if err != nil {
			return err
		}
		statements = append(statements, "CREATE TABLE "+dialect.Ident(strings.TrimSuffix(file, ".csv"))+" AS SELECT * FROM read_csv("+literal+")")
	}
	statements = append(statements,
		"CREATE VIEW clock AS SELECT customer_id, CAST(now() AS TIMESTAMP) AS t FROM customers",
		"CREATE VIEW peek AS SELECT 1 AS customer_id, TIMESTAMP '2026-01-01 00:00:00' AS t FROM read_text('/etc/hostname')")
	if err := warehouse.Build(context.Background(), filepath.Join(data, "warehouse.duckdb"), statements); err != nil {
		return err
	}
	for _, file := range files {
		if err := os.Remove(filepath.Join(data, file)); err != nil {
			return err
		}
	}
	return nil
}

// answer is what a command line came to.
type answer struct {
	code     int
	out, err string
}

// ask runs a command line in a folder, as the scripts do.
func ask(ctx context.Context, dir string, args ...string) answer {
	var out, talk bytes.Buffer
	code := cmd.Main(ctx, cmd.Env{
		Args: args, Version: "v0.0.0-test", Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk,
		Getenv: func(string) string { return "" }, Dir: dir, Now: clock,
	})
	return answer{code: code, out: out.String(), err: talk.String()}
}

// String shows an answer where a test fails.
func (a answer) String() string { return fmt.Sprintf("exit code %d\n%s\n%s", a.code, a.out, a.err) }
