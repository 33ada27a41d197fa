/// Why a sign-in was refused, and what a person can do.
struct SignInRefusal: Hashable, Sendable {
  let cause: String
  let mend: String

  /// `description`: the sentence beside the code, which tells more.
  init(error: String, description: String) {
    let sentence = description.lowercased()
    let known = Self.sentences.first { sentence.hasPrefix($0.start) }.map { ($0.cause, $0.mend) }
    let (cause, mend) =
      known ?? Self.codes[error]
      ?? (
        "refuses the sign-in", "Check the user and the connected app in the organisation's set-up"
      )
    self.cause = cause
    self.mend = mend
  }

  private static let sentences: [(start: String, cause: String, mend: String)] = [
    (
      "no client credentials user enabled", "knows no user to run as for this app",
      "Choose the user of the client credentials flow in the policies of the connected app"
    ),
    (
      "user hasn't approved this consumer", "says that the app is not approved for the user",
      "Let the connected app be approved by administrators, and give its permission set or profile to "
        + "the user"
    ),
    (
      "audience is invalid", "refuses the audience of the assertion",
      "Set `audience` of the connection to https://login.salesforce.com, or to "
        + "https://test.salesforce.com for a sandbox"
    ),
    (
      "expired access/refresh token", "says that the approval of the app has expired",
      "Approve the connected app for the user again, and look at the app's token policy"
    ),
    (
      "authentication failure", "refuses the user or the password",
      "Check `user` and `password` (with the security token behind it), and that the organisation lets "
        + "this machine's address sign in"
    ),
    (
      "invalid assertion", "refuses the assertion",
      "Check `clientId`, `user`, that the connected app holds the certificate of `privateKey`, and this "
        + "machine's clock"
    ),
  ]

  private static let app =
    "Check `clientId` and `clientSecret` of the connection against the connected app"
  private static let flow =
    "Use the organisation's own host (My Domain) in `url`, and allow the flow in the connected app"
  private static let person = "Check the user and the connected app in the organisation's set-up"

  private static let codes = [
    "invalid_client_id": ("does not know the client id", app),
    "invalid_client": ("refuses the client secret", app),
    "invalid_grant": (
      "refuses the user, the password or the assertion",
      "Check the user, its secret, and that the connected app is approved for it"
    ),
    "unsupported_grant_type": ("does not offer this way to sign in", flow),
    "invalid_request": ("refuses the sign-in", flow),
    "inactive_user": ("says that the user is inactive", person),
    "inactive_org": ("says that the organisation is inactive", person),
  ]
}
