// Writes the pages that are made from code: `Tools/docs`. A test keeps page and code equal.

import Foundation
import SynclineEngine

let page = "Docs/Conflicts.md"
do {
  try ConflictsPage.text.write(toFile: page, atomically: true, encoding: .utf8)
  print("\(page) is written")
} catch {
  print("docs: cannot write \(page): \(error)")
  exit(1)
}
