// SynclineSQLTests
