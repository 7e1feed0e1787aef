UPDATE store.main.segment_run SET based = true WHERE run = $run AND segment IN (SELECT segment FROM temp.outgrown)
