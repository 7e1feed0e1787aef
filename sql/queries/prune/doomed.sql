CREATE TEMP TABLE doomed AS SELECT unnest($runs::UINTEGER[]) AS run
