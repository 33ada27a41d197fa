// SynclineEngineTests
