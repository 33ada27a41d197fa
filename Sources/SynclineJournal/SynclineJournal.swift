// SynclineJournal
