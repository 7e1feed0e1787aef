SELECT key, arm FROM store.main.freeze_member WHERE campaign = $campaign ORDER BY key
