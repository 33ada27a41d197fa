#ifndef SYNCLINE_CCURL_H
#define SYNCLINE_CCURL_H

#include <curl/curl.h>
#include <stddef.h>

// Swift calls no function with a variable number of arguments; these stand for the ones of libcurl,
// one for each type of argument.

CURLcode syncline_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode syncline_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
/// libcurl copies the text.
CURLcode syncline_curl_set_text(CURL *handle, CURLoption option, const char *value);
/// What stands at `value` must outlive the transfer.
CURLcode syncline_curl_set_pointer(CURL *handle, CURLoption option, void *value);
/// `CURLOPT_HEADERFUNCTION` and `CURLOPT_WRITEFUNCTION`.
CURLcode syncline_curl_set_receiver(CURL *handle, CURLoption option,
                                    size_t (*receive)(char *, size_t, size_t, void *));
/// `CURLOPT_PREREQFUNCTION`.
CURLcode syncline_curl_set_prerequisite(CURL *handle,
                                        int (*ask)(void *, char *, char *, int, int));

CURLcode syncline_curl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode syncline_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);

CURLMcode syncline_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/// A descriptor that wakes a thread which polls it; -1 where the system gives none.
int syncline_bell_open(void);
void syncline_bell_ring(int bell);
/// Makes the bell silent again.
void syncline_bell_quiet(int bell);

#endif
