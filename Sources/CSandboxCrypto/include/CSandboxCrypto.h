#ifndef SYNCLINE_CSANDBOXCRYPTO_H
#define SYNCLINE_CSANDBOXCRYPTO_H

#include <stddef.h>
#include <stdint.h>

/// Writes a new private key and a certificate for `localhost`, 127.0.0.1 and ::1, signed with that
/// key, as PEM into the two files. Returns 1, or 0 where libcrypto or the disk refuses. The key's
/// file is readable by its owner only.
int syncline_write_self_signed(const char *key_path, const char *certificate_path, int days);

/// Whether `signature` is the RS256 signature (RSA PKCS#1 v1.5 over SHA-256) of `message` under the
/// public key or certificate `pem`: 1 yes, 0 no, -1 where `pem` holds neither.
int syncline_verify_rs256(const char *pem, size_t pem_length, const uint8_t *message,
                          size_t message_length, const uint8_t *signature, size_t signature_length);

#endif
