// SynclineConfiguration
