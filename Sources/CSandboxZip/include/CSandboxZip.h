#ifndef SYNCLINE_CSANDBOXZIP_H
#define SYNCLINE_CSANDBOXZIP_H

#include <stddef.h>
#include <stdint.h>

/// The most bytes that `length` bytes can become.
size_t syncline_gzip_bound(size_t length);

/// Packs `bytes` as gzip into `packed`. Returns how many bytes it became, or 0 where zlib refuses or the
/// room is too small.
size_t syncline_gzip(const uint8_t *bytes, size_t length, uint8_t *packed, size_t capacity);

#endif
