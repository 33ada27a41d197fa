public import SynclineEngine
public import SynclineLMDB

/// Why the journal could not be read or written. `description` is safe to show and log: it names the
/// thing, the cause and the mend, never a field's value.
public struct JournalFailure: LMDBFailing, Hashable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// The disk, a quota or a limit of the process is full. What was journaled before stands.
    case full
    /// The user may not write here.
    case denied
    /// The bytes are not what a journal holds.
    case damaged
    /// A later version of the program wrote it.
    case newerFormat
    /// It is something else than a journal.
    case foreign
    /// Another process, or another part of this one, has it.
    case inUse
    /// There is no journal.
    case absent
    /// There is a journal already.
    case exists
    /// The head is not the expected one.
    case headMoved
    /// It was closed after a failed write.
    case closed
    /// The state was written by another version of the fold, and this reader may not rebuild it.
    case stateOutdated
    /// The operating system refused for another reason.
    case system
  }

  /// What the failure means for a run.
  public enum Disposition: Hashable, Sendable {
    /// The run must stop: disk, damage.
    case stop
    /// Refused, with a way out.
    case refused
    /// Something that the user has set up is not right.
    case user
  }

  public var code: Code
  /// What was being done.
  public var operation: String
  /// What happened.
  public var message: String
  /// What mends it.
  public var hint: String

  public init(_ code: Code, operation: String, message: String, hint: String = "") {
    self.code = code
    self.operation = operation
    self.message = message
    self.hint = hint
  }

  public init(_ failure: LMDBFailure) {
    self.init(
      Self.code(of: failure.code), operation: failure.operation, message: failure.message,
      hint: failure.hint)
  }

  public init(_ failure: StateFailure) {
    let code: Code
    switch failure.code {
    case .full: code = .full
    case .damaged: code = .damaged
    case .system: code = .system
    }
    self.init(code, operation: "Folding events into the state", message: failure.description)
  }

  private static func code(of code: LMDBFailure.Code) -> Code {
    switch code {
    case .full, .mapFull: .full
    case .damaged, .truncated: .damaged
    case .foreign: .foreign
    case .denied, .unsafe: .denied
    case .absent: .absent
    case .alreadyOpen: .inUse
    case .exists: .headMoved
    case .closed: .closed
    case .system: .system
    }
  }

  public var disposition: Disposition {
    switch code {
    case .full, .damaged, .closed, .system, .headMoved: .stop
    case .newerFormat, .foreign, .inUse, .exists, .stateOutdated: .refused
    case .denied, .absent: .user
    }
  }

  public var description: String {
    let cause = "\(operation): \(message)"
    return hint.isEmpty ? cause : "\(cause). \(hint)"
  }
}

extension StateFailure {
  init(_ failure: LMDBFailure) {
    let code: Code
    switch failure.code {
    case .full, .mapFull: code = .full
    case .damaged, .truncated, .foreign: code = .damaged
    case .denied, .absent, .unsafe, .alreadyOpen, .exists, .closed, .system: code = .system
    }
    self.init(code, failure.description)
  }
}
