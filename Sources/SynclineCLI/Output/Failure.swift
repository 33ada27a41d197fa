import ArgumentParser
import Foundation
import Glibc
import SynclineConfiguration
import SynclineEngine
import SynclineJournal
import SynclineModel
import SynclinePorts
import SynclineRun
import SynclineSandbox
import SynclineSandboxModel

/// Carries a command out and turns what it throws into one clear message and the right exit code.
func reporting(_ body: () async throws -> Void) async throws {
  do {
    try await body()
  } catch let code as ExitCode {
    throw code
  } catch {
    let (message, status) = explain(error)
    Console.error(message)
    throw status.code
  }
}

private func explain(_ error: any Error) -> (String, ExitStatus) {
  switch error {
  case let failure as PackageFailure: (failure.description, .refused)
  case let errors as PackageErrors: (errors.description, .refused)
  case let failure as ConnectorFailure:
    (failure.description, failure.disposition == .user ? .refused : .failed)
  case let failure as JournalFailure:
    (failure.description, failure.disposition == .stop ? .failed : .refused)
  case let failure as StateFailure: (failure.description, .failed)
  case let failure as SandboxFailure: (failure.description, .refused)
  case let problem as SchemaProblem: (problem.description, .refused)
  default: ("\(error)", .failed)
  }
}

/// Standard output and standard error.
enum Console {
  static func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  static func print(_ json: JSON) { print(json.line) }

  static func error(_ line: String) {
    write(line.neutralLines + "\n", to: STDERR_FILENO)
  }

  /// Writes as much as the reader takes: one that has gone, or a full disk, is no reason to end.
  static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Whether a person watches standard error.
  static var isTerminal: Bool { isatty(2) == 1 }

  /// Whether colours may be used (no-color.org).
  static var mayColour: Bool {
    isTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
  }
}

extension String {
  /// Neutral, line by line.
  fileprivate var neutralLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).neutral }
      .joined(separator: "\n")
  }
}
