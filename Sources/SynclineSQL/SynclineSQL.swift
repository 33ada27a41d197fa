// SynclineSQL
