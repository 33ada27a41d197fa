import SynclineTesting

// Scenarios 1 to 11, 13, 16, 20 to 22, 26, 27, 36 and 39 of the laws, as rows.
extension Law {
  private static let nine = (1...9).map { "\($0) x 1" }
  private static let one = Outcome.Writes(inserts: 1)

  static let rows: [Law] = copying + touching + conflicts + matching + again

  private static let copying = [
    Law(
      "1: new in the source", source: [.make("r Ada 1")], run: .wrote(inserts: 1, in: .target),
      both: ["r Ada 1"]),
    Law(
      "2: new in the target", target: [.make("r Ada 1")], run: .wrote(inserts: 1, in: .source),
      both: ["r Ada 1"]),
    Law(
      "1 and 2: a first run copies both ways", isFirstRun: true, source: [.make("a Ada 1")],
      target: [.make("b Bob -")], run: .wrote(source: one, target: one),
      both: ["a Ada 1", "b Bob -"]),
    Law(
      "3: changed in the source", base: ["r Ada 1"], source: [.score("r", 2)],
      run: .wrote(updates: 1, in: .target), both: ["r Ada 2"]),
    Law(
      "4: changed in the target", base: ["r Ada 1"], target: [.score("r", 2)],
      run: .wrote(updates: 1, in: .source), both: ["r Ada 2"]),
    Law(
      "3: emptied in the source", base: ["r Ada 1"], source: [.score("r", nil), .tag("r", nil)],
      run: .wrote(updates: 1, in: .target), both: ["- Ada -"]),
    Law(
      "4: emptied in the target", base: ["r Ada 1"], target: [.score("r", nil), .tag("r", nil)],
      run: .wrote(updates: 1, in: .source), both: ["- Ada -"]),
    Law(
      "5: deleted in the source", base: ["r Ada 1", "s Bob 1"], source: [.delete("r")],
      run: .wrote(deletes: 1, in: .target), both: ["s Bob 1"]),
    Law(
      "6: deleted in the target", base: ["r Ada 1", "s Bob 1"], target: [.delete("r")],
      run: .wrote(deletes: 1, in: .source), both: ["s Bob 1"]),
    Law(
      "7 and 13: deleted on both sides", base: ["r Ada 1", "s Bob 1"], source: [.delete("r")],
      target: [.delete("r")], both: ["s Bob 1"]),
    Law(
      "16: all changed at once in the source", base: nine,
      source: (1...9).map { .score("\($0)", 2) }, run: .wrote(updates: 9, in: .target),
      both: (1...9).map { "\($0) x 2" }),
    Law(
      "16: all changed at once in the target", base: nine,
      target: (1...9).map { .score("\($0)", 2) }, run: .wrote(updates: 9, in: .source),
      both: (1...9).map { "\($0) x 2" }),
    Law(
      "36: changed twice in one moment in the source", base: ["r Ada 1"],
      source: [.score("r", 2), .score("r", 3)], run: .wrote(updates: 1, in: .target),
      both: ["r Ada 3"]),
    Law(
      "36: changed twice in one moment in the target", base: ["r Ada 1"],
      target: [.score("r", 2), .score("r", 3)], run: .wrote(updates: 1, in: .source),
      both: ["r Ada 3"]),
  ]

  private static let touching = [
    Law(
      "10: touched in the source", base: ["r Ada 1"], source: [.touch("r")], both: ["r Ada 1"]),
    Law(
      "10: touched in the target", base: ["r Ada 1"], target: [.touch("r")], both: ["r Ada 1"]),
    Law(
      "10: touched in the source, changed in the target", base: ["r Ada 1"],
      source: [.touch("r")], target: [.score("r", 2)], run: .wrote(updates: 1, in: .source),
      both: ["r Ada 2"]),
    Law(
      "10: touched in the target, changed in the source", base: ["r Ada 1"],
      source: [.score("r", 2)], target: [.touch("r")], run: .wrote(updates: 1, in: .target),
      both: ["r Ada 2"]),
    Law(
      "10: changed and changed back", base: ["r Ada 1"], source: [.score("r", 2), .score("r", 1)],
      both: ["r Ada 1"]),
  ]

  private static let conflicts = [
    Law(
      "8: changed on both sides", base: ["r Ada 1"], source: [.score("r", 2)],
      target: [.score("r", 3)], run: .wrote(updates: 1, in: .target, conflicts: 1),
      both: ["r Ada 2"], losers: ["bothChanged: target lost score = 3"]),
    Law(
      "8: changed on both sides to the same", base: ["r Ada 1"], source: [.score("r", 2)],
      target: [.score("r", 2)], both: ["r Ada 2"]),
    Law(
      "9: changed in the source, deleted in the target", base: ["r Ada 1"],
      source: [.score("r", 2)], target: [.delete("r")],
      run: .wrote(inserts: 1, in: .target, conflicts: 1), both: ["r Ada 2"],
      losers: ["changedAndDeleted: target lost the record"]),
    Law(
      "9: deleted in the source, changed in the target", base: ["r Ada 1", "s Bob 1"],
      source: [.delete("r")], target: [.score("r", 3)],
      run: .wrote(deletes: 1, in: .target, conflicts: 1), both: ["s Bob 1"],
      losers: ["deletedAndChanged: target lost name = 'Ada', score = 3, tag = 'r'"]),
    Law(
      "26: one field on each side", base: ["r one 1"], source: [.name("r", "two")],
      target: [.score("r", 3)], run: .wrote(updates: 1, in: .target, conflicts: 1),
      both: ["r two 1"], losers: ["bothChanged: target lost score = 3"]),
  ]

  private static let matching = [
    Law(
      "11: the same on both sides before the first run", isFirstRun: true, isMatched: true,
      source: [.make("r Ada 1")], target: [.make("r Ada 1")], both: ["r Ada 1"]),
    Law(
      "11: the same on both sides in a later run", base: ["q Bob 1"], isMatched: true,
      source: [.make("r Ada 1")], target: [.make("r Ada 1")], both: ["q Bob 1", "r Ada 1"]),
    Law(
      "11: an empty field is filled, and the source's value goes", isFirstRun: true,
      isMatched: true, source: [.make("r Ada -"), .make("s Bob 1")],
      target: [.make("r Ada 7"), .make("s Rob 1")],
      run: .wrote(source: .init(updates: 1), target: .init(updates: 1)),
      both: ["r Ada 7", "s Bob 1"], losers: ["firstMatch: target lost name = 'Rob'"]),
    Law(
      "20: made again in the source under a new key", base: ["r Ada 1", "s Bob 1"],
      isMatched: true, source: [.delete("r"), .make("r Ada 1")], both: ["r Ada 1", "s Bob 1"]),
    Law(
      "20: made again in the target under a new key", base: ["r Ada 1", "s Bob 1"],
      isMatched: true, target: [.delete("r"), .make("r Ada 1")], both: ["r Ada 1", "s Bob 1"]),
    Law(
      "21: the matched value changed in the source", base: ["a Ada 1"], isMatched: true,
      source: [.tag("a", "b")], run: .wrote(updates: 1, in: .target), both: ["b Ada 1"]),
    Law(
      "21: the matched value changed in the target", base: ["a Ada 1"], isMatched: true,
      target: [.tag("a", "b")], run: .wrote(updates: 1, in: .source), both: ["b Ada 1"]),
    Law(
      "22: without a matched value", isFirstRun: true, isMatched: true,
      source: [.make("- Ada 1")], target: [.make("- Ada 1")],
      run: .wrote(source: one, target: one), both: ["- Ada 1", "- Ada 1"]),
    Law(
      "27: an insert in the source meets a record", base: ["q Bob 1"], isMatched: true,
      source: [.make("r Ada 2")], target: [.make("r Ada 1")],
      run: .wrote(updates: 1, in: .target), both: ["q Bob 1", "r Ada 2"],
      losers: ["firstMatch: target lost score = 1"]),
    Law(
      "27: an insert in the target meets a record", base: ["q Bob 1"], isMatched: true,
      source: [.make("r Ada -")], target: [.make("r Ada 1")],
      run: .wrote(updates: 1, in: .source), both: ["q Bob 1", "r Ada 1"]),
  ]

  private static let again = [
    Law(
      "39: deleted in the source and made again", base: ["r Ada 1", "s Bob 1"],
      source: [.delete("r"), .make("r Ada 2")],
      run: .wrote(inserts: 1, deletes: 1, in: .target), both: ["r Ada 2", "s Bob 1"]),
    Law(
      "39: deleted in the target and made again", base: ["r Ada 1", "s Bob 1"],
      target: [.delete("r"), .make("r Ada 2")],
      run: .wrote(inserts: 1, deletes: 1, in: .source), both: ["r Ada 2", "s Bob 1"]),
    Law(
      "39: made again in the source while the target changed it", base: ["r Ada 1"],
      source: [.delete("r"), .make("r Ada 2")], target: [.score("r", 3)],
      run: .wrote(inserts: 1, deletes: 1, in: .target, conflicts: 1), both: ["r Ada 2"],
      losers: ["deletedAndChanged: target lost name = 'Ada', score = 3, tag = 'r'"]),
  ]
}
