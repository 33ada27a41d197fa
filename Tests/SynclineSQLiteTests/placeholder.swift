// SynclineSQLiteTests
