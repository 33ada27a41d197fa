import SynclineMapping
import SynclineModel
import Testing

@Suite struct `Relations` {
  @Test func `order parents before children`() {
    #expect(Shop().mapping?.parentsFirst == [TaskNumber(2), TaskNumber(1)])
  }

  @Test func `keep the order of the file where nothing else is asked`() {
    var shop = Shop()
    shop.tasks[0].relations = []
    shop.tasks[0].toTarget = [AssignmentDefinition(field: "Kunde", kind: .constant(.integer(1)))]
    shop.tasks[0].toSource = [AssignmentDefinition(field: "Buyer", kind: .constant(.integer(1)))]
    #expect(shop.mapping?.parentsFirst == [TaskNumber(1), TaskNumber(2)])
  }

  @Test func `may form a circle that a nullable key breaks`() {
    var shop = Shop()
    shop.source[0].foreignKeys = []
    shop.target[0].foreignKeys = []
    shop.tasks[1].relations[0].task = "Orders"
    #expect(shop.problems == [])
    #expect(shop.mapping?.parentsFirst == [TaskNumber(2), TaskNumber(1)])
  }

  @Test func `may not form a circle in which no key can be null on both sides`() {
    var shop = Shop()
    shop.source[0].foreignKeys = []
    shop.target[0].foreignKeys = []
    shop.target[0].fields[3].isNullable = false
    shop.tasks[1].relations[0].task = "Orders"
    #expect(
      shop.problems == [
        "10:5 the records of “Orders”, “People” need one another before any can be inserted: no"
          + " foreign key in the circle may be null on both sides; let one of them be null, or unmap"
          + " one relation"
      ])
  }

  @Test func `may not point a required key at its own object`() {
    var shop = Shop()
    shop.source[0].fields[3].isNullable = false
    #expect(
      shop.problems == [
        "20:5 the records of “People” need one another before any can be inserted: no foreign key in"
          + " the circle may be null on both sides; let one of them be null, or unmap one relation"
      ])
  }

  @Test func `name a task that there is`() {
    var shop = Shop()
    shop.tasks[0].relations[0].task = "Poeple"
    #expect(
      shop.problems == [
        "10:5 task “Orders”: there is no task “Poeple” for the relation; did you mean “People”?"
      ])
  }

  @Test func `point where the system's own foreign key points`() {
    var shop = Shop()
    shop.tasks[0].relations[0].task = "Orders"
    #expect(
      shop.problems == [
        "10:5 task “Orders”: the source field “Buyer” points to “Person”, but task “Orders” syncs"
          + " “Order”; name the task that syncs “Person”"
      ])
  }

  @Test(arguments: [
    (["Kunde", "Lieferant"], "Kunde, Lieferant"),
    (["A", "B", "C", "D", "E", "F"] as [ObjectName], "A, B, C, D and 2 more"),
  ])
  func `need a field that points to records of one object`(objects: [ObjectName], listed: String) {
    var shop = Shop()
    shop.target[1].fields[1].pointsTo = objects
    #expect(
      shop.problems == [
        "10:5 task “Orders”: the target field “Kunde” may point to records of several objects"
          + " (\(listed)) and cannot be a relation; map a field that points to one object"
      ])
  }

  @Test func `need a field that can hold the parent's key`() {
    var shop = Shop()
    shop.target[1].fields[1].type = FieldType(.date, storage: .numericAffinity)
    #expect(
      shop.problems == [
        "10:5 task “Orders”: the target field “Kunde” (date) cannot hold the key of “Kunde”"
          + " (integer); map a foreign key of its type"
      ])
  }

  @Test func `are answered by the hook, null without a question`() throws {
    let mapping = try #require(Shop().mapping)
    let buyer = mapping.tasks[0].toTarget[0]
    let row = PackedRow([FieldNumber(2): .integer(7)])
    let answer = try buyer.evaluate(row) { task, key in
      task == TaskNumber(2) && key == .integer(7) ? .text("70") : nil
    }
    #expect(answer == .integer(70))
    #expect(try buyer.evaluate(row) == nil)
    #expect(try buyer.evaluate(PackedRow([FieldNumber(2): .null])) == .null)
    #expect(try buyer.evaluate(PackedRow()) == nil)
  }
}

@Suite struct `Assignments` {
  @Test func `compute columns and constants`() throws {
    let mapping = try #require(Shop().mapping)
    let row = PackedRow([
      FieldNumber(2): .text("Ada"), FieldNumber(3): Samples.date("1815-12-10"),
    ])
    let values = try mapping.tasks[1].toTarget.map { try $0.evaluate(row) }
    #expect(values == [.text("Ada"), .text("12/10/1815"), nil, .text("shop")])
    #expect(mapping.tasks[1].toTarget.map(\.passesUnchanged) == [true, false, false, false])
  }

  @Test func `throw where the value has no counterpart`() throws {
    let mapping = try #require(Shop().mapping)
    let born = mapping.tasks[1].toSource[1]
    #expect(throws: ConversionProblem("a text that is no date or time")) {
      try born.evaluate(PackedRow([FieldNumber(3): .text("secret")]))
    }
  }
}
