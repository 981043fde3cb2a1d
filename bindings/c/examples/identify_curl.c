/*
 * Identifies a person with libcurl: watches a flow until it ends, then verifies it and prints the
 * claims.
 *
 *     flowseal mock --port 8080
 *     cc identify_curl.c $(pkg-config --cflags --libs flowseal libcurl) -o identify_curl
 *     ./identify_curl http://127.0.0.1:8080 v2 req_1 app.pem user.pub.pem
 *
 * The credentials are those of the mock; a service has its own, from its service account file.
 */

#define _POSIX_C_SOURCE 200809L

#include <curl/curl.h>
#include <flowseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Whom the app has asked: the flow that ends well may be another person's. */
#define PERSON "22212345610"

/* More than any response of the API. */
#define MOST_BYTES (1 << 20)
#define MOST_HEADERS 64

struct text {
  char bytes[MOST_BYTES];
  size_t len;
};

/* Says why a call refused; 0 where it did not. */
static int refused(flowseal_status status, flowseal_error *error) {
  char sentence[1024];
  size_t len = 0;
  if (status == FLOWSEAL_STATUS_OK) return 0;
  if (flowseal_error_message(*error, sentence, sizeof sentence, &len) != FLOWSEAL_STATUS_OK) {
    len = 0;
  }
  fprintf(stderr, "error[%s]: %.*s\n", flowseal_status_name(status), (int)len, sentence);
  flowseal_error_free(*error);
  return 1;
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

/* It spreads the pauses of many clients; nothing secret depends on it. */
static uint32_t jitter(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint32_t)time.tv_nsec * UINT32_C(2654435761);
}

static size_t collect(char *bytes, size_t one, size_t count, void *context) {
  struct text *body = context;
  (void)one; /* It is 1. */
  if (count > sizeof body->bytes - body->len) return 0;
  memcpy(body->bytes + body->len, bytes, count);
  body->len += count;
  return count;
}

/* The request's headers; NULL where they do not fit. Do not log them: they hold credentials. */
static struct curl_slist *headers_of(flowseal_request request) {
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

/* Tells the session what came back. */
static void handle_response(CURL *curl, flowseal_session session, const struct text *body) {
  flowseal_slice names[MOST_HEADERS], values[MOST_HEADERS];
  struct curl_header *header = NULL;
  size_t count = 0;
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  while (count < MOST_HEADERS &&
         (header = curl_easy_nextheader(curl, CURLH_HEADER, -1, header)) != NULL) {
    names[count] = (flowseal_slice){header->name, strlen(header->name)};
    values[count++] = (flowseal_slice){header->value, strlen(header->value)};
  }
  if (flowseal_session_handle(session, (uint16_t)status, names, values, count, body->bytes,
                              body->len, now()) != FLOWSEAL_STATUS_OK) {
    flowseal_session_lost(session, now());
  }
}

/* Sends what the session asks for; 0 where there is no room for it here. */
static int send_request(CURL *curl, flowseal_session session, const flowseal_action *action) {
  static struct text body;
  char url[1 << 12], payload[1 << 12];
  size_t url_len = 0, payload_len = 0;
  struct curl_slist *headers = headers_of(action->request);
  flowseal_status has_url =
      flowseal_request_url(action->request, url, sizeof url - 1, &url_len);
  flowseal_status has_payload =
      flowseal_request_body(action->request, payload, sizeof payload, &payload_len);
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
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)action->wait_ms);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  if (curl_easy_perform(curl) == CURLE_OK) {
    handle_response(curl, session, &body);
  } else {
    flowseal_session_lost(session, now());
  }
  curl_slist_free_all(headers);
  return 1;
}

/* Does what the session says until the flow has ended; 0 where nobody responded. */
static int watch(CURL *curl, flowseal_session session, flowseal_flow *flow) {
  flowseal_action action;
  flowseal_error error = {0};
  struct timespec pause;
  int sent;
  while (!refused(flowseal_session_poll(session, now(), jitter(), &action, &error), &error)) {
    switch (action.kind) {
      case FLOWSEAL_ACTION_KIND_SEND:
        sent = send_request(curl, session, &action);
        flowseal_request_free(action.request);
        if (!sent) return 0;
        break;
      case FLOWSEAL_ACTION_KIND_WAIT:
        pause.tv_sec = (time_t)(action.wait_ms / 1000);
        pause.tv_nsec = (long)(action.wait_ms % 1000) * 1000000;
        nanosleep(&pause, NULL);
        break;
      case FLOWSEAL_ACTION_KIND_PROGRESS:
        fprintf(stderr, "a device has picked the flow up\n");
        flowseal_flow_free(action.flow);
        break;
      case FLOWSEAL_ACTION_KIND_ENDED:
        *flow = action.flow;
        return 1;
      default:
        fprintf(stderr, "an action of a newer library\n");
        return 0;
    }
  }
  return 0;
}

static int print_claims(flowseal_opened_claims claims) {
  size_t len = 0;
  flowseal_opened_claims_to_json(claims, NULL, 0, &len);
  char *json = malloc(len + 1);
  int done = json != NULL &&
             flowseal_opened_claims_to_json(claims, json, len, &len) == FLOWSEAL_STATUS_OK;
  if (done) printf("%.*s\n", (int)len, json);
  free(json);
  return done;
}

static int read_file(const char *name, struct text *text) {
  FILE *stream = fopen(name, "rb");
  if (stream == NULL) {
    perror(name);
    return 0;
  }
  text->len = fread(text->bytes, 1, sizeof text->bytes, stream);
  fclose(stream);
  return 1;
}

int main(int argc, char **argv) {
  static struct text app, user;
  flowseal_error error = {0};
  flowseal_api_config config = {0};
  flowseal_session session = {0};
  flowseal_decrypting_key key = {0};
  flowseal_key_ring ring = {0};
  flowseal_verifying_keys keys = {0};
  flowseal_verifier verifier = {0};
  flowseal_expectations expectations = {0};
  flowseal_flow flow = {0};
  flowseal_verified_flow verified = {0};
  flowseal_opened_claims claims = {0};
  uint32_t version;
  CURL *curl;
  int done = EXIT_FAILURE;

  if (argc != 6) {
    fprintf(stderr, "usage: identify_curl URL v1|v2 REFERENCE APP_PEM USER_PEM\n");
    return 2;
  }
  if (!read_file(argv[4], &app) || !read_file(argv[5], &user)) return 2;
  version = strcmp(argv[2], "v1") == 0 ? FLOWSEAL_API_VERSION_V1 : FLOWSEAL_API_VERSION_V2;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  curl = curl_easy_init();

  /* Once, when the service starts. */
  if (curl == NULL ||
      refused(flowseal_api_config_new(version, FLOWSEAL_ENVIRONMENT_SANDBOX, "bk-test_mock", 12,
                                      "snb_mock", 8, &config, &error), &error) ||
      refused(flowseal_api_config_set_ids(config, "bcn_sample", 10, "app_sample", 10), &error) ||
      refused(flowseal_api_config_set_base_url(config, argv[1], strlen(argv[1]), &error),
              &error) ||
      refused(flowseal_decrypting_key_load(app.bytes, app.len, &key, &error), &error) ||
      refused(flowseal_key_ring_new(&ring), &error) ||
      refused(flowseal_key_ring_add(ring, key, &error), &error) ||
      refused(flowseal_verifying_keys_new(&keys), &error) ||
      refused(flowseal_verifying_keys_load(keys, user.bytes, user.len, &error), &error) ||
      refused(flowseal_verifier_trusting(keys, &verifier), &error)) {
    goto end;
  }
  /* For each flow. */
  if (refused(flowseal_session_new(config, argv[3], strlen(argv[3]), &session, &error), &error) ||
      !watch(curl, session, &flow)) {
    goto end;
  }
  if (refused(flowseal_expectations_for_reference(argv[3], strlen(argv[3]), &expectations),
              &error) ||
      refused(flowseal_expectations_set_requester(expectations, "bcn_sample", 10), &error) ||
      refused(flowseal_expectations_set_requestee(expectations, PERSON, strlen(PERSON)), &error) ||
      refused(flowseal_expectations_set_max_age_seconds(expectations, 300), &error) ||
      refused(flowseal_flow_verify(flow, verifier, expectations, (int64_t)(now() / 1000), &verified,
                                   NULL, &error), &error) ||
      refused(flowseal_verified_flow_open(verified, ring, &claims, &error), &error)) {
    goto end;
  }
  if (print_claims(claims)) done = EXIT_SUCCESS;

end:
  flowseal_opened_claims_free(claims);
  flowseal_verified_flow_free(verified);
  flowseal_flow_free(flow);
  flowseal_expectations_free(expectations);
  flowseal_session_free(session);
  flowseal_verifier_free(verifier);
  flowseal_verifying_keys_free(keys);
  flowseal_key_ring_free(ring);
  flowseal_decrypting_key_free(key);
  flowseal_api_config_free(config);
  curl_easy_cleanup(curl);
  curl_global_cleanup();
  return done;
}
