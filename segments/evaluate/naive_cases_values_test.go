package evaluate_test

import "testing"

// threeCountries are data of several cases.
var threeCountries = []string{"a country=DE", "b country=AT", "c"}

// Every test is true or false; what is missing makes it false, and its
// opposite true.
var missingCases = []handCase{
	{name: "equal", rule: "country = 'DE'", customers: threeCountries, want: "true false false"},
	{name: "unequal is the opposite", rule: "country <> 'DE'", customers: threeCountries, want: "false true true"},
	{name: "unequal when both are missing", rule: "country <> plan", want: "true"},
	{name: "equal when both are missing", rule: "country = plan", want: "false"},
	{name: "in", rule: "country in ('DE', 'AT')", customers: threeCountries, want: "true true false"},
	{name: "not in", rule: "country not in ('DE', 'CH')", customers: threeCountries, want: "false true true"},
	{name: "in with a missing value", rule: "country in (plan, 'AT')", customers: threeCountries, want: "false true false"},
	{name: "not in with a missing value", rule: "country not in (plan, 'AT')", customers: threeCountries, want: "true false true"},
	{name: "in a param", rule: "country in $regions", more: "params:\n  regions: [DE, CH]\n", customers: threeCountries, want: "true false false"},
	{name: "less", rule: "age < 5", customers: []string{"a age=4", "b age=5", "c"}, want: "true false false"},
	{name: "not less is not at least", rule: "not (age < 5)", customers: []string{"a age=4", "b age=5", "c"}, want: "false true true"},
	{name: "at least", rule: "age >= 5", customers: []string{"a age=4", "b age=5", "c"}, want: "false true false"},
	{name: "between includes both ends", rule: "age between 4 and 5", customers: []string{"a age=4", "b age=5", "c age=6", "d"}, want: "true true false false"},
	{name: "not between", rule: "age not between 4 and 5", customers: []string{"a age=4", "c age=6", "d"}, want: "false true true"},
	{name: "between a missing end", rule: "age between 4 and seats", customers: []string{"a age=4"}, want: "false"},
	{name: "not between a missing end", rule: "age not between 4 and seats", customers: []string{"a age=3"}, want: "true"},
	{name: "like", rule: `country like 'D_'`, customers: []string{"a country=DE", "b country=DEU", "c"}, want: "true false false"},
	{name: "not like", rule: `country not like 'D%'`, customers: []string{"a country=DE", "b country=AT", "c"}, want: "false true true"},
	{name: "like with an escape", rule: `country like 'T\_%'`, customers: []string{"a country=T_1", "b country=TX1"}, want: "true false"},
	{name: "like counts characters", rule: `country like '__'`, customers: []string{"a country=Üï", "b country=Ü"}, want: "true false"},
	{name: "like has case", rule: `country like 'd%'`, customers: []string{"a country=DE"}, want: "false"},
	{name: "ilike has none", rule: `country ilike 'ü%'`, customers: []string{"a country=ÜB"}, want: "true"},
	{name: "matches anywhere", rule: `country matches 'b+'`, customers: []string{"a country=abbc", "b country=ac", "c"}, want: "true false false"},
	{name: "matches where it says", rule: `country matches '^b'`, customers: []string{"a country=abbc", "b country=bc"}, want: "false true"},
	{name: "empty text is not missing", rule: "country is missing", customers: []string{"a country=''", "b"}, want: "false true"},
	{name: "but blank", rule: "country is blank", customers: []string{"a country=''", "b", "c country='  '", "d country=' x'"}, want: "true true true false"},
	{name: "not blank", rule: "country is not blank", customers: []string{"a country=''", "b", "d country=' x'"}, want: "false false true"},
	{name: "a boolean field is a test", rule: "vip", customers: []string{"a vip=true", "b vip=false", "c"}, want: "true false false"},
	{name: "its opposite", rule: "not vip", customers: []string{"a vip=true", "b vip=false", "c"}, want: "false true true"},
	{name: "a boolean that is false", rule: "vip = false", customers: []string{"a vip=true", "b vip=false", "c"}, want: "false true false"},
	{name: "texts by code point", rule: "country < 'a'", customers: []string{"a country=Z", "b country=b", "c country=ä"}, want: "true false false"},
	{name: "texts are exact", rule: "country = 'de'", customers: []string{"a country=DE", "b country='de '"}, want: "false false"},
	{name: "contains", rule: "contains(country, 'E')", customers: []string{"a country=DE", "b country=AT", "c"}, want: "true false false"},
	{name: "does not contain", rule: "not contains(country, 'E')", customers: []string{"a country=DE", "b country=AT", "c"}, want: "false true true"},
	{name: "starts with", rule: "starts_with(country, 'D')", customers: []string{"a country=DE", "b country=ED", "c"}, want: "true false false"},
	{name: "starts with nothing", rule: "starts_with(country, '')", customers: []string{"a country=DE", "c"}, want: "true false"},
	{name: "has", rule: "has(tags, 'x')", customers: []string{"a tags=x,y", "b tags=y", "c tags=NULL,y", "d"}, want: "true false false false"},
	{name: "has not", rule: "not has(codes, 5)", customers: []string{"a codes=5,6", "b codes=6", "d"}, want: "false true true"},
	{name: "parts of a STRUCT", rule: "prefs.lang = 'de' and prefs.level >= 2", customers: []string{"a prefs.lang=de prefs.level=2", "b prefs.lang=de", "c"}, want: "true false false"},
	{name: "parts of JSON", rule: "plan = 'pro' and seats = 3 and active and until = date '2026-02-01'", customers: []string{`a props='{"plan":"pro","seats":3,"active":true,"until":"2026-02-01"}'`, `b props='{"plan":"pro","seats":"x","active":true}'`, "c"}, want: "true false false"},
	{name: "a JSON number that is not whole is no integer", rule: "seats", customers: []string{`a props='{"seats":2.5}'`, `b props='{"seats":"2"}'`, `c props='{"seats":2.0}'`}, want: "missing 2 2"},
	{name: "no day is infinite", rule: "until is missing", customers: []string{`a props='{"until":"infinity"}'`}, want: "true"},
	{name: "JSON that cannot be read is missing", rule: "seats is missing and until is missing and active is missing", customers: []string{`a props='{"seats":"many","until":"soon","active":"perhaps"}'`, `b props='{"seats":null}'`, `c props='{"seats":3}'`}, want: "true true false"},
	{name: "an ENUM is text", rule: "grade in ('a', 'b') and starts_with(grade, 'a')", customers: []string{"a grade=a", "b grade=b", "c"}, want: "true false false"},
	{name: "a renamed column", rule: "nick = 'n'", customers: []string{"a", "b 'odd name=n'"}, want: "false true"},
	{name: "or and and", rule: "country = 'DE' or age > 3 and not vip", customers: []string{"a country=DE", "b age=4", "c age=4 vip=true", "d"}, want: "true true false false"},
}

// Numbers, texts and what follows from them.
var valuesCases = []handCase{
	{name: "arithmetic over missing", rule: "age + 1", customers: []string{"a age=1", "b"}, want: "2 missing"},
	{name: "products of decimals are exact", rule: "balance * 3 = 0.3", customers: []string{"a balance=0.1"}, want: "true"},
	{name: "differences of decimals", rule: "balance - 0.001", customers: []string{"a balance=0.1"}, want: "0.099"},
	{name: "a quotient is a double", rule: "age / 3", customers: []string{"a age=1", "b age=6"}, want: "0.3333333333333333 2"},
	{name: "division by zero is missing", rule: "balance / age", customers: []string{"a age=0 balance=1", "b age=0 balance=0", "c age=0 balance=-1"}, want: "missing missing missing"},
	{name: "a test of it is false", rule: "balance / age > 0", customers: []string{"a age=0 balance=1"}, want: "false"},
	{name: "logarithms", rule: "ln(age)", customers: []string{"a age=1", "b age=0", "c age=-1", "d"}, want: "0 missing missing missing"},
	{name: "not a number is missing", rule: "ratio", customers: []string{"a ratio=NaN", "b ratio=Inf", "c ratio=-Inf", "d ratio=0.5"}, want: "missing missing missing 0.5"},
	{name: "and is said to be", rule: "ratio is missing", customers: []string{"a ratio=NaN", "d ratio=0.5"}, want: "true false"},
	{name: "and not larger than anything", rule: "ratio > 1", customers: []string{"a ratio=NaN", "b ratio=Inf"}, want: "false false"},
	{name: "what overflows is missing", rule: "ratio * ratio", customers: []string{"a ratio=1e300", "b ratio=2"}, want: "missing 4"},
	{name: "numbers of all kinds compare", rule: "age = 5.0 and ratio = 0.1 and balance = 5", customers: []string{"a age=5 ratio=0.1 balance=5"}, want: "true"},
	{name: "halves are rounded away from zero", rule: "round(balance, 1)", customers: []string{"a balance=0.25", "b balance=-0.25", "c balance=0.24"}, want: "0.3 -0.3 0.2"},
	{name: "halves of doubles too", rule: "round(ratio)", customers: []string{"a ratio=2.5", "b ratio=-2.5", "c ratio=2.4"}, want: "3 -3 2"},
	{name: "floor", rule: "floor(balance)", customers: []string{"a balance=-1.5", "b balance=1.5"}, want: "-2 1"},
	{name: "ceil", rule: "ceil(ratio)", customers: []string{"a ratio=-1.5", "b ratio=1.5"}, want: "-1 2"},
	{name: "abs", rule: "abs(-balance)", customers: []string{"a balance=-1.5", "b balance=1.5", "c"}, want: "1.5 1.5 missing"},
	{name: "least of a missing one is missing", rule: "least(age, seats)", customers: []string{"a age=1", `b age=1 props='{"seats":0}'`}, want: "missing 0"},
	{name: "greatest too", rule: "greatest(country, 'DE')", customers: []string{"a", "b country=AT", "c country=ES"}, want: "missing DE ES"},
	{name: "coalesce takes what is there", rule: "coalesce(age, seats, -1)", customers: []string{"a age=1", `b props='{"seats":0}'`, "c"}, want: "1 0 -1"},
	{name: "texts", rule: "upper(lower(country))", customers: []string{"a country=äB", "b"}, want: "ÄB missing"},
	{name: "length counts code points", rule: "length(country)", customers: []string{"a country=Ünï", "b country=''", "c country=e\u0301"}, want: "3 0 2"},
	{name: "a value of nothing is not zero", rule: "avg(order.amount) ever < 5", want: "false"},
	{name: "but made zero it is", rule: "coalesce(avg(order.amount) ever, 0) < 5", want: "true"},
}

// Values at the ends of what columns hold must not stop the others.
var extremesCases = []handCase{
	{name: "the smallest integer negated", rule: "-age", customers: []string{"a age=-2147483648", "b age=1"}, want: "2147483648 -1"},
	{name: "without its sign", rule: "abs(age)", customers: []string{"a age=-2147483648"}, want: "2147483648"},
	{name: "the largest integer added and multiplied", rule: "age * age * age - (age + age)", customers: []string{"a age=2147483647"}, want: "9903520300447984146058313729"},
	{name: "a constant of 38 digits", rule: "balance < 99999999999999999999999999999999999999", customers: []string{"a balance=9999999999.99"}, want: "true"},
	{name: "a pattern from a column that is none", rule: "country like nick", customers: []string{`a country=x 'odd name=\'`, "b country=x 'odd name=x'"}, want: "false true"},
	{name: "a large double is rounded to itself", rule: "round(ratio, 12)", customers: []string{"a ratio=1e300"}, want: "1e+300"},
	{name: "days since the first day of all", rule: "days_since(renews_on)", customers: []string{"a renews_on=0001-01-01"}, want: "739630"},
	{name: "before any time zone", rule: "days_since(seen_at)", customers: []string{"a seen_at=0001-01-01T00:00Z", "b seen_at=1893-01-01T00:00Z", "c seen_at=2150-07-01T00:00Z"}, want: "739630 48591 -45457"},
	{name: "beyond the year 9999", rule: "renews_on + 1000 years > date '9999-12-31'", customers: []string{"a renews_on=9999-12-31"}, want: "true"},
	{name: "an anniversary of old", rule: "anniversary(birth) in next 7 days", customers: []string{"a birth=0001-01-20", "b birth=1800-01-23"}, want: "true false"},
	{name: "a weight that is rounded up", rule: "\ntraits:\n  rule:\n    range: 0..100\n    score:\n      - {points: 1, of: count(view) ever, half_life: 1 hour}\n", rows: []string{"view 2026-01-15T02:00+01:00"}, want: "0.000976563"},
}

func TestCasesMissing(t *testing.T) { runAll(t, missingCases) }

func TestCasesValues(t *testing.T) { runAll(t, valuesCases) }

func TestCasesExtremes(t *testing.T) { runAll(t, extremesCases) }
