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

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

[[noreturn]] inline void refuse(flowseal_status status, flowseal_error details = {},
                                std::string report = {}) {
  std::string message = flowseal_status_name(static_cast<std::uint32_t>(status));
  if (details.id != 0) {
    flowseal_status read = FLOWSEAL_STATUS_OK;
    const auto sentence = text<char>(
        [&](char* buffer, std::size_t capacity, std::size_t* len) {
          return flowseal_error_message(details, buffer, capacity, len);
        },
        read);
    flowseal_error_free(details);
    if (sentence) message = *sentence;
  }
  throw error(status, std::move(message), std::move(report));
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

inline std::vector<flowseal_slice> slices(std::initializer_list<std::string_view> texts) {
  std::vector<flowseal_slice> slices;
  slices.reserve(texts.size());
  for (const auto text : texts) slices.push_back({text.data(), text.size()});
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

// An app's private key.
class key : public detail::owned<flowseal_key, flowseal_key_free> {
 public:
  // Reads a PEM or DER file; the passphrase is for an encrypted one.
  explicit key(std::string_view file) {
    flowseal_error details{};
    detail::check(flowseal_key_load(file.data(), file.size(), place(), &details), details);
  }
  key(std::string_view file, std::string_view passphrase) {
    struct options : detail::owned<flowseal_key_options, flowseal_key_options_free> {
      options() { detail::check(flowseal_key_options_new(place())); }
    } options;
    detail::check(flowseal_key_options_passphrase(options.handle(), passphrase.data(),
                                                  passphrase.size()));
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

  expectations& requester(std::string_view text) {
    detail::check(flowseal_expectations_requester(handle(), text.data(), text.size()));
    return *this;
  }
  expectations& requestee(std::string_view text) {
    detail::check(flowseal_expectations_requestee(handle(), text.data(), text.size()));
    return *this;
  }
  expectations& mode(std::string_view name) {
    detail::check(flowseal_expectations_mode(handle(), name.data(), name.size()));
    return *this;
  }
  expectations& max_age(std::uint64_t seconds) {
    detail::check(flowseal_expectations_max_age(handle(), seconds));
    return *this;
  }
  expectations& leeway(std::uint64_t seconds) {
    detail::check(flowseal_expectations_leeway(handle(), seconds));
    return *this;
  }
  expectations& claims(std::initializer_list<std::string_view> paths) {
    const auto list = detail::slices(paths);
    detail::check(flowseal_expectations_claims(handle(), list.data(), list.size()));
    return *this;
  }

 private:
  expectations() noexcept = default;
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
    return detail::must([=](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_claims_path(handle(), index, buffer, capacity, len);
    });
  }
  // The text of a claim; nothing where the flow has none of that path.
  std::optional<std::string> text(std::string_view path) const {
    return detail::may([=](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_claims_text(handle(), path.data(), path.size(), buffer, capacity, len);
    });
  }
  // All of them, nested as they were sent.
  std::string to_json() const {
    return detail::must([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_claims_to_json(handle(), buffer, capacity, len);
    });
  }
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

  // From outside as JSON, without claims and people.
  std::string inspect() const {
    return detail::must([this](char* buffer, std::size_t capacity, std::size_t* len) {
      return flowseal_flow_inspect(handle(), buffer, capacity, len);
    });
  }

 private:
  flow() noexcept = default;
};

}  // namespace flowseal

#endif  // FLOWSEAL_HPP
