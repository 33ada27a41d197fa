import Foundation

/// Makes a folder of this process's own, in memory where that can be; what the journal makes for a
/// moment goes there too.
func temporaryFolder(_ wanted: String?) throws -> String {
  var isFolder: ObjCBool = false
  let hasMemory = FileManager.default.fileExists(atPath: "/dev/shm", isDirectory: &isFolder)
  let parent = wanted ?? (hasMemory && isFolder.boolValue ? "/dev/shm" : NSTemporaryDirectory())
  let place = "\(parent)/syncline-simulate-\(getpid())"
  try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
  setenv("TMPDIR", place, 1)
  return place
}
