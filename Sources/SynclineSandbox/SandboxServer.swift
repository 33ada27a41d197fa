import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SynclineModel
import SynclineSandboxModel
import UnixSignals

/// A local server that speaks the protocol of a cloud (Docs/Sandbox.md).
public struct SandboxServer: Sendable {
  /// Where a server that runs is reached.
  public struct Address: Sendable {
    /// `http://127.0.0.1:8080`
    public let url: String
    /// The certificate that clients are to trust, where it speaks TLS.
    public let certificatePath: String?
  }

  private let settings: SandboxSettings
  private let surroundings: SandboxSettings.Surroundings
  private let keeper: OrganizationKeeper
  private let certificate: Certificate?
  private static let bodyBytesMax = 50 * 1024 * 1024

  /// A server that is ready to run: everything it needs was read and found good.
  public init(
    _ settings: SandboxSettings, _ surroundings: SandboxSettings.Surroundings
  ) throws {
    self.settings = settings
    self.surroundings = surroundings
    certificate = try settings.certificateFolder.map { try Certificate(folder: $0) }
    keeper = try OrganizationKeeper(settings, surroundings)
  }

  /// Runs until SIGINT or SIGTERM. `onRunning` is told where it is reached.
  public func run(onRunning: @escaping @Sendable (Address) -> Void) async throws {
    let logger = Logger(label: "syncline.sandbox") { _ in SwiftLogNoOpLogHandler() }
    var builder = HTTPServerBuilder.http1()
    if let certificate {
      builder = try .tls(.http1(), tlsConfiguration: try certificate.configuration())
    }
    let scheme = certificate == nil ? "http" : "https"
    let server = try builder.buildServer(
      configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: settings.port)),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger
    ) { request, writer, _ in
      try await respond(to: request, scheme, writer)
    } onServerRunning: { channel in
      onRunning(
        Address(
          url: "\(scheme)://127.0.0.1:\(channel.localAddress?.port ?? settings.port)",
          certificatePath: certificate?.certificatePath))
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  /// Thrown to end a connection without another word.
  private struct ConnectionCut: Error {}

  @concurrent private func respond(
    to request: Request, _ scheme: String, _ writer: consuming ResponseWriter
  ) async throws {
    let asked = try await translated(request, scheme)
    var outcome = try await answer(asked)
    outcome.response = Compression.apply(to: outcome.response, for: asked)
    if outcome.delayMilliseconds > 0 { try await surroundings.pause(outcome.delayMilliseconds) }
    if outcome.cut == .beforeAnswer { throw ConnectionCut() }
    let body = request.method == .head ? [] : outcome.response.body
    let head = Self.head(of: outcome.response, isForHead: request.method == .head)
    guard outcome.cut == .withinBody || outcome.pace != nil else {
      try await writer.write(
        response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
      return
    }
    var bodyWriter = try await writer.writeHead(head)
    guard outcome.cut == nil else {
      try await bodyWriter.write(ByteBuffer(bytes: body.prefix(body.count / 2)))
      throw ConnectionCut()
    }
    for (place, piece) in Self.pieces(of: body, outcome.pace?.parts ?? 1).enumerated() {
      if place > 0 { try await surroundings.pause(outcome.pace?.pauseMilliseconds ?? 0) }
      try await bodyWriter.write(piece)
    }
    try await bodyWriter.finish(nil)
  }

  private static func pieces(of body: [UInt8], _ count: Int) -> [ByteBuffer] {
    (0..<count).map { piece in
      ByteBuffer(bytes: body[(body.count * piece / count)..<(body.count * (piece + 1) / count)])
    }
  }

  /// A sandbox that cannot keep what it answers says so, and answers nothing else any more.
  private func answer(_ request: APIRequest) async throws -> Outcome {
    do {
      return try await keeper.answer(request)
    } catch let failure as SandboxFailure {
      return Outcome(response: APIResponse(500, html: failure.description))
    }
  }

  private func translated(_ request: Request, _ scheme: String) async throws -> APIRequest {
    var headers: [String: String] = [:]
    if let host = request.head.authority { headers["host"] = host }
    for field in request.headers { headers[field.name.canonicalName] = field.value }
    headers["x-sandbox-scheme"] = scheme
    let target = request.head.path ?? "/"
    let body = try await request.body.collect(upTo: Self.bodyBytesMax)
    return APIRequest(
      request.method.rawValue, target, headers: headers, body: Array(body.readableBytesView))
  }

  private static func head(of response: APIResponse, isForHead: Bool) -> HTTPResponse {
    var fields = HTTPFields()
    for (name, value) in response.headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    if response.status != 204, response.status != 304 {
      fields[.contentLength] = "\(isForHead ? 0 : response.body.count)"
    }
    return HTTPResponse(status: HTTPResponse.Status(code: response.status), headerFields: fields)
  }
}
