import SynclineMapping
import Yams

/// A connection of the type `salesforce`.
struct SalesforceSection {
  private static let keys = [
    "type", "url", "signIn", "clientId", "clientSecret", "user", "password", "privateKey",
    "audience", "apiVersion", "caFile", "maxCalls", "writes",
  ]
  private static let reference =
    "`env:NAME` or `file:PATH`: where the secret is, never the secret itself"

  let entry: Entry
  let problems: ProblemList

  func read() -> SalesforceConnection {
    let unread = SalesforceConnection(url: "", client: "", location: entry.location)
    let name = Words.quoted(entry.key)
    guard
      let section = Section(
        entry.value, noun: "a Salesforce connection", keys: Self.keys, problems)
    else { return unread }
    for key in ["url", "clientId"] { section.require(key, in: "the connection \(name)") }
    let signIn =
      section.choice(
        "signIn",
        [
          ("clientCredentials", SalesforceConnection.SignIn.clientCredentials),
          ("jwtBearer", .assertion), ("password", .password),
        ]) ?? .clientCredentials
    require(signIn, section, name)
    return SalesforceConnection(
      url: section.text("url") ?? "", signIn: signIn, client: section.text("clientId") ?? "",
      clientSecret: secret("clientSecret", section), user: section.text("user"),
      password: secret("password", section), privateKey: secret("privateKey", section),
      audience: section.text("audience"), version: version(section) ?? "60.0",
      caFile: section.text("caFile"), callsMax: callsMax(section),
      isStrict: section.choice("writes", [("batched", false), ("strict", true)]) ?? false,
      location: entry.location)
  }

  /// What each way to sign in needs.
  private func require(
    _ signIn: SalesforceConnection.SignIn, _ section: Section, _ name: String
  ) {
    let needed =
      switch signIn {
      case .clientCredentials: ["clientSecret"]
      case .assertion: ["user", "privateKey"]
      case .password: ["clientSecret", "user", "password"]
      }
    for key in needed { section.require(key, in: "the connection \(name)") }
  }

  private func secret(_ key: String, _ section: Section) -> SecretReference? {
    section.quantity(key, expected: Self.reference, SecretReference.init)
  }

  private func version(_ section: Section) -> String? {
    section.quantity("apiVersion", expected: "a version from `46.0` on") { text in
      let parts = text.split(separator: ".")
      guard parts.count == 2, parts[1] == "0", let number = Int(parts[0]),
        (46...99).contains(number)
      else { return nil }
      return "\(number).0"
    }
  }

  private func callsMax(_ section: Section) -> Int? {
    section.quantity("maxCalls", expected: "a whole number from 10 on") { text in
      Int(text).flatMap { $0 >= 10 ? $0 : nil }
    }
  }
}
