#ifndef SYNCLINE_CSIMDJSON_H
#define SYNCLINE_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// One JSON document after the other, read by simdjson from front to back. No exception leaves these
// functions; what fails returns a negative number, after which only `clear` and `destroy` are allowed.

enum {
  SYNCLINE_JSON_MEMORY = -1,
  SYNCLINE_JSON_DEEP = -2,
  SYNCLINE_JSON_UTF8 = -3,
  /// A text with an escape that means nothing, such as half a pair of surrogates.
  SYNCLINE_JSON_ESCAPE = -4,
  SYNCLINE_JSON_GRAMMAR = -5,
  SYNCLINE_JSON_ENDED = -6,
  /// The value is of another kind than the one that was asked for.
  SYNCLINE_JSON_KIND = -7,
};

enum {
  SYNCLINE_JSON_OBJECT = 1,
  SYNCLINE_JSON_ARRAY = 2,
  SYNCLINE_JSON_TEXT = 3,
  SYNCLINE_JSON_NUMBER = 4,
  SYNCLINE_JSON_TRUE = 5,
  SYNCLINE_JSON_FALSE = 6,
  SYNCLINE_JSON_NULL = 7,
};

typedef struct syncline_json syncline_json;

/// NULL where memory is short.
syncline_json *syncline_json_create(size_t depth_max);
void syncline_json_destroy(syncline_json *json);

/// Appends bytes to the document.
int syncline_json_append(syncline_json *json, const void *bytes, size_t length);
size_t syncline_json_length(const syncline_json *json);
/// Forgets the document and keeps its memory for the next.
void syncline_json_clear(syncline_json *json);

/// Checks the encoding of the whole document, and stands at its value, an object or an array.
int syncline_json_begin(syncline_json *json);
/// After the value: nothing may follow.
int syncline_json_end(syncline_json *json);
/// About where reading stands, in bytes.
size_t syncline_json_offset(syncline_json *json);

/// The kind of the value at hand. Literals and numbers are checked whole.
int syncline_json_kind(syncline_json *json);
/// Enters an object or an array.
int syncline_json_enter(syncline_json *json, int kind);
/// 1: the next member is at hand; 0: the object has ended. A value that was not read is skipped.
int syncline_json_next_member(syncline_json *json, const char **key, size_t *length);
/// The same for an array.
int syncline_json_next_element(syncline_json *json);
/// The text at hand; it stays until `clear`.
int syncline_json_text(syncline_json *json, const char **text, size_t *length);
/// The characters of the number at hand, as they stand in the document.
int syncline_json_number(syncline_json *json, const char **text, size_t *length);
/// Steps over the value at hand, with all checks.
int syncline_json_skip(syncline_json *json);

#ifdef __cplusplus
}
#endif

#endif
