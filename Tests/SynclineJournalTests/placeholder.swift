// SynclineJournalTests
