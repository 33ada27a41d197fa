// SynclineTidyTests
