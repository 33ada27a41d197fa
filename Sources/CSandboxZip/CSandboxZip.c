#include "CSandboxZip.h"

#include <limits.h>
#include <zlib.h>

/// Beside the bound of the packed bytes themselves: the head and the end of the gzip format.
static const size_t frame_bytes = 18;
/// A window of 32 KiB, in the gzip format.
static const int window_bits = 15 + 16;
static const int memory_level = 8;

size_t syncline_gzip_bound(size_t length) { return compressBound(length) + frame_bytes; }

size_t syncline_gzip(const uint8_t *bytes, size_t length, uint8_t *packed, size_t capacity) {
  if (length > UINT_MAX || capacity > UINT_MAX) return 0;
  z_stream stream = {0};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window_bits, memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return 0;
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)length;
  stream.next_out = packed;
  stream.avail_out = (uInt)capacity;
  int result = deflate(&stream, Z_FINISH);
  size_t total = stream.total_out;
  deflateEnd(&stream);
  return result == Z_STREAM_END ? total : 0;
}
