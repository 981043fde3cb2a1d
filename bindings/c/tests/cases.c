/*
 * The core's table of cases, through C: the same values and the same codes as in every language.
 *
 *     cases TABLE KEYS
 *
 * TABLE is what cases/table.py makes of the table; KEYS is the directory of the key files. A case
 * of the command, which reads its arguments in its own way, does not apply and is counted.
 */

#include <flowseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/fields.h"
#include "cases/json.h"

/* So many there were; the table only grows. */
#define AT_LEAST 257
#define OF_THE_COMMAND 6

#define FIELDS 64
#define OK FLOWSEAL_STATUS_OK

/* One case, and all that is made on its way. */
struct run {
  struct field fields[FIELDS];
  int count;
  const char *keys_directory;
  flowseal_status status; /* Of the first call that refused. */
  const char *wrong;      /* What is not as the case says. */
  flowseal_error error;
  flowseal_profile profile, key_profile;
  flowseal_flow flow;
  flowseal_decrypting_key_options key_options;
  flowseal_key_ring ring;
  flowseal_verifying_key_options verifying_options;
  flowseal_verifying_keys verifying_keys;
  flowseal_users users;
  flowseal_verifier verifier;
  flowseal_expectations expectations;
  flowseal_open_options options;
  flowseal_verified_flow verified;
  flowseal_evidence evidence;
  flowseal_opened_claims claims;
  flowseal_failures failures;
  flowseal_report report;
};

static char text[1 << 16];

/* The next field of a name from `*at` on, or NULL; `*at` is then behind it. */
static const struct field *next(const struct run *run, const char *name, int *at) {
  while (*at < run->count) {
    const struct field *field = &run->fields[(*at)++];
    if (strcmp(field->name, name) == 0) return field;
  }
  return NULL;
}

static const struct field *find(const struct run *run, const char *name) {
  int at = 0;
  return next(run, name, &at);
}

static int is_text(const struct field *field, size_t len) {
  return field != NULL && field->len == len && memcmp(field->bytes, text, len) == 0;
}

static size_t slices(const struct run *run, const char *name, flowseal_slice *list) {
  const struct field *field;
  size_t count = 0;
  for (int at = 0; (field = next(run, name, &at)) != NULL; count++) {
    list[count] = (flowseal_slice){field->bytes, field->len};
  }
  return count;
}

/* Remembers the first refusal; nothing is called after it. */
static int done(struct run *run, flowseal_status status) {
  if (run->status == OK) run->status = status;
  return status == OK;
}

static void expect(struct run *run, int right, const char *wrong) {
  if (!right && run->wrong == NULL) run->wrong = wrong;
}

static size_t read_key(struct run *run, const struct field *name, char *bytes, size_t capacity) {
  char path[512];
  FILE *stream;
  size_t len = 0;
  snprintf(path, sizeof path, "%s/%.*s", run->keys_directory, (int)name->len, name->bytes);
  stream = fopen(path, "rb");
  if (stream != NULL) {
    len = fread(bytes, 1, capacity, stream);
    fclose(stream);
  }
  expect(run, len != 0 && len < capacity, "a key file is missing");
  return len;
}

static int profiles(struct run *run) {
  const struct field *json = find(run, "profile"), *own = find(run, "key_profile");
  return (json == NULL || done(run, flowseal_profile_from_json(json->bytes, json->len,
                                                               &run->profile, &run->error))) &&
         (own == NULL || done(run, flowseal_profile_from_json(own->bytes, own->len,
                                                              &run->key_profile, &run->error)));
}

static int flow(struct run *run) {
  const struct field *json = find(run, "response");
  if (run->profile.id == 0) {
    return done(run, flowseal_flow_from_json(json->bytes, json->len, &run->flow, &run->error));
  }
  return done(run, flowseal_flow_from_json_with(json->bytes, json->len, run->profile, &run->flow,
                                                &run->error));
}

static int ring(struct run *run) {
  static char file[1 << 16];
  const struct field *passphrase = find(run, "passphrase"), *name;
  const flowseal_profile profile = run->key_profile.id != 0 ? run->key_profile : run->profile;
  flowseal_decrypting_key_options *options = &run->key_options;
  int fine =
      done(run, flowseal_decrypting_key_options_new(options)) &&
      (profile.id == 0 ||
       done(run, flowseal_decrypting_key_options_set_profile(*options, profile))) &&
      (passphrase == NULL || done(run, flowseal_decrypting_key_options_set_passphrase(
                                           *options, passphrase->bytes, passphrase->len))) &&
      done(run, flowseal_key_ring_new(&run->ring));
  for (int at = 0; fine && (name = next(run, "key", &at)) != NULL;) {
    flowseal_decrypting_key key = {0};
    const size_t len = read_key(run, name, file, sizeof file);
    fine = done(run, flowseal_decrypting_key_load_with(file, len, *options, &key, &run->error)) &&
           done(run, flowseal_key_ring_add(run->ring, key, &run->error));
    if (key.id != 0) expect(run, flowseal_decrypting_key_free(key) == OK, "a key is not freed");
  }
  return fine;
}

/* The keys from `at` on, up to those of another user. */
static int verifying_keys(struct run *run, int at, flowseal_profile profile) {
  static char file[1 << 16];
  flowseal_profile usual = {0};
  /* The keys of a set are those of the profile's algorithm, also where that is the usual one. */
  int fine = done(run, flowseal_profile_from_json("{}", 2, &usual, NULL)) &&
             done(run, flowseal_verifying_key_options_new(&run->verifying_options)) &&
             done(run, flowseal_verifying_key_options_set_profile(
                           run->verifying_options, profile.id == 0 ? usual : profile)) &&
             done(run, flowseal_verifying_keys_new(&run->verifying_keys));
  if (usual.id != 0) expect(run, flowseal_profile_free(usual) == OK, "a profile is not freed");
  for (; fine && at < run->count && strcmp(run->fields[at].name, "user") != 0; at++) {
    if (strcmp(run->fields[at].name, "verify_key") == 0) {
      const size_t len = read_key(run, &run->fields[at], file, sizeof file);
      fine = done(run, flowseal_verifying_keys_load_with(run->verifying_keys, file, len,
                                                         run->verifying_options, &run->error));
    }
  }
  return fine;
}

static int verifier(struct run *run) {
  const struct field *user = find(run, "user");
  int at = 0, fine;
  if (user == NULL) {
    fine = verifying_keys(run, 0, run->profile) &&
           done(run, flowseal_verifier_trusting(run->verifying_keys, &run->verifier));
  } else {
    fine = done(run, flowseal_users_new(&run->users));
    while (fine && (user = next(run, "user", &at)) != NULL) {
      if (run->verifying_keys.id != 0) {
        flowseal_verifying_keys_free(run->verifying_keys);
        flowseal_verifying_key_options_free(run->verifying_options);
      }
      fine = verifying_keys(run, at, run->profile) &&
             done(run, flowseal_users_add(run->users, user->bytes, user->len,
                                          run->verifying_keys));
    }
    fine = fine && done(run, flowseal_verifier_by_requestee(run->users, &run->verifier));
  }
  return fine && (run->profile.id == 0 ||
                  done(run, flowseal_verifier_set_profile(run->verifier, run->profile)));
}

static int expectations(struct run *run) {
  flowseal_slice paths[FIELDS];
  const size_t count = slices(run, "claims", paths);
  const struct field *field;
  int fine = done(run, flowseal_expectations_unbound(&run->expectations));
  const flowseal_expectations asked = run->expectations;
  if (fine && (field = find(run, "reference")) != NULL) {
    fine = done(run, flowseal_expectations_set_reference(asked, field->bytes, field->len));
  }
  if (fine && (field = find(run, "requester")) != NULL) {
    fine = done(run, flowseal_expectations_set_requester(asked, field->bytes, field->len));
  }
  if (fine && (field = find(run, "requestee")) != NULL) {
    fine = done(run, flowseal_expectations_set_requestee(asked, field->bytes, field->len));
  }
  if (fine && (field = find(run, "mode")) != NULL) {
    fine = done(run, flowseal_expectations_set_mode(asked, field->bytes, field->len));
  }
  if (fine && (field = find(run, "max_age")) != NULL) {
    fine = done(run, flowseal_expectations_set_max_age_seconds(asked, (uint64_t)number(field)));
  }
  if (fine && (field = find(run, "leeway")) != NULL) {
    fine = done(run, flowseal_expectations_set_leeway_seconds(asked, (uint64_t)number(field)));
  }
  return fine && (count == 0 || done(run, flowseal_expectations_set_claims(asked, paths, count)));
}

static int options(struct run *run) {
  flowseal_slice paths[FIELDS];
  const size_t count = slices(run, "select", paths);
  return done(run, flowseal_open_options_new(&run->options)) &&
         (count == 0 || done(run, flowseal_open_options_select(run->options, paths, count)));
}

/* Verifies alone, and in a batch, which must say the same of each. */
static int verify(struct run *run) {
  const struct field *statement = find(run, "statement");
  const int64_t now = number(find(run, "now"));
  flowseal_slice covers[FIELDS];
  const size_t count = slices(run, "covers", covers);
  flowseal_status status, batch, statuses[2] = {OK, OK};
  flowseal_verified_flow verified[2] = {{0}, {0}};

  if (!flow(run) || !verifier(run) || !expectations(run)) return 0;
  if (statement != NULL) {
    return done(run, flowseal_flow_verify_detached(
                         run->flow, run->verifier, run->expectations, statement->bytes,
                         statement->len, covers, count, now, &run->verified, &run->report,
                         &run->error));
  }
  status = flowseal_flow_verify(run->flow, run->verifier, run->expectations, now, &run->verified,
                                &run->report, &run->error);
  batch = flowseal_verify_many((flowseal_flow[]){run->flow, run->flow},
                               (flowseal_expectations[]){run->expectations, run->expectations}, 2,
                               run->verifier, now, statuses, verified, NULL, NULL, NULL);
  for (int i = 0; i < 2; i++) {
    expect(run, (batch == OK ? statuses[i] : batch) == status, "a batch says another status");
    expect(run, (flowseal_verified_flow_free(verified[i]) == OK) == (status == OK),
           "a batch verified something else");
  }
  return done(run, status);
}

static void tree(struct run *run) {
  const struct field *claims = find(run, "expect_claims");
  size_t len = 0;
  if (claims == NULL) return;
  expect(run, flowseal_opened_claims_to_json(run->claims, text, sizeof text - 1, &len) == OK,
         "no claims");
  text[len] = '\0';
  expect(run, same_json(text, claims->bytes), "other claims");
}

/* Opens alone, and in a batch. */
static int open_verified(struct run *run) {
  flowseal_status status, statuses[2] = {OK, OK};
  flowseal_opened_claims claims[2] = {{0}, {0}};
  if (!ring(run) || !options(run)) return 0;
  status = flowseal_verified_flow_open_with(run->verified, run->ring, run->options, &run->claims,
                                            &run->error);
  expect(run,
         flowseal_open_many((flowseal_verified_flow[]){run->verified, run->verified}, 2, run->ring,
                            run->options, statuses, claims, NULL, NULL) == OK,
         "a batch is refused");
  for (int i = 0; i < 2; i++) {
    expect(run, statuses[i] == status, "a batch says another status");
    expect(run, (flowseal_opened_claims_free(claims[i]) == OK) == (status == OK),
           "a batch opened something else");
  }
  return done(run, status);
}

static void open_partially(struct run *run) {
  const struct field *path, *code;
  size_t count = 0, len = 0;
  int at = 0;
  if (!ring(run) || !options(run) ||
      !done(run, flowseal_verified_flow_open_partial(run->verified, run->ring, run->options,
                                                     &run->claims, &run->failures,
                                                     &run->error))) {
    return;
  }
  tree(run);
  expect(run, flowseal_failures_count(run->failures, &count) == OK, "no count of failures");
  for (size_t i = 0; i < count; i++) {
    flowseal_status status = OK;
    path = next(run, "expect_error", &at);
    code = next(run, "expect_error_code", &at);
    expect(run, flowseal_failures_path(run->failures, i, text, sizeof text, &len) == OK &&
                    is_text(path, len),
           "another claim failed");
    expect(run, flowseal_failures_status(run->failures, i, &status) == OK &&
                    is(code, flowseal_status_name(status)),
           "a claim failed otherwise");
  }
  expect(run, next(run, "expect_error", &at) == NULL, "fewer claims failed");
}

static void read_claim(struct run *run) {
  const struct field *path = find(run, "path"), *as = find(run, "as"), *value;
  size_t len = 0, count = 0;
  int at = 0;
  if (is(as, "text")) {
    if (done(run, flowseal_opened_claims_text(run->claims, path->bytes, path->len, text,
                                              sizeof text, &len))) {
      expect(run, is_text(find(run, "expect_value"), len), "another text");
    }
  } else if (is(as, "digits")) {
    if (done(run, flowseal_opened_claims_digits(run->claims, path->bytes, path->len, text,
                                                sizeof text, &len))) {
      expect(run, is_text(find(run, "expect_value"), len), "other digits");
    }
  } else if (is(as, "boolean")) {
    bool boolean = false;
    if (done(run, flowseal_opened_claims_boolean(run->claims, path->bytes, path->len, &boolean))) {
      expect(run, is(find(run, "expect_value"), boolean ? "true" : "false"), "another boolean");
    }
  } else if (is(as, "list")) {
    if (done(run, flowseal_opened_claims_list_count(run->claims, path->bytes, path->len, &count))) {
      for (size_t i = 0; i < count; i++) {
        value = next(run, "expect_value", &at);
        expect(run, flowseal_opened_claims_list_item(run->claims, path->bytes, path->len, i, text,
                                              sizeof text, &len) == OK && is_text(value, len),
               "another element");
      }
      expect(run, next(run, "expect_value", &at) == NULL, "a shorter list");
    }
  } else if (is(as, "date")) {
    uint16_t year = 0;
    uint8_t month = 0, day = 0;
    if (done(run, flowseal_opened_claims_date(run->claims, path->bytes, path->len, &year, &month,
                                              &day))) {
      const int found[] = {year, month, day};
      for (int i = 0; i < 3; i++) {
        value = next(run, "expect_value", &at);
        expect(run, value != NULL && number(value) == found[i], "another date");
      }
    }
  } else {
    expect(run, 0, "an unknown type");
  }
}

static void covers(struct run *run) {
  const struct field *member;
  size_t count = 0, len = 0;
  int at = 0;
  if (find(run, "expect_covers") == NULL) return;
  expect(run, flowseal_report_covers_count(run->report, &count) == OK, "no count of members");
  for (size_t i = 0; i < count; i++) {
    member = next(run, "expect_covers", &at);
    expect(run, flowseal_report_covers(run->report, i, text, sizeof text, &len) == OK &&
                    is_text(member, len),
           "another member is covered");
  }
  expect(run, next(run, "expect_covers", &at) == NULL, "fewer members are covered");
}

static void operate(struct run *run) {
  const struct field *operation = find(run, "operation");
  if (!profiles(run)) return;
  if (is(operation, "load_decrypting_key")) {
    ring(run);
  } else if (is(operation, "load_verifying_key")) {
    verifier(run);
  } else if (is(operation, "check_evidence")) {
    const struct field *json = find(run, "evidence");
    /* Whatever the keys are for: the file's profile says it. */
    if (verifying_keys(run, 0, (flowseal_profile){0}) &&
        done(run, flowseal_evidence_from_json(json->bytes, json->len, &run->evidence,
                                              &run->error))) {
      done(run, run->profile.id == 0
                    ? flowseal_evidence_check(run->evidence, run->verifying_keys, &run->report,
                                              &run->error)
                    : flowseal_evidence_check_under(run->evidence, run->verifying_keys,
                                                    run->profile, &run->report, &run->error));
    }
  } else if (is(operation, "inspect")) {
    if (flow(run)) {
      const struct field *expected = find(run, "expect_state");
      flowseal_state state = FLOWSEAL_STATE_PENDING;
      expect(run, flowseal_flow_state(run->flow, &state) == OK &&
                      (expected == NULL || is(expected, flowseal_state_name(state))),
             "another state");
    }
  } else if (is(operation, "open_unverified")) {
    if (flow(run) && ring(run) && expectations(run) && options(run) &&
        done(run, flowseal_flow_open_unverified(run->flow, run->ring, run->expectations,
                                                number(find(run, "now")), run->options,
                                                &run->claims, &run->report, &run->error))) {
      bool verified = true;
      tree(run);
      expect(run, flowseal_opened_claims_verified(run->claims, &verified) == OK && !verified,
             "unverified claims say that they are verified");
    }
  } else if (is(operation, "verify")) {
    if (verify(run)) covers(run);
  } else if (is(operation, "open")) {
    if (verify(run) && open_verified(run)) tree(run);
  } else if (is(operation, "read")) {
    if (verify(run) && open_verified(run)) read_claim(run);
  } else if (is(operation, "open_partial")) {
    if (verify(run)) open_partially(run);
  } else {
    expect(run, 0, "an unknown operation");
  }
}

/* An invalid signature is diagnosed for each key that was tried, and nothing else is. */
static void diagnosis(struct run *run) {
  uint64_t check = 0;
  const int invalid = run->status == FLOWSEAL_STATUS_SIGNATURE_INVALID;
  flowseal_report report = {0};
  size_t count = 0, len = 0;
  expect(run, flowseal_error_diagnosis_count(run->error, &count) == OK && (count > 0) == invalid,
         "a diagnosis of something else, or none");
  for (size_t i = 0; i < count; i++) {
    flowseal_finding finding = FLOWSEAL_FINDING_OTHER_BYTES;
    const uint32_t fingerprint = FLOWSEAL_DIAGNOSED_FINGERPRINT, hash = FLOWSEAL_DIAGNOSED_HASH;
    const int read = flowseal_error_diagnosis_finding(run->error, i, &finding) == OK;
    const int made = finding != FLOWSEAL_FINDING_OTHER_KEY;
    expect(run, read && flowseal_error_diagnosis_text(run->error, i, fingerprint, text,
                                                      sizeof text, &len) == OK && len == 64,
           "a key without its fingerprint");
    expect(run, (flowseal_error_diagnosis_text(run->error, i, hash, text, sizeof text, &len) ==
                 OK) == made,
           "a hash of a signature that the key did not make");
  }
  /* The check that an error is about is one that failed. */
  if (flowseal_error_detail_number(run->error, FLOWSEAL_DETAIL_CHECK, &check) == OK) {
    flowseal_outcome outcome = FLOWSEAL_OUTCOME_PASSED;
    expect(run, flowseal_error_report(run->error, &report) == OK &&
                    flowseal_report_outcome_of(report, (uint32_t)check, &outcome) == OK &&
                    outcome == FLOWSEAL_OUTCOME_FAILED,
           "the check of the error did not fail");
    expect(run, flowseal_report_free(report) == OK, "the report of the error is not freed");
  } else {
    expect(run, run->status != FLOWSEAL_STATUS_EXPECTATION_FAILED, "an error about no check");
  }
}

/* Each warning of a handle has the next word of the case's. */
#define WARN(type, handle)                                                                     \
  if (run->handle.id != 0) {                                                                   \
    expect(run, flowseal_##type##_warning_count(run->handle, &count) == OK, "no count");       \
    for (size_t i = 0; i < count; i++, all++) {                                                \
      expect(run, flowseal_##type##_warning(run->handle, i, text, sizeof text - 1, &len) == OK, \
             "no warning");                                                                    \
      text[len] = '\0';                                                                        \
      word = next(run, "expect_warning", &at);                                                 \
      expect(run, word != NULL && strstr(text, word->bytes) != NULL, "another warning");       \
    }                                                                                          \
  }

static void warnings(struct run *run) {
  const struct field *expected = find(run, "expect_warnings"), *word;
  size_t count = 0, len = 0, all = 0;
  int at = 0;
  if (expected == NULL) return;
  WARN(expectations, expectations);
  WARN(open_options, options);
  WARN(verifying_keys, verifying_keys);
  expect(run, (int64_t)all == number(expected), "another number of warnings");
}

/* What the error is about, as data. */
static void data(struct run *run) {
  const struct field *diagnosis = find(run, "expect_diagnosis");
  const struct field *details = find(run, "expect_details");
  size_t len = 0;
  if (diagnosis != NULL) {
    expect(run, flowseal_error_diagnosis_to_json(run->error, text, sizeof text - 1, &len) == OK,
           "no diagnosis");
    text[len] = '\0';
    expect(run, same_json(text, diagnosis->bytes), "another diagnosis");
  }
  if (details != NULL) {
    expect(run, flowseal_error_details_to_json(run->error, text, sizeof text - 1, &len) == OK,
           "no details");
    text[len] = '\0';
    expect(run, same_json(text, details->bytes), "other details");
  }
}

/* The status and the report. */
/* What the check of this name found; -1 where there is none. */
static int outcome_of(struct run *run, const struct field *name) {
  for (uint32_t check = FLOWSEAL_CHECK_SIGNATURE; check <= FLOWSEAL_CHECK_RECEIVED; check++) {
    flowseal_outcome outcome;
    if (is(name, flowseal_check_name(check)) &&
        flowseal_report_outcome_of(run->report, check, &outcome) == OK) {
      return (int)outcome;
    }
  }
  return -1;
}

static void judge(struct run *run) {
  const struct field *code = find(run, "expect_code"), *check;
  flowseal_status status = OK;
  size_t len = 0;
  expect(run, is(code, flowseal_status_name(run->status)) || (code == NULL && run->status == OK),
         "another code");
  if (code != NULL) {
    expect(run, number(find(run, "expect_number")) == (int64_t)run->status, "another number");
  }
  if (run->error.id != 0) {
    expect(run, flowseal_error_status(run->error, &status) == OK && status == run->status,
           "the error says another status");
    expect(run, flowseal_error_message(run->error, text, sizeof text, &len) == OK && len != 0,
           "the error says nothing");
    diagnosis(run);
  }
  for (int at = 0; (check = next(run, "expect_passed", &at)) != NULL;) {
    expect(run, outcome_of(run, check) == FLOWSEAL_OUTCOME_PASSED,
           "a check did not pass");
  }
  for (int at = 0; (check = next(run, "expect_not_asked", &at)) != NULL;) {
    expect(run, outcome_of(run, check) == FLOWSEAL_OUTCOME_NOT_ASKED,
           "a check was asked");
  }
  if ((check = find(run, "expect_failed")) != NULL) {
    expect(run, outcome_of(run, check) == FLOWSEAL_OUTCOME_FAILED,
           "a check did not fail");
  }
}

/* What was made is freed, and nothing else is there. */
#define FREE(type, handle) \
  if (run->handle.id != 0) expect(run, flowseal_##type##_free(run->handle) == OK, #handle)

static void release(struct run *run) {
  FREE(error, error);
  FREE(profile, profile);
  FREE(profile, key_profile);
  FREE(flow, flow);
  FREE(decrypting_key_options, key_options);
  FREE(key_ring, ring);
  FREE(verifying_key_options, verifying_options);
  FREE(verifying_keys, verifying_keys);
  FREE(users, users);
  FREE(verifier, verifier);
  FREE(expectations, expectations);
  FREE(open_options, options);
  FREE(verified_flow, verified);
  FREE(evidence, evidence);
  FREE(opened_claims, claims);
  FREE(failures, failures);
  FREE(report, report);
}

int main(int argc, char **argv) {
  size_t len = 0, at = 0;
  int cases = 0, of_the_command = 0, failed = 0;
  struct field field;
  char *table;
  if (argc != 3) return 2;
  table = read_table(argv[1], &len);
  for (int more = take(table, len, &at, &field); more;) {
    static struct run run;
    run = (struct run){0};
    run.keys_directory = argv[2];
    do {
      if (run.count == FIELDS) return 2;
      run.fields[run.count++] = field;
      more = take(table, len, &at, &field);
    } while (more && strcmp(field.name, "case") != 0);
    if (is(find(&run, "operation"), "command")) {
      of_the_command++;
      continue;
    }
    cases++;
    operate(&run);
    judge(&run);
    data(&run);
    warnings(&run);
    release(&run);
    if (run.wrong != NULL) {
      failed++;
      printf("%.*s: %s (%s)\n", (int)run.fields[0].len, run.fields[0].bytes, run.wrong,
             flowseal_status_name(run.status));
    }
  }
  printf("%d cases, %d failed; left out: %d of the command\n", cases, failed, of_the_command);
  if (at != len || cases < AT_LEAST || of_the_command != OF_THE_COMMAND) {
    printf("the table is not whole\n");
    failed++;
  }
  free(table);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
