/*
 * Whether two texts are the same JSON, whatever the order of members. Both are well formed, without
 * spaces, and write a string in one way.
 */

#ifndef JSON_H
#define JSON_H

#include <string.h>

/* What stands behind the value at `at`. */
static const char *behind(const char *at) {
  int depth = 0;
  do {
    if (*at == '"') {
      for (at++; *at != '"'; at++) at += *at == '\\';
    } else if (*at == '{' || *at == '[') {
      depth++;
    } else if (*at == '}' || *at == ']') {
      depth--;
    }
    at++;
  } while (depth > 0 || strchr(",:]}", *at) == NULL);
  return at;
}

/* The first element or name in a container, and the one behind a value; NULL where there is
 * none. */
static const char *first(const char *container) {
  return strchr("]}", container[1]) != NULL ? NULL : container + 1;
}

static const char *following(const char *value) {
  const char *end = behind(value);
  return *end == ',' ? end + 1 : NULL;
}

static const char *value_of(const char *name) { return behind(name) + 1; }

static int same_json(const char *a, const char *b) {
  const char *in_a, *in_b;
  if (*a == '[' && *b == '[') {
    in_a = first(a), in_b = first(b);
    while (in_a != NULL && in_b != NULL && same_json(in_a, in_b)) {
      in_a = following(in_a), in_b = following(in_b);
    }
    return in_a == NULL && in_b == NULL;
  }
  if (*a == '{' && *b == '{') {
    int more = 0;
    for (in_b = first(b); in_b != NULL; in_b = following(value_of(in_b))) more++;
    for (in_a = first(a); in_a != NULL; in_a = following(value_of(in_a)), more--) {
      for (in_b = first(b); in_b != NULL && !same_json(in_a, in_b);) {
        in_b = following(value_of(in_b));
      }
      if (in_b == NULL || !same_json(value_of(in_a), value_of(in_b))) return 0;
    }
    return more == 0;
  }
  return behind(a) - a == behind(b) - b && memcmp(a, b, (size_t)(behind(a) - a)) == 0;
}

#endif
