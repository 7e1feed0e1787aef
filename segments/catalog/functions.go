package catalog

// Argument says what a function takes in one place.
type Argument uint8

// The classes of argument.
const (
	AnyNumber Argument = iota
	AnyText
	AnyTime
	AnyScalar
	AnyList
)

// Function describes a function of the expression language.
type Function struct {
	Name string
	// Arguments are the classes of the leading arguments; the last one repeats
	// where Max exceeds their number.
	Arguments []Argument
	// Min and Max bound the number of arguments; Max < 0 is no bound.
	Min, Max int
	// Result is the kind of the result; Invalid means the common type of the
	// arguments. A function whose Result is Boolean is a test: false, and never
	// missing, where an argument is missing.
	Result Kind
	// Help is one line for people.
	Help string
}

// Functions is the table of all functions, in the order help shows them.
var Functions = []Function{
	{Name: "round", Arguments: []Argument{AnyNumber, AnyNumber}, Min: 1, Max: 2, Help: "round(x) or round(x, decimals): half away from zero"},
	{Name: "floor", Arguments: []Argument{AnyNumber}, Min: 1, Max: 1, Result: Integer, Help: "floor(x): the largest whole number not above x"},
	{Name: "ceil", Arguments: []Argument{AnyNumber}, Min: 1, Max: 1, Result: Integer, Help: "ceil(x): the smallest whole number not below x"},
	{Name: "abs", Arguments: []Argument{AnyNumber}, Min: 1, Max: 1, Help: "abs(x): x without its sign"},
	{Name: "ln", Arguments: []Argument{AnyNumber}, Min: 1, Max: 1, Result: Number, Help: "ln(x): natural logarithm; missing for zero or less"},
	{Name: "least", Arguments: []Argument{AnyScalar}, Min: 2, Max: -1, Help: "least(a, b, …): missing when one is missing"},
	{Name: "greatest", Arguments: []Argument{AnyScalar}, Min: 2, Max: -1, Help: "greatest(a, b, …): missing when one is missing"},
	{Name: "coalesce", Arguments: []Argument{AnyScalar}, Min: 2, Max: -1, Help: "coalesce(a, b, …): the first that is there"},
	{Name: "lower", Arguments: []Argument{AnyText}, Min: 1, Max: 1, Result: Text, Help: "lower(t)"},
	{Name: "upper", Arguments: []Argument{AnyText}, Min: 1, Max: 1, Result: Text, Help: "upper(t)"},
	{Name: "length", Arguments: []Argument{AnyText}, Min: 1, Max: 1, Result: Integer, Help: "length(t): code points"},
	{Name: "contains", Arguments: []Argument{AnyText}, Min: 2, Max: 2, Result: Boolean, Help: "contains(t, part)"},
	{Name: "starts_with", Arguments: []Argument{AnyText}, Min: 2, Max: 2, Result: Boolean, Help: "starts_with(t, beginning)"},
	{Name: "has", Arguments: []Argument{AnyList, AnyScalar}, Min: 2, Max: 2, Result: Boolean, Help: "has(list, value)"},
	{Name: "anniversary", Arguments: []Argument{AnyTime}, Min: 1, Max: 1, Result: Date, Help: "anniversary(d) in a window: a yearly return of d"},
}

// FunctionByName returns the function of a name in lower case.
func FunctionByName(name string) (Function, bool) {
	for _, f := range Functions {
		if f.Name == name {
			return f, true
		}
	}
	return Function{}, false
}
