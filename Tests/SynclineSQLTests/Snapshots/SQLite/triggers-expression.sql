CREATE TRIGGER "syncline_ab12cd34_2_insert" AFTER INSERT ON "Customer"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (2, 1, NULL, NEW."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;

CREATE TRIGGER "syncline_ab12cd34_2_update" AFTER UPDATE ON "Customer"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (2, 2, OLD."Id", NEW."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;

CREATE TRIGGER "syncline_ab12cd34_2_delete" AFTER DELETE ON "Customer"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (2, 3, OLD."Id", NULL, CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;

CREATE TRIGGER "syncline_ab12cd34_2_before_insert" BEFORE INSERT ON "Customer"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 2, 4, held."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "Customer" AS held WHERE (lower("First Name")
  ) COLLATE "BINARY" = (SELECT lower("First Name")
  FROM (SELECT NEW."First Name" AS "First Name"));
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 2, 4, held."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "Customer" AS held WHERE (live
  ) AND (upper(other) -- up
  ) COLLATE "BINARY" = (SELECT upper(other) -- up
  FROM (SELECT NEW."Other" AS "Other", NEW."Live" AS "Live")
  WHERE (live
  ));
END;

CREATE TRIGGER "syncline_ab12cd34_2_before_update" BEFORE UPDATE ON "Customer"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 2, 4, held."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "Customer" AS held WHERE NEW."Id" IS NOT OLD."Id" AND held."Id" = NEW."Id";
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 2, 4, held."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "Customer" AS held WHERE (lower("First Name")
  ) COLLATE "BINARY" = (SELECT lower("First Name")
  FROM (SELECT NEW."First Name" AS "First Name")) AND held."Id" IS NOT OLD."Id";
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 2, 4, held."Id", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "Customer" AS held WHERE (live
  ) AND (upper(other) -- up
  ) COLLATE "BINARY" = (SELECT upper(other) -- up
  FROM (SELECT NEW."Other" AS "Other", NEW."Live" AS "Live")
  WHERE (live
  )) AND held."Id" IS NOT OLD."Id";
END;
