/*
 * Two processes that finish one pending flow: one wins, the other is told. What they share is a
 * directory, in which one file can be made once.
 *
 *     processes flow.json app.pem user.pub.pem REFERENCE NOW DIRECTORY
 */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <flowseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WON = 10, TOLD = 11, ROUNDS = 20 };

#define MUST(call)                                                      \
  do {                                                                  \
    const flowseal_status outcome = (call);                             \
    if (outcome != FLOWSEAL_STATUS_OK) {                                \
      fprintf(stderr, "%s: %s\n", #call, flowseal_status_name(outcome)); \
      exit(EXIT_FAILURE);                                               \
    }                                                                   \
  } while (0)

static size_t read_file(const char *name, char *bytes, size_t capacity) {
  FILE *stream = fopen(name, "rb");
  size_t len = 0;
  if (stream != NULL) {
    len = fread(bytes, 1, capacity, stream);
    fclose(stream);
  }
  return len;
}

/* Makes a file of the flow's name. A directory that is not there is a failure and no answer. */
static int32_t finish(void *context, const char *reference, size_t reference_len,
                      int64_t until_unix_seconds, bool *first) {
  char name[512];
  int file;
  (void)until_unix_seconds; /* A service would sweep by it. */
  snprintf(name, sizeof name, "%s/%.*s", (const char *)context, (int)reference_len, reference);
  file = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);
  *first = file >= 0;
  if (file >= 0) return close(file);
  return errno == EEXIST ? 0 : errno;
}

/* What a process of the service has of its own. */
struct process {
  flowseal_api_config config;
  flowseal_verifier verifier;
  flowseal_flow flow;
  flowseal_finish_once once;
  flowseal_binding browser;
};

static void open_process(struct process *process, char **argv, char *directory) {
  static char json[1 << 16], user[1 << 14];
  flowseal_verifying_keys keys = {0};
  MUST(flowseal_api_config_new(FLOWSEAL_API_VERSION_V2, FLOWSEAL_ENVIRONMENT_SANDBOX, "bk-test_1",
                               9, "snb_1", 5, &process->config, NULL));
  MUST(flowseal_api_config_set_ids(process->config, "bcn_sample", 10, "app_sample", 10));
  MUST(flowseal_verifying_keys_new(&keys));
  MUST(flowseal_verifying_keys_load(keys, user, read_file(argv[3], user, sizeof user), NULL));
  MUST(flowseal_verifier_trusting(keys, &process->verifier));
  MUST(flowseal_verifying_keys_free(keys));
  MUST(flowseal_flow_from_json(json, read_file(argv[1], json, sizeof json), &process->flow, NULL));
  MUST(flowseal_finish_once_calling(finish, directory, &process->once));
  MUST(flowseal_binding_new("fEv3tKx0Qm9Zp1Lr", 16, &process->browser, NULL));
}

static void close_process(const struct process *process) {
  MUST(flowseal_binding_free(process->browser));
  MUST(flowseal_finish_once_free(process->once));
  MUST(flowseal_flow_free(process->flow));
  MUST(flowseal_verifier_free(process->verifier));
  MUST(flowseal_api_config_free(process->config));
}

/* Starts the flow, and gives what is kept of it. */
static size_t begin(const struct process *process, const char *reference, char *kept,
                    size_t capacity) {
  static const char *const claims[] = {"bio", "contact", "naming", "nationality"};
  flowseal_slice asked[4];
  flowseal_device device = {0};
  flowseal_start start = {0};
  flowseal_http_response response = {0};
  flowseal_created created = {0};
  flowseal_pending_flow pending = {0};
  char answer[256];
  size_t len = 0;
  for (size_t i = 0; i < 4; i++) asked[i] = (flowseal_slice){claims[i], strlen(claims[i])};
  snprintf(answer, sizeof answer,
           "{\"status\":\"successful\",\"data\":{\"request\":{\"id\":\"%s\",\"exp\":1716820412}}}",
           reference);
  MUST(flowseal_device_different("22212345610", 11, &device, NULL));
  MUST(flowseal_api_config_identify(process->config, FLOWSEAL_PURPOSE_LOGIN, asked, 4, "Log in", 6,
                                    device, &start, NULL));
  MUST(flowseal_http_response_new(201, answer, strlen(answer), &response));
  MUST(flowseal_start_read(start, response, &created, NULL));
  MUST(flowseal_created_pending(created, &process->browser, &pending, NULL));
  MUST(flowseal_pending_flow_to_json(pending, kept, capacity, &len));
  MUST(flowseal_pending_flow_free(pending));
  MUST(flowseal_created_free(created));
  MUST(flowseal_http_response_free(response));
  MUST(flowseal_start_free(start));
  MUST(flowseal_device_free(device));
  return len;
}

static flowseal_status finished(const struct process *process, const char *kept, size_t len,
                                int64_t now) {
  flowseal_pending_flow pending = {0};
  flowseal_verified_flow verified = {0};
  flowseal_status status;
  MUST(flowseal_pending_flow_from_json(kept, len, process->config, &pending, NULL));
  status = flowseal_pending_flow_finish(pending, process->flow, process->verifier, process->once,
                                        &process->browser, now, &verified, NULL, NULL);
  flowseal_verified_flow_free(verified);
  MUST(flowseal_pending_flow_free(pending));
  return status;
}

/* One of the two: waits until both are there, and finishes. */
static int contend(char **argv, int gate, const char *kept, size_t len) {
  struct process process = {0};
  char nothing;
  flowseal_status status;
  open_process(&process, argv, argv[6]);
  if (read(gate, &nothing, 1) != 0) return EXIT_FAILURE;
  status = finished(&process, kept, len, atoll(argv[5]));
  close_process(&process);
  if (status == FLOWSEAL_STATUS_OK) return WON;
  return status == FLOWSEAL_STATUS_PENDING_FINISHED ? TOLD : EXIT_FAILURE;
}

/* How often each of two ended so. */
static int round_of_two(char **argv, const char *kept, size_t len) {
  pid_t children[2];
  int gate[2], won = 0, told = 0;
  if (pipe(gate) != 0) return 0;
  for (int i = 0; i < 2; i++) {
    children[i] = fork();
    if (children[i] == 0) {
      close(gate[1]);
      _exit(contend(argv, gate[0], kept, len));
    }
  }
  close(gate[0]);
  close(gate[1]); /* Which opens it for both. */
  for (int i = 0; i < 2; i++) {
    int end = 0;
    if (children[i] < 0 || waitpid(children[i], &end, 0) != children[i] || !WIFEXITED(end)) return 0;
    won += WEXITSTATUS(end) == WON;
    told += WEXITSTATUS(end) == TOLD;
  }
  return won == 1 && told == 1;
}

int main(int argc, char **argv) {
  static char kept[1 << 12], nowhere[] = "/nonexistent/finished";
  char name[512];
  size_t len;
  struct process process = {0}, elsewhere = {0};

  if (argc != 7) return 2;
  open_process(&process, argv, argv[6]);
  len = begin(&process, argv[4], kept, sizeof kept);
  snprintf(name, sizeof name, "%s/%s", argv[6], argv[4]);
  for (int i = 0; i < ROUNDS; i++) {
    if (!round_of_two(argv, kept, len)) {
      fprintf(stderr, "round %d: not one of two won\n", i);
      return EXIT_FAILURE;
    }
    /* A third one, later, is told as well. */
    if (finished(&process, kept, len, atoll(argv[5])) != FLOWSEAL_STATUS_PENDING_FINISHED) {
      return EXIT_FAILURE;
    }
    if (unlink(name) != 0) return EXIT_FAILURE;
  }
  /* Where nobody can know, nobody wins. */
  open_process(&elsewhere, argv, nowhere);
  if (finished(&elsewhere, kept, len, atoll(argv[5])) != FLOWSEAL_STATUS_CALLBACK) {
    return EXIT_FAILURE;
  }
  close_process(&elsewhere);
  close_process(&process);
  printf("%d flows were finished once\n", ROUNDS);
  return EXIT_SUCCESS;
}
