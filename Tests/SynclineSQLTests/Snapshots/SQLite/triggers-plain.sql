CREATE TRIGGER "syncline_ab12cd34_1_insert" AFTER INSERT ON "Customer"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (1, 1, NULL, NEW."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;

CREATE TRIGGER "syncline_ab12cd34_1_update" AFTER UPDATE ON "Customer"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (1, 2, OLD."Id", NEW."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;

CREATE TRIGGER "syncline_ab12cd34_1_delete" AFTER DELETE ON "Customer"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (1, 3, OLD."Id", NULL, CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;
