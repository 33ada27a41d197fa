import SynclineCLI

/// The program.
@main
enum Main {
  static func main() async { await Syncline.start() }
}
