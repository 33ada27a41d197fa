// What only clouds have: how they are made, what they do by themselves, and edits that only they take.

import SynclineModel
import SynclineOracle

extension PlanMaker {
  /// Half of the worlds have a cloud, on either or both sides. Its own dice: the others stay as they were.
  mutating func makeClouds() {
    var dice = Dice(seed: seed ^ 0xC10D_C10D)
    guard dice.chance(50) else { return }
    let which = dice.pick([[0], [1], [1], [0, 1]]) ?? [1]
    for side in which {
      var cloud = CloudRules()
      if dice.chance(50) { cloud.lateness = 40_000_000 }
      cloud.namesSafeBound = dice.chance(60)
      cloud.hasDeleteFeed = dice.chance(75)
      if cloud.hasDeleteFeed, dice.chance(30) { cloud.feedKeeps = 8_000_000 }
      if dice.chance(30) { cloud.searchLag = 3_000_000 }
      cloud.comparesFirst = dice.chance(20)
      cloud.knowsCommands = dice.chance(30)
      cloud.showsWrites = dice.chance(50)
      if cloud.showsWrites, dice.chance(50) { cloud.freshness = 10_000_000 }
      if dice.chance(15) { cloud.isPrompt = true }
      shape.sides[side].cloud = cloud
      shape.sides[side].reusesKeys = false
      shape.sides[side].clockPrecision = CloudRules.precision
    }
  }

  /// Some clouds know our user as one that belongs to the package alone. From dice of its own.
  mutating func makeDedicated() {
    var dice = Dice(seed: seed ^ 0xDED1_CA7E)
    for side in shape.sides.indices where shape.sides[side].cloud != nil && dice.chance(30) {
      shape.sides[side].cloud?.isDedicated = true
    }
  }

  /// Somebody edits a record here and there under the name of that user.
  mutating func workByHand() {
    var dice = Dice(seed: seed ^ 0x4A4D_4A4D)
    for index in steps.indices {
      guard case .edits(let place, let edits) = steps[index],
        shape.sides[place.rawValue].cloud?.isDedicated == true,
        edits.allSatisfy({ $0.kind == .update }), dice.chance(20)
      else { continue }
      steps[index] = .edits(
        place,
        edits.map { edit in
          var edit = edit
          edit.isDedicated = true
          return edit
        })
    }
  }

  /// In some clouds something rewrites names a while after they were written. From dice of its own.
  mutating func makeAutomations() {
    var dice = Dice(seed: seed ^ 0xA070_A070)
    for side in shape.sides.indices where shape.sides[side].cloud != nil && dice.chance(30) {
      // What follows later from our writes is taken for work by hand (Docs/Guarantees.md, "Windows").
      if shape.sides[side].cloud?.isDedicated == true { continue }
      let entity = dice.roll(shape.entities.count)
      // Within the run that wrote the name, mostly; before the next; or after some of them.
      let spans: [Int64] = [40_000, 150_000, 3_000_000, 20_000_000]
      guard let span = dice.pick(spans) else { return }
      shape.entities[entity].triggers[side].append(
        .marksLater(field: Shape.ownFields, after: span))
    }
  }

  /// Somebody takes a deletion back, mostly at once.
  mutating func undelete() {
    guard let record = anyone() else { return }
    let place: Place = shape.sides[0].cloud == nil ? .target : .source
    if dice.chance(80) {
      steps.append(.edits(place, [Edit(kind: .delete, record: record)]))
    }
    if dice.chance(50) { steps.append(transaction()) }
    steps.append(.edits(place, [Edit(kind: .undelete, record: record)]))
  }

  /// Users of a cloud make one record of two, while the other side goes on with what points there.
  mutating func addMerges() {
    for _ in 0..<dice.roll(1...3) {
      guard let side = dice.pick(shape.sides.indices.filter { shape.sides[$0].cloud != nil }),
        let place = Place(rawValue: side)
      else { return }
      let index = rarePlace()
      // Mostly what others point to.
      let entity = dice.chance(70) ? dice.roll(2) : dice.roll(shape.entities.count)
      let known = born(before: index, entity)
      guard let winner = dice.pick(known), let loser = dice.pick(known), winner != loser else {
        continue
      }
      var merge = Edit(kind: .merge, record: winner, merged: loser)
      for field in shape.entities[entity].fields.indices where dice.chance(30) {
        merge.values[field] = .theirs
      }
      var added: [Step] = [.edits(place, [merge])]
      if dice.chance(60) { added.insert(meanwhile(place.other, loser, winner), at: dice.roll(2)) }
      if case .run(let intrusions, let limit) = steps[index], dice.chance(40) {
        let call = dice.roll(1...20)
        steps[index] = .run(intrusions + [.edits(call: call, place, [merge])], limit: limit)
        added.removeAll { $0 == .edits(place, [merge]) }
      }
      steps.insert(contentsOf: added, at: index)
    }
  }

  /// What the other side does to either record, or to what points to the one that goes.
  private mutating func meanwhile(
    _ place: Place, _ loser: RecordName, _ winner: RecordName
  ) -> Step {
    let record = dice.chance(60) ? loser : winner
    switch dice.roll(4) {
    case 0: return .edits(place, [Edit(kind: .delete, record: record)])
    case 1:
      let field = dice.roll(2)
      let values = [field: value(record.entity, field)]
      return .edits(place, [Edit(kind: .update, record: record, values: values)])
    default:
      for (entity, shape) in shape.entities.enumerated() {
        guard let key = shape.fields.firstIndex(where: { $0.kind == .reference(record.entity) })
        else { continue }
        var child = create(entity)
        child.values[key] = .parent(record.tag)
        return .edits(place, [child])
      }
      return .edits(place, [create(record.entity)])
    }
  }

  /// Records of an entity that somebody made before a step.
  private func born(before index: Int, _ entity: Int) -> [RecordName] {
    steps[..<index].flatMap { step in
      guard case .edits(_, let edits) = step else { return [RecordName]() }
      return edits.filter { $0.kind == .create && $0.record.entity == entity }.map(\.record)
    }
  }
}
