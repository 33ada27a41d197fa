import SynclineModel

/// A query as it was written, before its names are looked up.
struct SOQLQuery {
  /// A field, by way of its parents.
  struct Path: Hashable {
    let names: [String]
    let offset: Int
    /// As it was written.
    var text: String { names.joined(separator: ".") }
  }

  enum Item {
    case path(Path)
    /// `FIELDS(ALL)`, `FIELDS(STANDARD)`, `FIELDS(CUSTOM)`.
    case fields(String, offset: Int)
  }

  enum Selection {
    case count
    case items([Item])
  }

  struct Order {
    let path: Path
    let isDescending: Bool
    let putsNullsLast: Bool
  }

  enum Operator: String {
    case equal = "="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case like = "LIKE"
  }

  enum Literal: Hashable {
    case text(String)
    case number(ExactDecimal)
    case boolean(Bool)
    case null
    case date(CalendarDate)
    case moment(Timestamp)
    /// `TODAY`, `LAST_N_DAYS:7`
    case days(String, count: Int?)
  }

  indirect enum Condition {
    case comparison(Path, Operator, Literal)
    case membership(Path, isNegated: Bool, [Literal])
    case includes(Path, isNegated: Bool, [String])
    case all([Condition])
    case any([Condition])
    case not(Condition)
  }

  var selection: Selection
  var object: String
  var objectOffset: Int
  var condition: Condition?
  var order: [Order] = []
  var limit: Int?
  var offset = 0
}
