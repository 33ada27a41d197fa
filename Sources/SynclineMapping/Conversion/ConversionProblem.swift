public import SynclineModel

/// Why a value has no counterpart in the written field: a record error, which stops no other record.
/// The message is a literal, so that it cannot carry the value.
public struct ConversionProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// Says what the value is, such as "a text that is no number".
  public let message: StaticText

  public init(_ message: StaticText) { self.message = message }

  /// The code of the record error.
  public var code: String { "value" }

  public var description: String { message.description }
}
