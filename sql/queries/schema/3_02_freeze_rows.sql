-- Of several freezes of one campaign the first counts, which is what the key now says.
INSERT INTO store.main.freeze_made
SELECT campaign, as_of, NULL, frozen_at, definition, canonical, NULL, NULL, ''
FROM store.main.freeze
QUALIFY row_number() OVER (PARTITION BY campaign ORDER BY frozen_at, as_of) = 1
