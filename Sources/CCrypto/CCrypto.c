#include "CCrypto.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

struct syncline_sha256_stream {
  EVP_MD_CTX *context;
};

int syncline_sha256(const void *bytes, size_t length, uint8_t *digest) {
  return syncline_sha256_pair(bytes, length, NULL, 0, digest);
}

// One context and one fetched algorithm for each thread: fetching them anew costs more than hashing
// a small event.
static _Thread_local EVP_MD_CTX *pair_context;
static _Thread_local EVP_MD *pair_algorithm;

int syncline_sha256_pair(const void *first, size_t first_length, const void *second,
                         size_t second_length, uint8_t *digest) {
  if (pair_context == NULL) {
    pair_algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    pair_context = EVP_MD_CTX_new();
    if (pair_algorithm == NULL || pair_context == NULL) return 0;
  }
  if (EVP_DigestInit_ex2(pair_context, pair_algorithm, NULL) != 1) return 0;
  if (first_length > 0 && EVP_DigestUpdate(pair_context, first, first_length) != 1) return 0;
  if (second_length > 0 && EVP_DigestUpdate(pair_context, second, second_length) != 1) return 0;
  return EVP_DigestFinal_ex(pair_context, digest, NULL);
}

syncline_sha256_stream *syncline_sha256_begin(void) {
  syncline_sha256_stream *stream = OPENSSL_malloc(sizeof *stream);
  if (stream == NULL) return NULL;
  stream->context = EVP_MD_CTX_new();
  if (stream->context == NULL || EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL) != 1) {
    EVP_MD_CTX_free(stream->context);
    OPENSSL_free(stream);
    return NULL;
  }
  return stream;
}

int syncline_sha256_add(syncline_sha256_stream *stream, const void *bytes, size_t length) {
  return EVP_DigestUpdate(stream->context, bytes, length);
}

int syncline_sha256_finish(syncline_sha256_stream *stream, uint8_t *digest) {
  int finished = EVP_DigestFinal_ex(stream->context, digest, NULL);
  EVP_MD_CTX_free(stream->context);
  OPENSSL_free(stream);
  return finished;
}

// A key with a password is refused: nobody is there to be asked.
static int no_password(char *buffer, int size, int writing, void *context) {
  (void)buffer, (void)size, (void)writing, (void)context;
  return -1;
}

int syncline_rs256_sign(const void *pem, size_t pem_length, const void *bytes, size_t length,
                        uint8_t *signature, size_t *signature_length) {
  if (pem_length > INT32_MAX) return 0;
  BIO *text = BIO_new_mem_buf(pem, (int)pem_length);
  EVP_PKEY *key = text == NULL ? NULL : PEM_read_bio_PrivateKey(text, NULL, no_password, NULL);
  BIO_free(text);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int is_signed = key != NULL && context != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
                  EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                  EVP_DigestSign(context, signature, signature_length, bytes, length) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return is_signed;
}
