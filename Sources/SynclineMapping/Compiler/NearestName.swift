/// The name that a person may have meant: the one fewest edits away, letters compared without case;
/// nil where none is near.
func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars)
  let ranked = names.map { (edits(wanted, Array($0.lowercased().unicodeScalars)), $0) }
  guard let nearest = ranked.min(by: { $0 < $1 }), nearest.0 <= max(2, wanted.count / 3) else {
    return nil
  }
  return nearest.1
}

/// How many scalars must be inserted, dropped or replaced to turn one into the other.
private func edits(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
  var previous = Array(0...second.count)
  for (row, scalar) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in second.enumerated() {
      let replaced = previous[column] + (scalar == other ? 0 : 1)
      current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[second.count]
}
