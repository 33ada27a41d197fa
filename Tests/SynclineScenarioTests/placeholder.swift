// SynclineScenarioTests
