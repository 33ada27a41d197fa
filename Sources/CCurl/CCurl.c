#include "CCurl.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

// Parentheses around the names keep libcurl's checking macros away: the option is no constant here.

CURLcode syncline_curl_set_long(CURL *handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

CURLcode syncline_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(handle, option, value);
}

CURLcode syncline_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return (curl_easy_setopt)(handle, option, value);
}

CURLcode syncline_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return (curl_easy_setopt)(handle, option, value);
}

CURLcode syncline_curl_set_receiver(CURL *handle, CURLoption option,
                                    size_t (*receive)(char *, size_t, size_t, void *)) {
  return (curl_easy_setopt)(handle, option, receive);
}

CURLcode syncline_curl_set_prerequisite(CURL *handle,
                                        int (*ask)(void *, char *, char *, int, int)) {
  return (curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, ask);
}

CURLcode syncline_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

CURLcode syncline_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

CURLMcode syncline_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return (curl_multi_setopt)(multi, option, value);
}

int syncline_bell_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void syncline_bell_ring(int bell) {
  uint64_t one = 1;
  // It fails only where the bell rings already.
  ssize_t written = write(bell, &one, sizeof one);
  (void)written;
}

void syncline_bell_quiet(int bell) {
  uint64_t count = 0;
  ssize_t taken = read(bell, &count, sizeof count);
  (void)taken;
}
