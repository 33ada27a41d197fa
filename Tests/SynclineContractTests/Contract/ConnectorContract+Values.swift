import SynclineModel
import SynclinePorts
import SynclineTesting
import Testing

/// Values at the limits of a field's kind.
private struct ValueCase: CustomTestStringConvertible {
  var kind: FieldType.Kind
  var name: String
  var value: Value

  init(_ kind: FieldType.Kind, _ name: String, _ value: Value) {
    self.kind = kind
    self.name = name
    self.value = value
  }

  var field: FieldName { FieldName("\(kind)Field") }
  var testDescription: String { "\(kind): \(name)" }

  static let all: [ValueCase] =
    FieldType.Kind.allCases.map { ValueCase($0, "null", .null) } + numbers + texts + moments

  private static let numbers: [ValueCase] = [
    ValueCase(.boolean, "true", .boolean(true)), ValueCase(.boolean, "false", .boolean(false)),
    ValueCase(.integer, "zero", .integer(0)),
    ValueCase(.integer, "smallest", .integer(.min)),
    ValueCase(.integer, "largest", .integer(.max)),
    ValueCase(.integer, "above 2^53", .integer(9_007_199_254_740_993)),
    ValueCase(.decimal, "integral", .integer(5)),
    ValueCase(.decimal, "a tenth", .decimal(parsing: "0.1")),
    ValueCase(.decimal, "15 digits", .decimal(parsing: "-1234567890.12345")),
    ValueCase(.double, "minus zero", Value(double: -0.0)),
    ValueCase(.double, "a half", .double(0.5)),
    ValueCase(.double, "an integer", .double(3)),
    ValueCase(.double, "17 digits", .double(0.1 + 0.2)),
    ValueCase(.double, "largest", .double(.greatestFiniteMagnitude)),
    ValueCase(.double, "smallest", .double(-.leastNonzeroMagnitude)),
    ValueCase(.double, "infinity", .double(.infinity)),
    ValueCase(.double, "minus infinity", .double(-.infinity)),
    ValueCase(.any, "integer", .integer(7)), ValueCase(.any, "double", .double(1.5)),
  ]

  private static let texts: [ValueCase] = [
    ValueCase(.text, "empty", .text("")), ValueCase(.text, "spaces", .text("  a ")),
    ValueCase(.text, "digits", .text("0012")), ValueCase(.text, "a quote", .text("O'Hara; --")),
    ValueCase(.text, "NUL", .text(Text(utf8: [0x61, 0, 0x62, 0]))),
    ValueCase(.text, "decomposed", .text("e\u{301}")),
    ValueCase(.text, "composed", .text("\u{E9}")),
    ValueCase(.text, "beyond the first plane", .text("\u{1F30B}\u{10FFFF}")),
    ValueCase(.text, "no UTF-8", .text(Text(utf8: [0x61, 0xFF, 0xC3, 0x28]))),
    ValueCase(.text, "1 MiB", .text(Text(utf8: [UInt8](repeating: 0x7A, count: 1 << 20)))),
    ValueCase(.bytes, "empty", .bytes([])), ValueCase(.bytes, "all", .bytes(Array(0...255))),
    ValueCase(.any, "text", .text("a")), ValueCase(.any, "bytes", .bytes([0])),
    ValueCase(.uuid, "ascending", .uuid(Array(0..<16))),
    ValueCase(.uuid, "highest", .uuid([UInt8](repeating: 255, count: 16))),
  ]

  private static let moments: [ValueCase] = [
    ValueCase(.date, "first", date("0001-01-01")), ValueCase(.date, "last", date("9999-12-31")),
    ValueCase(.date, "leap day", date("2024-02-29")),
    ValueCase(.time, "midnight", time("00:00:00")),
    ValueCase(.time, "last", time("23:59:59.999999")),
    ValueCase(.timestamp, "first", .timestamp(moment("0001-01-01T00:00:00"))),
    ValueCase(.timestamp, "last", .timestamp(moment("9999-12-31T23:59:59.999999"))),
    ValueCase(.timestamp, "before 1970", .timestamp(moment("1969-12-31T23:59:59.5"))),
    ValueCase(.localTimestamp, "first", .localTimestamp(moment("0001-01-01T00:00:00"))),
    ValueCase(.localTimestamp, "last", .localTimestamp(moment("9999-12-31T23:59:59.999999"))),
    ValueCase(.localTimestamp, "whole second", .localTimestamp(moment("2026-11-24T09:30:00"))),
  ]

  private static func date(_ text: String) -> Value {
    ISOText.date(Array(text.utf8)).map(Value.date) ?? .digest(absent)
  }

  private static func time(_ text: String) -> Value {
    ISOText.time(Array(text.utf8)).map(Value.time) ?? .digest(absent)
  }

  private static func moment(_ text: String) -> Timestamp {
    ISOText.localTimestamp(Array(text.utf8)) ?? Timestamp(microseconds: .min)
  }

  /// What no system holds, so that a misspelt sample fails.
  private static let absent = ValueDigest(length: 0, sha256: [UInt8](repeating: 0, count: 32))
}

extension ConnectorContract {
  @Test(arguments: WorldKind.allCases)
  func `every value comes back from a write and from a read as it was sent`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.values])
    for (index, sample) in ValueCase.all.enumerated() {
      let key = NativeKey(integer: Int64(index + 1))
      let stored = session.whole("Values", key, [sample.field: sample.value])
      let id = CommandID(UInt64(index + 1))
      let results = try await session.write(
        "Values", [session.insert(id.rawValue, "Values", [sample.field: sample.value])])
      #expect(results == [id: .written(key: key, stored: stored)], "\(sample.testDescription)")
    }
    let records = try await session.readAll("Values")
    #expect(records.map(\.row) == wholes(in: session))
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `every value that a user writes is read as it is, and may be expected`(
    _ kind: WorldKind
  ) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.values])
    for sample in ValueCase.all {
      try session.user(.insert("Values", [sample.field: sample.value]))
    }
    let read = try await session.readChanges()
    let rows = wholes(in: session)
    #expect(read.rows["Values"]?.sorted { $0.key < $1.key }.map(\.value) == rows)
    let results = try await session.write(
      "Values",
      rows.enumerated().map { index, row in
        WriteCommand(
          id: CommandID(UInt64(index + 1)), operation: .delete,
          key: NativeKey(integer: Int64(index + 1)), row: PackedRow(), expected: row)
      })
    for (index, sample) in ValueCase.all.enumerated() {
      #expect(
        results[CommandID(UInt64(index + 1))]
          == .written(key: NativeKey(integer: Int64(index + 1)), stored: PackedRow()),
        "\(sample.testDescription)")
    }
    await session.connector.close()
  }

  private func wholes(in session: ContractSession) -> [PackedRow] {
    ValueCase.all.enumerated().map { index, sample in
      session.whole(
        "Values", NativeKey(integer: Int64(index + 1)), [sample.field: sample.value])
    }
  }

  @Test(arguments: WorldKind.allCases)
  func `not a number is held as it is, or refused by its record`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.values])
    let value = Value(double: .nan)
    let key = NativeKey(integer: 1)
    let outcomes = try await session.write(
      "Values", [session.insert(1, "Values", ["doubleField": value])])
    if session.world.traits.holdsNotANumber {
      let stored = session.whole("Values", key, ["doubleField": value])
      #expect(outcomes == [CommandID(1): .written(key: key, stored: stored)])
    } else if case .refused(let problem)? = outcomes[CommandID(1)] {
      #expect(problem.code == "value")
    } else {
      Issue.record("neither held nor refused: \(outcomes)")
    }
    await session.connector.close()
  }

  @Test(arguments: WorldKind.allCases)
  func `a decimal is stored exactly or refused, never rounded`(_ kind: WorldKind) async throws {
    let session = try await ContractSession.open(kind, [ContractObjects.values])
    let samples = ["12345678901234567890.5", "0.12345678901234567890123456789", "-1e200"]
    for (index, text) in samples.enumerated() {
      let value = Value.decimal(parsing: text)
      let id = CommandID(UInt64(index + 1))
      let results = try await session.write(
        "Values", [session.insert(id.rawValue, "Values", ["decimalField": value])])
      switch results[id] {
      case .written(let key, let stored):
        #expect(stored == session.whole("Values", key, ["decimalField": value]))
      case .refused(let problem): #expect(problem.code == "value")
      default: Issue.record("\(text): \(results)")
      }
    }
    await session.connector.close()
  }
}
