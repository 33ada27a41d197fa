// SynclineEngine
