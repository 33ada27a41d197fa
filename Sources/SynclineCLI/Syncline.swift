public import ArgumentParser
import Glibc

/// The command line (Docs/Operating.md). The only place where concrete connectors are named.
public struct Syncline: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "syncline",
    abstract: "Keeps the records of two systems the same, both ways, from a journal.",
    version: Program.version,
    subcommands: [
      NewCommand.self, CheckCommand.self, RunCommand.self, PlanCommand.self, StatusCommand.self,
      RunsCommand.self, ParametersCommand.self, ConflictsCommand.self, ErrorsCommand.self,
      DriftCommand.self, MissingCommand.self, HistoryCommand.self, ExplainCommand.self,
      CompareCommand.self,
      JournalCommand.self, UntrackCommand.self, SandboxCommand.self,
    ])

  public init() {}

  /// Runs the command that the arguments name, and ends the process with its exit code.
  public static func start() async {
    // A file that may not grow any more shall be an error of the write, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      Console.error(fullMessage(for: error))
      Glibc.exit(ExitStatus.refused.rawValue)
    }
    Glibc.exit(ExitStatus.succeeded.rawValue)
  }
}

/// What the program is.
enum Program {
  static let version = "0.1.0"
}
