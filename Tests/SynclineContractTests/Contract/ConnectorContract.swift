import Testing

/// What every connector keeps, be its system a database or a double (Docs/Architecture.md,
/// "Connectors"). A new connector brings a world and changes no test.
@Suite struct ConnectorContract {}
