import SynclineModel

/// What programs and people log in with.
public struct Credentials: Sendable {
  /// The id of the connected app.
  public var clientID: String
  /// Its secret.
  public var clientSecret: String
  /// The password of every user.
  public var password: String
  /// What may follow the password, and nothing else may.
  public var securityToken: String
  /// Whether a signature is that of a message, by the app's certificate; none refuses every assertion.
  public var verifies: (@Sendable (_ message: [UInt8], _ signature: [UInt8]) -> Bool)?
  /// Seconds that a session lives without a request.
  public var sessionSeconds: Int64

  /// Credentials of a sandbox.
  public init(
    clientID: String = "sandbox-client", clientSecret: String = "sandbox-secret",
    password: String = "sandbox-password", securityToken: String = "sandbox-token",
    sessionSeconds: Int64 = 7200,
    verifies: (@Sendable (_ message: [UInt8], _ signature: [UInt8]) -> Bool)? = nil
  ) {
    self.clientID = clientID
    self.clientSecret = clientSecret
    self.password = password
    self.securityToken = securityToken
    self.sessionSeconds = sessionSeconds
    self.verifies = verifies
  }

  /// The password as it is, or with the security token behind it.
  func accepts(password given: String) -> Bool {
    given == password || given == password + securityToken
  }
}

extension Organization {
  /// The user whom programs run as.
  static let integrationUser = "integration@sandbox.test"
  /// A person who edits by hand.
  static let person = "ana@sandbox.test"
  /// The user whom the server's own processes run as.
  static let automatedProcess = "autoproc@sandbox.test"

  /// Makes the users whom every sandbox has, and those of the schema file.
  mutating func seedPeople(_ others: [String], now: Timestamp) {
    guard let object = catalog["User"], store.count(of: "User") == 0 else { return }
    for name in [Self.integrationUser, Self.person, Self.automatedProcess] + others {
      guard let id = RecordID(prefix: object.keyPrefix, number: next(object.keyPrefix)) else {
        continue
      }
      let local = String(name.prefix { $0 != "@" })
      let family = local.prefix(1).uppercased() + local.dropFirst()
      let text: [String: String] = [
        "Id": id.text, "Username": name, "LastName": family, "Name": family, "Email": name,
        "Alias": String(local.prefix(8)), "TimeZoneSidKey": "GMT", "UserType": "Standard",
        "LocaleSidKey": "en_US", "LanguageLocaleKey": "en_US", "EmailEncodingKey": "UTF-8",
        "CreatedById": id.text, "LastModifiedById": id.text,
      ]
      var record = Record(id: id, object: object.name, values: text.mapValues { .text($0) })
      record.values["IsActive"] = .boolean(true)
      for field in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
        record.values[field] = .moment(now)
      }
      store.put(record, of: object)
    }
  }

  /// The user of a name.
  func user(named name: String) -> Record? {
    store.records(of: "User").first { $0.values["Username"]?.text == name }
  }
}
