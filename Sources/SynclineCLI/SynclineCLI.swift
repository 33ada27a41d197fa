// SynclineCLI
