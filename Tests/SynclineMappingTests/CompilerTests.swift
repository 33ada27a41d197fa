import SynclineMapping
import SynclineModel
import Testing

@Suite struct `The mapping compiler` {
  @Test func `puts numbers in the place of names`() {
    let key = Shop.key
    let text = Shop.text
    let date = FieldType(.date, storage: .numericAffinity)
    let people = TaskMapping(
      number: TaskNumber(2), name: "People", source: ObjectNumber(1), target: ObjectNumber(11),
      match: .pairs([
        MatchPair(
          source: FieldNumber(2), target: FieldNumber(2), sourceType: text, targetType: text)
      ]),
      toTarget: [
        Assignment(
          field: FieldNumber(2), type: text, expression: .column(FieldNumber(2), from: text),
          isTwoWay: true, takesNull: false),
        Assignment(
          field: FieldNumber(3), type: text, expression: .column(FieldNumber(3), from: date),
          isTwoWay: true),
        Assignment(
          field: FieldNumber(4), type: key,
          expression: .relation(FieldNumber(4), task: TaskNumber(2)), isTwoWay: true),
        Assignment(
          field: FieldNumber(5), type: text, expression: .constant(.text("shop")),
          isTwoWay: false, takesNull: false),
      ],
      toSource: [
        Assignment(
          field: FieldNumber(2), type: text, expression: .column(FieldNumber(2), from: text),
          isTwoWay: true, takesNull: false),
        Assignment(
          field: FieldNumber(3), type: date, expression: .column(FieldNumber(3), from: text),
          isTwoWay: true),
        Assignment(
          field: FieldNumber(4), type: key,
          expression: .relation(FieldNumber(4), task: TaskNumber(2)), isTwoWay: true),
      ])
    #expect(Shop().problems == [])
    #expect(Shop().mapping?.task(TaskNumber(2)) == people)
  }

  @Test func `hands rules down from package to task to field`() {
    var shop = Shop()
    shop.conflicts = .merge
    shop.tasks[1].conflicts = .hold
    let mapping = shop.mapping
    #expect(mapping?.tasks.map(\.conflicts) == [.merge, .hold])
    #expect(mapping?.tasks[0].toTarget.map(\.conflicts) == [nil, .target])
    #expect(mapping?.tasks[0].toSource.map(\.conflicts) == [nil, .target])
  }

  @Test func `takes a pair of one-way columns for two-way where they mirror one another`() {
    var shop = Shop()
    shop.tasks[1].columns = [ColumnDefinition(source: "Name", target: "Anzeige")]
    shop.tasks[1].toTarget.append(
      AssignmentDefinition(field: "Geboren", kind: .column("Born")))
    #expect(shop.mapping?.tasks[1].toTarget.map(\.isTwoWay) == [true, false, true, false])
    shop.tasks[1].toSource.append(
      AssignmentDefinition(field: "Born", kind: .column("Geboren")))
    #expect(shop.mapping?.tasks[1].toTarget.map(\.isTwoWay) == [true, true, true, false])
  }

  @Test func `tells every problem at once, in the order of the file`() {
    var shop = Shop()
    shop.tasks[0].source = ObjectDefinition(
      object: "Oder", location: FileLocation(line: 11, column: 13))
    shop.tasks[1].columns += [
      ColumnDefinition(
        source: "Nmae", target: "Anzeige", location: FileLocation(line: 24, column: 7)),
      ColumnDefinition(
        source: "Photo", target: "Geboren", location: FileLocation(line: 23, column: 7)),
    ]
    #expect(
      shop.problems == [
        "11:13 task “Orders”: the source has no object “Oder”; correct the name, or create the"
          + " object",
        "23:7 task “People”: the source field “Photo” (bytes) cannot become the target field"
          + " “Geboren” (text); map fields of types that convert",
        "23:7 task “People”: the target field “Geboren” (text) cannot become the source field"
          + " “Photo” (bytes); map fields of types that convert",
        "24:7 task “People”: the source object “Person” has no field “Nmae”; did you mean “Name”?",
      ])
  }

  @Test func `repeats why an object cannot be synced`() {
    var shop = Shop()
    shop.source.removeLast()
    shop.refusals = [.source: ["Order": "it is a view; name its table"]]
    #expect(
      shop.problems == [
        "10:5 task “Orders”: the source object “Order” cannot be synced: it is a view; name its"
          + " table"
      ])
  }

  @Test(arguments: [
    (
      AssignmentDefinition(field: "Nr", kind: .column("Id")),
      "the target field “Nr” is the key of “Kunde”, which the system assigns; map it one way, from"
        + " the target, or not at all"
    ),
    (
      AssignmentDefinition(field: "Anzeige", kind: .constant(.null)),
      "the field “Anzeige” cannot be null; give it a value"
    ),
    (
      AssignmentDefinition(field: "Chef", kind: .constant(.text("7,5"))),
      "the constant does not fit the field “Chef” (integer): it is a text that is no number; write"
        + " one that fits"
    ),
    (
      AssignmentDefinition(field: "Herkunft", kind: .constant(.text("b"))),
      "two entries write the target field “Herkunft”; keep one of them"
    ),
    (
      AssignmentDefinition(field: "Herkumft", kind: .constant(.text("b"))),
      "the target object “Kunde” has no field “Herkumft”; did you mean “Herkunft”?"
    ),
    (
      AssignmentDefinition(field: "Xyzzy", kind: .constant(.text("b"))),
      "the target object “Kunde” has no field “Xyzzy”; correct the name"
    ),
  ])
  func `refuses a written field that cannot be`(entry: AssignmentDefinition, message: String) {
    var shop = Shop()
    shop.tasks[1].relations = []
    shop.tasks[1].toTarget.append(entry)
    #expect(shop.problems == ["20:5 task “People”: \(message)"])
  }

  @Test func `refuses to write a calculated field`() {
    var shop = Shop()
    shop.tasks[1].toSource = [AssignmentDefinition(field: "Initials", kind: .column("Herkunft"))]
    #expect(
      shop.problems == [
        "20:5 task “People”: the source field “Initials” is calculated by the system and cannot be"
          + " written; map it one way, from the source"
      ])
  }

  @Test func `tells a field that its user may not write from a calculated one`() {
    var shop = Shop()
    shop.target[0].fields[2].isReadOnly = true
    #expect(
      shop.problems == [
        "20:5 task “People”: the target field “Geboren” may be read but not written by the"
          + " connection's user; give the user the right to write it, or map it one way, from the"
          + " target"
      ])
  }

  @Test func `a field that a new record takes no value for goes with no insert`() throws {
    var shop = Shop()
    shop.target[0].fields[2].writing = .onlyLater
    let birth = shop.target[0].fields[2].name
    let late = try #require(shop.mapping).tasks[1].toTarget.filter { !$0.goesWithInserts }
    #expect(late.count == 1)
    shop.tasks[1].columns.removeAll { $0.target == birth }
    shop.tasks[1].toTarget = [AssignmentDefinition(field: birth, kind: .constant(.null))]
    #expect(
      shop.problems.map {
        $0.contains("takes no value with a new record, and a constant goes with")
      }
        == [true])
  }

  @Test func `reads keys and calculated fields`() {
    var shop = Shop()
    shop.tasks[1].toTarget = [AssignmentDefinition(field: "Herkunft", kind: .column("Initials"))]
    #expect(shop.problems == [])
  }

  @Test func `names a required field that nothing writes`() {
    var shop = Shop()
    shop.target[0].fields[4].hasDefault = false
    shop.tasks[1].toTarget = []
    #expect(
      shop.problems == [
        "20:5 task “People”: the target object “Kunde” requires the field “Herkunft”, which nothing"
          + " writes; map it, or give it a constant"
      ])
  }

  @Test func `requires nothing of a side that is never written`() {
    var shop = Shop()
    shop.tasks = [Shop.people]
    shop.tasks[0].columns = []
    shop.tasks[0].relations = []
    shop.tasks[0].toTarget.append(AssignmentDefinition(field: "Anzeige", kind: .column("Name")))
    #expect(shop.problems == [])
    #expect(shop.mapping?.tasks[0].toSource == [])
  }

  @Test func `refuses the rule newest where a side tells no times`() {
    var shop = Shop()
    shop.timedSides = [.source]
    shop.tasks[1].conflicts = .newest
    #expect(
      shop.problems == [
        "20:5 task “People”: the rule “newest” needs the time of each edit, which the target's"
          + " system does not tell; choose another rule"
      ])
  }

  @Test func `refuses a rule that decides no single field`() {
    var shop = Shop()
    shop.tasks[0].columns[0].conflicts = .hold
    #expect(
      shop.problems == [
        "10:5 task “Orders”: the field “Summe” cannot have the rule “hold” of its own; choose"
          + " source, target or merge"
      ])
  }

  @Test func `refuses two tasks over one pair of objects`() {
    var shop = Shop()
    shop.tasks.append(Shop.people)
    shop.tasks[2].name = "Humans"
    shop.tasks[2].relations = []
    shop.tasks[2].location = FileLocation(line: 30, column: 5)
    #expect(
      shop.problems == [
        "30:5 tasks “People” and “Humans” sync the same pair of objects, “Person” and “Kunde”; make"
          + " them one task"
      ])
  }

  @Test func `refuses to match fields that can never be equal`() {
    var shop = Shop()
    shop.tasks[1].match = .pairs([MatchPairDefinition(source: "Photo", target: "Anzeige")])
    #expect(
      shop.problems == [
        "20:5 task “People”: “Photo” (bytes) and “Anzeige” (text) can never match; match fields of"
          + " like types"
      ])
  }
}
