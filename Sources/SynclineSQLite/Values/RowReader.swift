import CCrypto
import CSQLite
import SynclineModel

/// Why a row that is there cannot be taken; names no value.
struct RowFault: Error {
  let code: String
  let message: String
}

/// Turns the rows of one object into packed rows, straight from SQLite's own buffers.
struct RowReader {
  /// A value above this is not taken.
  static let sizeBytesMax = 4 << 20
  /// A value above this is kept as its digest, where the field is not kept whole.
  static let wholeBytesMax = 32 << 10
  /// A page ends with the row that fills this, so that memory follows neither count nor size.
  static let pageBytesMax = 8 << 20

  let object: ObjectBinding

  /// The row that the statement stands at; its column 0 is the key, the others are the fields.
  func row(_ statement: Statement) throws(RowFault) -> PackedRow {
    var builder = RowBuilder(capacity: 16 * object.fields.count)
    for (index, field) in object.fields.enumerated() {
      try append(Int32(index + 1), of: statement, field, to: &builder)
    }
    return builder.row
  }

  private func append(
    _ column: Int32, of statement: Statement, _ field: ObjectBinding.Field,
    to builder: inout RowBuilder
  ) throws(RowFault) {
    let type = field.type
    switch statement.storageClass(column) {
    case SQLITE_INTEGER:
      builder.append(field.number, type.value(integer: statement.integer(column)))
    case SQLITE_FLOAT: builder.append(field.number, type.value(real: statement.real(column)))
    case SQLITE_NULL: builder.append(field.number, .null)
    case let storageClass:
      let fault = statement.withBytes(column) { buffer in
        append(buffer, isText: storageClass == SQLITE_TEXT, field, to: &builder)
      }
      if let fault { throw fault }
    }
  }

  private func append(
    _ buffer: UnsafeRawBufferPointer, isText: Bool, _ field: ObjectBinding.Field,
    to builder: inout RowBuilder
  ) -> RowFault? {
    if buffer.count > Self.wholeBytesMax, !field.keepsWhole {
      guard let digest = digest(buffer) else {
        return RowFault(code: "memory", message: "libcrypto could not digest a value")
      }
      builder.append(field.number, .digest(digest))
    } else if buffer.count > Self.sizeBytesMax {
      return RowFault(
        code: "tooLarge",
        message: "\(object.name).\(field.name) holds a value above \(Self.sizeBytesMax >> 20) MiB")
    } else if let value = isText
      ? field.type.value(spelledBy: buffer) : field.type.value(blob: buffer)
    {
      builder.append(field.number, value)
    } else if isText {
      builder.append(field.number, text: buffer.bytes)
    } else {
      builder.append(field.number, bytes: buffer.bytes)
    }
    return nil
  }

  private func digest(_ buffer: UnsafeRawBufferPointer) -> ValueDigest? {
    var sha256 = [UInt8](repeating: 0, count: 32)
    guard syncline_sha256(buffer.baseAddress, buffer.count, &sha256) == 1 else { return nil }
    return ValueDigest(length: UInt64(buffer.count), sha256: sha256)
  }
}

extension ObjectBinding {
  /// The native key that a stored value is, or nil where it can be none.
  func nativeKey(_ stored: StoredValue) -> NativeKey? {
    if case .integer(let integer) = stored { return NativeKey(integer: integer) }
    // A key is found again by what is stored, so only a UUID is taken for more than that.
    let type = key.type.kind == .uuid ? key.type : FieldType(.any)
    return NativeKey(type.value(stored))
  }

  /// The forms in which a key may be stored: one, or three for a UUID.
  func storedForms(_ key: NativeKey) -> [StoredValue] {
    switch key.value {
    case .integer(let integer): [.integer(integer)]
    case .text(let text): [.text(text.utf8)]
    case .uuid(let bytes):
      [
        .text(UUIDText.format(bytes)), .text(UUIDText.format(bytes).uppercased()), .blob(bytes),
      ]
    case .bytes(let bytes): [.blob(bytes)]
    default: [.null]
    }
  }
}
