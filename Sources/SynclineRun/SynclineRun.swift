// SynclineRun
