// The strong identifiers of the model. Records, links, objects, fields, tasks and runs get dense
// numbers at first sight, so that a first load appends to every tree and events stay small
// (Docs/JournalFormat.md, "Numbers").

/// A number that the journal gives out once: dense, starting at 1, never reused. 0 means "none".
public protocol DenseNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
  associatedtype RawValue: FixedWidthInteger & UnsignedInteger & Sendable
  var rawValue: RawValue { get }
  init(rawValue: RawValue)
}

extension DenseNumber {
  @inlinable
  public init(_ rawValue: RawValue) { self.init(rawValue: rawValue) }

  /// The number that follows.
  @inlinable public var next: Self { Self(rawValue: rawValue + 1) }

  /// The number that stands for nothing, 0.
  @inlinable public static var none: Self { Self(rawValue: 0) }

  @inlinable
  public static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }

  public var description: String { "\(rawValue)" }
}

/// The place of an event in the journal: gapless, starting at 1.
@frozen public struct EventSequence: DenseNumber {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A record of one system, from its first observation to its deletion. A native key that is deleted
/// and used again is a new record.
@frozen public struct RecordNumber: DenseNumber {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A link: which records on both sides are the same thing.
@frozen public struct LinkNumber: DenseNumber {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// An object (table or CRM object) of one side.
@frozen public struct ObjectNumber: DenseNumber {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// A field of one object; numbers are interned per object.
@frozen public struct FieldNumber: DenseNumber {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// A task of the package. A task keeps its number for as long as its name stands in the package; one
/// that is removed and comes back gets its old number again.
@frozen public struct TaskNumber: DenseNumber {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// One run of the package.
@frozen public struct RunNumber: DenseNumber {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// One adopted version of the mapping.
@frozen public struct MappingRevision: DenseNumber {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The id of a command: the sequence number of the event `command issued` that is its intent.
@frozen public struct CommandID: DenseNumber {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// The generation of a side's tracking objects. A re-creation starts a new one, and with it a new
/// count of tracking entries.
@frozen public struct TrackingGeneration: DenseNumber {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}
