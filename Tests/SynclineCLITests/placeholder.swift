// SynclineCLITests
