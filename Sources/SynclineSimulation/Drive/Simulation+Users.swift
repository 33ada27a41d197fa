// The people who edit both systems, and what the oracle is told of it.

import SynclineModel
import SynclineOracle

extension Simulation {
  func transaction(_ place: Place, _ edits: [Edit]) {
    let system = systems[place.rawValue]
    let known = system.state.changes.count
    defer { if system.state.changes.count == known { idleTransactions += 1 } }
    do throws(RowRefused) {
      let author: RowChange.Author = edits.allSatisfy(\.isDedicated) ? .dedicated : .user
      try system.transaction(by: author) { () throws(RowRefused) in
        for edit in edits { try carryOut(edit, in: system, place) }
      }
      figures.edits += edits.count
      note("\(place): \(edits.map(\.line).joined(separator: "; "))")
    } catch {
      note("\(place) refuses: \(edits.map(\.line).joined(separator: "; ")) (\(error.message))")
    }
  }

  private func carryOut(
    _ edit: Edit, in system: InventedSystem, _ place: Place
  ) throws(RowRefused) {
    let entity = edit.record.entity
    let key = system.keys(tagged: edit.record.tag, of: entity).first
    switch (edit.kind, key) {
    case (.create, nil):
      var fields = values(edit, nil, in: system)
      fields[ObjectRules.tag] = .text(edit.record.tag)
      try system.insert(fields, into: entity)
    case (.update, let key?):
      let fields = values(edit, system.state.tables[entity][key], in: system)
      if !fields.isEmpty { try system.update(key, of: entity, fields) }
    case (.delete, let key?): try system.delete(key, of: entity)
    case (.rekey, let key?): try system.rekey(key, of: entity)
    case (.merge, let key?):
      guard let loser = edit.merged.flatMap({ system.keys(tagged: $0.tag, of: entity).first }),
        loser != key
      else { return }
      try system.merge(
        loser, into: key, of: entity, taking: edit.values.keys.map { $0 + Shape.ownFields })
    case (.undelete, nil):
      if isUnmet(edit.record, place) || isOnItsWay(edit.record, to: place) { return }
      try system.undelete(tagged: edit.record.tag, of: entity)
    case (.create, _?), (.undelete, _?), (_, nil): return
    }
  }

  /// Whether the record was entered on both sides and deleted here before a run could match it: brought back,
  /// it is entered a second time, while its twin may be on its way (Docs/Guarantees.md, "Windows").
  private func isUnmet(_ record: RecordName, _ place: Place) -> Bool {
    func changes(_ place: Place) -> [RowChange] {
      systems[place.rawValue].state.changes.filter { change in
        change.object == record.entity
          && (change.before ?? change.after)?[ObjectRules.tag].plain == record.tag
      }
    }
    let isTwin = Place.allCases.allSatisfy { place in
      changes(place).contains { $0.author == .user && $0.before == nil }
    }
    let ended = changes(place).last { $0.after == nil }?.time ?? 0
    return isTwin && !history.runs.contains { $0.isOK && $0.end < ended }
  }

  /// Whether a create of the record was sent there and will take effect late: brought back now, it would stand
  /// there twice (Docs/Guarantees.md, "Windows").
  private func isOnItsWay(_ record: RecordName, to place: Place) -> Bool {
    let wanted = Value.text(record.tag)
    return late.contains { call in
      guard call.place == place, let bound = systems[place.rawValue].bindings[call.batch.object],
        bound.object == record.entity
      else { return false }
      return call.batch.commands.contains { command in
        command.operation == .insert
          && command.row.values.contains { field, value in
            bound.place(of: field) == ObjectRules.tag && value == wanted
          }
      }
    }
  }

  /// The values of an edit by their place in the row.
  private func values(_ edit: Edit, _ row: [Value]?, in system: InventedSystem) -> [Int: Value] {
    var fields: [Int: Value] = [:]
    for (index, wanted) in edit.values {
      let place = index + Shape.ownFields
      switch wanted {
      case .null: fields[place] = .null
      case .text(let text): fields[place] = .text(text)
      case .number(let text):
        fields[place] = ExactDecimal(parsing: text.utf8).map { Value(decimal: $0) }
      case .parent(let tag):
        guard case .reference(let parent) = shape.entities[edit.record.entity].fields[index].kind,
          let key = system.keys(tagged: tag, of: parent).first
        else { continue }
        fields[place] = .integer(key)
      case .same: fields[place] = row?[place]
      case .theirs: continue
      case .finer:
        guard let held = row?[place].plain, !held.hasSuffix("0001") else { continue }
        let text = held + (held.contains(".") ? "0001" : ".0001")
        fields[place] = ExactDecimal(parsing: text.utf8).map { Value(decimal: $0) }
      case .otherCase:
        guard case .text(let text)? = row?[place], let first = text.utf8.firstIndex(where: isLetter)
        else { continue }
        var bytes = text.utf8
        bytes[first] ^= 0x20
        fields[place] = .text(Text(utf8: bytes))
      }
    }
    return fields
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte & 0xDF)
  }

  // MARK: What the oracle is told

  /// Tells of all that happened in both systems since it was told last.
  func tell() {
    for place in Place.allCases {
      let system = systems[place.rawValue]
      for change in system.state.changes[told[place.rawValue]...] {
        if let act = act(change, place, system) { history.acts.append(act) }
        if change.author == .user { history.touched = max(history.touched, change.time) }
        if let removal = removal(change, place) { history.removals.append(removal) }
      }
      told[place.rawValue] = system.state.changes.count
    }
    history.acts.sort { $0.time < $1.time }
    history.removals.sort { $0.time < $1.time }
  }

  /// A row that a run deleted.
  private func removal(_ change: RowChange, _ place: Place) -> Removal? {
    guard change.author == .run, change.after == nil,
      let tag = change.before?[ObjectRules.tag].plain
    else { return nil }
    return Removal(time: change.time, place: place, record: RecordName(change.object, tag))
  }

  /// A row that a run wrote to a cloud, or deleted there, and of which it was never told.
  func unanswered(_ change: RowChange, _ place: Place, sent: Int) -> Unanswered? {
    guard change.author == .run, let cloud = systems[place.rawValue].rules.cloud,
      let row = change.after ?? change.before, let tag = row[ObjectRules.tag].plain
    else { return nil }
    let fields = shape.entities[change.object].fields.enumerated().filter { index, _ in
      let column = index + Shape.ownFields
      return change.after.map { $0[column] != change.before?[column] } == true
    }
    return Unanswered(
      time: change.time, place: place, record: RecordName(change.object, tag),
      fields: Set(fields.map(\.element.name)), sent: sent, isCounted: cloud.knowsCommands,
      isBlind: !cloud.comparesFirst)
  }

  private func act(_ change: RowChange, _ place: Place, _ system: InventedSystem) -> Act? {
    let author: Act.Author
    switch change.author {
    case .run: return nil
    case .user: author = .user
    case .consequence: author = .consequence
    case .answer: author = .answer
    case .dedicated: author = .dedicated
    }
    guard let row = change.after ?? change.before, case .text(let tag) = row[ObjectRules.tag] else {
      return nil
    }
    var content: Content = [:]
    var stood: Content = [:]
    let fields = shape.entities[change.object].fields
    if change.before == nil || change.after == nil { content["tag"] = tag.string }
    for (index, field) in fields.enumerated() where !change.isReturn {
      let column = index + Shape.ownFields
      if case .reference = field.kind {
      } else if let before = change.before {
        stood[field.name] = .some(before[column].plain)
      }
      if let before = change.before, let after = change.after, before[column] == after[column] {
        continue
      }
      content[field.name] = .some(plain(row[column], field, system))
    }
    let kind: Act.Kind =
      change.before == nil ? .create : change.after == nil ? .delete : .update
    // By hand it leaves its name on the record even where it changes nothing.
    if kind == .update, content.isEmpty, author != .dedicated { return nil }
    return Act(
      time: change.time, place: place, record: RecordName(change.object, tag.string), kind: kind,
      author: author, content: content, before: stood)
  }

  /// A key is told as the tag of the record that it names.
  private func plain(_ value: Value, _ field: FieldShape, _ system: InventedSystem) -> String? {
    guard case .reference(let parent) = field.kind, case .integer(let key) = value else {
      return value.plain
    }
    return tag(of: key, parent, system) ?? "#\(key)"
  }

  private func tag(of key: Int64, _ object: Int, _ system: InventedSystem) -> String? {
    if let row = system.state.tables[object][key] { return row[ObjectRules.tag].plain }
    // It is gone by now: as it was when it was last seen.
    let last = system.state.changes.last {
      $0.object == object && $0.key == key && $0.before != nil
    }
    return last?.before?[ObjectRules.tag].plain
  }

  /// What both systems hold.
  func contents() -> [Place: [RecordName: [Content]]] {
    var contents: [Place: [RecordName: [Content]]] = [:]
    for place in Place.allCases {
      let system = systems[place.rawValue]
      var records: [RecordName: [Content]] = [:]
      for (object, table) in system.state.tables.enumerated() {
        for row in table.values {
          var content: Content = ["tag": row[ObjectRules.tag].plain]
          for (index, field) in shape.entities[object].fields.enumerated() {
            content[field.name] = .some(plain(row[index + Shape.ownFields], field, system))
          }
          let name = RecordName(object, row[ObjectRules.tag].plain ?? "")
          records[name, default: []].append(content)
        }
      }
      contents[place] = records
    }
    return contents
  }
}

extension Edit {
  var line: String {
    let values = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let other = merged.map { " with \($0)" } ?? ""
    let hand = isDedicated ? "by hand " : ""
    return "\(hand)\(kind) \(record)\(other) \(values.joined(separator: " "))"
  }
}
