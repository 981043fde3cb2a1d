/*
 * What a fork does to handles: the child has its own copy of what they stand for.
 *
 *     fork flow.json app.pem user.pub.pem REFERENCE NOW
 */

#define _POSIX_C_SOURCE 200809L

#include <flowseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t read_file(const char *name, char *bytes, size_t capacity) {
  FILE *stream = fopen(name, "rb");
  size_t len = 0;
  if (stream != NULL) {
    len = fread(bytes, 1, capacity, stream);
    fclose(stream);
  }
  return len;
}

#define MUST(call)                                              \
  do {                                                          \
    const flowseal_status status = (call);                      \
    if (status != FLOWSEAL_STATUS_OK) {                         \
      fprintf(stderr, "%s: %s\n", #call, flowseal_status_name(status)); \
      exit(EXIT_FAILURE);                                       \
    }                                                           \
  } while (0)

/* Verifies and opens with handles that were made before the fork. */
static void opens(flowseal_flow flow, flowseal_verifier verifier, flowseal_expectations expected,
                  int64_t now, flowseal_key_ring ring) {
  flowseal_verified_flow verified = {0};
  flowseal_opened_claims claims = {0};
  size_t count = 0;
  MUST(flowseal_flow_verify(flow, verifier, expected, now, &verified, NULL, NULL));
  MUST(flowseal_verified_flow_open(verified, ring, &claims, NULL));
  MUST(flowseal_opened_claims_count(claims, &count));
  if (count == 0) exit(EXIT_FAILURE);
  MUST(flowseal_opened_claims_free(claims));
  MUST(flowseal_verified_flow_free(verified));
}

int main(int argc, char **argv) {
  static char json[1 << 16], app[1 << 14], user[1 << 14];
  flowseal_flow flow = {0};
  flowseal_decrypting_key key = {0};
  flowseal_key_ring ring = {0};
  flowseal_verifying_keys keys = {0};
  flowseal_verifier verifier = {0};
  flowseal_expectations expected = {0};
  int64_t now;
  pid_t child;
  int end = 0;

  if (argc != 6) return 2;
  now = atoll(argv[5]);
  MUST(flowseal_flow_from_json(json, read_file(argv[1], json, sizeof json), &flow, NULL));
  MUST(flowseal_decrypting_key_load(app, read_file(argv[2], app, sizeof app), &key, NULL));
  MUST(flowseal_key_ring_new(&ring));
  MUST(flowseal_key_ring_add(ring, key, NULL));
  MUST(flowseal_verifying_keys_new(&keys));
  MUST(flowseal_verifying_keys_load(keys, user, read_file(argv[3], user, sizeof user), NULL));
  MUST(flowseal_verifier_trusting(keys, &verifier));
  MUST(flowseal_expectations_for_reference(argv[4], strlen(argv[4]), &expected));

  child = fork();
  if (child == 0) {
    opens(flow, verifier, expected, now, ring);
    MUST(flowseal_key_ring_free(ring));
    const int stale = flowseal_key_ring_free(ring) == FLOWSEAL_STATUS_HANDLE_STALE;
    exit(stale ? EXIT_SUCCESS : EXIT_FAILURE);
  }
  if (child < 0 || waitpid(child, &end, 0) != child) return EXIT_FAILURE;
  if (!WIFEXITED(end) || WEXITSTATUS(end) != EXIT_SUCCESS) return EXIT_FAILURE;
  /* What the child has freed is here as it was. */
  opens(flow, verifier, expected, now, ring);
  return EXIT_SUCCESS;
}
