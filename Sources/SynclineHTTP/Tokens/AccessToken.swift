public import SynclineModel

/// What a service hands out to call it with, for a while.
public struct AccessToken: Hashable, Sendable {
  public var secret: Secret
  /// Where the service says that it is to be called.
  public var address: HTTPAddress?
  /// From when on it is not used any more; nil where the service does not tell.
  public var expires: Timestamp?

  public init(_ secret: Secret, address: HTTPAddress? = nil, expires: Timestamp? = nil) {
    self.secret = secret
    self.address = address
    self.expires = expires
  }
}

/// A token and its place in the row of those of one session, so that a late refusal of an old one
/// does not renew the new one.
public struct IssuedToken: Hashable, Sendable {
  public let token: AccessToken
  public let generation: Int
}
