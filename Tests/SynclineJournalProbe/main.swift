// A process that does one thing to a journal, for tests that must not do it to themselves.

import Glibc
import SynclineJournal
import SynclineModel

/// One line to the test.
func say(_ line: String) {
  print(line)
  fflush(nil)
}

/// Secrets need not be secret here.
let secrets: @Sendable () -> [UInt8] = { [UInt8](repeating: 7, count: 32) }

/// Drafts of so many events with payloads of about `size` bytes.
func drafts(_ count: Int, size: Int) -> [EventDraft] {
  (0..<count).map { _ in
    EventDraft(
      time: Timestamp(microseconds: 0), run: RunNumber(1),
      body: .runOpened(RunOpened(program: String(repeating: "x", count: size), allowances: [])))
  }
}

/// Appends until that fails, with a limit on the size of files.
func fill(_ folder: String, limit: UInt) throws {
  signal(SIGXFSZ, SIG_IGN)
  var limits = rlimit(rlim_cur: limit, rlim_max: limit)
  guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits) == 0 else { return say("?") }
  let journal = try Journal.open(folder: folder, secrets: secrets)
  say("opened \(journal.head.sequence)")
  while true {
    do {
      let head = try journal.append(drafts(8, size: 4096), expecting: journal.head.sequence)
      say("head \(head.sequence)")
    } catch {
      say("failed \(error.code)")
      break
    }
  }
  do { try journal.append(drafts(1, size: 1), expecting: journal.head.sequence) } catch {
    say("failed \(error.code)")
  }
}

/// Opens and appends within a small address space.
func cram(_ folder: String, limit: UInt) throws {
  var limits = rlimit(rlim_cur: limit, rlim_max: limit)
  guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0 else { return say("?") }
  let journal = try Journal.open(folder: folder, secrets: secrets)
  for _ in 0..<10 {
    try journal.append(drafts(256, size: 4096), expecting: journal.head.sequence)
  }
  say("head \(journal.head.sequence)")
}

/// Appends until killed.
func loop(_ folder: String) throws {
  let journal = try Journal.open(folder: folder, secrets: secrets)
  while true {
    let head = try journal.append(drafts(3, size: 700), expecting: journal.head.sequence)
    say("head \(head.sequence)")
  }
}

/// Opens as another user.
func enter(_ folder: String, user: UInt32) throws {
  guard user == 0 || setuid(user) == 0 else { return say("?") }
  let journal = try Journal.open(folder: folder, secrets: secrets)
  say("opened \(journal.head.sequence)")
}

/// Takes the lock and waits for the end of standard input.
func hold(_ folder: String) throws {
  let lock = try RunLock(folder: folder)
  say("held \(getpid())")
  _ = readLine()
  withExtendedLifetime(lock) {}
}

let arguments = CommandLine.arguments
do {
  switch (arguments.dropFirst().first, arguments.count) {
  case ("fill", 4): try fill(arguments[2], limit: UInt(arguments[3]) ?? 0)
  case ("cram", 4): try cram(arguments[2], limit: UInt(arguments[3]) ?? 0)
  case ("loop", 3): try loop(arguments[2])
  case ("open", 4): try enter(arguments[2], user: UInt32(arguments[3]) ?? 0)
  case ("hold", 3): try hold(arguments[2])
  default: say("?")
  }
} catch let failure as JournalFailure {
  say("failed \(failure.code)")
}
