import Foundation
import Glibc
import SynclineTesting

/// A server in Python in a process of its own, which prints its address when it listens.
final class PythonServer {
  private let process = Process()
  let address: String

  /// - Parameters:
  ///   - text: the program.
  ///   - words: its arguments.
  ///   - input: what it reads as its standard input; nothing where there is none.
  init(_ text: String, _ words: [String] = [], in folder: String? = nil, input: Pipe? = nil) throws
  {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", text] + words
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    if let input {
      process.standardInput = input
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw SandboxProgram.NotStarted() }
      line += String(decoding: more, as: UTF8.self)
    }
    address = line.trimmingCharacters(in: .newlines)
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
