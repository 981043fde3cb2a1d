/*
 * What the examples with libcurl leave to their reader: an HTTP client, a clock, chance, a file.
 *
 * exchange() is all that flowseal asks of a client: it sends a request as it is, follows no
 * redirect, reads no more than there can be, and says what it answers and which address it is from.
 */

#ifndef CLIENT_H
#define CLIENT_H

#define _POSIX_C_SOURCE 200809L

#include <curl/curl.h>
#include <flowseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* More than any response of the API. */
#define MOST_BYTES (1 << 20)
#define MOST_HEADERS 64

struct text {
  char bytes[MOST_BYTES];
  size_t len;
};

static inline uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

/* It spreads the pauses of many clients; nothing secret depends on it. */
static inline uint32_t jitter(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint32_t)time.tv_nsec * UINT32_C(2654435761);
}

static inline void sleep_ms(uint64_t ms) {
  struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
  nanosleep(&pause, NULL);
}

static inline size_t collect(char *bytes, size_t one, size_t count, void *context) {
  struct text *body = context;
  (void)one; /* It is 1. */
  if (count > sizeof body->bytes - body->len) return 0;
  memcpy(body->bytes + body->len, bytes, count);
  body->len += count;
  return count;
}

/* The request's headers; NULL where they do not fit. Do not log them: they hold credentials. */
static inline struct curl_slist *headers_of(flowseal_request request) {
  struct curl_slist *list = NULL, *longer = NULL;
  char name[256], value[1 << 13], line[sizeof name + sizeof value + 3];
  size_t count = 0, name_len, value_len;
  flowseal_request_header_count(request, &count);
  for (size_t i = 0; i < count; i++) {
    longer = NULL;
    if (flowseal_request_header_name(request, i, name, sizeof name, &name_len) == 0 &&
        flowseal_request_header_value(request, i, value, sizeof value, &value_len) == 0) {
      snprintf(line, sizeof line, "%.*s: %.*s", (int)name_len, name, (int)value_len, value);
      longer = curl_slist_append(list, line);
    }
    if (longer == NULL) {
      curl_slist_free_all(list);
      return NULL;
    }
    list = longer;
  }
  return list;
}

/* What came back, what it answers and where from, for the library. */
static inline int received(CURL *curl, flowseal_request request, const struct text *body,
                           flowseal_http_response *response) {
  flowseal_slice names[MOST_HEADERS], values[MOST_HEADERS];
  struct curl_header *header = NULL;
  size_t count = 0;
  long status = 0;
  char *url = NULL;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &url);
  while (count < MOST_HEADERS &&
         (header = curl_easy_nextheader(curl, CURLH_HEADER, -1, header)) != NULL) {
    names[count] = (flowseal_slice){header->name, strlen(header->name)};
    values[count++] = (flowseal_slice){header->value, strlen(header->value)};
  }
  if (flowseal_http_response_new((uint16_t)status, body->bytes, body->len, response) !=
      FLOWSEAL_STATUS_OK) {
    return 0;
  }
  if (url != NULL &&
      flowseal_http_response_set_headers(*response, names, values, count) == FLOWSEAL_STATUS_OK &&
      flowseal_http_response_set_answering(*response, request) == FLOWSEAL_STATUS_OK &&
      flowseal_http_response_set_url(*response, url, strlen(url)) == FLOWSEAL_STATUS_OK) {
    return 1;
  }
  flowseal_http_response_free(*response);
  return 0;
}

/* Sends a request; 0 where no response came. */
static inline int exchange(CURL *curl, flowseal_request request, uint64_t timeout_ms,
                           flowseal_http_response *response) {
  static struct text body;
  char url[1 << 12], payload[1 << 12];
  size_t url_len = 0, payload_len = 0;
  struct curl_slist *headers = headers_of(request);
  flowseal_status has_url = flowseal_request_url(request, url, sizeof url - 1, &url_len);
  flowseal_status has_payload =
      flowseal_request_body(request, payload, sizeof payload, &payload_len);
  int done = 0;
  if (headers == NULL || has_url != FLOWSEAL_STATUS_OK ||
      (has_payload != FLOWSEAL_STATUS_OK && has_payload != FLOWSEAL_STATUS_ABSENT)) {
    fprintf(stderr, "the request does not fit into this program\n");
    curl_slist_free_all(headers);
    return 0;
  }
  url[url_len] = '\0';
  body.len = 0;
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  if (has_payload == FLOWSEAL_STATUS_OK) { /* Else it is a GET. */
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)payload_len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, payload);
  }
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  if (curl_easy_perform(curl) == CURLE_OK) done = received(curl, request, &body, response);
  curl_slist_free_all(headers);
  return done;
}

static inline int read_file(const char *name, struct text *text) {
  FILE *stream = fopen(name, "rb");
  if (stream == NULL) {
    perror(name);
    return 0;
  }
  text->len = fread(text->bytes, 1, sizeof text->bytes, stream);
  fclose(stream);
  return 1;
}

#endif
