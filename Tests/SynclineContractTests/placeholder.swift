// SynclineContractTests
