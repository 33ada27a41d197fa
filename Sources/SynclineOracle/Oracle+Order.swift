// What came before what, as far as anybody could know.

extension Oracle {
  /// `first` certainly saw the light before `second` was made.
  func precedes(_ first: Act, _ second: Act) -> Bool {
    if first.place == second.place { return first.time < second.time }
    return history.runs.contains { $0.isClean && first.time < $0.start && $0.end < second.time }
  }

  /// `second` may have known of `first`.
  func mayPrecede(_ first: Act, _ second: Act) -> Bool {
    if first.place == second.place { return first.time < second.time }
    return first.time < second.time
      && history.runs.contains { $0.start < second.time && $0.end > first.time }
  }

  /// Whether the birth came after the delete, or on the other side unseen: then it is another record
  /// of that name, which the delete was not about.
  func isUnknown(_ birth: Act, to delete: Act) -> Bool {
    birth.place == delete.place ? birth.time > delete.time : !mayPrecede(birth, delete)
  }
}
