INSERT INTO store.main.freeze
VALUES ($campaign, $as_of, $known_at, $frozen_at, $definition, $canonical, $reach, $members, $program_version)
