/*
 * Every function with every wrong argument: each must refuse, and none may crash.
 *
 * `cargo xtask c` writes cells.inc from the header. What stands here is one live handle of each
 * type, and one of each that was freed.
 */

#include <flowseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A bit of the generation. */
#define FOREIGN (UINT64_C(1) << 40)
#define ANY FLOWSEAL_STATUS_OK

struct handles {
  flowseal_error error;
  flowseal_profile profile;
  flowseal_flow flow;
  flowseal_verified_flow verified_flow;
  flowseal_opened_claims opened_claims;
  flowseal_failures failures;
  flowseal_report report;
  flowseal_evidence evidence;
  flowseal_app_key app_key;
  flowseal_disclosure disclosure;
  flowseal_disclosed disclosed;
  flowseal_decrypting_key decrypting_key;
  flowseal_decrypting_key_options decrypting_key_options;
  flowseal_key_ring key_ring;
  flowseal_service_account service_account;
  flowseal_verifying_keys verifying_keys;
  flowseal_verifying_key_options verifying_key_options;
  flowseal_verifier verifier;
  flowseal_users users;
  flowseal_expectations expectations;
  flowseal_open_options open_options;
  flowseal_api_config api_config;
  flowseal_session_token session_token;
  flowseal_request request;
  flowseal_response response;
  flowseal_api_error api_error;
  flowseal_session session;
  flowseal_event_stream event_stream;
  flowseal_server_event server_event;
  flowseal_webhook webhook;
  flowseal_remote_key_options remote_key_options;
  flowseal_opening opening;
  flowseal_device device;
  flowseal_signer signer;
  flowseal_webhook_target webhook_target;
  flowseal_http_response http_response;
  flowseal_start start;
  flowseal_created created;
  flowseal_binding binding;
  flowseal_pending_flow pending_flow;
  flowseal_finish_once finish_once;
  flowseal_received_flow received_flow;
  flowseal_budget budget;
  flowseal_words words;
  flowseal_audit audit;
};

static int cells, failures;

static void expect(const char *cell, flowseal_status found, flowseal_status expected) {
  cells++;
  if (expected == ANY ? found == FLOWSEAL_STATUS_OK : found != expected) {
    failures++;
    printf("%s: %s\n", cell, flowseal_status_name(found));
  }
}

static void expect_ok(const char *cell, flowseal_status found) {
  if (found != FLOWSEAL_STATUS_OK) {
    failures++;
    printf("%s: %s\n", cell, flowseal_status_name(found));
  }
}

/* No flow waits for anything. */
static bool flow_of(void *context, const char *reference, size_t reference_len, char *flow,
                    size_t capacity, size_t *flow_len) {
  (void)context, (void)reference, (void)reference_len, (void)flow, (void)capacity, (void)flow_len;
  return false;
}

static bool remember(void *context, const char *key, size_t key_len, int64_t until) {
  (void)context, (void)key, (void)key_len, (void)until;
  return true;
}

/* Nothing is computed. */
static int32_t compute(void *context, const flowseal_raw_operation *operations, size_t count,
                       uint8_t *results) {
  (void)context, (void)operations, (void)count, (void)results;
  return 1;
}

/* Nothing was finished before, and everything may be sent. */
static int32_t finish(void *context, const char *reference, size_t reference_len, int64_t until,
                      bool *first) {
  (void)context, (void)reference, (void)reference_len, (void)until;
  *first = true;
  return 0;
}

static int32_t take(void *context, const char *base, size_t base_len, uint64_t now,
                    uint64_t *wait_ms) {
  (void)context, (void)base, (void)base_len, (void)now;
  *wait_ms = 0;
  return 0;
}

static size_t read_file(const char *name, char *bytes, size_t capacity) {
  FILE *stream = fopen(name, "rb");
  size_t len = 0;
  if (stream != NULL) {
    len = fread(bytes, 1, capacity, stream);
    fclose(stream);
  }
  return len;
}

/* An opening that waits: the user's key stands in for an app's that is elsewhere. */
static void make_remote(struct handles *all, const char *user, size_t user_len, int64_t now) {
  flowseal_decrypting_key key;
  flowseal_key_ring ring;
  expect_ok("remote", flowseal_remote_key_options_new(&all->remote_key_options));
  expect_ok("remote", flowseal_decrypting_key_remote(user, user_len, all->remote_key_options, &key,
                                                       NULL));
  expect_ok("ring", flowseal_key_ring_new(&ring));
  expect_ok("ring", flowseal_key_ring_add(ring, key, NULL));
  expect_ok("opening",
            flowseal_flow_begin_opening_unverified(all->flow, ring, all->expectations, now,
                                                   all->open_options, &all->opening, NULL));
  expect_ok("ring", flowseal_key_ring_free(ring));
  expect_ok("key", flowseal_decrypting_key_free(key));
}

/* One claim of the flow, shown to someone with the app's public key. */
static void make_disclosure(struct handles *all, const char *app_public) {
  static char pem[1 << 14];
  const size_t pem_len = read_file(app_public, pem, sizeof pem);
  const flowseal_slice path = {"naming.given", 12};
  flowseal_opened_claims shown = {0};

  expect_ok("disclosure", flowseal_verified_flow_disclose(all->verified_flow, all->key_ring, &path,
                                                          1, &all->disclosure, NULL));
  expect_ok("app's key", flowseal_app_key_load(pem, pem_len, &all->app_key, NULL));
  expect_ok("disclosed", flowseal_disclosure_check(all->disclosure, all->app_key,
                                                   all->verifying_keys, &shown, &all->disclosed,
                                                   NULL, NULL));
  expect_ok("claims of a disclosure", flowseal_opened_claims_free(shown));
}

/* A flow between its start and its end, and the same one when a session has received it. */
static void make_journey(struct handles *all, const char *json, size_t json_len,
                         const char *reference, int64_t now) {
  static const char *const claims[] = {"bio", "contact", "naming", "nationality"};
  static const char person[] = "22212345610", cookie[] = "fEv3tKx0Qm9Zp1Lr";
  flowseal_slice asked[4];
  flowseal_action action;
  flowseal_session session = {0};
  flowseal_http_response ping = {0};
  char answer[512], url[256];
  size_t url_len = 0;
  const int len = snprintf(answer, sizeof answer,
                           "{\"status\":\"successful\",\"cost\":1,\"data\":{\"request\":{"
                           "\"id\":\"%s\",\"exp\":%lld},\"link\":\"https://a.example/\","
                           "\"seeds\":[\"one\",\"two\"],\"token\":\"bare\"}}",
                           reference, (long long)now + 300);
  for (size_t i = 0; i < 4; i++) asked[i] = (flowseal_slice){claims[i], strlen(claims[i])};

  expect_ok("device", flowseal_device_different(person, 11, &all->device, NULL));
  expect_ok("signer", flowseal_signer_same_device(person, 11, &all->signer, NULL));
  expect_ok("target", flowseal_webhook_target_new("https://a.example/", 18, "order-1", 7,
                                                  &all->webhook_target, NULL));
  expect_ok("start", flowseal_api_config_identify(all->api_config, FLOWSEAL_PURPOSE_LOGIN, asked, 4,
                                                  "Log in", 6, all->device, &all->start, NULL));
  expect_ok("answer",
            flowseal_http_response_new(201, answer, (size_t)len, &all->http_response));
  expect_ok("created",
            flowseal_start_read(all->start, all->http_response, &all->created, NULL));
  expect_ok("binding", flowseal_binding_new(cookie, 16, &all->binding, NULL));
  expect_ok("pending", flowseal_created_pending(all->created, &all->binding, &all->pending_flow,
                                                NULL));
  expect_ok("finish once", flowseal_finish_once_calling(finish, NULL, &all->finish_once));
  expect_ok("budget", flowseal_budget_new(&all->budget));
  expect_ok("budget", flowseal_budget_set_shared_count(all->budget, take, NULL));
  expect_ok("words", flowseal_words_english(&all->words));
  expect_ok("audit", flowseal_audit_new(&all->audit));

  expect_ok("session", flowseal_pending_flow_session(all->pending_flow, all->api_config, &session,
                                                     NULL));
  expect_ok("session", flowseal_session_set_trust(session, FLOWSEAL_TRUST_RECEIVED, NULL));
  expect_ok("session", flowseal_session_set_budget(session, all->budget, NULL));
  expect_ok("ping", flowseal_session_poll(session, (uint64_t)now * 1000, 4, &action, NULL));
  expect_ok("ping", flowseal_request_url(action.request, url, sizeof url, &url_len));
  expect_ok("flow", flowseal_http_response_new(200, json, json_len, &ping));
  expect_ok("flow", flowseal_http_response_set_answering(ping, action.request));
  expect_ok("flow", flowseal_http_response_set_url(ping, url, url_len));
  expect_ok("flow", flowseal_session_handle_response(session, ping, (uint64_t)now * 1000));
  expect_ok("request", flowseal_request_free(action.request));
  expect_ok("ended", flowseal_session_poll(session, (uint64_t)now * 1000, 4, &action, NULL));
  expect_ok("received",
            flowseal_pending_flow_finish_received(all->pending_flow, action.flow, NULL,
                                                  all->finish_once, &all->binding, now,
                                                  &all->received_flow, NULL, NULL));
  expect_ok("flow", flowseal_flow_free(action.flow));
  expect_ok("ping", flowseal_http_response_free(ping));
  expect_ok("session", flowseal_session_free(session));
}

static void make(struct handles *all, char **argv) {
  static char json[1 << 16], app[1 << 14], user[1 << 14];
  const char event[] = "event: e\nid: 1\ndata: {}\n\n", webhook[] = "{\"reference\": \"req_1\"}";
  const char config[] = "{\"type\": \"app\", \"appid\": \"app_1\"}";
  const size_t json_len = read_file(argv[1], json, sizeof json);
  const size_t app_len = read_file(argv[2], app, sizeof app);
  const size_t user_len = read_file(argv[3], user, sizeof user);
  const flowseal_slice pem = {app, app_len};

  expect("a flow of nothing", flowseal_flow_from_json("x", 1, &all->flow, &all->error),
         FLOWSEAL_STATUS_JSON);
  expect_ok("profile", flowseal_profile_from_json("{}", 2, &all->profile, NULL));
  expect_ok("flow", flowseal_flow_from_json(json, json_len, &all->flow, NULL));
  expect_ok("key", flowseal_decrypting_key_load(app, app_len, &all->decrypting_key, NULL));
  expect_ok("key options", flowseal_decrypting_key_options_new(&all->decrypting_key_options));
  expect_ok("ring", flowseal_key_ring_new(&all->key_ring));
  expect_ok("ring", flowseal_key_ring_add(all->key_ring, all->decrypting_key, NULL));
  expect_ok("service account",
            flowseal_service_account_from_parts(config, sizeof config - 1, &pem, 1,
                                                &all->service_account, NULL));
  expect_ok("keys", flowseal_verifying_keys_new(&all->verifying_keys));
  expect_ok("keys", flowseal_verifying_keys_load(all->verifying_keys, user, user_len, NULL));
  expect_ok("options", flowseal_verifying_key_options_new(&all->verifying_key_options));
  expect_ok("verifier", flowseal_verifier_trusting(all->verifying_keys, &all->verifier));
  expect_ok("users", flowseal_users_new(&all->users));
  expect_ok("expectations", flowseal_expectations_unbound(&all->expectations));
  expect_ok("options", flowseal_open_options_new(&all->open_options));
  expect_ok("verified", flowseal_flow_verify(all->flow, all->verifier, all->expectations, atoll(
      argv[5]), &all->verified_flow, &all->report, NULL));
  expect_ok("evidence", flowseal_verified_flow_evidence(all->verified_flow, &all->evidence));
  expect_ok("claims", flowseal_verified_flow_open_partial(all->verified_flow, all->key_ring,
                                                          all->open_options, &all->opened_claims,
      &all->failures, NULL));
  make_disclosure(all, argv[6]);
  expect_ok("config",
            flowseal_api_config_new(FLOWSEAL_API_VERSION_V2, FLOWSEAL_ENVIRONMENT_SANDBOX,
                                    "bk-test_1", 9, "snb_1", 5, &all->api_config, NULL));
  expect_ok("token",
            flowseal_session_token_from_header("eyJ.e30.AAAA", 12, &all->session_token, NULL));
  expect_ok("request", flowseal_request_ping(all->api_config, "req_1", 5, NULL, &all->request,
                                               NULL));
  expect_ok("response", flowseal_response_from_http(all->request, 200, NULL, NULL, 0, json,
                                                    json_len, &all->response, NULL));
  expect_ok("error of the API",
            flowseal_api_error_from_body(429, "Too many requests", 17, &all->api_error));
  expect_ok("session", flowseal_session_new(all->api_config, "req_1", 5, &all->session, NULL));
  expect_ok("stream", flowseal_event_stream_new(&all->event_stream));
  expect_ok("stream", flowseal_event_stream_push(all->event_stream, event, sizeof event - 1));
  expect_ok("event", flowseal_event_stream_next(all->event_stream, &all->server_event, NULL));
  expect_ok("webhook",
            flowseal_webhook_from_json(webhook, sizeof webhook - 1, &all->webhook, NULL));
  make_remote(all, user, user_len, atoll(argv[5]));
  make_journey(all, json, json_len, argv[4], atoll(argv[5]));
}

int main(int argc, char **argv) {
  static struct handles live, stale;
  static char buffer[1 << 12];
  static uint64_t place[4];
  static const flowseal_slice slice = {"x", 1}, nowhere = {NULL, 1}, noise = {"\xff", 1};

  if (argc != 7) return 2;
  make(&live, argv);
  make(&stale, argv);
#include "stale.inc"
#include "cells.inc"
  printf("%d cells, %d failures\n", cells, failures);
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
