#ifndef SYNCLINE_CCRYPTO_H
#define SYNCLINE_CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

/// The SHA-256 digest of `length` bytes, written to the 32 bytes at `digest`. Returns 1, or 0 where
/// libcrypto refuses (no memory).
int syncline_sha256(const void *bytes, size_t length, uint8_t *digest);

/// The SHA-256 digest of two runs of bytes, one after the other.
int syncline_sha256_pair(const void *first, size_t first_length, const void *second,
                         size_t second_length, uint8_t *digest);

/// A digest that is fed piece by piece.
typedef struct syncline_sha256_stream syncline_sha256_stream;
syncline_sha256_stream *syncline_sha256_begin(void);
int syncline_sha256_add(syncline_sha256_stream *stream, const void *bytes, size_t length);
/// Writes the 32 bytes of the digest and frees the stream.
int syncline_sha256_finish(syncline_sha256_stream *stream, uint8_t *digest);

/// Signs `length` bytes with an RSA key (PEM, not encrypted) by RS256: PKCS #1 v1.5 with SHA-256.
/// `signature_length`: the room at `signature`, then the length of what was written. Returns 1, or 0
/// where the key cannot be used or the room is too small.
int syncline_rs256_sign(const void *pem, size_t pem_length, const void *bytes, size_t length,
                        uint8_t *signature, size_t *signature_length);

#endif
