/*
 * A service's threads share one ring and one verifier; each verifies and opens flow after flow.
 *
 *     cc service_loop.c $(pkg-config --cflags --libs flowseal) -pthread -o service_loop
 *     ./service_loop flow.json app.pem user.pub.pem REFERENCE NOW THREADS SECONDS
 *
 * It fails where any thread is ever given other claims than the first flow had.
 */

#define _POSIX_C_SOURCE 200809L

#include <flowseal.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_THREADS = 256, MOST_BYTES = 1 << 16 };

struct text {
  char bytes[MOST_BYTES];
  size_t len;
};

static struct text response, app, user, expected;
static flowseal_key_ring ring;
static flowseal_verifier verifier;
static const char *reference;
static long long now;
static time_t end;
static atomic_ulong flows, mismatches;

static int read_file(const char *name, struct text *file) {
  FILE *stream = fopen(name, "rb");
  if (stream == NULL) {
    perror(name);
    return 0;
  }
  file->len = fread(file->bytes, 1, sizeof file->bytes, stream);
  fclose(stream);
  return 1;
}

/* Whom the flow asked, as a service has it on record beside the reference. */
#define PERSON "22212345610"

static flowseal_status open_one(struct text *json) {
  flowseal_flow flow = {0};
  flowseal_expectations expectations = {0};
  flowseal_verified_flow verified = {0};
  flowseal_opened_claims claims = {0};
  flowseal_status status = flowseal_flow_from_json(response.bytes, response.len, &flow, NULL);
  if (status == FLOWSEAL_STATUS_OK) {
    status = flowseal_expectations_for_reference(reference, strlen(reference), &expectations);
  }
  if (status == FLOWSEAL_STATUS_OK) {
    status = flowseal_expectations_set_requestee(expectations, PERSON, strlen(PERSON));
  }
  if (status == FLOWSEAL_STATUS_OK) {
    status = flowseal_flow_verify(flow, verifier, expectations, now, &verified, NULL, NULL);
  }
  if (status == FLOWSEAL_STATUS_OK) {
    status = flowseal_verified_flow_open(verified, ring, &claims, NULL);
  }
  if (status == FLOWSEAL_STATUS_OK) {
    status = flowseal_opened_claims_to_json(claims, json->bytes, sizeof json->bytes, &json->len);
  }
  flowseal_opened_claims_free(claims);
  flowseal_verified_flow_free(verified);
  flowseal_expectations_free(expectations);
  flowseal_flow_free(flow);
  return status;
}

static void *serve(void *unused) {
  struct text *json = malloc(sizeof *json);
  (void)unused;
  if (json == NULL) {
    atomic_fetch_add(&mismatches, 1);
    return NULL;
  }
  do {
    json->len = 0;
    if (open_one(json) != FLOWSEAL_STATUS_OK || json->len != expected.len ||
        memcmp(json->bytes, expected.bytes, expected.len) != 0) {
      atomic_fetch_add(&mismatches, 1);
    }
    atomic_fetch_add(&flows, 1);
  } while (time(NULL) < end);
  free(json);
  return NULL;
}

static flowseal_status set_up(void) {
  flowseal_decrypting_key key = {0};
  flowseal_verifying_keys keys = {0};
  flowseal_status status = flowseal_decrypting_key_load(app.bytes, app.len, &key, NULL);
  if (status == FLOWSEAL_STATUS_OK) status = flowseal_key_ring_new(&ring);
  if (status == FLOWSEAL_STATUS_OK) status = flowseal_key_ring_add(ring, key, NULL);
  if (status == FLOWSEAL_STATUS_OK) status = flowseal_verifying_keys_new(&keys);
  if (status == FLOWSEAL_STATUS_OK) {
    status = flowseal_verifying_keys_load(keys, user.bytes, user.len, NULL);
  }
  if (status == FLOWSEAL_STATUS_OK) status = flowseal_verifier_trusting(keys, &verifier);
  flowseal_verifying_keys_free(keys);
  flowseal_decrypting_key_free(key);
  return status;
}

int main(int argc, char **argv) {
  pthread_t threads[MOST_THREADS];
  flowseal_status status;
  int count, started = 0;

  if (argc != 8 || (count = atoi(argv[6])) < 1 || count > MOST_THREADS) {
    fprintf(stderr, "usage: service_loop RESPONSE APP_PEM USER_PEM REFERENCE NOW THREADS SECONDS\n");
    return 2;
  }
  if (!read_file(argv[1], &response) || !read_file(argv[2], &app) || !read_file(argv[3], &user)) {
    return 2;
  }
  reference = argv[4];
  now = atoll(argv[5]);
  status = set_up();
  if (status == FLOWSEAL_STATUS_OK) status = open_one(&expected);
  if (status != FLOWSEAL_STATUS_OK) {
    fprintf(stderr, "error[%s]\n", flowseal_status_name(status));
    return EXIT_FAILURE;
  }

  end = time(NULL) + atoi(argv[7]);
  while (started < count && pthread_create(&threads[started], NULL, serve, NULL) == 0) started++;
  for (int index = 0; index < started; index++) pthread_join(threads[index], NULL);
  flowseal_verifier_free(verifier);
  flowseal_key_ring_free(ring);

  printf("%d threads, %lu flows, %lu mismatches\n", started, atomic_load(&flows),
         atomic_load(&mismatches));
  return started == count && atomic_load(&mismatches) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
