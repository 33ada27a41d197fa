import SynclineTesting
import Testing

/// A relation that a mapping edit adds meets keys of which one points to a deleted record.
@Suite struct DoomedKeyTests {
  private static let plain = """
      - name: Employees
        source: staff
        target: Employee
        columns: {name: FullName}
      - name: Divisions
        source: dept
        target: Division
        columns: {title: Label}
    """

  /// The same with the relation between them.
  private static let related = plain.replacing(
    "columns: {name: FullName}",
    with: """
      columns: {name: FullName}
          relations: {dept_id: {column: Division, task: Divisions}}
      """)

  @Test(arguments: ["newest", "source", "merge"], ["'q'", "NULL"])
  func `the source's key goes over one whose parent the source deleted`(
    rule: String, department: String
  ) throws {
    let family = try Family()
    try family.scenario.writePackage(tasks: Self.plain, settings: "conflicts: \(rule)")
    try family.edit(
      .source,
      """
      INSERT INTO {dept} VALUES (5, 'p'), (6, 'q');
      INSERT INTO {staff} VALUES (7, 'c', \(department == "NULL" ? "NULL" : "6"), NULL);
      """)
    try family.expectRun(is: .wrote(inserts: 3, in: .target))
    try family.edit(
      .target,
      "UPDATE {staff} SET {in} = (SELECT {dept.id} FROM {dept} WHERE {title} = 'p')")
    try family.expectRun(is: .silent)

    try family.scenario.writePackage(tasks: Self.related, settings: "conflicts: \(rule)")
    try family.edit(
      .source, "DELETE FROM {dept} WHERE {title} = 'p'; UPDATE {staff} SET {name} = 'd'")
    try family.expectRun(is: .wrote(updates: 1, deletes: 1, in: .target))
    try family.expectBoth(departments: ["'q'"], staff: [["'d'", department, "NULL"]])
    let conflicts = try family.scenario.syncline("conflicts", "list", with: ["--json"])
      .lines(ListedConflict.self)
    #expect(conflicts.map(\.kind) == ["firstMatch"])
    #expect(conflicts.map { $0.lost.keys.sorted() } == [["Division"]])
    try family.expectQuiet()
  }
}
