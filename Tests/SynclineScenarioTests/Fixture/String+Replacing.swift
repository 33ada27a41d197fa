import Foundation

extension String {
  /// The text with every `part` replaced.
  func replacing(_ part: String, with other: String) -> String {
    replacingOccurrences(of: part, with: other)
  }
}
