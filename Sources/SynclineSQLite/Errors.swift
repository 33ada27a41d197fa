import CSQLite
import Glibc
import SynclineModel
import SynclinePorts

// What SQLite's codes mean for a run (Docs/Connectors/SQLite.md, "Failures").

extension DatabaseError {
  /// The failure of the whole call, told for a person.
  func failure(_ operation: String, file: String) -> ConnectorFailure {
    func failure(
      _ code: String, _ message: String, _ hint: String,
      _ disposition: ConnectorFailure.Disposition
    ) -> ConnectorFailure {
      ConnectorFailure(
        code: code, operation: operation, message: "\(file) \(message)", hint: hint,
        disposition: disposition)
    }
    switch primaryCode {
    case SQLITE_BUSY, SQLITE_LOCKED:
      return failure(
        "busy", "is locked by another program for longer than the busyTimeout",
        "Let the other program end its transaction, or raise busyTimeout; then run again", .retry)
    case SQLITE_FULL:
      return failure("full", "cannot grow: the disk is full", "Make room, then run again", .stop)
    case SQLITE_IOERR:
      return failure(
        "disk", "could not be read or written (SQLite code \(code))",
        "Look at the disk and the system's log, then run again", .stop)
    case SQLITE_CORRUPT:
      return failure(
        "damaged", "is damaged (SQLite code \(code))",
        "Check it by PRAGMA integrity_check and put a backup in its place", .stop)
    case SQLITE_NOTADB:
      return failure(
        "notADatabase", "is not an SQLite database",
        "Name the right file, or put a backup in its place; encrypted ones cannot be read", .stop)
    case SQLITE_READONLY:
      return failure(
        "readOnly", "is read-only for this user",
        "Give write permission on the file and its folder", .user)
    case SQLITE_CANTOPEN: return unopened(operation, file: file)
    case SQLITE_PERM, SQLITE_AUTH:
      return failure(
        "permission", "may not be opened by this user", "Give read and write permission", .user)
    case SQLITE_NOMEM:
      return failure("memory", "needs more memory than there is", "Free memory, run again", .retry)
    default:
      // SQLite's own words name tables, columns and syntax, and a RAISE's text; never parameters.
      return failure(
        "schema", "answered: \(message)",
        "Compare the package with the database's tables by `syncline check`", .user)
    }
  }

  /// SQLite says "unable to open" for everything; the file system knows more.
  private func unopened(_ operation: String, file: String) -> ConnectorFailure {
    let (code, message, hint) =
      if access(file, F_OK) != 0 {
        errno == EACCES
          ? ("permission", "is in a folder that this user may not enter", "Give permission")
          : ("missing", "does not exist", "Name the right file; Syncline never creates one")
      } else if access(file, R_OK) != 0 {
        ("permission", "may not be read by this user", "Give read and write permission")
      } else {
        (
          "unopened", "cannot be opened (SQLite code \(self.code))",
          "It must be a file, in a folder where this user may write"
        )
      }
    return ConnectorFailure(
      code: code, operation: operation, message: "\(file) \(message)", hint: hint,
      disposition: .user)
  }

  /// The problem of the one record that was being written, or nil where the whole call failed.
  func problem(table: String) -> RecordProblem? {
    let place = constraintPlace(table: table)
    switch code {
    case ConstraintCode.unique, ConstraintCode.primaryKey, ConstraintCode.rowid:
      return RecordProblem(
        code: "unique", message: "\(place) already holds this value in another record",
        mayPass: true)
    case ConstraintCode.foreignKey:
      return RecordProblem(
        code: "foreignKey",
        message: "\(table): a foreign key has no parent, or another record still refers to this "
          + "one",
        mayPass: true)
    case ConstraintCode.notNull:
      return RecordProblem(code: "notNull", message: "\(place) must not be null", mayPass: false)
    case ConstraintCode.check:
      return RecordProblem(
        code: "check", message: "\(table): a CHECK constraint refuses the record", mayPass: false)
    case ConstraintCode.dataType:
      return RecordProblem(
        code: "value", message: "\(place) does not take a value of this kind", mayPass: false)
    case ConstraintCode.trigger: return triggerProblem(table: table)
    default:
      switch primaryCode {
      case SQLITE_CONSTRAINT:
        return RecordProblem(
          code: "check", message: "\(table): a constraint refuses the record", mayPass: false)
      case SQLITE_MISMATCH:
        return RecordProblem(
          code: "value", message: "\(place) does not take a value of this kind", mayPass: false)
      case SQLITE_ERROR where isAtRow:
        // A number out of range, malformed JSON, a trigger without end; SQLite's words may hold a
        // part of the value.
        return RecordProblem(
          code: "trigger",
          message: "\(table): a trigger, a generated column or an index cannot be computed",
          mayPass: false)
      case SQLITE_TOOBIG:
        return RecordProblem(
          code: "tooLarge", message: "\(table): a value is longer than SQLite takes",
          mayPass: false)
      default: return nil
      }
    }
  }

  /// RAISE takes an expression since SQLite 3.47, which could spell a value; before, a literal.
  private func triggerProblem(table: String) -> RecordProblem {
    let saying = sqlite3_libversion_number() < 3_047_000 ? ": \(message)" : ""
    return RecordProblem(
      code: "trigger", message: "\(table): a trigger refuses the record\(saying)", mayPass: false)
  }

  /// `Table.column` out of "UNIQUE constraint failed: Table.column"; the rest of such a message is
  /// names, too.
  private func constraintPlace(table: String) -> String {
    guard let start = message.range(of: "constraint failed: ") else { return table }
    return String(message[start...])
  }
}

extension String {
  /// Where the text behind `mark` begins.
  fileprivate func range(of mark: String) -> Index? {
    var position = startIndex
    while position < endIndex {
      if self[position...].hasPrefix(mark) { return index(position, offsetBy: mark.count) }
      position = index(after: position)
    }
    return nil
  }
}

/// SQLite's extended codes are macros of an expression, which Swift does not import.
private enum ConstraintCode {
  static let check = SQLITE_CONSTRAINT | 1 << 8
  static let foreignKey = SQLITE_CONSTRAINT | 3 << 8
  static let notNull = SQLITE_CONSTRAINT | 5 << 8
  static let primaryKey = SQLITE_CONSTRAINT | 6 << 8
  static let trigger = SQLITE_CONSTRAINT | 7 << 8
  static let unique = SQLITE_CONSTRAINT | 8 << 8
  static let rowid = SQLITE_CONSTRAINT | 10 << 8
  static let dataType = SQLITE_CONSTRAINT | 12 << 8
}
