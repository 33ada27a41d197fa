// What a seed's world looks like: the objects of both systems with their rules, and the package.

import SynclineMapping
import SynclineModel
import SynclineOracle

/// A field as both systems have it, and how the package maps it.
struct FieldShape: Sendable {
  enum Kind: Hashable, Sendable {
    case text
    case number
    /// Points to a record of this entity.
    case reference(Int)
    /// The mapping writes this into the target.
    case constant(String)
  }

  /// How the package maps it at present.
  enum Mapping: Hashable, Sendable, CaseIterable { case both, toTarget, toSource, none }

  var name: String
  var kind: Kind
  var mapping = Mapping.both
  /// Whether mapping edits touch it.
  var isOptional = false
  var rule: ConflictRule?
  var isUnique = false
  /// By place.
  var storage: [[StorageRule]] = [[], []]
  /// Digits behind the point that the target declares.
  var targetScale: UInt16?
  var foldsCaseInTarget = false
  var defaults: [String?] = [nil, nil]
  var onDelete: [ForeignKey.OnDelete] = [.refuse, .refuse]
}

struct EntityShape: Sendable {
  var name: String
  /// Behind key and tag.
  var fields: [FieldShape]
  /// Whether records are matched by their tag.
  var isMatched = false
  var rule: ConflictRule?
  var restoresDrift = false
  var triggers: [[OwnerTrigger]] = [[], []]
}

struct SideShape: Sendable {
  var reusesKeys = false
  var clockOffset: Int64 = 0
  var clockPrecision: Int64 = 1000
  var pageLimit = 1000
  var batchLimit = 500
  /// What it is like as a cloud; nil for a database.
  var cloud: CloudRules?
}

struct Shape: Sendable {
  var entities: [EntityShape]
  var sides: [SideShape]
  var rule: ConflictRule
}

extension Shape {
  var hasCloud: Bool { sides.contains { $0.cloud != nil } }

  /// Key and tag stand before an entity's own fields.
  static let ownFields = 2

  static func object(_ entity: EntityShape, _ place: Place) -> ObjectName {
    ObjectName(place == .source ? "S \(entity.name)" : "T_\(entity.name)")
  }

  static func column(_ field: String, _ place: Place) -> FieldName {
    FieldName(place == .source ? field : "\(field)\"T")
  }

  func rules(_ place: Place) -> SystemRules {
    let side = sides[place.rawValue]
    return SystemRules(
      objects: entities.map { entity in
        var fields = [
          FieldRules(name: Self.column("id", place), type: FieldType(.integer)),
          FieldRules(name: Self.column("tag", place), type: FieldType(.text)),
        ]
        fields += entity.fields.map { $0.rules(place) }
        return ObjectRules(
          name: Self.object(entity, place), fields: fields,
          triggers: entity.triggers[place.rawValue])
      }, reusesKeys: side.reusesKeys, clockOffset: side.clockOffset,
      clockPrecision: side.clockPrecision, pageLimit: side.pageLimit, batchLimit: side.batchLimit,
      cloud: side.cloud)
  }

  /// The package as its owner would write it.
  var definition: PackageDefinition {
    PackageDefinition(
      source: SideDefinition(
        connection: "left", isDedicated: sides[0].cloud?.isDedicated == true),
      target: SideDefinition(
        connection: "right", isDedicated: sides[1].cloud?.isDedicated == true),
      connections: [:], conflicts: rule, deletes: DeleteLimit(percent: 100, atLeast: 1000),
      tasks: entities.map(task))
  }

  private func task(_ entity: EntityShape) -> TaskDefinition {
    var task = TaskDefinition(
      name: entity.name, source: ObjectDefinition(object: Self.object(entity, .source)),
      target: ObjectDefinition(object: Self.object(entity, .target)))
    let tag = (source: Self.column("tag", .source), target: Self.column("tag", .target))
    task.columns = [ColumnDefinition(source: tag.source, target: tag.target)]
    task.match =
      entity.isMatched
      ? .pairs([MatchPairDefinition(source: tag.source, target: tag.target)]) : .none
    task.conflicts = entity.rule
    task.drift = entity.restoresDrift ? .restore : .leave
    for field in entity.fields { add(field, to: &task) }
    return task
  }

  private func add(_ field: FieldShape, to task: inout TaskDefinition) {
    let source = Self.column(field.name, .source)
    let target = Self.column(field.name, .target)
    switch (field.kind, field.mapping) {
    case (_, .none): return
    case (.constant(let text), _):
      task.toTarget.append(AssignmentDefinition(field: target, kind: .constant(.text(text))))
    case (.reference(let parent), _):
      task.relations.append(
        RelationDefinition(
          source: source, target: target, task: entities[parent].name, conflicts: field.rule))
    case (_, .both):
      task.columns.append(
        ColumnDefinition(source: source, target: target, conflicts: field.rule))
    case (_, .toTarget):
      task.toTarget.append(AssignmentDefinition(field: target, kind: .column(source)))
    case (_, .toSource):
      task.toSource.append(AssignmentDefinition(field: source, kind: .column(target)))
    }
  }

  /// What the oracle is told of the package. `since`: when the mapping of a field was edited.
  func laws(since: [[Int]]) -> [EntityLaw] {
    entities.enumerated().map { index, entity in
      let tag = FieldLaw(
        name: "tag", direction: .both, isReference: false, winner: nil, stored: { $1 })
      var parents: [String: Int] = [:]
      for case (let name, .reference(let parent)) in entity.fields.map({ ($0.name, $0.kind) }) {
        parents[name] = parent
      }
      return EntityLaw(
        fields: [tag]
          + entity.fields.enumerated().map { number, field in
            field.law(rule: entity.rule ?? rule, since: since[index][number])
          },
        restoresDrift: entity.restoresDrift, parents: parents,
        winner: (entity.rule ?? rule).winner)
    }
  }
}

extension ConflictRule {
  /// Who wins, where that does not depend on the moment or on a person.
  fileprivate var winner: Place? {
    switch self {
    case .source, .merge: .source
    case .target: .target
    case .newest, .hold: nil
    }
  }
}

extension FieldShape {
  fileprivate func rules(_ place: Place) -> FieldRules {
    var type: FieldType
    var parent: Int?
    switch kind {
    case .text, .constant: type = FieldType(.text)
    case .number: type = FieldType(.decimal)
    case .reference(let entity):
      type = FieldType(.integer)
      parent = entity
    }
    if place == .target {
      type.scale = kind == .number ? targetScale : nil
      type.foldsCase = foldsCaseInTarget
    }
    return FieldRules(
      name: Shape.column(name, place), type: type, isUnique: isUnique,
      storage: storage[place.rawValue], defaultValue: defaults[place.rawValue].map { .text($0) },
      parent: parent, onDelete: onDelete[place.rawValue])
  }

  fileprivate func law(rule: ConflictRule, since: Int) -> FieldLaw {
    let rules = Place.allCases.map { self.rules($0) }
    let isNumber = kind == .number
    var direction = FieldLaw.Direction.both
    var constant: String?
    switch mapping {
    case .both: direction = .both
    case .toTarget: direction = .toTarget
    case .toSource: direction = .toSource
    case .none: direction = .sourceOnly
    }
    if case .constant(let text) = kind, mapping != .none {
      constant = text
      direction = .toTarget
    }
    let winner = (self.rule ?? rule).winner
    let isReference = if case .reference = kind { true } else { false }
    return FieldLaw(
      name: name, direction: direction, isReference: isReference, constant: constant,
      winner: rule == .hold ? nil : winner, since: since,
      stored: { place, text in
        guard !isReference, let text else { return text }
        let value =
          isNumber
          ? ExactDecimal(parsing: text.utf8).map { Value(decimal: $0) } ?? .text(text)
          : Value.text(text)
        return rules[place.rawValue].stored(value).plain
      })
  }
}
