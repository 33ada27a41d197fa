#include "CSandboxCrypto.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int add_extension(X509 *certificate, int kind, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
  if (extension == NULL) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

static int fill(X509 *certificate, EVP_PKEY *key, int days) {
  // A serial number is to differ from one certificate to the next, or clients that cached the older
  // one refuse the newer.
  if (X509_set_version(certificate, 2) != 1) return 0;
  BIGNUM *serial = BN_new();
  int numbered = serial != NULL && BN_rand(serial, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                 BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != NULL;
  BN_free(serial);
  if (!numbered) return 0;
  X509_NAME *name = X509_get_subject_name(certificate);
  const unsigned char *common = (const unsigned char *)"Syncline sandbox";
  return X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), (long)days * 86400) != NULL &&
         X509_set_pubkey(certificate, key) == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") == 1 &&
         add_extension(certificate, NID_key_usage,
                       "critical,digitalSignature,keyEncipherment,keyCertSign") == 1 &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") == 1 &&
         add_extension(certificate, NID_subject_key_identifier, "hash") == 1 &&
         add_extension(certificate, NID_subject_alt_name,
                       "DNS:localhost,IP:127.0.0.1,IP:::1") == 1 &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

static int write_key(const char *path, EVP_PKEY *key) {
  int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return 0;
  FILE *file = fchmod(descriptor, 0600) == 0 ? fdopen(descriptor, "w") : NULL;
  if (file == NULL) {
    close(descriptor);
    return 0;
  }
  int written = PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
  return (fclose(file) == 0) && written == 1;
}

int syncline_write_self_signed(const char *key_path, const char *certificate_path, int days) {
  EVP_PKEY *key = EVP_RSA_gen(2048);
  X509 *certificate = X509_new();
  int done = key != NULL && certificate != NULL && fill(certificate, key, days) == 1 &&
             write_key(key_path, key) == 1;
  FILE *file = done ? fopen(certificate_path, "w") : NULL;
  if (file != NULL) {
    done = PEM_write_X509(file, certificate) == 1;
    done = fclose(file) == 0 && done;
  } else {
    done = 0;
  }
  X509_free(certificate);
  EVP_PKEY_free(key);
  return done;
}

static EVP_PKEY *public_key(const char *pem, size_t length) {
  BIO *bytes = BIO_new_mem_buf(pem, (int)length);
  if (bytes == NULL) return NULL;
  EVP_PKEY *key = PEM_read_bio_PUBKEY(bytes, NULL, NULL, NULL);
  if (key == NULL) {
    (void)BIO_reset(bytes);
    X509 *certificate = PEM_read_bio_X509(bytes, NULL, NULL, NULL);
    if (certificate != NULL) key = X509_get_pubkey(certificate);
    X509_free(certificate);
  }
  BIO_free(bytes);
  return key;
}

int syncline_verify_rs256(const char *pem, size_t pem_length, const uint8_t *message,
                          size_t message_length, const uint8_t *signature,
                          size_t signature_length) {
  EVP_PKEY *key = public_key(pem, pem_length);
  if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
    EVP_PKEY_free(key);
    return -1;
  }
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int valid = context != NULL &&
              EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestVerify(context, signature, signature_length, message, message_length) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return valid;
}
