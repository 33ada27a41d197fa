// SynclineConfigurationTests
