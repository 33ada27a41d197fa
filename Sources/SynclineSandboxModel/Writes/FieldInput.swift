import SynclineModel

/// What becomes of a value that a request gives a field: checked, trimmed, rounded, normalised. Nil is
/// an empty field.
enum FieldInput {
  static func read(
    _ json: JSON, for field: FieldDescription
  ) throws(APIError) -> FieldValue? {
    if case .null = json {
      guard field.kind != .boolean else { throw .unreadable(json, as: "boolean") }
      return nil
    }
    switch field.kind {
    case .boolean:
      guard let value = json.booleanValue else { throw .unreadable(json, as: "boolean") }
      return .boolean(value)
    case .int, .double, .currency, .percent: return try number(json, field)
    case .date:
      guard let date = json.textValue.flatMap({ ISOText.date(Array($0.utf8)) }) else {
        throw .unreadable(json, as: "date")
      }
      return .date(date)
    case .datetime:
      guard let moment = json.textValue.flatMap(StampText.moment) else {
        throw .unreadable(json, as: "datetime")
      }
      return .moment(moment.wholeSecond)
    case .time:
      guard let time = json.textValue.flatMap(StampText.time) else {
        throw .unreadable(json, as: "time")
      }
      return .time(time)
    case .id, .reference: return try identifier(json, field)
    default: return try text(json, field)
    }
  }

  /// Blanks around it go, `""` is empty, too long is refused and never cut.
  private static func text(
    _ json: JSON, _ field: FieldDescription
  ) throws(APIError) -> FieldValue? {
    guard let given = json.textValue else { throw .unreadable(json, as: "string") }
    let value = trimmed(given.replacing("\r\n", with: "\n"))
    guard !value.isEmpty else { return nil }
    guard value.utf16.count <= field.length || field.kind == .picklist && field.isRestricted else {
      throw APIError(
        400, "STRING_TOO_LONG",
        "\(field.label): data value too large: \(value) (max length=\(field.length))",
        fields: [field.name])
    }
    switch field.kind {
    case .email where !isEmail(value):
      throw APIError(
        400, "INVALID_EMAIL_ADDRESS", "\(field.label): invalid email address: \(value)",
        fields: [field.name])
    case .picklist where field.isRestricted: return .text(try choice(value, field))
    case .multipicklist: return try choices(value, field)
    default: return .text(value)
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  private static func isEmail(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !text.contains(where: \.isWhitespace) else {
      return false
    }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
  }

  /// A choice in the spelling of the list.
  private static func choice(
    _ value: String, _ field: FieldDescription
  ) throws(APIError) -> String {
    guard
      let known = field.picklist.first(where: { $0.value.lowercased() == value.lowercased() })
    else {
      throw APIError(
        400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "\(field.label): bad value for restricted picklist field: \(value)", fields: [field.name])
    }
    return known.value
  }

  /// Several choices, each once, in the order of the list.
  private static func choices(
    _ value: String, _ field: FieldDescription
  ) throws(APIError) -> FieldValue? {
    var given: [String] = []
    for part in value.split(separator: ";") {
      let part = trimmed(String(part))
      let known = field.picklist.first { $0.value.lowercased() == part.lowercased() }?.value
      if let known {
        if !given.contains(known) { given.append(known) }
      } else if field.isRestricted {
        _ = try choice(part, field)
      } else if !given.contains(part) {
        given.append(part)
      }
    }
    let known = field.picklist.map(\.value)
    let ordered = known.filter(given.contains) + given.filter { !known.contains($0) }
    return ordered.isEmpty ? nil : .text(ordered.joined(separator: ";"))
  }

  /// Rounded to the field's scale, half away from zero.
  private static func number(
    _ json: JSON, _ field: FieldDescription
  ) throws(APIError) -> FieldValue? {
    guard case .number(let digits) = json, let given = ExactDecimal(parsing: digits.utf8) else {
      throw .unreadable(json, as: field.kind == .int ? "int" : "double")
    }
    if field.kind == .int, given.scale > 0 { throw .unreadable(json, as: "int") }
    let number = given.rounded(scale: field.kind == .int ? 0 : field.scale)
    let most = field.kind == .int ? field.digits : field.precision - field.scale
    guard number.integralDigits <= most else {
      throw APIError(
        400, "NUMBER_OUTSIDE_VALID_RANGE",
        "\(field.label): value outside of valid range on numeric field: \(given)",
        fields: [field.name])
    }
    return .number(number)
  }

  private static func identifier(
    _ json: JSON, _ field: FieldDescription
  ) throws(APIError) -> FieldValue? {
    guard let given = json.textValue else { throw .unreadable(json, as: "string") }
    guard !given.isEmpty else { return nil }
    guard let id = RecordID(parsing: given) else {
      throw .wrongIdentifier(given, field)
    }
    return .text(id.text)
  }
}

extension APIError {
  static func wrongIdentifier(_ given: String, _ field: FieldDescription) -> APIError {
    APIError(
      400, "MALFORMED_ID", "\(field.label): id value of incorrect type: \(given)",
      fields: [field.name])
  }
}

extension ExactDecimal {
  /// The nearest number with so many digits behind the point; halves go away from zero.
  func rounded(scale wanted: Int) -> ExactDecimal {
    guard scale > wanted else { return self }
    let padded = repeatElement(UInt8(0x30), count: max(0, scale + 1 - digits.count)) + digits
    let kept = padded.dropLast(scale - wanted)
    let next = padded[kept.count]
    var rounded = Array(kept)
    if next >= 0x35 {
      var place = rounded.count - 1
      while place >= 0, rounded[place] == 0x39 {
        rounded[place] = 0x30
        place -= 1
      }
      if place >= 0 { rounded[place] += 1 } else { rounded.insert(0x31, at: 0) }
    }
    return ExactDecimal(isNegative: isNegative, digits: rounded, scale: wanted)
  }
}
