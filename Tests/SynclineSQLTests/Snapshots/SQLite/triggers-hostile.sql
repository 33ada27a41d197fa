CREATE TRIGGER "syncline_ab12cd34_12_insert" AFTER INSERT ON "or""der's [x]; -- ü"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (12, 1, NULL, NEW."select", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;

CREATE TRIGGER "syncline_ab12cd34_12_update" AFTER UPDATE ON "or""der's [x]; -- ü"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (12, 2, OLD."select", NEW."select", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;

CREATE TRIGGER "syncline_ab12cd34_12_delete" AFTER DELETE ON "or""der's [x]; -- ü"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, key_after, time) VALUES (12, 3, OLD."select", NULL, CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER));
END;

CREATE TRIGGER "syncline_ab12cd34_12_before_insert" BEFORE INSERT ON "or""der's [x]; -- ü"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 12, 4, held."select", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "or""der's [x]; -- ü" AS held WHERE held."a""b" COLLATE "NOCASE" = NEW."a""b";
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 12, 4, held."select", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "or""der's [x]; -- ü" AS held WHERE (live = 1 -- yes
  ) AND held."x" COLLATE "BINARY" = NEW."x" AND held."y" COLLATE "BINARY" = NEW."y";
END;

CREATE TRIGGER "syncline_ab12cd34_12_before_update" BEFORE UPDATE ON "or""der's [x]; -- ü"
BEGIN
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 12, 4, held."select", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "or""der's [x]; -- ü" AS held WHERE NEW."select" IS NOT OLD."select" AND held."select" = NEW."select";
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 12, 4, held."select", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "or""der's [x]; -- ü" AS held WHERE held."a""b" COLLATE "NOCASE" = NEW."a""b" AND held."select" IS NOT OLD."select";
  INSERT INTO "syncline_ab12cd34_queue" (object, operation, key_before, time) SELECT 12, 4, held."select", CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) FROM "or""der's [x]; -- ü" AS held WHERE (live = 1 -- yes
  ) AND held."x" COLLATE "BINARY" = NEW."x" AND held."y" COLLATE "BINARY" = NEW."y" AND held."select" IS NOT OLD."select";
END;
