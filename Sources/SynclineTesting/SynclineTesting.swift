// SynclineTesting
