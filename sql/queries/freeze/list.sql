SELECT campaign, as_of, known_at, frozen_at, definition, canonical, reach, members, program_version
FROM store.main.freeze
WHERE $campaign = '' OR campaign = $campaign
ORDER BY as_of, campaign
