import Foundation
import Glibc

/// One request to a server on this machine, over a socket of its own; no proxy, no redirect.
enum LoopbackRequest {
  /// The status, and all of the body.
  struct Answer: Sendable {
    var status: Int
    var body: Data
  }

  /// Sends JSON to `http://127.0.0.1:PORT/PATH` and reads until the server ends the connection.
  static func send(_ method: String, _ address: String, _ body: String) throws -> Answer {
    let parts = address.dropFirst("http://".count).split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let port = parts[0].split(separator: ":").last.flatMap({ UInt16($0) })
    else { throw SandboxProgram.NotStarted() }
    let text =
      "\(method) /\(parts[1]) HTTP/1.1\r\nHost: \(parts[0])\r\nConnection: close\r\n"
      + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    return try answer(in: try exchange(Array(text.utf8), port: port))
  }

  private static func exchange(_ request: [UInt8], port: UInt16) throws -> Data {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(connection) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isConnected = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, size) == 0
      }
    }
    guard isConnected else { throw SandboxProgram.NotStarted() }
    var sent = 0
    while sent < request.count {
      let count = request[sent...].withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw SandboxProgram.NotStarted() }
      sent += count
    }
    var answer = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count >= 0 else { throw SandboxProgram.NotStarted() }
      if count == 0 { return answer }
      answer.append(contentsOf: buffer[..<count])
    }
  }

  private static func answer(in data: Data) throws -> Answer {
    guard let end = data.range(of: Data("\r\n\r\n".utf8)),
      let status = String(decoding: data[..<end.lowerBound], as: UTF8.self)
        .split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { throw SandboxProgram.NotStarted() }
    return Answer(status: status, body: Data(data[end.upperBound...]))
  }
}
