package diagnose

import (
	"context"
	"fmt"
)

// lists counts the keys in lists that belong to no customer.
func (e *examination) lists(ctx context.Context) {
	if !e.opened || len(e.Set.Lists) == 0 || e.program.Customers.Key == nil {
		return
	}
	keys, all := make([][]string, len(e.Set.Lists)), int64(0)
	for i, list := range e.Set.Lists {
		keys[i] = list.Keys
		all += int64(len(list.Keys))
	}
	unknown := make([]int64, len(e.Set.Lists))
	statement, err := e.compiler.UnknownInLists(keys)
	if err == nil {
		err = e.run(ctx, statement, func(_ []string, row []any) {
			place, _ := row[0].(int64)
			unknown[place], _ = row[1].(int64)
		})
	}
	if err != nil {
		e.fail(ctx, failed(Lists, "unknown", fmt.Errorf("look up the keys of lists: %w", err)))
		return
	}
	right := true
	for i, list := range e.Set.Lists {
		if unknown[i] == 0 {
			continue
		}
		right = false
		of := int64(len(list.Keys))
		f := Finding{
			Check: Lists, Code: "unknown", Status: Warning, Subject: list.Name.Name,
			Detail: fmt.Sprintf("keys of the list %s that belong to no customer: %s", list.Name.Name, tally(unknown[i], of)),
			Hint:   "keys are compared as text, letter by letter",
		}.counted(unknown[i])
		if unknown[i] == of {
			f.Hint = fmt.Sprintf("does the column %s hold keys of customers? %s", list.Column.Value, f.Hint)
		}
		e.add(f)
	}
	if right {
		e.add(Finding{
			Check: Lists, Code: "lists", Status: OK,
			Detail: fmt.Sprintf("%s in %s, all of customers", some(all, "key"), some(int64(len(e.Set.Lists)), "list")),
		}.counted(all))
	}
}
