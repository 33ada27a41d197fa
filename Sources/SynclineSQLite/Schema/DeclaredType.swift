import SynclineModel

/// What a column's declared type says (Docs/Connectors/SQLite.md, "Declared types").
struct DeclaredType {
  /// Upper case, single spaces, without what stands in parentheses.
  private let name: String
  /// The numbers in parentheses.
  private let sizes: [UInt16]

  init(_ declared: String) {
    let upper = declared.uppercased()
    let head = upper.prefix { $0 != "(" }
    let inner = upper.dropFirst(head.count + 1).prefix { $0 != ")" }
    let tail = upper.dropFirst(head.count + inner.count + 2)
    name = (head + " " + tail).split(separator: " ").joined(separator: " ")
    sizes = inner.split(separator: ",").compactMap { size in
      UInt16(size.filter { !$0.isWhitespace })
    }
  }

  /// `zoneMinutes`: the zone of the connection's timestamps without one.
  func fieldType(zoneMinutes: Int16, foldsCase: Bool) -> FieldType {
    let isDecimal = kind == .decimal
    return FieldType(
      kind, storage: storage, precision: isDecimal ? sizes.first : nil,
      scale: isDecimal && !sizes.isEmpty ? sizes.dropFirst().first ?? 0 : nil,
      foldsCase: foldsCase, zoneMinutes: kind == .localTimestamp ? zoneMinutes : 0)
  }

  /// By the words that database designers use; the first row that fits counts.
  private var kind: FieldType.Kind {
    if name.isEmpty { return .any }
    if name.hasPrefix("BOOL") { return .boolean }
    if name == "TIMESTAMPTZ" || name == "DATETIMEOFFSET" { return .timestamp }
    if name.hasPrefix("TIMESTAMP") || name.hasPrefix("DATETIME") {
      return name.hasSuffix("WITH TIME ZONE") ? .timestamp : .localTimestamp
    }
    if name == "DATE" { return .date }
    if name == "TIME" || name == "TIME WITHOUT TIME ZONE" { return .time }
    if name.hasPrefix("UUID") || name.hasPrefix("GUID") || name == "UNIQUEIDENTIFIER" {
      return .uuid
    }
    if name.hasPrefix("DECIMAL") || name.hasPrefix("NUMERIC") || name == "NUMBER" {
      return .decimal
    }
    switch storage {
    case .integerAffinity: return .integer
    case .textAffinity: return .text
    case .blobAffinity: return .bytes
    case .realAffinity: return .double
    case .numericAffinity, .typed: return .any
    }
  }

  /// SQLite's own rule (sqlite.org, "Datatypes In SQLite", section 3.1).
  private var storage: FieldType.Storage {
    if name.contains("INT") { return .integerAffinity }
    if ["CHAR", "CLOB", "TEXT"].contains(where: { name.contains($0) }) { return .textAffinity }
    if name.isEmpty || name.contains("BLOB") { return .blobAffinity }
    if ["REAL", "FLOA", "DOUB"].contains(where: { name.contains($0) }) { return .realAffinity }
    return .numericAffinity
  }
}
