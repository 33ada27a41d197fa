// SynclineLMDB
