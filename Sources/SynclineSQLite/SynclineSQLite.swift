// SynclineSQLite
