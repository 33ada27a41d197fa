import SynclineModel

/// Fields that the server computes from others whenever a record is written.
enum Derivation {
  static func apply(
    to record: inout Record, catalog: Catalog, store: RecordStore, changed: Set<String>
  ) {
    switch record.object {
    case "Contact", "Lead", "User": name(&record)
    case "Opportunity": opportunity(&record, changed)
    case "Case": support(&record, store)
    default: break
    }
  }

  private static func name(_ record: inout Record) {
    let parts = ["FirstName", "LastName"].compactMap { record.values[$0]?.text }
    record.values["Name"] = parts.isEmpty ? nil : .text(parts.joined(separator: " "))
  }

  private static let stages: [String: (probability: Int64, category: String)] = [
    "Prospecting": (10, "Pipeline"), "Qualification": (10, "Pipeline"),
    "Needs Analysis": (20, "Pipeline"), "Value Proposition": (50, "Pipeline"),
    "Id. Decision Makers": (60, "Pipeline"), "Perception Analysis": (70, "Pipeline"),
    "Proposal/Price Quote": (75, "Pipeline"), "Negotiation/Review": (90, "Pipeline"),
    "Closed Won": (100, "Closed"), "Closed Lost": (0, "Omitted"),
  ]

  private static func opportunity(_ record: inout Record, _ changed: Set<String>) {
    let stage = record.values["StageName"]?.text ?? ""
    record.values["IsWon"] = .boolean(stage == "Closed Won")
    record.values["IsClosed"] = .boolean(stage.hasPrefix("Closed "))
    if changed.contains("StageName"), let known = stages[stage] {
      if !changed.contains("Probability") {
        record.values["Probability"] = .number(ExactDecimal(known.probability))
      }
      record.values["ForecastCategory"] = .text(known.category)
      record.values["ForecastCategoryName"] = .text(known.category)
    }
    if record.values["ForecastCategory"] == nil {
      record.values["ForecastCategory"] = .text("Pipeline")
      record.values["ForecastCategoryName"] = .text("Pipeline")
    }
    record.values["ExpectedRevenue"] = expected(record)
    if case .date(let date) = record.values["CloseDate"] {
      let parts = date.parts
      let quarter = (parts.month - 1) / 3 + 1
      record.values["FiscalYear"] = .number(ExactDecimal(Int64(parts.year)))
      record.values["FiscalQuarter"] = .number(ExactDecimal(Int64(quarter)))
      record.values["Fiscal"] = .text("\(parts.year) \(quarter)")
    }
  }

  /// The amount times the chance, to the cent.
  private static func expected(_ record: Record) -> FieldValue? {
    guard case .number(let amount) = record.values["Amount"],
      case .number(let percent) = record.values["Probability"], let chance = percent.integer,
      amount.digits.count <= 20,
      let digits = Int128(
        String(decoding: amount.digits, as: UTF8.self).isEmpty
          ? "0" : String(decoding: amount.digits, as: UTF8.self))
    else { return nil }
    let product = ExactDecimal(
      isNegative: amount.isNegative, digits: String(digits * Int128(chance)).utf8,
      scale: amount.scale + 2)
    return .number(product.rounded(scale: 2))
  }

  private static func support(_ record: inout Record, _ store: RecordStore) {
    let isClosed = record.values["Status"]?.text == "Closed"
    record.values["IsClosed"] = .boolean(isClosed)
    if !isClosed {
      record.values["ClosedDate"] = nil
    } else if record.values["ClosedDate"] == nil {
      record.values["ClosedDate"] = record.values["SystemModstamp"]
    }
    let contact = record.values["ContactId"]?.recordID.flatMap {
      store.record($0, of: "Contact")
    }
    let shown = [
      "ContactPhone": "Phone", "ContactMobile": "MobilePhone", "ContactEmail": "Email",
      "ContactFax": "Fax",
    ]
    for (field, source) in shown { record.values[field] = contact?.values[source] }
  }
}
