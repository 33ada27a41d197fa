SELECT t."id", t."id", t."group" FROM main."a ""b""" AS t ORDER BY t."id" LIMIT ?1;
SELECT t."id", t."id", t."group" FROM main."a ""b""" AS t WHERE t."id" > ?2 ORDER BY t."id" LIMIT ?1;
SELECT t."id", t."id", t."group" FROM main."a ""b""" AS t WHERE t."id" = ?1;
SELECT t."id", t."id", t."group" FROM main."a ""b""" AS t WHERE t."id" IN (?1, ?2, ?3);
SELECT t."id" FROM main."a ""b""" AS t WHERE t.rowid = ?1;
INSERT OR ABORT INTO main."a ""b""" DEFAULT VALUES;
INSERT OR ABORT INTO main."a ""b""" ("group", "x y") VALUES (?1, ?2);
UPDATE OR ABORT main."a ""b""" SET "group" = ?1, "x y" = ?2 WHERE "a ""b"""."id" = ?3;
DELETE FROM main."a ""b""" WHERE "a ""b"""."id" = ?1;
