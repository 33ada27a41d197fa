// What happens in a seed's world, step by step: data, so that it can be printed, repeated and shrunk.

import SynclineModel
import SynclineOracle

/// A value that a user writes.
enum EditValue: Hashable, Sendable {
  case null
  case text(String)
  case number(String)
  /// The key of the record with this tag.
  case parent(String)
  /// What the field holds, with its first letter's case changed.
  case otherCase
  /// What the field holds.
  case same
  /// What the field holds, with more digits behind the point.
  case finer
  /// What the record that goes in a merge holds there.
  case theirs
}

/// What a user does to one record, which is named by its tag: what is not there is left alone.
struct Edit: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case create, update, delete, rekey, undelete, merge }

  var kind: Kind
  var record: RecordName
  /// The record that goes in a merge.
  var merged: RecordName?
  /// By place of the field in its entity.
  var values: [Int: EditValue] = [:]
  /// Whether it is made by hand under the name of our user.
  var isDedicated = false
}

/// Something that happens while a run goes on.
enum Intrusion: Hashable, Sendable {
  /// A user's transaction, just before the call is answered.
  case edits(call: Int, Place, [Edit])
  /// A user changes this field of a record that the call is about to write.
  case aimed(call: Int, field: Int, EditValue)
  /// A user changes this field of this record each time that the run is about to write it there.
  case crosses(Place, RecordName, field: Int, EditValue)
  /// A user deletes the last row of a table into which the call is about to insert.
  case deletesLast(call: Int)
  /// The call fails and nothing happened.
  case failsBefore(call: Int)
  /// The call fails and its effect stands.
  case failsAfter(call: Int)
  /// The run gives up on its so manieth write to a cloud, which takes effect all the same, later.
  case givesUp(write: Int)
  /// The last outcomes of the first batch from this call on do not come back.
  case losesOutcomes(call: Int, Int)
  /// The system refuses one record of the first batch from this call on.
  case refuses(call: Int, Int)
  /// The process dies.
  case diesBefore(call: Int)
  case diesAfter(call: Int)
  case diesBeforeAppend(Int)
  case diesAfterAppend(Int)
  /// A person ends the run.
  case cancels(call: Int)

  var isCrash: Bool {
    switch self {
    case .diesBefore, .diesAfter, .diesBeforeAppend, .diesAfterAppend: true
    default: false
    }
  }

  var isFault: Bool {
    switch self {
    case .failsBefore, .failsAfter, .givesUp, .losesOutcomes, .refuses: true
    default: false
    }
  }

  var isEdit: Bool {
    switch self {
    case .edits, .aimed, .crosses, .deletesLast: true
    default: false
    }
  }
}

enum Step: Hashable, Sendable {
  case edits(Place, [Edit])
  case run([Intrusion], limit: Int?)
  case resetLastSync
  case resetTracking
  case remap(entity: Int, field: Int, FieldShape.Mapping)
  case dropTrigger(Place, entity: Int)
  /// Another package over the same objects of the same systems, which must not get in.
  case stranger
  /// Runs without faults until nothing moves; then the laws are checked.
  case settle
}

struct Plan: Sendable {
  var seed: UInt64
  var shape: Shape
  var steps: [Step]
}
