/*
 * The fields of a table that table.py wrote: `NAME LENGTH`, a line's end, bytes, a line's end.
 */

#ifndef FIELDS_H
#define FIELDS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct field {
  char name[24];
  const char *bytes;
  size_t len;
};

/* Takes the field at `*at`; 0 where the table ends or is none. The line's end
 * behind its bytes becomes a NUL. */
static int take(char *table, size_t len, size_t *at, struct field *field) {
  char *start = table + *at, *space = memchr(start, ' ', len - *at);
  char *end = NULL;
  if (space == NULL || (size_t)(space - start) >= sizeof field->name) return 0;
  *field = (struct field){{0}, NULL, 0};
  memcpy(field->name, start, (size_t)(space - start));
  field->len = strtoul(space, &end, 10);
  field->bytes = end + 1;
  if (field->len >= len - (size_t)(field->bytes - table)) return 0;
  *at = (size_t)(field->bytes - table) + field->len + 1;
  table[*at - 1] = '\0';
  return 1;
}

static char *read_table(const char *name, size_t *len) {
  enum { CAPACITY = 1 << 24 };
  char *table = calloc(1, CAPACITY);
  FILE *stream = fopen(name, "rb");
  if (stream == NULL || table == NULL) exit(2);
  *len = fread(table, 1, CAPACITY - 1, stream);
  fclose(stream);
  return table;
}

static int is(const struct field *field, const char *value) {
  return field != NULL && field->len == strlen(value) && memcmp(field->bytes, value, field->len) == 0;
}

static int64_t number(const struct field *field) { return strtoll(field->bytes, NULL, 10); }

#endif
