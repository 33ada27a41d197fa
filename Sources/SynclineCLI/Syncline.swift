public import ArgumentParser

/// The command line (Docs/Operating.md). The only place where concrete connectors are named.
public struct Syncline: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "syncline",
    abstract: "Keeps the records of two systems the same, both ways, from a journal.",
    version: Program.version,
    subcommands: [
      NewCommand.self, CheckCommand.self, RunCommand.self, PlanCommand.self, StatusCommand.self,
      RunsCommand.self, ParametersCommand.self, ConflictsCommand.self, ErrorsCommand.self,
      MissingCommand.self, HistoryCommand.self, JournalCommand.self,
      UntrackCommand.self,
    ])

  public init() {}
}

/// What the program is.
enum Program {
  static let version = "0.1.0"
}
