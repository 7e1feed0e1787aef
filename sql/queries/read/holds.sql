SELECT run FROM store.main.segment_run WHERE run = $run AND segment = $segment
