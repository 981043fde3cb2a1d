/*
 * Reads the answer of a ping, verifies it and prints the claims, with a key that stays in its
 * token. For a library that was installed with --pkcs11.
 *
 *     cc open_with_token.c $(pkg-config --cflags --libs flowseal) -o open_with_token
 *     ./open_with_token flow.json URI MODULE PIN_FILE user.pub.pem REFERENCE NOW
 */

#include <flowseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
  char bytes[(1 << 16) + 1];
  size_t len;
};

static int read_file(const char *name, struct file *file) {
  FILE *stream = fopen(name, "rb");
  if (stream == NULL) {
    perror(name);
    return 0;
  }
  file->len = fread(file->bytes, 1, sizeof file->bytes - 1, stream);
  fclose(stream);
  return 1;
}

/* Says why a call refused; 0 where it did not. */
static int refused(flowseal_status status, flowseal_error *error) {
  char sentence[1024];
  size_t len = 0;
  if (status == FLOWSEAL_STATUS_OK) return 0;
  if (flowseal_error_message(*error, sentence, sizeof sentence, &len) != FLOWSEAL_STATUS_OK) len = 0;
  fprintf(stderr, "error[%s]: %.*s\n", flowseal_status_name(status), (int)len, sentence);
  flowseal_error_free(*error);
  return 1;
}

static void print_claims(flowseal_opened_claims claims) {
  size_t len = 0;
  flowseal_status status = flowseal_opened_claims_to_json(claims, NULL, 0, &len);
  char *json = malloc(len);
  if (status == FLOWSEAL_STATUS_SHORT_BUFFER && json != NULL &&
      flowseal_opened_claims_to_json(claims, json, len, &len) == FLOWSEAL_STATUS_OK) {
    printf("%.*s\n", (int)len, json);
  }
  free(json);
}

/* These keys may sign for everyone: who it was is to be read, and held against whom you asked. */
static void print_person(flowseal_verified_flow verified) {
  char person[64];
  size_t len = 0;
  const flowseal_status status =
      flowseal_verified_flow_requestee(verified, person, sizeof person, &len);
  if (status == FLOWSEAL_STATUS_OK) {
    fprintf(stderr, "signed by %.*s\n", (int)len, person);
  }
}

int main(int argc, char **argv) {
  static struct file response, pin, user;
  flowseal_error error = {0};
  flowseal_remote_key_options options = {0};
  flowseal_decrypting_key key = {0};
  flowseal_key_ring ring = {0};
  flowseal_verifying_keys keys = {0};
  flowseal_verifier verifier = {0};
  flowseal_expectations expectations = {0};
  flowseal_flow flow = {0};
  flowseal_verified_flow verified = {0};
  flowseal_opened_claims claims = {0};
  int done = EXIT_FAILURE;

  if (argc != 8) {
    fprintf(stderr,
            "usage: open_with_token RESPONSE URI MODULE PIN_FILE USER_PEM REFERENCE NOW\n");
    return 2;
  }
  if (!read_file(argv[1], &response) || !read_file(argv[4], &pin) || !read_file(argv[5], &user)) {
    return 2;
  }
  /* The PIN is the first line. The rest of the array is zeros. */
  pin.len = strcspn(pin.bytes, "\r\n");

  /* Once, when the service starts; in each worker, where workers are forked. */
  if (refused(flowseal_remote_key_options_new(&options), &error) ||
      refused(flowseal_decrypting_key_from_token(
                  argv[2], strlen(argv[2]), argv[3], strlen(argv[3]), NULL, 0, pin.bytes, pin.len,
                  0, options, &key, &error), &error) ||
      refused(flowseal_key_ring_new(&ring), &error) ||
      refused(flowseal_key_ring_add(ring, key, &error), &error) ||
      refused(flowseal_verifying_keys_new(&keys), &error) ||
      refused(flowseal_verifying_keys_load(keys, user.bytes, user.len, &error), &error) ||
      refused(flowseal_verifier_trusting(keys, &verifier), &error)) {
    goto end;
  }

  /* For each flow. */
  if (refused(flowseal_flow_from_json(response.bytes, response.len, &flow, &error), &error) ||
      refused(flowseal_expectations_for_reference(argv[6], strlen(argv[6]), &expectations),
              &error) ||
      refused(flowseal_expectations_set_max_age_seconds(expectations, 300), &error) ||
      refused(flowseal_flow_verify(flow, verifier, expectations, strtoll(argv[7], NULL, 10),
                                   &verified, NULL, &error), &error) ||
      refused(flowseal_verified_flow_open(verified, ring, &claims, &error), &error)) {
    goto end;
  }
  print_person(verified);
  print_claims(claims);
  done = EXIT_SUCCESS;

end:
  memset(pin.bytes, 0, sizeof pin.bytes);
  /* To free what was never made is an error without a consequence. */
  flowseal_opened_claims_free(claims);
  flowseal_verified_flow_free(verified);
  flowseal_flow_free(flow);
  flowseal_expectations_free(expectations);
  flowseal_verifier_free(verifier);
  flowseal_verifying_keys_free(keys);
  flowseal_key_ring_free(ring);
  flowseal_decrypting_key_free(key);
  flowseal_remote_key_options_free(options);
  return done;
}
