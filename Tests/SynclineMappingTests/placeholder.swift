// SynclineMappingTests
