/// Where an answer of 3xx leads. Only reads follow: a write that is sent elsewhere is a mistake in the
/// address, and its body may hold secrets. Nothing that signs a person in goes to another host, and
/// nothing goes from https to http.
public enum Redirect: Hashable, Sendable {
  /// The answer is none that leads elsewhere.
  case none
  case follow(HTTPRequest)
  case refuse(Refusal)

  public enum Refusal: Hashable, Sendable {
    case write
    case unprotected
    /// No address, or one that must not be called.
    case nowhere
    case tooMany

    func failure(_ request: HTTPRequest) -> HTTPFailure {
      let (message, hint) =
        switch self {
        case .write:
          (
            "sends a write to another address",
            "Put the address where the service really is into the package"
          )
        case .unprotected:
          ("leads from https to http, where everything is in the clear", "Have the server mended")
        case .nowhere:
          ("leads to an address that cannot be called", "Check the address in the package")
        case .tooMany: ("leads around in a circle", "Check the address in the package")
        }
      return HTTPFailure(.redirect, request, message, hint, reach: .answered)
    }
  }

  /// How many a request follows.
  public static let max = 5

  /// `followed`: redirects that this request followed before.
  public init(_ head: HTTPHead, to request: HTTPRequest, followed: Int) {
    guard [301, 302, 303, 307, 308].contains(head.status), let place = head.headers["Location"]
    else {
      self = .none
      return
    }
    self = Self.leading(to: place, request, followed)
  }

  private static func leading(
    to place: String, _ request: HTTPRequest, _ followed: Int
  ) -> Redirect {
    guard request.method == .get || request.method == .head else { return .refuse(.write) }
    guard followed < max else { return .refuse(.tooMany) }
    do throws(HTTPAddress.Flaw) {
      var next = request
      next.address = try request.address.resolving(place)
      if request.address.scheme == "https", next.address.scheme == "http" {
        return .refuse(.unprotected)
      }
      if !next.address.hasOrigin(of: request.address) { next.headers = next.headers.forAnotherHost }
      return .follow(next)
    } catch .unprotected {
      return .refuse(.unprotected)
    } catch {
      return .refuse(.nowhere)
    }
  }
}
