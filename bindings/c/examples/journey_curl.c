/*
 * From the start of a login to a name, with libcurl.
 *
 *     flowseal mock --port 8080
 *     cc journey_curl.c $(pkg-config --cflags --libs flowseal libcurl) -o journey_curl
 *     ./journey_curl http://127.0.0.1:8080 v2 signed app.pem user.pub.pem
 *
 * The credentials are those of the mock; a service has its own, from its service account file. For
 * a flow without an e-signature the mock has `--scenario unsigned`, and this program `received`.
 * What sends requests is in client.h.
 */

#include "client.h"

/* Whom the app asks. The flow that ends well is theirs, or it is refused. */
#define PERSON "22212345610"

/* What they read before they approve. */
#define PAYLOAD "Log in to Example"

/* What there is once, from the start of the service on. */
struct service {
  CURL *curl;
  flowseal_api_config config;
  flowseal_key_ring ring;
  flowseal_verifier verifier;
  flowseal_budget budget;
  flowseal_finish_once once;
  flowseal_words words;
};

/* Tells the person. */
static void say(const struct service *service, flowseal_situation situation) {
  char sentence[512];
  size_t len = 0;
  if (flowseal_words_text(service->words, situation, sentence, sizeof sentence, &len) ==
      FLOWSEAL_STATUS_OK) {
    fprintf(stderr, "%.*s\n", (int)len, sentence);
  }
}

/* Says why a call refused, to the person and for the log; 0 where it did not. */
static int refused(const struct service *service, flowseal_status status, flowseal_error *error) {
  char sentence[1024];
  flowseal_situation situation;
  size_t len = 0;
  if (status == FLOWSEAL_STATUS_OK) return 0;
  if (flowseal_situation_of_error(*error, &situation) == FLOWSEAL_STATUS_OK ||
      flowseal_situation_of_status(status, &situation) == FLOWSEAL_STATUS_OK) {
    say(service, situation);
  }
  if (flowseal_error_message(*error, sentence, sizeof sentence, &len) != FLOWSEAL_STATUS_OK) {
    len = 0;
  }
  fprintf(stderr, "error[%s]: %.*s\n", flowseal_status_name(status), (int)len, sentence);
  flowseal_error_free(*error);
  *error = (flowseal_error){0};
  return 1;
}

/* Starts the login of a browser; 0 where that was refused. */
static int begin(const struct service *service, flowseal_binding browser,
                 flowseal_pending_flow *pending) {
  const flowseal_slice claims[] = {{"naming.given", 12}, {"naming.family", 13}};
  flowseal_error error = {0};
  flowseal_device device = {0};
  flowseal_start start = {0};
  flowseal_request request = {0};
  flowseal_http_response response = {0};
  flowseal_created created = {0};
  uint64_t wait_ms = 0;
  int done = 0;
  if (refused(service, flowseal_device_different(PERSON, strlen(PERSON), &device, &error),
              &error) ||
      refused(service,
              flowseal_api_config_identify(service->config, FLOWSEAL_PURPOSE_LOGIN, claims, 2,
                                           PAYLOAD, strlen(PAYLOAD), device, &start, &error),
              &error) ||
      refused(service, flowseal_start_request(start, &request), &error)) {
    goto end;
  }
  do {
    sleep_ms(wait_ms);
    if (refused(service,
                flowseal_budget_urgent(service->budget, service->config, now(), &wait_ms, &error),
                &error)) {
      goto end;
    }
  } while (wait_ms > 0);
  if (!exchange(service->curl, request, 10000, &response)) {
    say(service, FLOWSEAL_SITUATION_TRY_AGAIN);
    fprintf(stderr, "error: the API does not answer\n");
    goto end;
  }
  /* On the same device the browser would be sent to flowseal_created_link() now. */
  done = !refused(service, flowseal_start_read(start, response, &created, &error), &error) &&
         !refused(service, flowseal_created_pending(created, &browser, pending, &error), &error);

end:
  flowseal_created_free(created);
  flowseal_http_response_free(response);
  flowseal_request_free(request);
  flowseal_start_free(start);
  flowseal_device_free(device);
  return done;
}

/* The pending flow as it is kept between two requests of the browser, and back: here in memory, in
 * a service in its database. */
static int keep(const struct service *service, flowseal_pending_flow *pending) {
  char kept[1 << 13];
  size_t len = 0;
  flowseal_error error = {0};
  if (refused(service, flowseal_pending_flow_to_json(*pending, kept, sizeof kept, &len), &error)) {
    return 0;
  }
  flowseal_pending_flow_free(*pending);
  *pending = (flowseal_pending_flow){0};
  return !refused(
      service, flowseal_pending_flow_from_json(kept, len, service->config, pending, &error),
      &error);
}

static void tell(const struct service *service, flowseal_pending_flow pending,
                 flowseal_state state) {
  flowseal_situation situation;
  if (flowseal_pending_flow_situation(pending, state, &situation) == FLOWSEAL_STATUS_OK) {
    say(service, situation);
  }
}

/* Does what the session says until the flow has ended; 0 where nobody responded. */
static int watch(const struct service *service, flowseal_pending_flow pending,
                 flowseal_session session, flowseal_flow *flow) {
  flowseal_action action;
  flowseal_http_response response;
  flowseal_state state;
  flowseal_error error = {0};
  while (!refused(service, flowseal_session_poll(session, now(), jitter(), &action, &error),
                  &error)) {
    switch (action.kind) {
      case FLOWSEAL_ACTION_KIND_SEND:
        if (exchange(service->curl, action.request, action.wait_ms, &response)) {
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
        if (flowseal_flow_state(action.flow, &state) == FLOWSEAL_STATUS_OK) {
          tell(service, pending, state);
        }
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

/* The claims of the flow, given once; 0 where it is refused. What is expected of it, the requestee
 * for one, is what was asked at the start. */
static int end(const struct service *service, uint32_t trust, flowseal_pending_flow pending,
               flowseal_binding browser, flowseal_flow flow, flowseal_opened_claims *claims) {
  const int64_t at = (int64_t)(now() / 1000);
  flowseal_error error = {0};
  flowseal_verified_flow verified = {0};
  flowseal_received_flow believed = {0};
  int done;
  if (trust == FLOWSEAL_TRUST_RECEIVED) {
    done = !refused(service,
                    flowseal_pending_flow_finish_received(pending, flow, &service->verifier,
                                                          service->once, &browser, at, &believed,
                                                          NULL, &error),
                    &error) &&
           !refused(service, flowseal_received_flow_open(believed, service->ring, claims, &error),
                    &error);
  } else {
    done = !refused(service,
                    flowseal_pending_flow_finish(pending, flow, service->verifier, service->once,
                                                 &browser, at, &verified, NULL, &error),
                    &error) &&
           !refused(service, flowseal_verified_flow_open(verified, service->ring, claims, &error),
                    &error);
  }
  flowseal_received_flow_free(believed);
  flowseal_verified_flow_free(verified);
  return done;
}

/* From the start to the name. */
static int log_in(const struct service *service, uint32_t trust) {
  static const char cookie[] = "fEv3tKx0Qm9Zp1Lr"; /* In a service: random, and the browser's. */
  char given[256];
  size_t len = 0;
  flowseal_error error = {0};
  flowseal_binding browser = {0};
  flowseal_pending_flow pending = {0};
  flowseal_session session = {0};
  flowseal_flow flow = {0};
  flowseal_opened_claims claims = {0};
  int done = 0;
  if (refused(service, flowseal_binding_new(cookie, sizeof cookie - 1, &browser, &error),
              &error) ||
      !begin(service, browser, &pending) || !keep(service, &pending)) {
    goto end;
  }
  tell(service, pending, FLOWSEAL_STATE_PENDING);
  if (refused(service, flowseal_pending_flow_session(pending, service->config, &session, &error),
              &error) ||
      refused(service, flowseal_session_set_trust(session, trust, &error), &error) ||
      refused(service, flowseal_session_set_budget(session, service->budget, &error), &error) ||
      !watch(service, pending, session, &flow) ||
      !end(service, trust, pending, browser, flow, &claims) ||
      refused(service,
              flowseal_opened_claims_text(claims, "naming.given", 12, given, sizeof given, &len),
              &error)) {
    goto end;
  }
  printf("%.*s\n", (int)len, given);
  done = 1;

end:
  flowseal_opened_claims_free(claims);
  flowseal_flow_free(flow);
  flowseal_session_free(session);
  flowseal_pending_flow_free(pending);
  flowseal_binding_free(browser);
  return done;
}

/* Once, when the service starts. */
static int open_service(struct service *service, const char *url, uint32_t version,
                        const struct text *app, const struct text *user) {
  flowseal_error error = {0};
  flowseal_decrypting_key key = {0};
  flowseal_verifying_keys keys = {0};
  flowseal_users users = {0};
  int done;
  service->curl = curl_easy_init();
  done =
      service->curl != NULL &&
      !refused(service, flowseal_words_english(&service->words), &error) &&
      !refused(service, flowseal_budget_new(&service->budget), &error) &&
      /* Where several processes serve, their database: flowseal_finish_once_calling(). */
      !refused(service, flowseal_finish_once_in_memory(&service->once), &error) &&
      !refused(service,
               flowseal_api_config_new(version, FLOWSEAL_ENVIRONMENT_SANDBOX, "bk-test_mock", 12,
                                       "snb_mock", 8, &service->config, &error),
               &error) &&
      !refused(service,
               flowseal_api_config_set_ids(service->config, "bcn_sample", 10, "app_sample", 10),
               &error) &&
      !refused(service,
               flowseal_api_config_set_base_url(service->config, url, strlen(url), &error),
               &error) &&
      !refused(service, flowseal_decrypting_key_load(app->bytes, app->len, &key, &error),
               &error) &&
      !refused(service, flowseal_key_ring_new(&service->ring), &error) &&
      !refused(service, flowseal_key_ring_add(service->ring, key, &error), &error) &&
      !refused(service, flowseal_verifying_keys_new(&keys), &error) &&
      !refused(service, flowseal_verifying_keys_load(keys, user->bytes, user->len, &error),
               &error) &&
      !refused(service, flowseal_users_new(&users), &error) &&
      !refused(service, flowseal_users_add(users, PERSON, strlen(PERSON), keys), &error) &&
      !refused(service, flowseal_verifier_by_requestee(users, &service->verifier), &error);
  flowseal_users_free(users);
  flowseal_verifying_keys_free(keys);
  flowseal_decrypting_key_free(key);
  return done;
}

static void close_service(struct service *service) {
  flowseal_words_free(service->words);
  flowseal_finish_once_free(service->once);
  flowseal_budget_free(service->budget);
  flowseal_verifier_free(service->verifier);
  flowseal_key_ring_free(service->ring);
  flowseal_api_config_free(service->config);
  curl_easy_cleanup(service->curl);
}

int main(int argc, char **argv) {
  static struct text app, user;
  struct service service = {0};
  uint32_t version, trust;
  int done;

  if (argc != 6) {
    fprintf(stderr, "usage: journey_curl URL v1|v2 signed|received APP_PEM USER_PEM\n");
    return 2;
  }
  if (!read_file(argv[4], &app) || !read_file(argv[5], &user)) return 2;
  version = strcmp(argv[2], "v1") == 0 ? FLOWSEAL_API_VERSION_V1 : FLOWSEAL_API_VERSION_V2;
  trust = strcmp(argv[3], "received") == 0 ? FLOWSEAL_TRUST_RECEIVED : FLOWSEAL_TRUST_SIGNED;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  done = open_service(&service, argv[1], version, &app, &user) && log_in(&service, trust);
  close_service(&service);
  curl_global_cleanup();
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
