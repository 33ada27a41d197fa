/// The package file that `syncline new` writes: every key with what it means, to be filled in.
public enum PackageSkeleton {
  /// The text of the file. It reads without problems as it stands.
  public static let text = """
    # A package tells Syncline what to keep the same, and how. Lines with # are comments; a comment in
    # front of a key shows its default.

    package: Untitled                # a label of your own

    # The source wins conflicts; that is the only difference between the two sides.
    source:
      connection: first
    target:
      connection: second

    # Connections may also live in connections.yaml beside the package, shared by several packages.
    connections:
      first:
        type: sqlite
        file: first.sqlite           # relative to the folder of this file
        # timeZone: UTC              # of timestamps without a zone: UTC or +01:00
        # busyTimeout: 30 seconds    # how long a locked database is waited for
      second:
        type: sqlite
        file: second.sqlite

    # conflicts: source              # source | target | newest | merge | hold
    # capture: all                   # all | mapped | a list of Object.Field: what the journal remembers
    # deletes: {limit: 10%, atLeast: 50}   # more deletes than both are held until you allow them
    # inferredDeletes: hold          # hold | apply: records that are gone without a trace
    # drift: leave                   # leave | restore: edits of fields that are written one way

    tasks:
      - name: Customers
        source: Customer             # {object: Customer, key: assigned} where a trigger assigns the key
        target: Client
        match: {Email: Mail}         # link what exists on both sides; `none` says: double them
        columns:                     # both directions, source field: target column
          Email: Mail
          Phone: Telephone           # {column: Telephone, conflicts: target} for a rule of its own
        # relations:                 # foreign keys, translated through the links of a task
        #   ReferredBy: {column: Referrer, task: Customers}
        # toTarget:                  # one direction: how a target column gets its value
        #   Origin: {constant: shop}
        #   Contact: Name
        # toSource:
        #   Checked: {constant: true}
        # conflicts, drift and deletes may differ here

    """
}
