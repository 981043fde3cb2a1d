/*
 * Identifies a person with libcurl: watches a flow until it ends, then verifies it and prints the
 * claims.
 *
 *     flowseal mock --port 8080
 *     cc identify_curl.c $(pkg-config --cflags --libs flowseal libcurl) -o identify_curl
 *     ./identify_curl http://127.0.0.1:8080 v2 req_1 app.pem user.pub.pem
 *
 * The credentials are those of the mock; a service has its own, from its service account file.
 * What sends requests is in client.h.
 */

#include "client.h"

/* Whom the app has asked: the flow that ends well may be another person's. */
#define PERSON "22212345610"

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

/* Does what the session says until the flow has ended; 0 where nobody responded. */
static int watch(CURL *curl, flowseal_session session, flowseal_flow *flow) {
  flowseal_action action;
  flowseal_http_response response;
  flowseal_error error = {0};
  while (!refused(flowseal_session_poll(session, now(), jitter(), &action, &error), &error)) {
    switch (action.kind) {
      case FLOWSEAL_ACTION_KIND_SEND:
        if (exchange(curl, action.request, action.wait_ms, &response)) {
          flowseal_session_handle_response(session, response, now());
          flowseal_http_response_free(response);
        } else {
          flowseal_session_lost(session, now());
        }
        flowseal_request_free(action.request);
        break;
      case FLOWSEAL_ACTION_KIND_WAIT:
        sleep_ms(action.wait_ms);
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
