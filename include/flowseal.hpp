// flowseal for C++17: classes over flowseal.h that free what they hold.
//
// Every class owns one handle, is moved and never copied, and may be used from several threads at
// once, as its handle may; to move or assign it while another thread uses it is a race, as it is
// for every object of C++. Inputs are views and are read during the call only.
//
// What can refuse throws flowseal::error. Its twin with std::nothrow does not: it returns a
// flowseal::result, which holds the value or the error. What a claim is copied into is an ordinary
// std::string, which nobody wipes.

#ifndef FLOWSEAL_HPP
#define FLOWSEAL_HPP

#include <chrono>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "flowseal.h"

namespace flowseal {

// A refusal: a status with a sentence, and the report of a verification where there was one.
class error : public std::exception {
 public:
  error(flowseal_status code, std::string message, std::string report = {})
      : code_(code), message_(std::move(message)), report_(std::move(report)) {}

  // The status of the call that refused.
  flowseal_status code() const noexcept { return code_; }
  // Its stable name, such as signature_invalid.
  const char* name() const noexcept {
    return flowseal_status_name(static_cast<std::uint32_t>(code_));
  }
  // What went wrong and what to do.
  const char* what() const noexcept override { return message_.c_str(); }
  // The report as JSON; empty where no verification was under way.
  const std::string& report() const noexcept { return report_; }

 private:
  flowseal_status code_;
  std::string message_;
  std::string report_;
};

namespace detail {

// A handle and the function that frees it.
template <class Handle, flowseal_status (*Free)(Handle)>
class owned {
 public:
  owned() noexcept = default;
  explicit owned(Handle handle) noexcept : handle_(handle) {}
  owned(owned&& other) noexcept : handle_(std::exchange(other.handle_, Handle{})) {}
  owned& operator=(owned&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = std::exchange(other.handle_, Handle{});
    }
    return *this;
  }
  owned(const owned&) = delete;
  owned& operator=(const owned&) = delete;
  ~owned() { reset(); }

  // The handle, which stays this object's.
  Handle handle() const noexcept { return handle_; }

 protected:
  // Where a call writes the handle.
  Handle* place() noexcept {
    reset();
    return &handle_;
  }

 private:
  void reset() noexcept {
    if (handle_.id != 0) {
      Free(handle_);
      handle_ = Handle{};
    }
  }

  Handle handle_{};
};

// Text or bytes of a call that fills a buffer.
template <class Char, class Call>
std::optional<std::string> text(Call call, flowseal_status& status) {
  std::string text;
  std::size_t len = 0;
  status = call(static_cast<Char*>(nullptr), std::size_t{0}, &len);
  while (status == FLOWSEAL_STATUS_SHORT_BUFFER) {
    text.resize(len);
    status = call(reinterpret_cast<Char*>(&text[0]), text.size(), &len);
  }
  if (status != FLOWSEAL_STATUS_OK) return std::nullopt;
  text.resize(len);
  return text;
}

// The sentence of a refusal, whose details it frees.
inline std::string sentence(flowseal_status status, flowseal_error details) {
  std::optional<std::string> sentence;
  if (details.id != 0) {
    flowseal_status read = FLOWSEAL_STATUS_OK;
    sentence = text<char>(
        [&](char* buffer, std::size_t capacity, std::size_t* len) {
          return flowseal_error_message(details, buffer, capacity, len);
        },
        read);
    flowseal_error_free(details);
  }
  if (sentence) return *std::move(sentence);
  return flowseal_status_name(static_cast<std::uint32_t>(status));
}

[[noreturn]] inline void refuse(flowseal_status status, flowseal_error details = {},
                                std::string report = {}) {
  throw error(status, sentence(status, details), std::move(report));
}

// The details are read after the call that wrote them: a reference, because C++ evaluates the
// arguments of a call in any order.
inline void check(flowseal_status status, const flowseal_error& details = {}) {
  if (status != FLOWSEAL_STATUS_OK) refuse(status, details);
}

template <class Char = char, class Call>
std::string must(Call call) {
  flowseal_status status = FLOWSEAL_STATUS_OK;
  auto found = text<Char>(call, status);
  check(status);
  return std::move(*found);
}

template <class Call>
std::optional<std::string> may(Call call) {
  flowseal_status status = FLOWSEAL_STATUS_OK;
  auto found = text<char>(call, status);
  if (status != FLOWSEAL_STATUS_ABSENT) check(status);
  return found;
}

template <class Texts>
std::vector<flowseal_slice> slices(const Texts& texts) {
  std::vector<flowseal_slice> slices;
  slices.reserve(texts.size());
  for (const std::string_view text : texts) slices.push_back({text.data(), text.size()});
  return slices;
}

}  // namespace detail

// The value of a call, or why it refused.
template <class T>
class result {
 public:
  result(T value) noexcept : value_(std::move(value)) {}
  result(flowseal_status status) noexcept : status_(status) {}

  explicit operator bool() const noexcept { return value_.has_value(); }
  // FLOWSEAL_STATUS_OK where there is a value.
  flowseal_status status() const noexcept { return status_; }
  // To be asked for only where there is one.
  T& operator*() noexcept { return *value_; }
  T* operator->() noexcept { return &*value_; }

 private:
  std::optional<T> value_;
  flowseal_status status_ = FLOWSEAL_STATUS_OK;
};

// What became of one flow of a batch: the value, or the error with its report.
template <class T>
class outcome {
 public:
  outcome(T value) noexcept : value_(std::move(value)) {}
  outcome(error refusal) : value_(std::move(refusal)) {}

  explicit operator bool() const noexcept { return std::holds_alternative<T>(value_); }
  // To be asked for only where there is one; else they throw std::bad_variant_access.
  T& operator*() { return std::get<T>(value_); }
  T* operator->() { return &std::get<T>(value_); }
  const error& refusal() const { return std::get<error>(value_); }

 private:
  std::variant<T, error> value_;
};

// What a verification looked at and what it found.
class report : public detail::owned<flowseal_report, flowseal_report_free> {
 public:
  using owned::owned;

  std::string to_json() const {
    return detail::must([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_report_to_json(handle(), buffer, capacity, len);
    });
  }
  // What the check of this name found, such as "signature".
  flowseal_outcome outcome(std::string_view check) const {
    flowseal_outcome outcome = FLOWSEAL_OUTCOME_NOT_CHECKED;
    detail::check(flowseal_report_outcome_of(handle(), check.data(), check.size(), &outcome));
    return outcome;
  }
};

// How flows are signed, sealed and bounded.
class profile : public detail::owned<flowseal_profile, flowseal_profile_free> {
 public:
  explicit profile(std::string_view json) {
    flowseal_error details{};
    detail::check(flowseal_profile_from_json(json.data(), json.size(), place(), &details), details);
  }
};

namespace detail {

// How an encrypted key is loaded.
struct key_options : owned<flowseal_key_options, flowseal_key_options_free> {
  explicit key_options(std::string_view passphrase) {
    check(flowseal_key_options_new(place()));
    check(flowseal_key_options_passphrase(handle(), passphrase.data(), passphrase.size()));
  }
};

}  // namespace detail

// An app's private key.
class key : public detail::owned<flowseal_key, flowseal_key_free> {
 public:
  using owned::owned;

  // Reads a PEM or DER file; the passphrase is for an encrypted one.
  explicit key(std::string_view file) {
    flowseal_error details{};
    detail::check(flowseal_key_load(file.data(), file.size(), place(), &details), details);
  }
  key(std::string_view file, std::string_view passphrase) {
    const detail::key_options options(passphrase);
    flowseal_error details{};
    detail::check(flowseal_key_load_with(file.data(), file.size(), options.handle(), place(),
                                         &details),
                  details);
  }
  // The same, without an exception.
  static result<key> load(std::string_view file, const std::nothrow_t&) noexcept {
    key loaded;
    const auto status = flowseal_key_load(file.data(), file.size(), loaded.place(), nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return loaded;
  }

  std::string fingerprint() const {
    return detail::must([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_key_fingerprint(handle(), buffer, capacity, len);
    });
  }

 private:
  key() noexcept = default;
};

// A service account, as pasby's console gives it. What is asked of it is copied into an ordinary
// std::string; its key is not.
class service_account
    : public detail::owned<flowseal_service_account, flowseal_service_account_free> {
 public:
  // Reads the zip.
  explicit service_account(std::string_view zip) {
    flowseal_error details{};
    detail::check(flowseal_service_account_from_zip(zip.data(), zip.size(), place(), &details),
                  details);
  }
  static result<service_account> load(std::string_view zip, const std::nothrow_t&) noexcept {
    service_account loaded;
    const auto status =
        flowseal_service_account_from_zip(zip.data(), zip.size(), loaded.place(), nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return loaded;
  }
  // Reads what was unpacked: config.json, and every PEM file in any order.
  static service_account from_parts(std::string_view config,
                                    const std::vector<std::string_view>& pems) {
    const auto list = detail::slices(pems);
    service_account loaded;
    flowseal_error details{};
    detail::check(flowseal_service_account_from_parts(config.data(), config.size(), list.data(),
                                                      list.size(), loaded.place(), &details),
                  details);
    return loaded;
  }

  // The app's private key; the passphrase is for an encrypted one.
  flowseal::key key() const {
    flowseal_key key{};
    flowseal_error details{};
    detail::check(flowseal_service_account_key(handle(), &key, &details), details);
    return flowseal::key(key);
  }
  flowseal::key key(std::string_view passphrase) const {
    const detail::key_options options(passphrase);
    flowseal_key key{};
    flowseal_error details{};
    detail::check(
        flowseal_service_account_key_with(handle(), options.handle(), &key, &details), details);
    return flowseal::key(key);
  }
  result<flowseal::key> key(const std::nothrow_t&) const noexcept {
    flowseal_key key{};
    const auto status = flowseal_service_account_key(handle(), &key, nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return flowseal::key(key);
  }

  // Nothing where the account does not have it.
  std::optional<std::string> app_id() const { return member(flowseal_service_account_app_id); }
  std::optional<std::string> organisation_id() const {
    return member(flowseal_service_account_organisation_id);
  }
  std::optional<std::string> app_secret() const {
    return member(flowseal_service_account_app_secret);
  }
  std::optional<std::string> live_api_key() const {
    return member(flowseal_service_account_live_api_key);
  }
  std::optional<std::string> test_api_key() const {
    return member(flowseal_service_account_test_api_key);
  }

 private:
  service_account() noexcept = default;

  template <class Function>
  std::optional<std::string> member(Function function) const {
    return detail::may([&](char* buffer, std::size_t capacity, std::size_t* len) {
      return function(handle(), buffer, capacity, len);
    });
  }
};

// The keys that a flow may be sealed to.
class ring : public detail::owned<flowseal_ring, flowseal_ring_free> {
 public:
  ring() { detail::check(flowseal_ring_new(place())); }
  explicit ring(const key& only) : ring() { add(only); }

  void add(const key& another) {
    flowseal_error details{};
    detail::check(flowseal_ring_add(handle(), another.handle(), &details), details);
  }
};

// Public keys of users.
class verifying_keys
    : public detail::owned<flowseal_verifying_keys, flowseal_verifying_keys_free> {
 public:
  verifying_keys() { detail::check(flowseal_verifying_keys_new(place())); }
  explicit verifying_keys(std::string_view file) : verifying_keys() { load(file); }

  // Adds every key of a file: PEM, DER, a certificate, a JWK or a set of them.
  void load(std::string_view file) {
    flowseal_error details{};
    detail::check(flowseal_verifying_keys_load(handle(), file.data(), file.size(), &details),
                  details);
  }
};

// Persons and their keys.
class users : public detail::owned<flowseal_users, flowseal_users_free> {
 public:
  users() { detail::check(flowseal_users_new(place())); }

  void add(std::string_view requestee, const verifying_keys& keys) {
    detail::check(
        flowseal_users_add(handle(), requestee.data(), requestee.size(), keys.handle()));
  }
};

// A rule that says whose keys may sign which flows.
class verifier : public detail::owned<flowseal_verifier, flowseal_verifier_free> {
 public:
  // These keys for every flow.
  static verifier trusting(const verifying_keys& keys) {
    verifier made;
    detail::check(flowseal_verifier_trusting(keys.handle(), made.place()));
    return made;
  }
  // Each person's keys for that person's flows.
  static verifier by_requestee(const users& users) {
    verifier made;
    detail::check(flowseal_verifier_by_requestee(users.handle(), made.place()));
    return made;
  }

  void use(const profile& profile) {
    detail::check(flowseal_verifier_profile(handle(), profile.handle()));
  }

 private:
  verifier() noexcept = default;
};

// What a flow must be beside genuine.
class expectations : public detail::owned<flowseal_expectations, flowseal_expectations_free> {
 public:
  static expectations for_reference(std::string_view reference) {
    expectations made;
    detail::check(flowseal_expectations_for_reference(reference.data(), reference.size(),
                                                      made.place()));
    return made;
  }
  // Ties the flow to nothing of the caller's.
  static expectations unbound() {
    expectations made;
    detail::check(flowseal_expectations_unbound(made.place()));
    return made;
  }

  expectations& requester(std::string_view text) & {
    detail::check(flowseal_expectations_requester(handle(), text.data(), text.size()));
    return *this;
  }
  expectations requester(std::string_view text) && {
    return std::move(requester(text));
  }
  expectations& requestee(std::string_view text) & {
    detail::check(flowseal_expectations_requestee(handle(), text.data(), text.size()));
    return *this;
  }
  expectations requestee(std::string_view text) && {
    return std::move(requestee(text));
  }
  expectations& mode(std::string_view name) & {
    detail::check(flowseal_expectations_mode(handle(), name.data(), name.size()));
    return *this;
  }
  expectations mode(std::string_view name) && {
    return std::move(mode(name));
  }
  expectations& max_age(std::uint64_t seconds) & {
    detail::check(flowseal_expectations_max_age(handle(), seconds));
    return *this;
  }
  expectations max_age(std::uint64_t seconds) && {
    return std::move(max_age(seconds));
  }
  expectations& leeway(std::uint64_t seconds) & {
    detail::check(flowseal_expectations_leeway(handle(), seconds));
    return *this;
  }
  expectations leeway(std::uint64_t seconds) && {
    return std::move(leeway(seconds));
  }
  expectations& claims(std::initializer_list<std::string_view> paths) & {
    const auto list = detail::slices(paths);
    detail::check(flowseal_expectations_claims(handle(), list.data(), list.size()));
    return *this;
  }
  expectations claims(std::initializer_list<std::string_view> paths) && {
    return std::move(claims(paths));
  }

 private:
  expectations() noexcept = default;
};

// What an auditor keeps of a verified flow: the signed bytes, the signature, which key, which
// profile.
class evidence : public detail::owned<flowseal_evidence, flowseal_evidence_free> {
 public:
  using owned::owned;

  explicit evidence(std::string_view json) {
    flowseal_error details{};
    detail::check(flowseal_evidence_from_json(json.data(), json.size(), place(), &details),
                  details);
  }
  static result<evidence> parse(std::string_view json, const std::nothrow_t&) noexcept {
    evidence parsed;
    const auto status =
        flowseal_evidence_from_json(json.data(), json.size(), parsed.place(), nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return parsed;
  }

  // Checks the signature again, and believes nothing else of the file; the error of a refusal has
  // the report.
  flowseal::report check(const verifying_keys& keys) const {
    flowseal_error details{};
    flowseal_report found{};
    const auto status = flowseal_evidence_check(handle(), keys.handle(), &found, &details);
    flowseal::report report(found);
    if (status != FLOWSEAL_STATUS_OK) {
      detail::refuse(status, details, found.id != 0 ? report.to_json() : std::string());
    }
    return report;
  }
  result<flowseal::report> check(const verifying_keys& keys, const std::nothrow_t&) const noexcept {
    flowseal_report found{};
    const auto status = flowseal_evidence_check(handle(), keys.handle(), &found, nullptr);
    flowseal::report report(found);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return report;
  }

  std::string to_json() const {
    return detail::must([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_evidence_to_json(handle(), buffer, capacity, len);
    });
  }
  // The bytes that were signed.
  std::string statement() const {
    return detail::must<std::uint8_t>(
        [this](std::uint8_t* buffer, std::size_t capacity, std::size_t* len) {
          return flowseal_evidence_statement(handle(), buffer, capacity, len);
        });
  }
  // The members of the flow that they cover.
  std::vector<std::string> covers() const {
    std::size_t count = 0;
    detail::check(flowseal_evidence_covers_count(handle(), &count));
    std::vector<std::string> members;
    members.reserve(count);
    for (std::size_t index = 0; index < count; ++index) {
      members.push_back(
          detail::must([&](char* buffer, std::size_t capacity, std::size_t* len) {
            return flowseal_evidence_covers(handle(), index, buffer, capacity, len);
          }));
    }
    return members;
  }

 private:
  evidence() noexcept = default;
};

// What to open, and how.
class open_options : public detail::owned<flowseal_open_options, flowseal_open_options_free> {
 public:
  open_options() { detail::check(flowseal_open_options_new(place())); }

  // The claims at or under these paths alone.
  open_options& select(std::initializer_list<std::string_view> paths) & {
    const auto list = detail::slices(paths);
    detail::check(flowseal_open_options_select(handle(), list.data(), list.size()));
    return *this;
  }
  open_options select(std::initializer_list<std::string_view> paths) && {
    return std::move(select(paths));
  }
  open_options& use(const profile& profile) & {
    detail::check(flowseal_open_options_profile(handle(), profile.handle()));
    return *this;
  }
  open_options use(const profile& profile) && {
    return std::move(use(profile));
  }
  // How many threads a batch may take.
  open_options& threads(std::size_t count) & {
    detail::check(flowseal_open_options_threads(handle(), count));
    return *this;
  }
  open_options threads(std::size_t count) && {
    return std::move(threads(count));
  }
};

// The claims that did not open, and why.
class failures : public detail::owned<flowseal_failures, flowseal_failures_free> {
 public:
  using owned::owned;

  std::size_t size() const {
    std::size_t count = 0;
    detail::check(flowseal_failures_count(handle(), &count));
    return count;
  }
  std::string path(std::size_t index) const {
    return detail::must([this, index](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_failures_path(handle(), index, buffer, capacity, len);
    });
  }
  flowseal_status code(std::size_t index) const {
    flowseal_status code = FLOWSEAL_STATUS_OK;
    detail::check(flowseal_failures_status(handle(), index, &code));
    return code;
  }
  std::string message(std::size_t index) const {
    return detail::must([this, index](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_failures_message(handle(), index, buffer, capacity, len);
    });
  }
};

// Opened claims.
class claims : public detail::owned<flowseal_claims, flowseal_claims_free> {
 public:
  using owned::owned;

  std::size_t size() const {
    std::size_t count = 0;
    detail::check(flowseal_claims_count(handle(), &count));
    return count;
  }
  // The path of a claim, in the flow's order.
  std::string path(std::size_t index) const {
    return detail::must([this, index](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_claims_path(handle(), index, buffer, capacity, len);
    });
  }
  // The text of a claim; nothing where the flow has none of that path.
  std::optional<std::string> text(std::string_view path) const {
    return detail::may([this, path](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_claims_text(handle(), path.data(), path.size(), buffer, capacity, len);
    });
  }
  // All of them, nested as they were sent.
  std::string to_json() const {
    return detail::must([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_claims_to_json(handle(), buffer, capacity, len);
    });
  }
  // Whether the flow was verified before it was opened.
  bool verified() const {
    bool verified = false;
    detail::check(flowseal_claims_verified(handle(), &verified));
    return verified;
  }
  flowseal::report report() const {
    flowseal_report report{};
    detail::check(flowseal_claims_report(handle(), &report));
    return flowseal::report(report);
  }
};

// What opened of a flow, and what did not.
struct partial_claims {
  claims opened;
  failures failed;
};

// A flow whose e-signature is valid and of which nothing that was expected failed.
class verified_flow : public detail::owned<flowseal_verified, flowseal_verified_free> {
 public:
  using owned::owned;

  flowseal::claims open(const ring& ring) const {
    flowseal_error details{};
    flowseal_claims claims{};
    detail::check(flowseal_verified_open(handle(), ring.handle(), &claims, &details), details);
    return flowseal::claims(claims);
  }
  result<flowseal::claims> open(const ring& ring, const std::nothrow_t&) const noexcept {
    flowseal_claims claims{};
    const auto status = flowseal_verified_open(handle(), ring.handle(), &claims, nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return flowseal::claims(claims);
  }
  flowseal::claims open(const ring& ring, const open_options& options) const {
    flowseal_error details{};
    flowseal_claims claims{};
    detail::check(flowseal_verified_open_with(handle(), ring.handle(), options.handle(), &claims,
                                              &details),
                  details);
    return flowseal::claims(claims);
  }
  result<flowseal::claims> open(const ring& ring, const open_options& options,
                                const std::nothrow_t&) const noexcept {
    flowseal_claims claims{};
    const auto status = flowseal_verified_open_with(handle(), ring.handle(), options.handle(),
                                                    &claims, nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return flowseal::claims(claims);
  }

  // Opens what opens, and says of every other claim why it does not.
  partial_claims open_partial(const ring& ring, const open_options& options = {}) const {
    flowseal_error details{};
    flowseal_claims opened{};
    flowseal_failures failed{};
    detail::check(flowseal_verified_open_partial(handle(), ring.handle(), options.handle(),
                                                 &opened, &failed, &details),
                  details);
    return {claims(opened), failures(failed)};
  }
  result<partial_claims> open_partial(const ring& ring, const open_options& options,
                                      const std::nothrow_t&) const noexcept {
    flowseal_claims opened{};
    flowseal_failures failed{};
    const auto status = flowseal_verified_open_partial(handle(), ring.handle(), options.handle(),
                                                       &opened, &failed, nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return partial_claims{claims(opened), failures(failed)};
  }

  // What an auditor must keep.
  flowseal::evidence evidence() const {
    flowseal_evidence evidence{};
    detail::check(flowseal_verified_evidence(handle(), &evidence));
    return flowseal::evidence(evidence);
  }

  flowseal::report report() const {
    flowseal_report report{};
    detail::check(flowseal_verified_report(handle(), &report));
    return flowseal::report(report);
  }
  std::optional<std::string> reference() const {
    return detail::may([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_verified_reference(handle(), buffer, capacity, len);
    });
  }
  std::optional<std::string> requestee() const {
    return detail::may([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_verified_requestee(handle(), buffer, capacity, len);
    });
  }
  // The bytes that were signed.
  std::string statement() const {
    return detail::must<std::uint8_t>(
        [this](std::uint8_t* buffer, std::size_t capacity, std::size_t* len) {
          return flowseal_verified_statement(handle(), buffer, capacity, len);
        });
  }
  // What to remember, so that the same flow is not accepted twice.
  std::string replay_key() const {
    return detail::must([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_verified_replay_key(handle(), buffer, capacity, len);
    });
  }
};

// A flow as it was received. Nothing of it is proved yet.
class flow : public detail::owned<flowseal_flow, flowseal_flow_free> {
 public:
  using owned::owned;

  explicit flow(std::string_view json) {
    flowseal_error details{};
    detail::check(flowseal_flow_from_json(json.data(), json.size(), place(), &details), details);
  }
  flow(std::string_view json, const profile& profile) {
    flowseal_error details{};
    detail::check(flowseal_flow_from_json_with(json.data(), json.size(), profile.handle(), place(),
                                               &details),
                  details);
  }
  static result<flow> parse(std::string_view json, const std::nothrow_t&) noexcept {
    flow parsed;
    const auto status = flowseal_flow_from_json(json.data(), json.size(), parsed.place(), nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return parsed;
  }

  // Verifies it; the error of a refusal has the report.
  verified_flow verify(const verifier& verifier, const expectations& expectations,
                       std::int64_t now) const {
    flowseal_error details{};
    flowseal_report found{};
    flowseal_verified verified{};
    const auto status = flowseal_flow_verify(handle(), verifier.handle(), expectations.handle(),
                                             now, &verified, &found, &details);
    const report report(found);
    if (status != FLOWSEAL_STATUS_OK) {
      detail::refuse(status, details, found.id != 0 ? report.to_json() : std::string());
    }
    return verified_flow(verified);
  }
  result<verified_flow> verify(const verifier& verifier, const expectations& expectations,
                               std::int64_t now, const std::nothrow_t&) const noexcept {
    flowseal_verified verified{};
    const auto status = flowseal_flow_verify(handle(), verifier.handle(), expectations.handle(),
                                             now, &verified, nullptr, nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return verified_flow(verified);
  }

  // Opens it without looking at its signature: whoever knows the app's public key can have made
  // its claims. The error of a refusal has the report.
  claims open_unverified(const ring& ring, const expectations& expectations, std::int64_t now,
                         const open_options& options = {}) const {
    flowseal_error details{};
    flowseal_report found{};
    flowseal_claims claims{};
    const auto status =
        flowseal_flow_open_unverified(handle(), ring.handle(), expectations.handle(), now,
                                      options.handle(), &claims, &found, &details);
    const report report(found);
    if (status != FLOWSEAL_STATUS_OK) {
      detail::refuse(status, details, found.id != 0 ? report.to_json() : std::string());
    }
    return flowseal::claims(claims);
  }
  result<claims> open_unverified(const ring& ring, const expectations& expectations,
                                 std::int64_t now, const open_options& options,
                                 const std::nothrow_t&) const noexcept {
    flowseal_claims claims{};
    const auto status =
        flowseal_flow_open_unverified(handle(), ring.handle(), expectations.handle(), now,
                                      options.handle(), &claims, nullptr, nullptr);
    if (status != FLOWSEAL_STATUS_OK) return status;
    return flowseal::claims(claims);
  }

  // From outside as JSON, without claims and people.
  std::string inspect() const {
    return detail::must([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_flow_inspect(handle(), buffer, capacity, len);
    });
  }

 private:
  flow() noexcept = default;
};

namespace detail {

struct error_details : owned<flowseal_error, flowseal_error_free> {
  using owned::owned;
};

// Where a batch writes handles: those that nobody takes are freed.
template <class Owner>
class places {
 public:
  using handle = decltype(std::declval<const Owner&>().handle());

  explicit places(std::size_t count) : handles_(count) {}
  places(const places&) = delete;
  places& operator=(const places&) = delete;
  ~places() {
    for (const auto handle : handles_) Owner{handle};
  }

  handle* data() noexcept { return handles_.data(); }
  handle take(std::size_t index) noexcept { return std::exchange(handles_[index], handle{}); }

 private:
  std::vector<handle> handles_;
};

template <class Owner>
auto handles(const std::vector<Owner>& owners) {
  std::vector<decltype(owners.front().handle())> handles;
  handles.reserve(owners.size());
  for (const auto& owner : owners) handles.push_back(owner.handle());
  return handles;
}

// The handles of a batch's flows, and of what is expected of each.
struct expected_flows {
  expected_flows(const std::vector<flow>& flows, const std::vector<expectations>& each)
      : flows(handles(flows)), expectations(handles(each)) {}
  expected_flows(const std::vector<flow>& flows, const flowseal::expectations& all)
      : flows(handles(flows)), expectations(flows.size(), all.handle()) {}

  std::vector<flowseal_flow> flows;
  std::vector<flowseal_expectations> expectations;
};

// A batch: places for all that comes of it, taken before anything is computed.
template <class T>
struct batch {
  explicit batch(std::size_t count)
      : statuses(count, FLOWSEAL_STATUS_OK), values(count), reports(count), errors(count) {
    results.reserve(count);
  }

  // One result a flow; where the call itself refused, all say so.
  std::vector<result<T>> each(flowseal_status status) noexcept {
    for (std::size_t index = 0; index < statuses.size(); ++index) {
      const auto own = status != FLOWSEAL_STATUS_OK ? status : statuses[index];
      if (own == FLOWSEAL_STATUS_OK) {
        results.emplace_back(T(values.take(index)));
      } else {
        results.emplace_back(own);
      }
    }
    return std::move(results);
  }

  // The same with sentences and reports.
  std::vector<outcome<T>> each() {
    std::vector<outcome<T>> outcomes;
    outcomes.reserve(statuses.size());
    for (std::size_t index = 0; index < statuses.size(); ++index) {
      if (statuses[index] == FLOWSEAL_STATUS_OK) {
        outcomes.emplace_back(T(values.take(index)));
        continue;
      }
      const report found(reports.take(index));
      auto report = found.handle().id != 0 ? found.to_json() : std::string();
      auto message = sentence(statuses[index], errors.take(index));
      outcomes.emplace_back(error(statuses[index], std::move(message), std::move(report)));
    }
    return outcomes;
  }

  std::vector<flowseal_status> statuses;
  places<T> values;
  places<report> reports;
  places<error_details> errors;
  std::vector<result<T>> results;
};

inline flowseal_status run(batch<verified_flow>& batch, const expected_flows& given,
                           const verifier& verifier, std::int64_t now,
                           flowseal_error* details) noexcept {
  if (given.flows.size() != given.expectations.size()) return FLOWSEAL_STATUS_USAGE;
  return flowseal_verify_many(given.flows.data(), given.expectations.data(), given.flows.size(),
                              verifier.handle(), now, batch.statuses.data(), batch.values.data(),
                              batch.reports.data(), batch.errors.data(), details);
}

inline flowseal_status run(batch<claims>& batch, const std::vector<flowseal_verified>& flows,
                           const ring& ring, const open_options& options,
                           flowseal_error* details) noexcept {
  return flowseal_open_many(flows.data(), flows.size(), ring.handle(), options.handle(),
                            batch.statuses.data(), batch.values.data(), batch.errors.data(),
                            details);
}

}  // namespace detail

// Verifies many flows at once, on as many threads as the verifier says: one outcome a flow, in
// order. What is expected stands once for all flows, or once for each. Throws where the call itself
// is refused.
template <class Expected>
std::vector<outcome<verified_flow>> verify_many(const std::vector<flow>& flows,
                                                const Expected& expected, const verifier& verifier,
                                                std::int64_t now) {
  const detail::expected_flows given(flows, expected);
  detail::batch<verified_flow> batch(flows.size());
  flowseal_error details{};
  detail::check(detail::run(batch, given, verifier, now, &details), details);
  return batch.each();
}
// The same without sentences and reports. Where the call itself is refused, each result says so;
// where there is no memory, there are no results.
template <class Expected>
std::vector<result<verified_flow>> verify_many(const std::vector<flow>& flows,
                                               const Expected& expected, const verifier& verifier,
                                               std::int64_t now, const std::nothrow_t&) noexcept {
  try {
    const detail::expected_flows given(flows, expected);
    detail::batch<verified_flow> batch(flows.size());
    return batch.each(detail::run(batch, given, verifier, now, nullptr));
  } catch (const std::exception&) {
    return {};
  }
}

// Opens many flows at once; the rest is as it is for verify_many.
inline std::vector<outcome<claims>> open_many(const std::vector<verified_flow>& flows,
                                              const ring& ring, const open_options& options = {}) {
  const auto given = detail::handles(flows);
  detail::batch<claims> batch(flows.size());
  flowseal_error details{};
  detail::check(detail::run(batch, given, ring, options, &details), details);
  return batch.each();
}
inline std::vector<result<claims>> open_many(const std::vector<verified_flow>& flows,
                                             const ring& ring, const open_options& options,
                                             const std::nothrow_t&) noexcept {
  try {
    const auto given = detail::handles(flows);
    detail::batch<claims> batch(flows.size());
    return batch.each(detail::run(batch, given, ring, options, nullptr));
  } catch (const std::exception&) {
    return {};
  }
}

// Requests to the API, and what comes back. Nothing here has a socket: an HTTP client of the
// caller's sends and receives.

namespace detail {

// What a function writes into a buffer.
template <auto Function, class... In>
std::string text_of(In... in) {
  return must([&](char* buffer, std::size_t capacity, std::size_t* len) {
    return Function(in..., buffer, capacity, len);
  });
}

template <auto Function, class... In>
std::optional<std::string> text_if_any(In... in) {
  return may([&](char* buffer, std::size_t capacity, std::size_t* len) {
    return Function(in..., buffer, capacity, len);
  });
}

// What a function writes into a place.
template <auto Function, class Out, class... In>
Out value_of(In... in) {
  Out out{};
  check(Function(in..., &out));
  return out;
}

template <auto Function, class Out, class... In>
std::optional<Out> value_if_any(In... in) {
  Out out{};
  const auto status = Function(in..., &out);
  if (status == FLOWSEAL_STATUS_ABSENT) return std::nullopt;
  check(status);
  return out;
}

inline std::uint64_t milliseconds(std::chrono::milliseconds time) noexcept {
  return time.count() < 0 ? 0 : static_cast<std::uint64_t>(time.count());
}

inline std::uint64_t milliseconds(std::chrono::system_clock::time_point time) noexcept {
  return milliseconds(
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()));
}

// A session may be told to wait for longer than the type can say.
inline std::chrono::milliseconds duration(std::uint64_t milliseconds) noexcept {
  constexpr auto longest = std::chrono::milliseconds::max();
  if (milliseconds > static_cast<std::uint64_t>(longest.count())) return longest;
  return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(milliseconds));
}

}  // namespace detail

// An error that the API answered with. All of it is untrusted text; message() alone escapes and
// cuts what it quotes.
class api_error : public detail::owned<flowseal_api_error, flowseal_api_error_free> {
 public:
  using owned::owned;

  // Understands the body of an answer that failed; the status is 0 where it is not known.
  static api_error from_body(std::uint16_t status, std::string_view body) {
    return api_error(detail::value_of<flowseal_api_error_from_body, flowseal_api_error>(
        status, body.data(), body.size()));
  }

  // What can be done about it.
  flowseal_remedy remedy() const {
    return detail::value_of<flowseal_api_error_remedy, flowseal_remedy>(handle());
  }
  // The remedy as a sentence.
  std::string advice() const { return detail::text_of<flowseal_api_error_advice>(handle()); }
  // All of it as a sentence for a log.
  std::string message() const { return detail::text_of<flowseal_api_error_message>(handle()); }
  // What the API says to people.
  std::optional<std::string> reason() const {
    return detail::text_if_any<flowseal_api_error_reason>(handle());
  }
  // Such as session_cancel.
  std::optional<std::string> type() const {
    return detail::text_if_any<flowseal_api_error_type>(handle());
  }
  // Where the API says more: to be shown, not to be fetched.
  std::optional<std::string> helper_url() const {
    return detail::text_if_any<flowseal_api_error_helper_url>(handle());
  }
  // Any member by its name on the wire, as JSON.
  std::optional<std::string> member(std::string_view name) const {
    return detail::text_if_any<flowseal_api_error_member>(handle(), name.data(), name.size());
  }
  std::optional<std::uint16_t> http_status() const {
    return detail::value_if_any<flowseal_api_error_http_status, std::uint16_t>(handle());
  }
  std::optional<std::uint16_t> code() const {
    return detail::value_if_any<flowseal_api_error_code, std::uint16_t>(handle());
  }
  // What the API asks to wait, by the header retry-after.
  std::optional<std::chrono::seconds> retry_after() const {
    const auto found =
        detail::value_if_any<flowseal_api_error_retry_after, std::uint64_t>(handle());
    if (!found) return std::nullopt;
    constexpr auto longest = std::chrono::seconds::max();
    if (*found > static_cast<std::uint64_t>(longest.count())) return longest;
    return std::chrono::seconds(static_cast<std::chrono::seconds::rep>(*found));
  }
  // How long to wait after so many failures in a row; half of it is by chance.
  std::chrono::milliseconds back_off(std::uint32_t failures, std::uint32_t jitter) const {
    return detail::duration(detail::value_of<flowseal_api_error_back_off, std::uint64_t>(
        handle(), failures, jitter));
  }
  // The issues of validation that it lists: where each is, such as body.user, what it is, such as
  // too_small, and a sentence.
  std::size_t issue_count() const {
    return detail::value_of<flowseal_api_error_issue_count, std::size_t>(handle());
  }
  std::optional<std::string> issue_path(std::size_t index) const {
    return detail::text_if_any<flowseal_api_error_issue_path>(handle(), index);
  }
  std::optional<std::string> issue_code(std::size_t index) const {
    return detail::text_if_any<flowseal_api_error_issue_code>(handle(), index);
  }
  std::optional<std::string> issue_message(std::size_t index) const {
    return detail::text_if_any<flowseal_api_error_issue_message>(handle(), index);
  }
};

// A refusal because the API answered with an error. It is thrown where that is the reason; where
// it is another, flowseal::error is.
class api_refusal : public error {
 public:
  api_refusal(flowseal_status code, std::string message, api_error cause)
      : error(code, std::move(message)),
        cause_(std::make_shared<const api_error>(std::move(cause))) {}

  // What the API said.
  const api_error& cause() const noexcept { return *cause_; }

 private:
  // Exceptions are copied, handles are not.
  std::shared_ptr<const api_error> cause_;
};

namespace detail {

// What a function makes that may refuse with the words of the API.
template <auto Function, class Out, class... In>
Out made(In... in) {
  Out out{};
  flowseal_error details{};
  const auto status = Function(in..., &out, &details);
  if (status == FLOWSEAL_STATUS_OK) return out;
  flowseal_api_error found{};
  if (flowseal_error_api_error(details, &found) != FLOWSEAL_STATUS_OK) refuse(status, details);
  api_error cause(found);
  throw api_refusal(status, sentence(status, details), std::move(cause));
}

}  // namespace detail

// What every request needs: version, environment, credentials and identifiers.
class api_config : public detail::owned<flowseal_api_config, flowseal_api_config_free> {
 public:
  // The views are the caller's to wipe.
  api_config(flowseal_api_version version, flowseal_environment environment,
             std::string_view api_key, std::string_view app_secret)
      : owned(detail::made<flowseal_api_config_new, flowseal_api_config>(
            version, environment, api_key.data(), api_key.size(), app_secret.data(),
            app_secret.size())) {}
  // From a service account, which has the identifiers too.
  api_config(flowseal_api_version version, flowseal_environment environment,
             flowseal_service_account account)
      : owned(detail::made<flowseal_api_config_from_service_account, flowseal_api_config>(
            version, environment, account)) {}

  // The organisation, bcn_…, and the app, app_…, that v1's authorize names.
  api_config& ids(std::string_view organisation, std::string_view app) & {
    detail::check(flowseal_api_config_ids(handle(), organisation.data(), organisation.size(),
                                          app.data(), app.size()));
    return *this;
  }
  api_config ids(std::string_view organisation, std::string_view app) && {
    return std::move(ids(organisation, app));
  }
  // https://host[:port]; without TLS a loopback address only.
  api_config& base_url(std::string_view url) & {
    flowseal_error details{};
    detail::check(flowseal_api_config_base_url(handle(), url.data(), url.size(), &details),
                  details);
    return *this;
  }
  api_config base_url(std::string_view url) && {
    return std::move(base_url(url));
  }
  // Has v1's long polling carry the session token in place of the app secret.
  api_config& poll_with_token() & {
    detail::check(flowseal_api_config_poll_with_token(handle()));
    return *this;
  }
  api_config poll_with_token() && {
    return std::move(poll_with_token());
  }

  flowseal_api_version version() const {
    return detail::value_of<flowseal_api_config_version, flowseal_api_version>(handle());
  }
  flowseal_environment environment() const {
    return detail::value_of<flowseal_api_config_environment, flowseal_environment>(handle());
  }
  // What is unusual and may still be right, for the log of a start-up. It never holds a secret.
  std::vector<std::string> warnings() const {
    std::vector<std::string> warnings(
        detail::value_of<flowseal_api_config_warning_count, std::size_t>(handle()));
    for (std::size_t index = 0; index < warnings.size(); ++index) {
      warnings[index] = detail::text_of<flowseal_api_config_warning>(handle(), index);
    }
    return warnings;
  }
};

// The session token of v1, a secret.
class session_token : public detail::owned<flowseal_session_token, flowseal_session_token_free> {
 public:
  using owned::owned;

  // From the value of an answer's x-access-token header.
  static session_token from_header(std::string_view value) {
    return session_token(
        detail::made<flowseal_session_token_from_header, flowseal_session_token>(value.data(),
                                                                                 value.size()));
  }

  // The token. The copy is the caller's to wipe.
  std::string expose() const { return detail::text_of<flowseal_session_token_expose>(handle()); }
  // When it expires, in Unix seconds; nothing where it does not say so.
  std::optional<std::int64_t> expires_at() const {
    return detail::value_if_any<flowseal_session_token_expires_at, std::int64_t>(handle());
  }
};

// A header to be sent. The value of a sensitive one belongs in no log and in no table of HTTP/2.
struct header {
  std::string name;
  std::string value;
  bool is_sensitive;
};

// What to send. Follow no redirects: the API has none, and one would take the credentials
// elsewhere.
class request : public detail::owned<flowseal_request, flowseal_request_free> {
 public:
  using owned::owned;

  // Asks for a session token (v1).
  static request authorize(const api_config& config) {
    return request(detail::made<flowseal_request_authorize, flowseal_request>(config.handle()));
  }
  // Asks how a flow is: v2, and with a session token v1.
  static request ping(const api_config& config, std::string_view flow) {
    return of<flowseal_request_ping>(config, flow);
  }
  static request ping(const api_config& config, std::string_view flow,
                      const session_token& token) {
    return of<flowseal_request_ping_with_token>(config, flow, token.handle());
  }
  // Asks how a flow is, to be answered when it has changed (v1).
  static request polling(const api_config& config, std::string_view flow) {
    return of<flowseal_request_polling>(config, flow);
  }
  static request polling(const api_config& config, std::string_view flow,
                         const session_token& token) {
    return of<flowseal_request_polling_with_token>(config, flow, token.handle());
  }
  // Asks for a stream of events (v2).
  static request sse(const api_config& config, std::string_view flow) {
    return of<flowseal_request_sse>(config, flow);
  }
  // Voids a flow: v2, and with a session token v1.
  static request cancel(const api_config& config, std::string_view flow) {
    return of<flowseal_request_cancel>(config, flow);
  }
  static request cancel(const api_config& config, std::string_view flow,
                        const session_token& token) {
    return of<flowseal_request_cancel_with_token>(config, flow, token.handle());
  }

  flowseal_endpoint endpoint() const {
    return detail::value_of<flowseal_request_endpoint, flowseal_endpoint>(handle());
  }
  // GET or POST.
  std::string method() const { return detail::text_of<flowseal_request_method>(handle()); }
  // The URL, whole. It holds no secret.
  std::string url() const { return detail::text_of<flowseal_request_url>(handle()); }
  // JSON; nothing for a GET.
  std::optional<std::string> body() const {
    return detail::text_if_any<flowseal_request_body>(handle());
  }
  std::vector<header> headers() const {
    const auto count = detail::value_of<flowseal_request_header_count, std::size_t>(handle());
    std::vector<header> headers;
    headers.reserve(count);
    for (std::size_t index = 0; index < count; ++index) {
      headers.push_back(
          {detail::text_of<flowseal_request_header_name>(handle(), index),
           detail::text_of<flowseal_request_header_value>(handle(), index),
           detail::value_of<flowseal_request_header_is_sensitive, bool>(handle(), index)});
    }
    return headers;
  }

 private:
  template <auto Function, class... Token>
  static request of(const api_config& config, std::string_view flow, Token... token) {
    return request(detail::made<Function, flowseal_request>(config.handle(), flow.data(),
                                                            flow.size(), token...));
  }
};

// What an HTTP client received: the body without chunks and compression.
struct http_response {
  std::uint16_t status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

namespace detail {

// Headers as the C functions take them. It is a view of the response.
struct header_slices {
  explicit header_slices(const http_response& received) {
    for (const auto& [name, value] : received.headers) {
      names.push_back({name.data(), name.size()});
      values.push_back({value.data(), value.size()});
    }
  }

  std::vector<flowseal_slice> names;
  std::vector<flowseal_slice> values;
};

}  // namespace detail

// An answer of the API. Nothing of it is proved.
class response : public detail::owned<flowseal_response, flowseal_response_free> {
 public:
  using owned::owned;

  // Reads what came back. A status that is not of success makes any body an error of the API,
  // which is an answer, too.
  static response from_http(const flowseal::request& sent, const http_response& received) {
    const detail::header_slices headers(received);
    return response(detail::made<flowseal_response_from_http, flowseal_response>(
        sent.handle(), received.status, headers.names.data(), headers.values.data(),
        headers.names.size(), received.body.data(), received.body.size()));
  }
  static response from_http(const flowseal::request& sent, const http_response& received,
                            const profile& profile) {
    const detail::header_slices headers(received);
    return response(detail::made<flowseal_response_from_http_with, flowseal_response>(
        sent.handle(), received.status, headers.names.data(), headers.values.data(),
        headers.names.size(), received.body.data(), received.body.size(), profile.handle()));
  }
  // Reads a body that came with a status of success.
  static response from_json(std::string_view json) {
    return response(
        detail::made<flowseal_response_from_json, flowseal_response>(json.data(), json.size()));
  }

  // What it is about.
  flowseal_answer answer() const {
    return detail::value_of<flowseal_response_answer, flowseal_answer>(handle());
  }
  // The flow, yet to be verified. It refuses where the answer is about something else.
  flowseal::flow flow() const {
    return flowseal::flow(detail::made<flowseal_response_flow, flowseal_flow>(handle()));
  }
  // The session token of authorize. It refuses where the answer is about something else.
  session_token token() const {
    return session_token(
        detail::made<flowseal_response_token, flowseal_session_token>(handle()));
  }
  // The session token that a request's creation may have brought.
  std::optional<session_token> created_token() const {
    const auto found =
        detail::value_if_any<flowseal_response_created_token, flowseal_session_token>(handle());
    if (!found) return std::nullopt;
    return session_token(*found);
  }
  // The error of the API that it is, if it is one.
  std::optional<flowseal::api_error> api_error() const {
    const auto found =
        detail::value_if_any<flowseal_response_api_error, flowseal_api_error>(handle());
    if (!found) return std::nullopt;
    return flowseal::api_error(*found);
  }
  // The request that it voids or makes, as JSON, and one member of it.
  std::optional<std::string> request() const {
    return detail::text_if_any<flowseal_response_request>(handle());
  }
  std::optional<std::string> request_member(std::string_view name) const {
    return detail::text_if_any<flowseal_response_request_member>(handle(), name.data(),
                                                                 name.size());
  }
  // A sentence for people.
  std::optional<std::string> reason() const {
    return detail::text_if_any<flowseal_response_reason>(handle());
  }
  // What data holds beside what the answer is about, as JSON.
  std::optional<std::string> data() const {
    return detail::text_if_any<flowseal_response_data>(handle());
  }
  // A member beside data, as JSON.
  std::optional<std::string> member(std::string_view name) const {
    return detail::text_if_any<flowseal_response_member>(handle(), name.data(), name.size());
  }
};

// One flow from its start to its end. Ask poll() what to do, do it, and tell what came of it. It
// is deterministic: the time is the caller's, and so is the jitter, any random number.
class session : public detail::owned<flowseal_session, flowseal_session_free> {
 public:
  using time_point = std::chrono::system_clock::time_point;

  // Send this, and wait for the whole response for so long.
  struct send {
    flowseal::request request;
    std::chrono::milliseconds timeout;
  };
  // Ask again after the pause, or earlier.
  struct wait {
    std::chrono::milliseconds pause;
  };
  // A device has picked the flow up. Ask again at once.
  struct progress {
    flowseal::flow flow;
  };
  // The flow has ended: it is complete, to be verified, or cancelled.
  struct done {
    flowseal::flow flow;
  };
  // The flow has expired before the person has treated it.
  struct expired {};
  using action = std::variant<send, wait, progress, done, expired>;

  // Watches the flow of this identifier, req_….
  session(const api_config& config, std::string_view flow)
      : owned(detail::made<flowseal_session_new, flowseal_session>(config.handle(), flow.data(),
                                                                   flow.size())) {}

  // Before the first poll only, as the three after it: the API holds its answers back (v1).
  session& long_polling() & { return set<flowseal_session_long_polling>(); }
  session long_polling() && { return std::move(long_polling()); }
  // Gives up after this time, counted from the first poll: a day at most.
  session& deadline(std::chrono::milliseconds after) & {
    return set<flowseal_session_deadline>(detail::milliseconds(after));
  }
  session deadline(std::chrono::milliseconds after) && { return std::move(deadline(after)); }
  // Takes a flow as expired when it is this old; 360 s unless given.
  session& lifetime(std::chrono::milliseconds age) & {
    return set<flowseal_session_lifetime>(detail::milliseconds(age));
  }
  session lifetime(std::chrono::milliseconds age) && { return std::move(lifetime(age)); }
  // Reads answers under a profile, which then has to be that of the verifier and the keys too.
  session& use(const profile& profile) & {
    return set<flowseal_session_profile>(profile.handle());
  }
  session use(const profile& profile) && { return std::move(use(profile)); }

  // What to do next. A session that has ended without the flow's end throws why.
  action poll(time_point now, std::uint32_t jitter) {
    const auto next = detail::made<flowseal_session_poll, flowseal_action>(
        handle(), detail::milliseconds(now), jitter);
    // Each is zero but where it belongs to the kind.
    flowseal::request request(next.request);
    flowseal::flow flow(next.flow);
    const auto time = detail::duration(next.milliseconds);
    switch (next.kind) {
      case FLOWSEAL_ACTION_KIND_SEND:
        return send{std::move(request), time};
      case FLOWSEAL_ACTION_KIND_WAIT:
        return wait{time};
      case FLOWSEAL_ACTION_KIND_PROGRESS:
        return progress{std::move(flow)};
      case FLOWSEAL_ACTION_KIND_DONE:
        return done{std::move(flow)};
      case FLOWSEAL_ACTION_KIND_EXPIRED:
        return expired{};
    }
    // A library that is newer than this header: an action that it does not know.
    throw error(FLOWSEAL_STATUS_PANIC, "the session asks for what flowseal.hpp does not know");
  }
  // Tells what came back.
  void handle_response(const http_response& received, time_point now) {
    const detail::header_slices headers(received);
    detail::check(flowseal_session_handle(
        handle(), received.status, headers.names.data(), headers.values.data(),
        headers.names.size(), received.body.data(), received.body.size(),
        detail::milliseconds(now)));
  }
  // Tells that no response came.
  void lost(time_point now) {
    detail::check(flowseal_session_lost(handle(), detail::milliseconds(now)));
  }
  // Cancels the flow: the next request is the one that voids it.
  void cancel() { detail::check(flowseal_session_cancel(handle())); }

 private:
  template <auto Function, class... In>
  session& set(In... in) {
    flowseal_error details{};
    const auto status = Function(handle(), in..., &details);
    detail::check(status, details);
    return *this;
  }
};

// An event of a stream.
class event : public detail::owned<flowseal_event, flowseal_event_free> {
 public:
  using owned::owned;

  // What it is about: the answer to a ping, each time.
  flowseal::response response() const {
    return flowseal::response(
        detail::made<flowseal_event_response, flowseal_response>(handle()));
  }
  // Its type; empty for the default one.
  std::string name() const { return detail::text_of<flowseal_event_name>(handle()); }
  std::string data() const { return detail::text_of<flowseal_event_data>(handle()); }
  // The last id of the stream so far, for last-event-id of a new connection.
  std::string id() const { return detail::text_of<flowseal_event_id>(handle()); }
};

// Server-sent events (v2), from whatever chunks arrive.
class event_stream : public detail::owned<flowseal_event_stream, flowseal_event_stream_free> {
 public:
  event_stream() { detail::check(flowseal_event_stream_new(place())); }
  explicit event_stream(const profile& profile) {
    detail::check(flowseal_event_stream_new_with(profile.handle(), place()));
  }

  void push(std::string_view chunk) {
    detail::check(flowseal_event_stream_push(handle(), chunk.data(), chunk.size()));
  }
  // The next event that is complete, if one is. It throws for one that exceeds its bound: the
  // connection should be closed then.
  std::optional<event> next() {
    flowseal_event found{};
    flowseal_error details{};
    const auto status = flowseal_event_stream_next(handle(), &found, &details);
    if (status == FLOWSEAL_STATUS_ABSENT) {
      flowseal_error_free(details);
      return std::nullopt;
    }
    detail::check(status, details);
    return event(found);
  }
};

// What the caller knows of webhooks.
class webhook_store {
 public:
  virtual ~webhook_store() = default;

  // The flow that waits for a webhook of this reference, if one does.
  virtual std::optional<std::string> flow_of(std::string_view reference) = 0;
  // Remembers a key until a moment in Unix seconds; false if it is remembered already. Of two calls
  // at the same time with one key, only one may be told true.
  virtual bool remember(std::string_view key, std::int64_t until) = 0;
};

// A webhook: a hint that something has happened to a flow, and no more. Anyone can send one.
class webhook : public detail::owned<flowseal_webhook, flowseal_webhook_free> {
 public:
  explicit webhook(std::string_view json)
      : owned(detail::made<flowseal_webhook_from_json, flowseal_webhook>(json.data(),
                                                                         json.size())) {}

  // The ping that confirms it: v2, and with a session token v1. Believe its answer alone. `now` is
  // in Unix seconds.
  request confirm(const api_config& config, webhook_store& store, std::int64_t now) const {
    return confirmed([&](auto... asked) {
      return detail::made<flowseal_webhook_confirm, flowseal_request>(handle(), config.handle(),
                                                                      asked..., now);
    }, store);
  }
  request confirm(const api_config& config, const session_token& token, webhook_store& store,
                  std::int64_t now) const {
    return confirmed([&](auto... asked) {
      return detail::made<flowseal_webhook_confirm_with_token, flowseal_request>(
          handle(), config.handle(), token.handle(), asked..., now);
    }, store);
  }

 private:
  // A store, and what it threw first: no exception passes through the library, and nothing is asked
  // of the store after one, so that no webhook is remembered whose ping is not sent.
  struct guarded {
    webhook_store& store;
    std::exception_ptr thrown;
  };

  template <class Call>
  static request confirmed(Call call, webhook_store& store) {
    guarded context{store, nullptr};
    try {
      request ping(call(flow_of, remember, static_cast<void*>(&context)));
      if (!context.thrown) return ping;
    } catch (const error&) {
      if (!context.thrown) throw;
    }
    std::rethrow_exception(context.thrown);
  }

  static bool flow_of(void* context, const char* reference, std::size_t reference_len, char* flow,
                      std::size_t capacity, std::size_t* flow_len) {
    auto& asked = *static_cast<guarded*>(context);
    if (asked.thrown) return false;
    try {
      const auto found = asked.store.flow_of({reference, reference_len});
      if (!found || found->size() > capacity) return false;
      found->copy(flow, capacity);
      *flow_len = found->size();
      return true;
    } catch (...) {
      asked.thrown = std::current_exception();
      return false;
    }
  }

  static bool remember(void* context, const char* key, std::size_t key_len, std::int64_t until) {
    auto& asked = *static_cast<guarded*>(context);
    if (asked.thrown) return false;
    try {
      return asked.store.remember({key, key_len}, until);
    } catch (...) {
      asked.thrown = std::current_exception();
      return false;
    }
  }
};

}  // namespace flowseal

#endif  // FLOWSEAL_HPP
