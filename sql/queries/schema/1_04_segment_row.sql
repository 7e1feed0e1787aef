INSERT INTO store.main.segment VALUES (0, 'population', '', NULL, NULL)
