#define SIMDJSON_EXCEPTIONS 0
#include "CSimdjson.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <simdjson.h>
#include <string_view>

// simdjson's on-demand reader checks encoding, quotes and brackets of the whole document at once, and
// the rest only where it is read. So nothing is skipped unread here: skipping walks. Numbers and
// literals are taken as raw characters and checked by us, since simdjson would make doubles of them.

using namespace simdjson;

namespace {

struct Frame {
  bool is_object;
  bool has_begun;
  ondemand::object_iterator members;
  ondemand::array_iterator elements;
};

int code(error_code error) {
  switch (error) {
  case MEMALLOC:
  case CAPACITY: return SYNCLINE_JSON_MEMORY;
  case DEPTH_ERROR: return SYNCLINE_JSON_DEEP;
  case UTF8_ERROR: return SYNCLINE_JSON_UTF8;
  case STRING_ERROR: return SYNCLINE_JSON_ESCAPE;
  case EMPTY:
  case UNCLOSED_STRING:
  case INCOMPLETE_ARRAY_OR_OBJECT:
  case OUT_OF_BOUNDS: return SYNCLINE_JSON_ENDED;
  default: return SYNCLINE_JSON_GRAMMAR;
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// RFC 8259, section 6.
bool is_number(std::string_view text) {
  size_t i = 0;
  auto digits = [&] {
    size_t start = i;
    while (i < text.size() && is_digit(text[i])) i++;
    return i > start;
  };
  if (i < text.size() && text[i] == '-') i++;
  if (i < text.size() && text[i] == '0') {
    i++;
  } else if (!digits()) {
    return false;
  }
  if (i < text.size() && text[i] == '.') {
    i++;
    if (!digits()) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    i++;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) i++;
    if (!digits()) return false;
  }
  return i == text.size();
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

} // namespace

struct syncline_json {
  ondemand::parser parser;
  ondemand::document document;
  ondemand::value value;
  /// Whether `value` was found and not yet read.
  bool is_at_hand = false;
  /// The kind of `value` where it was asked for, else 0.
  int kind = 0;
  bool is_open = false;
  char *bytes = nullptr;
  size_t length = 0;
  size_t capacity = 0;
  Frame *frames = nullptr;
  size_t depth = 0;
  size_t depth_max = 0;

  ~syncline_json() {
    std::free(bytes);
    delete[] frames;
  }
};

syncline_json *syncline_json_create(size_t depth_max) {
  syncline_json *json = new (std::nothrow) syncline_json();
  if (json == nullptr) return nullptr;
  json->frames = new (std::nothrow) Frame[depth_max];
  json->depth_max = depth_max;
  if (json->frames == nullptr) {
    delete json;
    return nullptr;
  }
  return json;
}

void syncline_json_destroy(syncline_json *json) { delete json; }

int syncline_json_append(syncline_json *json, const void *bytes, size_t length) {
  if (length == 0) return 0;
  size_t needed = json->length + length + SIMDJSON_PADDING;
  if (needed > json->capacity) {
    size_t capacity = needed > json->capacity * 2 ? needed : json->capacity * 2;
    char *larger = static_cast<char *>(std::realloc(json->bytes, capacity));
    if (larger == nullptr) return SYNCLINE_JSON_MEMORY;
    json->bytes = larger;
    json->capacity = capacity;
  }
  std::memcpy(json->bytes + json->length, bytes, length);
  json->length += length;
  return 0;
}

size_t syncline_json_length(const syncline_json *json) { return json->length; }

void syncline_json_clear(syncline_json *json) {
  json->length = 0;
  json->depth = 0;
  json->is_at_hand = false;
  json->is_open = false;
}

static void stand(syncline_json *json) {
  json->is_at_hand = true;
  json->kind = 0;
}

int syncline_json_begin(syncline_json *json) {
  // A mark of the byte order may stand before a document, and means nothing in UTF-8.
  size_t start = json->length >= 3 && std::memcmp(json->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  if (json->length == start) return SYNCLINE_JSON_ENDED;
  std::memset(json->bytes + json->length, 0, SIMDJSON_PADDING);
  padded_string_view view(json->bytes + start, json->length - start, json->capacity - start);
  // simdjson keeps an array as long as the depth that it may reach.
  if (json->parser.capacity() < view.length() || json->parser.max_depth() < json->depth_max + 2) {
    error_code error = json->parser.allocate(view.length(), json->depth_max + 2);
    if (error) return code(error);
  }
  error_code error = json->parser.iterate(view).get(json->document);
  if (error) return code(error);
  json->is_open = true;
  error = json->document.get_value().get(json->value);
  if (error == SCALAR_DOCUMENT_AS_VALUE) {
    ondemand::json_type type;
    return json->document.type().get(type) ? SYNCLINE_JSON_GRAMMAR : SYNCLINE_JSON_KIND;
  }
  if (error) return code(error);
  stand(json);
  return 0;
}

int syncline_json_end(syncline_json *json) {
  if (json->is_at_hand) {
    int skipped = syncline_json_skip(json);
    if (skipped < 0) return skipped;
  }
  const char *place = nullptr;
  // Behind the last bracket there is no place any more.
  bool is_at_end = json->document.is_alive()
                   && json->document.current_location().get(place) == OUT_OF_BOUNDS;
  return is_at_end ? 0 : SYNCLINE_JSON_GRAMMAR;
}

size_t syncline_json_offset(syncline_json *json) {
  const char *place = nullptr;
  if (!json->is_open || !json->document.is_alive()) return 0;
  if (json->document.current_location().get(place)) return json->length;
  return static_cast<size_t>(place - json->bytes);
}

static int find_kind(syncline_json *json) {
  ondemand::json_type type;
  error_code error = json->value.type().get(type);
  if (error) return code(error);
  std::string_view text;
  switch (type) {
  case ondemand::json_type::object: return SYNCLINE_JSON_OBJECT;
  case ondemand::json_type::array: return SYNCLINE_JSON_ARRAY;
  case ondemand::json_type::string: return SYNCLINE_JSON_TEXT;
  default: break;
  }
  text = trimmed(json->value.raw_json_token());
  if (type == ondemand::json_type::number) {
    return is_number(text) ? SYNCLINE_JSON_NUMBER : SYNCLINE_JSON_GRAMMAR;
  }
  return text == "true"    ? SYNCLINE_JSON_TRUE
         : text == "false" ? SYNCLINE_JSON_FALSE
         : text == "null"  ? SYNCLINE_JSON_NULL
                           : SYNCLINE_JSON_GRAMMAR;
}

int syncline_json_kind(syncline_json *json) {
  if (!json->is_at_hand) return SYNCLINE_JSON_KIND;
  if (json->kind == 0) json->kind = find_kind(json);
  return json->kind;
}

int syncline_json_enter(syncline_json *json, int kind) {
  int found = syncline_json_kind(json);
  if (found < 0) return found;
  if (found != kind) return SYNCLINE_JSON_KIND;
  if (json->depth == json->depth_max) return SYNCLINE_JSON_DEEP;
  Frame &frame = json->frames[json->depth];
  frame.is_object = kind == SYNCLINE_JSON_OBJECT;
  frame.has_begun = false;
  error_code error;
  if (frame.is_object) {
    ondemand::object object;
    error = json->value.get_object().get(object);
    if (!error) error = object.begin().get(frame.members);
  } else {
    ondemand::array array;
    error = json->value.get_array().get(array);
    if (!error) error = array.begin().get(frame.elements);
  }
  if (error) return code(error);
  json->is_at_hand = false;
  json->depth++;
  return 0;
}

/// Steps over what was left unread, and to what follows; 0 at the end.
static int advance(syncline_json *json, Frame &frame) {
  if (json->is_at_hand) {
    int skipped = syncline_json_skip(json);
    if (skipped < 0) return skipped;
  }
  if (frame.has_begun) {
    if (frame.is_object) {
      ++frame.members;
    } else {
      ++frame.elements;
    }
  }
  frame.has_begun = true;
  bool has_ended = frame.is_object ? frame.members == ondemand::object_iterator()
                                   : frame.elements == ondemand::array_iterator();
  if (!has_ended) return 1;
  if (!json->document.is_alive()) return SYNCLINE_JSON_GRAMMAR;
  json->depth--;
  return 0;
}

int syncline_json_next_member(syncline_json *json, const char **key, size_t *length) {
  if (json->depth == 0) return SYNCLINE_JSON_KIND;
  Frame &frame = json->frames[json->depth - 1];
  int step = advance(json, frame);
  if (step <= 0) return step;
  ondemand::field field;
  error_code error = (*frame.members).get(field);
  if (error) return code(error);
  std::string_view name;
  error = field.unescaped_key().get(name);
  if (error) return code(error);
  *key = name.data();
  *length = name.size();
  json->value = field.value();
  stand(json);
  return 1;
}

int syncline_json_next_element(syncline_json *json) {
  if (json->depth == 0) return SYNCLINE_JSON_KIND;
  Frame &frame = json->frames[json->depth - 1];
  int step = advance(json, frame);
  if (step <= 0) return step;
  error_code error = (*frame.elements).get(json->value);
  if (error) return code(error);
  stand(json);
  return 1;
}

int syncline_json_text(syncline_json *json, const char **text, size_t *length) {
  if (syncline_json_kind(json) != SYNCLINE_JSON_TEXT) return SYNCLINE_JSON_KIND;
  std::string_view view;
  error_code error = json->value.get_string().get(view);
  if (error) return code(error);
  json->is_at_hand = false;
  *text = view.data();
  *length = view.size();
  return 0;
}

int syncline_json_number(syncline_json *json, const char **text, size_t *length) {
  int kind = syncline_json_kind(json);
  if (kind < 0) return kind;
  if (kind != SYNCLINE_JSON_NUMBER) return SYNCLINE_JSON_KIND;
  std::string_view view = trimmed(json->value.raw_json_token());
  json->is_at_hand = false;
  *text = view.data();
  *length = view.size();
  return 0;
}

int syncline_json_skip(syncline_json *json) {
  size_t outer = json->depth;
  do {
    const char *text = nullptr;
    size_t length = 0;
    if (json->is_at_hand) {
      int kind = syncline_json_kind(json);
      int result = 0;
      if (kind < 0) return kind;
      if (kind == SYNCLINE_JSON_OBJECT || kind == SYNCLINE_JSON_ARRAY) {
        result = syncline_json_enter(json, kind);
      } else if (kind == SYNCLINE_JSON_TEXT) {
        result = syncline_json_text(json, &text, &length);
      } else {
        json->is_at_hand = false;
      }
      if (result < 0) return result;
    }
    if (json->depth > outer) {
      int step = json->frames[json->depth - 1].is_object
                     ? syncline_json_next_member(json, &text, &length)
                     : syncline_json_next_element(json);
      if (step < 0) return step;
    }
  } while (json->depth > outer || json->is_at_hand);
  return 0;
}
