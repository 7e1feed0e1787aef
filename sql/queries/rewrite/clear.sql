DELETE FROM store.main.membership_change AS c USING temp.target t WHERE t.back AND c.run = t.run AND c.segment = t.segment
