// A plan from a seed.

import SynclineMapping
import SynclineModel
import SynclineOracle

extension Plan {
  init(seed: UInt64) {
    var maker = PlanMaker(seed: seed)
    self = maker.plan()
  }
}

struct PlanMaker {
  let seed: UInt64
  var dice: Dice
  var shape = Shape(entities: [], sides: [], rule: .source)
  var steps: [Step] = []
  /// Tags that were given, by entity.
  var tags: [[String]] = []
  var counter = 0

  init(seed: UInt64) {
    self.seed = seed
    dice = Dice(seed: seed)
  }

  mutating func plan() -> Plan {
    makeShape()
    makeClouds()
    makeDedicated()
    makeAutomations()
    tags = shape.entities.map { _ in [] }
    populate()
    steps.append(.run(intrusions(chance: 60), limit: nil))
    for _ in 0..<dice.roll(2...3) { phase() }
    // From other dice, so that the rest of a seed stays what it was.
    dice = Dice(seed: ~seed)
    addRarities()
    dice = Dice(seed: seed ^ 0x3E26_3E26)
    if shape.hasCloud, dice.chance(40) { addMerges() }
    workByHand()
    return Plan(seed: seed, shape: shape, steps: steps)
  }

  // MARK: The world

  private mutating func makeShape() {
    shape.rule =
      dice.pick([.source, .source, .source, .target, .newest, .merge, .merge, .hold])
      ?? .source
    shape.sides = (0..<2).map { _ in
      SideShape(
        reusesKeys: dice.chance(40), clockOffset: Int64(dice.roll(-5...5)) * 1_000_000,
        clockPrecision: dice.chance(30) ? 1_000_000 : 1000,
        pageLimit: dice.pick([2, 5, 1000]) ?? 5,
        batchLimit: dice.pick([1, 3, 500]) ?? 500)
    }
    shape.entities = [
      entity("Company", parents: dice.chance(50) ? [("boss", 0)] : []),
      entity("Person", parents: [("company", 0)]),
      entity("Deal", parents: [("person", 1), ("company", 0)]),
    ]
    if dice.chance(30) { shape.entities.append(entity("Note", parents: [("deal", 2)])) }
    guard dice.chance(25) else { return }
    let side = dice.roll(2)
    let note = Shape.ownFields + 2
    shape.entities[1].triggers[side] = [.touchesParent(reference: reference(of: 1), field: note)]
  }

  /// The place of an entity's first foreign key in a row.
  private func reference(of entity: Int) -> Int {
    Shape.ownFields
      + (shape.entities[entity].fields.firstIndex {
        if case .reference = $0.kind { true } else { false }
      } ?? 0)
  }

  private mutating func entity(_ name: String, parents: [(String, Int)]) -> EntityShape {
    var name1 = FieldShape(name: "name", kind: .text)
    name1.foldsCaseInTarget = dice.chance(30)
    if dice.chance(20) { name1.storage[dice.roll(2)] = [.trims] }
    if dice.chance(20) { name1.rule = dice.pick([.source, .target, .merge]) }
    var amount = FieldShape(name: "amount", kind: .number)
    if dice.chance(40) { amount.targetScale = 2 }
    if dice.chance(15) { amount.storage[dice.roll(2)] = [.roundsTo(1)] }
    var note = FieldShape(
      name: "note", kind: .text,
      mapping: dice.pick([.both, .both, .toTarget, .toSource, .none]) ?? .both)
    note.isOptional = dice.chance(60)
    if note.mapping == .both, dice.chance(15) { note.defaults[dice.roll(2)] = "as usual" }
    var fields = [name1, amount, note]
    if dice.chance(40) {
      fields.append(FieldShape(name: "code", kind: .text, isUnique: true))
    }
    if dice.chance(30) {
      fields.append(FieldShape(name: "origin", kind: .constant("crm"), mapping: .toTarget))
    }
    for (field, parent) in parents {
      var reference = FieldShape(name: field, kind: .reference(parent))
      reference.onDelete = (0..<2).map { _ in dice.pick([.refuse, .cascade, .setNull]) ?? .refuse }
      fields.append(reference)
    }
    return EntityShape(
      name: name, fields: fields, isMatched: dice.chance(40),
      rule: dice.chance(30) ? dice.pick([.source, .target, .newest, .merge, .hold]) : nil,
      restoresDrift: dice.chance(30))
  }

  // MARK: Edits

  private mutating func populate() {
    for place in Place.allCases {
      for _ in 0..<dice.roll(5...7) {
        steps.append(.edits(place, (0..<dice.roll(1...3)).map { _ in create() }))
      }
    }
    // The same record, known on both sides from the beginning.
    for entity in shape.entities.indices where shape.entities[entity].isMatched {
      for _ in 0..<dice.roll(0...3) {
        let twin = create(entity)
        for place in Place.allCases {
          var edit = twin
          if dice.chance(50) { edit.values[0] = text() }
          steps.append(.edits(place, [edit]))
        }
      }
    }
  }

  private mutating func phase() {
    for _ in 0..<dice.roll(1...2) {
      for _ in 0..<dice.roll(4...8) { steps.append(transaction()) }
      if shape.hasCloud, dice.chance(50) { undelete() }
      if dice.chance(12) { steps.append(.resetLastSync) }
      if dice.chance(8) { steps.append(.resetTracking) }
      if dice.chance(8) { dropTrigger() }
      if dice.chance(25) { remap() }
      steps.append(.run(intrusions(chance: 75), limit: dice.chance(8) ? dice.roll(1...5) : nil))
    }
    steps.append(.settle)
  }

  private mutating func dropTrigger() {
    steps.append(
      .dropTrigger(dice.chance(50) ? .source : .target, entity: dice.roll(shape.entities.count)))
  }

  private mutating func remap() {
    let entity = dice.roll(shape.entities.count)
    guard let field = shape.entities[entity].fields.firstIndex(where: \.isOptional) else { return }
    steps.append(
      .remap(
        entity: entity, field: field, dice.pick(FieldShape.Mapping.allCases) ?? .both))
  }

  mutating func transaction() -> Step {
    let place: Place = dice.chance(50) ? .source : .target
    return .edits(place, edits())
  }

  private mutating func edits() -> [Edit] {
    if dice.chance(4), let swap = swap() { return swap }
    return (0..<dice.roll(1...3)).map { _ in edit() }
  }

  private mutating func edit() -> Edit {
    switch dice.roll(100) {
    case 0..<22: return create()
    case 22..<78: return update() ?? create()
    case 78..<97:
      guard let record = anyone() else { return create() }
      return Edit(kind: .delete, record: record)
    default:
      guard let record = anyone() else { return create() }
      return Edit(kind: .rekey, record: record)
    }
  }

  /// Two records give one another their unique values.
  private mutating func swap() -> [Edit]? {
    let entity = dice.roll(shape.entities.count)
    guard let code = shape.entities[entity].fields.firstIndex(where: \.isUnique),
      let first = dice.pick(tags[entity]), let second = dice.pick(tags[entity]), first != second
    else { return nil }
    counter += 2
    let one = RecordName(entity, first)
    let two = RecordName(entity, second)
    return [
      Edit(kind: .update, record: one, values: [code: .text("c\(counter - 1)")]),
      Edit(kind: .update, record: two, values: [code: .text("c\(counter)")]),
    ]
  }

  mutating func anyone() -> RecordName? {
    let entity = dice.roll(shape.entities.count)
    // Mostly those that were touched lately: so edits meet.
    let known = tags[entity]
    let lately = dice.chance(50) ? Array(known.suffix(4)) : known
    return dice.pick(lately).map { RecordName(entity, $0) }
  }

  mutating func create(_ wanted: Int? = nil) -> Edit {
    let entity = wanted ?? dice.roll(shape.entities.count)
    counter += 1
    let tag = "k\(counter)"
    var edit = Edit(kind: .create, record: RecordName(entity, tag))
    for index in shape.entities[entity].fields.indices where dice.chance(75) {
      edit.values[index] = value(entity, index)
    }
    tags[entity].append(tag)
    return edit
  }

  private mutating func update() -> Edit? {
    guard let record = anyone() else { return nil }
    let fields = shape.entities[record.entity].fields
    var edit = Edit(kind: .update, record: record)
    for _ in 0..<dice.roll(1...2) {
      let index = dice.roll(fields.count)
      edit.values[index] = value(record.entity, index)
    }
    if dice.chance(6) { edit.values[0] = .otherCase }
    if dice.chance(4) { edit.values = [0: .same] }
    return edit
  }

  mutating func value(_ entity: Int, _ index: Int) -> EditValue {
    if dice.chance(10) { return .null }
    switch shape.entities[entity].fields[index].kind {
    case .text, .constant: return text()
    case .number:
      counter += 1
      return .number(
        dice.chance(50) ? "\(counter)" : "\(counter).\(dice.pick(["5", "25", "127"]) ?? "5")")
    case .reference(let parent):
      guard let tag = dice.pick(tags[parent]) else { return .null }
      return .parent(tag)
    }
  }

  private mutating func text() -> EditValue {
    counter += 1
    let plain = "v\(counter)"
    let forms = [
      plain, plain, plain, "V\(counter)", "\(plain) ", "é\(plain)", "o'\(plain)\"", "\(plain);--\n",
    ]
    return .text(dice.pick(forms) ?? plain)
  }

  // MARK: What is rare

  /// Edits that lead to nothing, and a second package over the same objects.
  private mutating func addRarities() {
    for _ in 0..<dice.roll(4) where dice.chance(60) {
      let index = rarePlace()
      if dice.chance(50) {
        guard let edit = update() else { continue }
        steps.insert(contentsOf: Place.allCases.map { .edits($0, [edit]) }, at: index)
      } else if let record = anyone(), let amount = amount(of: record.entity) {
        let finer = Edit(kind: .update, record: record, values: [amount: .finer])
        steps.insert(.edits(dice.chance(70) ? .source : .target, [finer]), at: index)
      }
    }
    if dice.chance(5) { steps.insert(.stranger, at: rarePlace()) }
    for index in steps.indices.dropFirst() {
      guard case .run(var intrusions, let limit) = steps[index] else { continue }
      if case .resetLastSync = steps[index - 1], dice.chance(50) {
        // Whatever is refilled is refused at first.
        intrusions += (6...24).map { .refuses(call: $0, 0) }
      } else if dice.chance(15) {
        intrusions += (0..<3).map { _ in .deletesLast(call: dice.roll(6...16)) }
      }
      steps[index] = .run(intrusions, limit: limit)
    }
    if dice.chance(30) { addCrossing() }
  }

  /// Each side changes a field of one record, and one of them once more when the run writes it.
  private mutating func addCrossing() {
    guard let record = anyone(),
      let index = steps.indices.dropFirst().filter({
        if case .run = steps[$0] { $0 > rareFirst } else { false }
      }).last,
      case .run(let intrusions, let limit) = steps[index]
    else { return }
    let side: Place = dice.chance(50) ? .source : .target
    let fields = dice.chance(50) ? [0, 1] : [1, 0]
    let crossing = Intrusion.crosses(
      side, record, field: fields[0], value(record.entity, fields[0]))
    steps[index] = .run(intrusions + [crossing], limit: limit)
    for (place, field) in [(side, fields[0]), (side.other, fields[1])] {
      let edit = Edit(
        kind: .update, record: record, values: [field: value(record.entity, field)])
      steps.insert(.edits(place, [edit]), at: index)
    }
  }

  private var rareFirst: Int {
    steps.firstIndex { if case .run = $0 { true } else { false } } ?? 0
  }

  /// Somewhere behind the first run.
  mutating func rarePlace() -> Int {
    dice.roll((rareFirst + 1)...(steps.count - 1))
  }

  private func amount(of entity: Int) -> Int? {
    shape.entities[entity].fields.firstIndex { $0.kind == .number }
  }

  // MARK: What happens during a run

  private mutating func intrusions(chance percent: Int) -> [Intrusion] {
    var intrusions: [Intrusion] = []
    if dice.chance(percent) { intrusions.append(fault()) }
    if dice.chance(percent * 2 / 5) { intrusions.append(crash()) }
    for _ in 0..<dice.roll(3) where dice.chance(30) {
      let call = dice.roll(1...24)
      if dice.chance(50) {
        intrusions.append(.edits(call: call, dice.chance(50) ? .source : .target, edits()))
      } else {
        intrusions.append(.aimed(call: call, field: dice.roll(3), text()))
      }
    }
    if shape.hasCloud, dice.chance(25) { intrusions.append(.givesUp(write: dice.roll(1...6))) }
    if dice.chance(3) { intrusions.append(.cancels(call: dice.roll(1...20))) }
    return intrusions
  }

  private mutating func fault() -> Intrusion {
    // Most runs make more than so many calls; what is aimed at a write waits for one.
    let call = dice.roll(1...12)
    switch dice.roll(4) {
    case 0: return .failsBefore(call: call)
    case 1: return .failsAfter(call: call)
    case 2: return .losesOutcomes(call: call, dice.roll(1...3))
    default: return .refuses(call: call, dice.roll(3))
    }
  }

  private mutating func crash() -> Intrusion {
    switch dice.roll(4) {
    case 0: return .diesBefore(call: dice.roll(1...16))
    case 1: return .diesAfter(call: dice.roll(1...16))
    case 2: return .diesBeforeAppend(dice.roll(1...12))
    default: return .diesAfterAppend(dice.roll(1...12))
    }
  }
}
