CREATE TABLE "syncline_ab12cd34_queue" (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  object INTEGER NOT NULL,
  operation INTEGER NOT NULL,
  key_before,
  key_after,
  time INTEGER
);

CREATE TABLE "syncline_ab12cd34_owner" (
  journal TEXT NOT NULL,
  side TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  seal BLOB NOT NULL,
  source_identity TEXT,
  target_identity TEXT
);

CREATE TABLE "syncline_ab12cd34_pairs" (
  source TEXT NOT NULL,
  target TEXT NOT NULL
);

CREATE TABLE "syncline_ab12cd34_commands" (
  id INTEGER PRIMARY KEY,
  key,
  mark INTEGER NOT NULL
);

CREATE TABLE "syncline_identity" (id TEXT NOT NULL);
