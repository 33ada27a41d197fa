import ArgumentParser
import Foundation
import SynclineConfiguration
import SynclineRun

/// `syncline new`.
struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Writes a commented package file to fill in.",
    discussion: "Example: syncline new customers.sync.yaml --with salesforce")

  /// The words for what a skeleton is about.
  enum Partner: String, CaseIterable, ExpressibleByArgument {
    case sqlite
    case salesforce

    var skeleton: PackageSkeleton.Partner { self == .sqlite ? .sqlite : .salesforce }
  }

  @Argument(help: "The file to write; it must not exist yet.") var package: String

  @Option(help: "What is kept the same as your database.")
  var with = Partner.sqlite

  func run() async throws {
    try await reporting {
      try PackageFolder(file: package).requireName()
      // Exclusive: a package that somebody wrote is never overwritten.
      let descriptor = open(package, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else {
        throw PackageFailure(
          errno == EEXIST
            ? "\(package) exists already; give the new package another name."
            : "cannot write \(package): \(String(cString: strerror(errno))). Choose a folder that "
              + "this user may write to.")
      }
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try file.write(contentsOf: Data(PackageSkeleton.text(with: with.skeleton).utf8))
      Console.print("\(package) is written. Fill it in, then: syncline check \(package)")
    }
  }
}
