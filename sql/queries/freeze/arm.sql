INSERT INTO store.main.freeze_arm VALUES ($campaign, $place, $arm, $from, $to, $holdout)
