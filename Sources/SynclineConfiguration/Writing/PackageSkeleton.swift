/// The package file that `syncline new` writes: every key with what it means, to be filled in. It reads
/// without problems as it stands.
public enum PackageSkeleton {
  /// What is to be kept the same as a database.
  public enum Partner: CaseIterable, Sendable {
    /// Another database.
    case sqlite
    /// An organisation.
    case salesforce
  }

  /// The text of the file.
  public static func text(with partner: Partner) -> String {
    switch partner {
    case .sqlite: beginning + connections + sqliteConnection + choices + sqliteTask + end
    case .salesforce:
      beginning + salesforceAccount + connections + salesforceConnection + choices
        + salesforceChoices + salesforceTask + end
    }
  }

  private static let beginning = """
    # A package tells Syncline what to keep the same, and how. Lines with # are comments; a comment in
    # front of a key shows its default.

    package: Untitled                # a label of your own

    # The source wins conflicts; that is the only difference between the two sides.
    source:
      connection: first
    target:
      connection: second

    """

  private static let salesforceAccount = """
      # dedicatedAccount: false      # true: nobody but Syncline uses that user; its edits by hand are ignored

    """

  private static let connections = """

    # Connections may also live in connections.yaml beside the package, shared by several packages.
    connections:
      first:
        type: sqlite
        file: first.sqlite           # relative to the folder of this file
        # timeZone: UTC              # of timestamps without a zone: UTC or +01:00
        # busyTimeout: 30 seconds    # how long a locked database is waited for

    """

  private static let sqliteConnection = """
      second:
        type: sqlite
        file: second.sqlite


    """

  private static let salesforceConnection = """
      second:
        type: salesforce
        url: https://acme.my.salesforce.com   # the organisation's own host (My Domain)
        clientId: 3MVG9...           # of the connected app
        clientSecret: env:SALESFORCE_SECRET   # where the secret is: env:NAME or file:PATH
        # signIn: clientCredentials  # clientCredentials | jwtBearer | password; these two need `user`
        # user: sync@acme.com        # jwtBearer and password
        # privateKey: file:key.pem   # jwtBearer: an RSA key without a password, PEM
        # audience: https://login.salesforce.com   # jwtBearer; the default (test… for a sandbox)
        # password: env:SALESFORCE_PASSWORD   # password, with the security token behind it
        # apiVersion: 60.0           # from 46.0 on
        # caFile: authority.pem      # in the place of the system's authorities
        # maxCalls: 5000             # calls of one run; without it the organisation's limit counts
        # writes: batched            # batched | strict: each record compared before it is written


    """

  private static let choices = """
    # conflicts: source              # source | target | newest | merge | hold
    # capture: all                   # all | mapped | a list of Object.Field: what the journal remembers
    # deletes: {limit: 10%, atLeast: 50}   # more deletes than both are held until you allow them
    # inferredDeletes: hold          # hold | apply: records that are gone without a trace
    # drift: leave                   # leave | restore: edits of fields that are written one way

    """

  private static let salesforceChoices = """
    # duringRun: sync                # sync | ignore: edits that people make while a run goes on

    """

  private static let sqliteTask = """

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

    """

  private static let salesforceTask = """

    tasks:
      - name: Customers
        source: Customer             # {object: Customer, key: assigned} where a trigger assigns the key
        target: Contact              # the name for programs; yours end in __c
        match: {Email: Email}        # link what exists on both sides; `none` says: double them
        columns:                     # both directions, source field: target field
          FirstName: FirstName
          LastName: LastName
          Email: Email
        # relations:                 # references, translated through the links of a task
        #   Boss: {column: ReportsToId, task: Customers}
        # toTarget:                  # one direction: how a target field gets its value
        #   LeadSource: {constant: Web}
        # toSource:
        #   Checked: {constant: true}

    """

  private static let end = """
        # conflicts, drift and deletes may differ here

    """
}
