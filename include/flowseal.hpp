// flowseal for C++17: classes over flowseal.h that free what they hold.
//
// Every class owns one handle, is moved and never copied, and may be used from several threads at
// once, as its handle may; to move or assign it while another thread uses it is a race, as it is
// for every object of C++. Inputs are views and are read during the call only.
//
// What can refuse throws flowseal::error, or one of its kinds: a refusal is of a flow, misuse is of
// this interface, a fault is of the machine. The twin with std::nothrow does not throw: it returns
// a flowseal::result, which holds the value or why there is none. Where exceptions are turned off
// (-fno-exceptions), what would throw prints its sentence and ends the program: call the twins.
//
// What a claim is copied into is an ordinary std::string, which nobody wipes; claims::text() with a
// buffer copies it into the caller's memory.

#ifndef FLOWSEAL_HPP
#define FLOWSEAL_HPP

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
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

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define FLOWSEAL_EXCEPTIONS 1
#else
#define FLOWSEAL_EXCEPTIONS 0
#endif

namespace flowseal {

// The moment of a call: the caller's clock. A flow is judged in whole seconds.
using time_point = std::chrono::system_clock::time_point;

namespace detail {

// A handle and the function that frees it.
template <class Handle, flowseal_status (*Free)(Handle)>
class owned {
 public:
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

  // The handle, which stays this object's. It is of zeros once the object was moved from.
  Handle handle() const noexcept { return handle_; }

 private:
  void reset() noexcept {
    if (handle_.id != 0) {
      Free(handle_);
      handle_ = Handle{};
    }
  }

  Handle handle_{};
};

template <class Owner>
using handle_of = decltype(std::declval<const Owner&>().handle());

// What the library keeps of a refusal, shared by the result and the exceptions that tell of it.
class error_handle {
 public:
  explicit error_handle(flowseal_error error)
      : shared_(error.id != 0 ? std::make_shared<const freed>(error) : nullptr) {}

  flowseal_error handle() const noexcept { return shared_ ? shared_->handle() : flowseal_error{}; }

 private:
  using freed = owned<flowseal_error, flowseal_error_free>;

  std::shared_ptr<const freed> shared_;
};

struct content;

// All that a call tells of a refusal.
std::shared_ptr<const content> content_of(flowseal_status status, const error_handle& details);

// Throws what the status and its details are.
[[noreturn]] void refuse(flowseal_status status,
                         const error_handle& details = error_handle(flowseal_error{}));

}  // namespace detail

// One check of a report.
struct report_line {
  flowseal_check check;
  flowseal_outcome outcome;
  // The reason, as a stable word such as not_covered; nothing where the outcome says all.
  std::optional<std::string> why;
};

// What a verification looked at and what it found.
class report : public detail::owned<flowseal_report, flowseal_report_free> {
 public:
  using owned::owned;

  // One line for each check.
  std::vector<report_line> lines() const;
  // What a check found.
  flowseal_outcome outcome(flowseal_check check) const;
  // The members of the flow that are under the signature, where that is valid.
  std::vector<std::string> covers() const;
  // The key under which the signature is valid, by its fingerprint and its name.
  std::optional<std::string> key_fingerprint() const;
  std::optional<std::string> key_kid() const;
  std::string to_json() const;
};

// What an error is about, for programs that act on it. Each is empty where it is not about such a
// thing. It holds no secret, and a national number is masked.
struct error_details {
  // The path of the claim that shows from outside what is wrong with it.
  std::optional<std::string> claim;
  // The check that failed, what was expected of its member and what was found in its place.
  std::optional<flowseal_check> check;
  std::optional<std::string> expected;
  std::optional<std::string> found;
  // The fingerprint of the key that was missing.
  std::optional<std::string> key;
  // The same key's name, where it has one.
  std::optional<std::string> kid;
  // Which part of a proof fails, with FLOWSEAL_STATUS_DISCLOSURE_INVALID: a stable word.
  std::optional<std::string> why;
  // By how much a time lies outside of what is accepted.
  std::optional<std::chrono::seconds> seconds;
  // The length that was found, and those that would have been right.
  std::optional<std::size_t> size;
  std::vector<std::size_t> sizes;
};

// What one key shows of a signature that is not valid.
struct diagnosed_key {
  std::string fingerprint;
  std::optional<std::string> kid;
  flowseal_finding finding;
  // v1_5 or pss, and the hash; nothing where this key did not make the signature.
  std::optional<std::string> padding;
  std::optional<std::string> hash;
  // Of PSS alone.
  std::optional<std::size_t> salt_length;
  // The bytes that v1.5 shows. Personal data: keep it out of logs.
  std::optional<std::string> digest;
};

// Why a call refused: a status with a sentence, and what it is about as data.
class error : public std::exception {
 public:
  explicit error(std::shared_ptr<const detail::content> content) noexcept
      : content_(std::move(content)) {}

  // The status of the call that refused.
  flowseal_status code() const noexcept;
  // Its stable name, such as signature_invalid.
  const char* name() const noexcept;
  // What kind of answer it wants, for programs that do not care for each status.
  flowseal_code_class code_class() const noexcept { return flowseal_status_class(code()); }
  // What is so and what to do with every error of this status, as a sentence each.
  const char* cause() const noexcept { return flowseal_status_cause(code()); }
  const char* mend() const noexcept { return flowseal_status_mend(code()); }
  // What a web service may answer its own caller with: a suggestion.
  std::uint16_t http_status() const noexcept { return flowseal_status_http(code()); }
  // What it means for the person, for flowseal::words: less than it says here.
  flowseal_situation situation() const noexcept;
  // What went wrong and what to do.
  const char* what() const noexcept override;
  const error_details& details() const noexcept;
  // What each key that was tried shows of the signature, with FLOWSEAL_STATUS_SIGNATURE_INVALID.
  const std::vector<diagnosed_key>& diagnosis() const noexcept;
  // The report of the verification that refused; NULL where none was under way.
  const flowseal::report* report() const noexcept;
  // The page of a refusal, as evidence::to_html() is one; nothing where there is no report.
  std::optional<std::string> to_html() const;

 private:
  // Exceptions are copied, and to copy one must not throw.
  std::shared_ptr<const detail::content> content_;
};

// A flow that is refused: statuses from 40 to 69. What is unusable before a flow exists, and what
// the API says, is flowseal::error itself.
class refusal : public error {
 public:
  using error::error;
};

// This interface was used wrongly: arguments that do not fit together, an object that
// was moved from, text that is not UTF-8.
class misuse : public error {
 public:
  using error::error;
};

// A fault of the machine or of the library, of which no flow and no caller is the cause.
class fault : public error {
 public:
  using error::error;
};

// The value of a call, or why there is none.
template <class T>
class [[nodiscard]] result {
 public:
  result(T value) noexcept : value_(std::move(value)) {}
  result(flowseal_status status,
         detail::error_handle details = detail::error_handle(flowseal_error{})) noexcept
      : status_(status), details_(std::move(details)) {}

  explicit operator bool() const noexcept { return value_.has_value(); }
  // FLOWSEAL_STATUS_OK where there is a value.
  flowseal_status status() const noexcept { return status_; }
  // Only to be used where there is a value.
  T& operator*() & noexcept { return *value_; }
  const T& operator*() const& noexcept { return *value_; }
  T&& operator*() && noexcept { return *std::move(value_); }
  T* operator->() noexcept { return &*value_; }
  const T* operator->() const noexcept { return &*value_; }
  // The value; throws the error where there is none.
  T value() && {
    if (!value_) detail::refuse(status_, details_);
    return *std::move(value_);
  }
  // Why there is no value: only to be called where there is none.
  flowseal::error error() const {
    return flowseal::error(detail::content_of(status_, details_));
  }

 private:
  std::optional<T> value_;
  flowseal_status status_ = FLOWSEAL_STATUS_OK;
  detail::error_handle details_{flowseal_error{}};
};

namespace detail {

struct content {
  flowseal_status code = FLOWSEAL_STATUS_PANIC;
  flowseal_situation situation = FLOWSEAL_SITUATION_SERVICE_FAILED;
  std::string message;
  error_details details;
  std::vector<diagnosed_key> diagnosis;
  std::optional<flowseal::report> report;
  // For the page, which is written when it is asked for: it takes longer than a verification.
  error_handle handle{flowseal_error{}};
};

inline void check(flowseal_status status) {
  if (status != FLOWSEAL_STATUS_OK) refuse(status);
}

// Text or bytes of a call that fills a buffer.
template <class Char, class Call>
std::optional<std::string> filled(Call call, flowseal_status& status) {
  // Long enough for most, so that one call does for them.
  std::string text(128, '\0');
  std::size_t len = 0;
  status = call(reinterpret_cast<Char*>(&text[0]), text.size(), &len);
  while (status == FLOWSEAL_STATUS_SHORT_BUFFER) {
    text.resize(len);
    status = call(reinterpret_cast<Char*>(&text[0]), text.size(), &len);
  }
  if (status != FLOWSEAL_STATUS_OK) return std::nullopt;
  text.resize(len);
  return text;
}

// What a function writes into a buffer; nothing where there is no such thing.
template <auto Function, class Char = char, class... In>
std::optional<std::string> text_if_any(In... in) {
  flowseal_status status = FLOWSEAL_STATUS_OK;
  auto found = filled<Char>(
      [&](Char* buffer, std::size_t capacity, std::size_t* len) {
        return Function(in..., buffer, capacity, len);
      },
      status);
  if (status != FLOWSEAL_STATUS_ABSENT) check(status);
  return found;
}

template <auto Function, class Char = char, class... In>
std::string text_of(In... in) {
  auto found = text_if_any<Function, Char>(in...);
  if (!found) refuse(FLOWSEAL_STATUS_ABSENT);
  return *std::move(found);
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

// The list of which a function gives the length, and another each text.
template <auto Count, auto Text, class Handle>
std::vector<std::string> list_of(Handle handle) {
  const auto count = value_of<Count, std::size_t>(handle);
  std::vector<std::string> list;
  list.reserve(count);
  for (std::size_t index = 0; index < count; ++index) list.push_back(text_of<Text>(handle, index));
  return list;
}

// An object of which a function gives the handle, without details of a refusal.
template <class Owner, auto Function, class... In>
Owner owner_of(In... in) {
  return Owner(value_of<Function, handle_of<Owner>>(in...));
}

// The same with details.
template <class Owner, auto Function, class... In>
result<Owner> tried(In... in) noexcept {
  handle_of<Owner> out{};
  flowseal_error details{};
  const auto status = Function(in..., &out, &details);
  error_handle error(details);
  if (status != FLOWSEAL_STATUS_OK) return {status, std::move(error)};
  return Owner(out);
}

// A handle, or the exception that a refusal is.
template <auto Function, class Out, class... In>
Out made(In... in) {
  Out out{};
  flowseal_error details{};
  const auto status = Function(in..., &out, &details);
  const error_handle error(details);
  if (status != FLOWSEAL_STATUS_OK) refuse(status, error);
  return out;
}

// A call that gives nothing but details of a refusal.
template <auto Function, class... In>
void done(In... in) {
  flowseal_error details{};
  const auto status = Function(in..., &details);
  const error_handle error(details);
  if (status != FLOWSEAL_STATUS_OK) refuse(status, error);
}

// A page that a function checks for and writes, or the exception that a refusal is.
template <auto Function, class... In>
std::string page_of(In... in) {
  // Long enough for most: each call checks anew.
  std::string page(std::size_t{1} << 16, '\0');
  std::size_t len = 0;
  for (;;) {
    flowseal_error details{};
    const auto status = Function(in..., &page[0], page.size(), &len, &details);
    const error_handle error(details);
    if (status != FLOWSEAL_STATUS_OK && status != FLOWSEAL_STATUS_SHORT_BUFFER) {
      refuse(status, error);
    }
    page.resize(len);
    if (status == FLOWSEAL_STATUS_OK) return page;
  }
}

template <class Texts>
std::vector<flowseal_slice> slices(const Texts& texts) {
  std::vector<flowseal_slice> slices;
  for (const auto& each : texts) {
    const std::string_view text = each;
    slices.push_back({text.data(), text.size()});
  }
  return slices;
}

inline std::int64_t seconds(time_point time) noexcept {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

// A length of time that is not negative.
inline std::uint64_t seconds(std::chrono::seconds time) {
  if (time.count() < 0) refuse(FLOWSEAL_STATUS_USAGE);
  return static_cast<std::uint64_t>(time.count());
}

// One that may be longer than its type can say.
inline std::chrono::seconds seconds(std::uint64_t time) noexcept {
  constexpr auto longest = std::chrono::seconds::max();
  if (time > static_cast<std::uint64_t>(longest.count())) return longest;
  return std::chrono::seconds(static_cast<std::chrono::seconds::rep>(time));
}

inline time_point moment(std::int64_t seconds) noexcept {
  return time_point(std::chrono::seconds(seconds));
}

template <auto Function, class... In>
std::optional<time_point> moment_if_any(In... in) {
  const auto seconds = value_if_any<Function, std::int64_t>(in...);
  if (!seconds) return std::nullopt;
  return moment(*seconds);
}

inline error_details details_of(flowseal_error error) {
  const auto text = [&](flowseal_detail field) {
    return text_if_any<flowseal_error_detail_text>(error, static_cast<std::uint32_t>(field));
  };
  const auto number = [&](flowseal_detail field) {
    return value_if_any<flowseal_error_detail_number, std::uint64_t>(
        error, static_cast<std::uint32_t>(field));
  };
  error_details details;
  details.claim = text(FLOWSEAL_DETAIL_CLAIM);
  if (const auto check = number(FLOWSEAL_DETAIL_CHECK)) {
    details.check = static_cast<flowseal_check>(*check);
  }
  details.expected = text(FLOWSEAL_DETAIL_EXPECTED);
  details.found = text(FLOWSEAL_DETAIL_FOUND);
  details.key = text(FLOWSEAL_DETAIL_KEY);
  details.kid = text(FLOWSEAL_DETAIL_KID);
  details.why = text(FLOWSEAL_DETAIL_WHY);
  if (const auto late = number(FLOWSEAL_DETAIL_SECONDS)) details.seconds = seconds(*late);
  if (const auto size = number(FLOWSEAL_DETAIL_SIZE)) details.size = *size;
  details.sizes.resize(value_of<flowseal_error_detail_sizes_count, std::size_t>(error));
  for (std::size_t index = 0; index < details.sizes.size(); ++index) {
    details.sizes[index] = value_of<flowseal_error_detail_sizes, std::size_t>(error, index);
  }
  return details;
}

inline std::vector<diagnosed_key> diagnosis_of(flowseal_error error) {
  const auto count = value_of<flowseal_error_diagnosis_count, std::size_t>(error);
  std::vector<diagnosed_key> diagnosis(count);
  for (std::size_t index = 0; index < count; ++index) {
    const auto text = [&](flowseal_diagnosed field) {
      return text_if_any<flowseal_error_diagnosis_text>(error, index,
                                                        static_cast<std::uint32_t>(field));
    };
    auto& key = diagnosis[index];
    key.fingerprint = text(FLOWSEAL_DIAGNOSED_FINGERPRINT).value_or("");
    key.kid = text(FLOWSEAL_DIAGNOSED_KID);
    key.finding = value_of<flowseal_error_diagnosis_finding, flowseal_finding>(error, index);
    key.padding = text(FLOWSEAL_DIAGNOSED_PADDING);
    key.hash = text(FLOWSEAL_DIAGNOSED_HASH);
    if (const auto length = value_if_any<flowseal_error_diagnosis_number, std::uint64_t>(
            error, index, static_cast<std::uint32_t>(FLOWSEAL_DIAGNOSED_SALT_LENGTH))) {
      key.salt_length = *length;
    }
    key.digest = text_if_any<flowseal_error_diagnosis_digest, std::uint8_t>(error, index);
  }
  return diagnosis;
}

inline std::shared_ptr<const content> content_of(flowseal_status status,
                                                 const error_handle& details) {
  const auto told = std::make_shared<content>();
  told->code = status;
  flowseal_status read = FLOWSEAL_STATUS_ABSENT;
  std::optional<std::string> sentence;
  if (details.handle().id != 0) {
    sentence = filled<char>(
        [&](char* buffer, std::size_t capacity, std::size_t* len) {
          return flowseal_error_message(details.handle(), buffer, capacity, len);
        },
        read);
    told->details = details_of(details.handle());
    told->diagnosis = diagnosis_of(details.handle());
    told->situation = value_of<flowseal_situation_of_error, flowseal_situation>(details.handle());
  } else if (status != FLOWSEAL_STATUS_OK) {
    told->situation = value_of<flowseal_situation_of_status, flowseal_situation>(
        static_cast<std::uint32_t>(status));
  }
  told->message = sentence ? *std::move(sentence)
                           : flowseal_status_message(static_cast<std::uint32_t>(status));
  flowseal_report found{};
  if (flowseal_error_report(details.handle(), &found) == FLOWSEAL_STATUS_OK) {
    told->report.emplace(found);
    told->handle = details;
  }
  return told;
}

template <class Error>
[[noreturn]] void raise(const Error& error) {
#if FLOWSEAL_EXCEPTIONS
  throw error;
#else
  std::fprintf(stderr, "flowseal: error[%s]: %s\n", error.name(), error.what());
  std::abort();
#endif
}

// The kind of error that a status is.
[[noreturn]] inline void raise(std::shared_ptr<const content> told) {
  const int code = told->code;
  if ((code >= 70 && code < 80) || code == FLOWSEAL_STATUS_PANIC ||
      code == FLOWSEAL_STATUS_HANDLES_EXHAUSTED || code == FLOWSEAL_STATUS_CALLBACK) {
    raise(fault(std::move(told)));
  }
  if (code == FLOWSEAL_STATUS_USAGE || (code >= 80 && code < 100)) {
    raise(misuse(std::move(told)));
  }
  if (code >= 40 && code < 70) raise(refusal(std::move(told)));
  raise(error(std::move(told)));
}

}  // namespace detail

inline flowseal_status error::code() const noexcept { return content_->code; }
inline const char* error::name() const noexcept {
  return flowseal_status_name(static_cast<std::uint32_t>(code()));
}
inline flowseal_situation error::situation() const noexcept { return content_->situation; }
inline const char* error::what() const noexcept { return content_->message.c_str(); }
inline const error_details& error::details() const noexcept { return content_->details; }
inline const std::vector<diagnosed_key>& error::diagnosis() const noexcept {
  return content_->diagnosis;
}
inline const report* error::report() const noexcept {
  return content_->report ? &*content_->report : nullptr;
}
inline std::optional<std::string> error::to_html() const {
  if (!content_->report) return std::nullopt;
  return detail::text_if_any<flowseal_error_to_html>(content_->handle.handle());
}

inline std::vector<report_line> report::lines() const {
  const auto count = detail::value_of<flowseal_report_count, std::size_t>(handle());
  std::vector<report_line> lines;
  lines.reserve(count);
  for (std::size_t index = 0; index < count; ++index) {
    lines.push_back({detail::value_of<flowseal_report_check, flowseal_check>(handle(), index),
                     detail::value_of<flowseal_report_outcome, flowseal_outcome>(handle(), index),
                     detail::text_if_any<flowseal_report_why>(handle(), index)});
  }
  return lines;
}
inline flowseal_outcome report::outcome(flowseal_check check) const {
  return detail::value_of<flowseal_report_outcome_of, flowseal_outcome>(
      handle(), static_cast<std::uint32_t>(check));
}
inline std::vector<std::string> report::covers() const {
  return detail::list_of<flowseal_report_covers_count, flowseal_report_covers>(handle());
}
inline std::optional<std::string> report::key_fingerprint() const {
  return detail::text_if_any<flowseal_report_key_fingerprint>(handle());
}
inline std::optional<std::string> report::key_kid() const {
  return detail::text_if_any<flowseal_report_key_kid>(handle());
}
inline std::string report::to_json() const {
  return detail::text_of<flowseal_report_to_json>(handle());
}

// How flows are signed, sealed and bounded.
class profile : public detail::owned<flowseal_profile, flowseal_profile_free> {
 public:
  using owned::owned;

  explicit profile(std::string_view json)
      : owned(detail::made<flowseal_profile_from_json, flowseal_profile>(json.data(),
                                                                         json.size())) {}
};

namespace detail {

// How an encrypted key is loaded.
struct key_options : owned<flowseal_decrypting_key_options, flowseal_decrypting_key_options_free> {
  explicit key_options(std::string_view passphrase)
      : owned(value_of<flowseal_decrypting_key_options_new, flowseal_decrypting_key_options>()) {
    check(flowseal_decrypting_key_options_set_passphrase(handle(), passphrase.data(),
                                                         passphrase.size()));
  }
};

}  // namespace detail

// An app's private key.
class decrypting_key : public detail::owned<flowseal_decrypting_key, flowseal_decrypting_key_free> {
 public:
  using owned::owned;

  // Reads the bytes of a PEM, DER or JWK file; the passphrase is for an encrypted one.
  explicit decrypting_key(std::string_view bytes)
      : decrypting_key(load(bytes, std::nothrow).value()) {}
  decrypting_key(std::string_view bytes, std::string_view passphrase)
      : decrypting_key(load(bytes, passphrase, std::nothrow).value()) {}
  // The same, without an exception.
  static result<decrypting_key> load(std::string_view bytes, const std::nothrow_t&) noexcept {
    return detail::tried<decrypting_key, flowseal_decrypting_key_load>(bytes.data(), bytes.size());
  }
  static result<decrypting_key> load(std::string_view bytes, std::string_view passphrase,
                                     const std::nothrow_t&) noexcept {
    flowseal_decrypting_key_options options{};
    auto status = flowseal_decrypting_key_options_new(&options);
    if (status != FLOWSEAL_STATUS_OK) return status;
    const detail::owned<flowseal_decrypting_key_options,
        flowseal_decrypting_key_options_free> freed(options);
    status = flowseal_decrypting_key_options_set_passphrase(options, passphrase.data(),
                                                            passphrase.size());
    if (status != FLOWSEAL_STATUS_OK) return status;
    return detail::tried<decrypting_key, flowseal_decrypting_key_load_with>(bytes.data(),
                                                                            bytes.size(), options);
  }

  std::string fingerprint() const {
    return detail::text_of<flowseal_decrypting_key_fingerprint>(handle());
  }
};

// A service account, as pasby's console gives it. What is asked of it is copied into an ordinary
// std::string; its key is not.
class service_account
    : public detail::owned<flowseal_service_account, flowseal_service_account_free> {
 public:
  using owned::owned;

  // Reads the bytes of the zip.
  explicit service_account(std::string_view zip)
      : service_account(load(zip, std::nothrow).value()) {}
  static result<service_account> load(std::string_view zip, const std::nothrow_t&) noexcept {
    return detail::tried<service_account, flowseal_service_account_from_zip>(zip.data(),
                                                                             zip.size());
  }
  // Reads what was unpacked: config.json, and every PEM file in any order.
  static service_account from_parts(std::string_view config,
                                    const std::vector<std::string_view>& pems) {
    const auto list = detail::slices(pems);
    return detail::tried<service_account, flowseal_service_account_from_parts>(
               config.data(), config.size(), list.data(), list.size())
        .value();
  }

  // The app's private key; the passphrase is for an encrypted one.
  flowseal::decrypting_key decrypting_key() const {
    return decrypting_key(std::nothrow).value();
  }
  flowseal::decrypting_key decrypting_key(std::string_view passphrase) const {
    const detail::key_options options(passphrase);
    return detail::tried<flowseal::decrypting_key,
        flowseal_service_account_decrypting_key_with>(handle(), options.handle())
        .value();
  }
  result<flowseal::decrypting_key> decrypting_key(const std::nothrow_t&) const noexcept {
    return detail::tried<flowseal::decrypting_key,
        flowseal_service_account_decrypting_key>(handle());
  }

  // Nothing where the account does not have it.
  std::optional<std::string> app_id() const {
    return detail::text_if_any<flowseal_service_account_app_id>(handle());
  }
  std::optional<std::string> organisation_id() const {
    return detail::text_if_any<flowseal_service_account_organisation_id>(handle());
  }
  std::optional<std::string> app_secret() const {
    return detail::text_if_any<flowseal_service_account_app_secret>(handle());
  }
  std::optional<std::string> live_api_key() const {
    return detail::text_if_any<flowseal_service_account_live_api_key>(handle());
  }
  std::optional<std::string> test_api_key() const {
    return detail::text_if_any<flowseal_service_account_test_api_key>(handle());
  }
};

// The keys that a flow may be sealed to.
class key_ring : public detail::owned<flowseal_key_ring, flowseal_key_ring_free> {
 public:
  key_ring() : owned(detail::value_of<flowseal_key_ring_new, flowseal_key_ring>()) {}
  explicit key_ring(const decrypting_key& only) : key_ring() { add(only); }

  void add(const decrypting_key& another) {
    detail::done<flowseal_key_ring_add>(handle(), another.handle());
  }
};

// Public keys of users.
class verifying_keys
    : public detail::owned<flowseal_verifying_keys, flowseal_verifying_keys_free> {
 public:
  verifying_keys()
      : owned(detail::value_of<flowseal_verifying_keys_new, flowseal_verifying_keys>()) {}
  explicit verifying_keys(std::string_view bytes) : verifying_keys() { load(bytes); }

  // Adds every key of a file's bytes: PEM, DER, a certificate, a JWK or a set of them.
  void load(std::string_view bytes) {
    detail::done<flowseal_verifying_keys_load>(handle(), bytes.data(), bytes.size());
  }
  std::size_t size() const {
    return detail::value_of<flowseal_verifying_keys_count, std::size_t>(handle());
  }
  // The keys that were skipped, and why: for a log.
  std::vector<std::string> warnings() const {
    return detail::list_of<flowseal_verifying_keys_warning_count, flowseal_verifying_keys_warning>(
        handle());
  }
};

// An app's public key, under which disclosures are checked. It comes from somewhere other than they
// do.
class app_key : public detail::owned<flowseal_app_key, flowseal_app_key_free> {
 public:
  using owned::owned;

  // Reads the bytes of a PEM or DER file, whose public exponent is 65537.
  explicit app_key(std::string_view bytes) : app_key(load(bytes, std::nothrow).value()) {}
  static result<app_key> load(std::string_view bytes, const std::nothrow_t&) noexcept {
    return detail::tried<app_key, flowseal_app_key_load>(bytes.data(), bytes.size());
  }
  // The same of a key that is known to have another exponent.
  static result<app_key> load(std::string_view bytes, std::uint64_t exponent,
                              const std::nothrow_t&) noexcept {
    return detail::tried<app_key, flowseal_app_key_load_with_exponent>(bytes.data(), bytes.size(),
                                                                       exponent);
  }

  std::string fingerprint() const {
    return detail::text_of<flowseal_app_key_fingerprint>(handle());
  }
};

// Persons and their keys.
class users : public detail::owned<flowseal_users, flowseal_users_free> {
 public:
  users() : owned(detail::value_of<flowseal_users_new, flowseal_users>()) {}

  void add(std::string_view requestee, const verifying_keys& keys) {
    detail::check(
        flowseal_users_add(handle(), requestee.data(), requestee.size(), keys.handle()));
  }
};

// A rule that says whose keys may sign which flows.
class verifier : public detail::owned<flowseal_verifier, flowseal_verifier_free> {
 public:
  using owned::owned;

  // These keys for every flow.
  static verifier trusting(const verifying_keys& keys) {
    return detail::owner_of<verifier, flowseal_verifier_trusting>(keys.handle());
  }
  // Each person's keys for that person's flows.
  static verifier by_requestee(const users& users) {
    return detail::owner_of<verifier, flowseal_verifier_by_requestee>(users.handle());
  }

  // Judges under a profile, which then has to be that of the flows.
  verifier& set_profile(const profile& profile) & {
    detail::check(flowseal_verifier_set_profile(handle(), profile.handle()));
    return *this;
  }
  verifier set_profile(const profile& profile) && { return std::move(set_profile(profile)); }
  // How many threads a batch may take.
  verifier& set_threads(std::size_t count) & {
    detail::check(flowseal_verifier_set_threads(handle(), count));
    return *this;
  }
  verifier set_threads(std::size_t count) && { return std::move(set_threads(count)); }
};

// What a flow must be, besides genuine.
class expectations : public detail::owned<flowseal_expectations, flowseal_expectations_free> {
 public:
  using owned::owned;

  static expectations for_reference(std::string_view reference) {
    return detail::owner_of<expectations, flowseal_expectations_for_reference>(reference.data(),
                                                                               reference.size());
  }
  // Ties the flow to nothing that the caller knows.
  static expectations unbound() {
    return detail::owner_of<expectations, flowseal_expectations_unbound>();
  }

  expectations& set_requester(std::string_view id) & {
    return set<flowseal_expectations_set_requester>(id.data(), id.size());
  }
  expectations set_requester(std::string_view id) && { return std::move(set_requester(id)); }
  expectations& set_requestee(std::string_view id) & {
    return set<flowseal_expectations_set_requestee>(id.data(), id.size());
  }
  expectations set_requestee(std::string_view id) && { return std::move(set_requestee(id)); }
  expectations& set_mode(std::string_view name) & {
    return set<flowseal_expectations_set_mode>(name.data(), name.size());
  }
  expectations set_mode(std::string_view name) && { return std::move(set_mode(name)); }
  // How old the signature may be at most.
  expectations& set_max_age(std::chrono::seconds age) & {
    return set<flowseal_expectations_set_max_age_seconds>(detail::seconds(age));
  }
  expectations set_max_age(std::chrono::seconds age) && { return std::move(set_max_age(age)); }
  // By how much the signer's clock may differ; not at all unless given.
  expectations& set_leeway(std::chrono::seconds by) & {
    return set<flowseal_expectations_set_leeway_seconds>(detail::seconds(by));
  }
  expectations set_leeway(std::chrono::seconds by) && { return std::move(set_leeway(by)); }
  // The claims that were asked for, as paths: any range of texts.
  template <class Paths = std::initializer_list<std::string_view>>
  expectations& set_claims(const Paths& paths) & {
    const auto list = detail::slices(paths);
    return set<flowseal_expectations_set_claims>(list.data(), list.size());
  }
  template <class Paths = std::initializer_list<std::string_view>>
  expectations set_claims(const Paths& paths) && {
    return std::move(set_claims(paths));
  }

  // What is unusual and may still be right, such as a claim that the catalogue does not have.
  std::vector<std::string> warnings() const {
    return detail::list_of<flowseal_expectations_warning_count, flowseal_expectations_warning>(
        handle());
  }

 private:
  template <auto Function, class... In>
  expectations& set(In... in) {
    detail::check(Function(handle(), in...));
    return *this;
  }
};

// What an auditor keeps of a verified flow: the signed bytes, the signature, which key, which
// profile.
class evidence : public detail::owned<flowseal_evidence, flowseal_evidence_free> {
 public:
  using owned::owned;

  explicit evidence(std::string_view json) : evidence(parse(json, std::nothrow).value()) {}
  static result<evidence> parse(std::string_view json, const std::nothrow_t&) noexcept {
    return detail::tried<evidence, flowseal_evidence_from_json>(json.data(), json.size());
  }

  // Checks the signature again, and believes nothing else of the file; the error of a refusal has
  // the report. With a profile that leads, a template too is known and not the file's word.
  [[nodiscard]] flowseal::report check(const verifying_keys& keys) const {
    return check(keys, std::nothrow).value();
  }
  [[nodiscard]] flowseal::report check(const verifying_keys& keys, const profile& profile) const {
    return check(keys, profile, std::nothrow).value();
  }
  result<flowseal::report> check(const verifying_keys& keys, const std::nothrow_t&) const noexcept {
    return detail::tried<flowseal::report, flowseal_evidence_check>(handle(), keys.handle());
  }
  result<flowseal::report> check(const verifying_keys& keys, const profile& profile,
                                 const std::nothrow_t&) const noexcept {
    return detail::tried<flowseal::report, flowseal_evidence_check_under>(
        handle(), keys.handle(), profile.handle());
  }

  std::string to_json() const { return detail::text_of<flowseal_evidence_to_json>(handle()); }
  // One page of HTML for people. Evidence from a file is shown as not checked.
  std::string to_html() const { return detail::text_of<flowseal_evidence_to_html>(handle()); }
  // Checks it, and gives the page of what was found.
  [[nodiscard]] std::string check_to_html(const verifying_keys& keys) const {
    return detail::page_of<flowseal_evidence_check_to_html>(
        handle(), keys.handle(), static_cast<const flowseal_profile*>(nullptr));
  }
  [[nodiscard]] std::string check_to_html(const verifying_keys& keys,
                                          const profile& profile) const {
    const auto given = profile.handle();
    return detail::page_of<flowseal_evidence_check_to_html>(
        handle(), keys.handle(), static_cast<const flowseal_profile*>(&given));
  }
  // The bytes that were signed.
  std::string statement() const {
    return detail::text_of<flowseal_evidence_statement, std::uint8_t>(handle());
  }
  // The members of the flow that they cover.
  std::vector<std::string> covers() const {
    return detail::list_of<flowseal_evidence_covers_count, flowseal_evidence_covers>(handle());
  }
};

// What to open, and how.
class open_options : public detail::owned<flowseal_open_options, flowseal_open_options_free> {
 public:
  open_options() : owned(detail::value_of<flowseal_open_options_new, flowseal_open_options>()) {}

  // The claims at or under these paths alone: any range of texts.
  template <class Paths = std::initializer_list<std::string_view>>
  open_options& select(const Paths& paths) & {
    const auto list = detail::slices(paths);
    detail::check(flowseal_open_options_select(handle(), list.data(), list.size()));
    return *this;
  }
  template <class Paths = std::initializer_list<std::string_view>>
  open_options select(const Paths& paths) && {
    return std::move(select(paths));
  }
  open_options& set_profile(const profile& profile) & {
    detail::check(flowseal_open_options_set_profile(handle(), profile.handle()));
    return *this;
  }
  open_options set_profile(const profile& profile) && { return std::move(set_profile(profile)); }
  // How many threads a batch may take.
  open_options& set_threads(std::size_t count) & {
    detail::check(flowseal_open_options_set_threads(handle(), count));
    return *this;
  }
  open_options set_threads(std::size_t count) && { return std::move(set_threads(count)); }

  // What is unusual and may still be right: a path that the catalogue does not have.
  std::vector<std::string> warnings() const {
    return detail::list_of<flowseal_open_options_warning_count, flowseal_open_options_warning>(
        handle());
  }
};

// The claims that did not open, and why.
class failures : public detail::owned<flowseal_failures, flowseal_failures_free> {
 public:
  using owned::owned;

  std::size_t size() const {
    return detail::value_of<flowseal_failures_count, std::size_t>(handle());
  }
  std::string path(std::size_t index) const {
    return detail::text_of<flowseal_failures_path>(handle(), index);
  }
  flowseal_status code(std::size_t index) const {
    return detail::value_of<flowseal_failures_status, flowseal_status>(handle(), index);
  }
  std::string message(std::size_t index) const {
    return detail::text_of<flowseal_failures_message>(handle(), index);
  }
};

// A day of the calendar.
struct date {
  std::uint16_t year;
  std::uint8_t month;
  std::uint8_t day;
};

// Opened claims. They are found by path; a claim that the flow does not have, because the person
// declined or nobody asked, is nothing. The path of a group is misuse.
class opened_claims : public detail::owned<flowseal_opened_claims, flowseal_opened_claims_free> {
 public:
  using owned::owned;

  std::size_t size() const {
    return detail::value_of<flowseal_opened_claims_count, std::size_t>(handle());
  }
  // The path of a claim, in the flow's order.
  std::string path(std::size_t index) const {
    return detail::text_of<flowseal_opened_claims_path>(handle(), index);
  }
  // The text of a claim.
  std::optional<std::string> text(std::string_view path) const {
    return detail::text_if_any<flowseal_opened_claims_text>(handle(), path.data(), path.size());
  }
  // The same into the caller's memory, which can be wiped: gives its length. Where that is more
  // than the capacity, nothing was copied.
  std::optional<std::size_t> text(std::string_view path, char* buffer, std::size_t capacity) const {
    std::size_t len = 0;
    const auto status = flowseal_opened_claims_text(handle(), path.data(), path.size(), buffer,
                                                    capacity, &len);
    if (status == FLOWSEAL_STATUS_ABSENT) return std::nullopt;
    if (status != FLOWSEAL_STATUS_SHORT_BUFFER) detail::check(status);
    return len;
  }
  // What the catalogue says that a claim is.
  std::optional<flowseal_claim_type> type(std::string_view path) const {
    return detail::value_if_any<flowseal_opened_claims_type, flowseal_claim_type>(
        handle(), path.data(), path.size());
  }
  // A claim as what the caller knows it to be; it refuses where it is not that.
  std::optional<bool> boolean(std::string_view path) const {
    return detail::value_if_any<flowseal_opened_claims_boolean, bool>(handle(), path.data(),
                                                                      path.size());
  }
  std::optional<std::string> digits(std::string_view path) const {
    return detail::text_if_any<flowseal_opened_claims_digits>(handle(), path.data(), path.size());
  }
  std::optional<flowseal::date> date(std::string_view path) const {
    flowseal::date found{};
    const auto status = flowseal_opened_claims_date(handle(), path.data(), path.size(), &found.year,
                                                    &found.month, &found.day);
    if (status == FLOWSEAL_STATUS_ABSENT) return std::nullopt;
    detail::check(status);
    return found;
  }
  std::optional<std::vector<std::string>> list(std::string_view path) const {
    const auto count = detail::value_if_any<flowseal_opened_claims_list_count,
        std::size_t>(handle(), path.data(), path.size());
    if (!count) return std::nullopt;
    std::vector<std::string> items;
    items.reserve(*count);
    for (std::size_t index = 0; index < *count; ++index) {
      items.push_back(detail::text_of<flowseal_opened_claims_list_item>(handle(), path.data(),
                                                                        path.size(), index));
    }
    return items;
  }
  // All of them, nested as they were sent.
  std::string to_json() const { return detail::text_of<flowseal_opened_claims_to_json>(handle()); }
  // Whether the flow was verified before it was opened.
  bool verified() const {
    return detail::value_of<flowseal_opened_claims_verified, bool>(handle());
  }
  // What makes them ones to believe, the e-signature or that a session received the flow; nothing
  // where nothing does.
  std::optional<flowseal_trust> trust() const {
    return detail::value_if_any<flowseal_opened_claims_trust, flowseal_trust>(handle());
  }
  flowseal::report report() const {
    return detail::owner_of<flowseal::report, flowseal_opened_claims_report>(handle());
  }
};

// What opened of a flow, and what did not.
struct partial_claims {
  opened_claims opened;
  failures failed;
};

// What a disclosure has proved: claims, which others are withheld, and the signed members around
// them.
struct disclosed {
  opened_claims claims;
  flowseal::report report;
  std::vector<std::string> withheld;
  std::optional<std::string> reference;
  std::optional<std::string> requester;
  std::optional<std::string> requestee;
  std::optional<time_point> signed_at;
};

// Some claims of a flow that a person signed, with the proof, and without the others. It also shows
// the national number, the reference, the times and the names of all claims.
class disclosure : public detail::owned<flowseal_disclosure, flowseal_disclosure_free> {
 public:
  using owned::owned;

  explicit disclosure(std::string_view json) : disclosure(parse(json, std::nothrow).value()) {}
  static result<disclosure> parse(std::string_view json, const std::nothrow_t&) noexcept {
    return detail::tried<disclosure, flowseal_disclosure_from_json>(json.data(), json.size());
  }

  // Verifies the signature, and for each claim that what is shown is what was sealed and signed.
  // Both keys come from elsewhere. A profile that is given leads.
  [[nodiscard]] flowseal::disclosed check(const app_key& app, const verifying_keys& keys) const {
    return check(app, keys, std::nothrow).value();
  }
  [[nodiscard]] flowseal::disclosed check(const app_key& app, const verifying_keys& keys,
                                          const profile& profile) const {
    return check(app, keys, profile, std::nothrow).value();
  }
  result<flowseal::disclosed> check(const app_key& app, const verifying_keys& keys,
                                    const std::nothrow_t&) const {
    return checked<flowseal_disclosure_check>(app.handle(), keys.handle());
  }
  result<flowseal::disclosed> check(const app_key& app, const verifying_keys& keys,
                                    const profile& profile, const std::nothrow_t&) const {
    return checked<flowseal_disclosure_check_under>(app.handle(), keys.handle(), profile.handle());
  }

  // Checks it, and gives the page of what was found: that of evidence, with the claims that are
  // shown. The text is the caller's to wipe.
  [[nodiscard]] std::string check_to_html(const app_key& app, const verifying_keys& keys) const {
    return detail::page_of<flowseal_disclosure_check_to_html>(
        handle(), app.handle(), keys.handle(), static_cast<const flowseal_profile*>(nullptr));
  }
  [[nodiscard]] std::string check_to_html(const app_key& app, const verifying_keys& keys,
                                          const profile& profile) const {
    const auto given = profile.handle();
    return detail::page_of<flowseal_disclosure_check_to_html>(
        handle(), app.handle(), keys.handle(), static_cast<const flowseal_profile*>(&given));
  }

  std::string to_json() const { return detail::text_of<flowseal_disclosure_to_json>(handle()); }
  // The claims that it shows.
  std::vector<std::string> paths() const {
    return detail::list_of<flowseal_disclosure_count, flowseal_disclosure_path>(handle());
  }
  // What the file calls the app's key: a note.
  std::string app_key_fingerprint() const {
    return detail::text_of<flowseal_disclosure_app_key_fingerprint>(handle());
  }
  flowseal::evidence evidence() const {
    return detail::owner_of<flowseal::evidence, flowseal_disclosure_evidence>(handle());
  }

 private:
  template <auto Function, class... In>
  result<flowseal::disclosed> checked(In... in) const {
    flowseal_opened_claims claims{};
    flowseal_disclosed around{};
    flowseal_report report{};
    flowseal_error details{};
    const auto status = Function(handle(), in..., &claims, &around, &report, &details);
    detail::error_handle error(details);
    // The error has it too.
    flowseal::report found(report);
    if (status != FLOWSEAL_STATUS_OK) return {status, std::move(error)};
    flowseal::opened_claims shown(claims);
    const detail::owned<flowseal_disclosed, flowseal_disclosed_free> freed(around);
    return flowseal::disclosed{
        std::move(shown),
        std::move(found),
        detail::list_of<flowseal_disclosed_withheld_count, flowseal_disclosed_withheld>(around),
        detail::text_if_any<flowseal_disclosed_reference>(around),
        detail::text_if_any<flowseal_disclosed_requester>(around),
        detail::text_if_any<flowseal_disclosed_requestee>(around),
        detail::moment_if_any<flowseal_disclosed_signed_at_unix_seconds>(around)};
  }
};

class flow;

// The bytes that were signed, under a profile whose statement is detached, and the names of the
// members that they cover.
struct detached_statement {
  std::string_view bytes;
  std::vector<std::string_view> covers;
};

// A flow whose e-signature is valid and that met every expectation.
class verified_flow : public detail::owned<flowseal_verified_flow, flowseal_verified_flow_free> {
 public:
  using owned::owned;

  [[nodiscard]] flowseal::opened_claims open(const key_ring& ring) const {
    return open(ring, std::nothrow).value();
  }
  [[nodiscard]] flowseal::opened_claims open(const key_ring& ring,
                                             const open_options& options) const {
    return open(ring, options, std::nothrow).value();
  }
  result<flowseal::opened_claims> open(const key_ring& ring, const std::nothrow_t&) const noexcept {
    return detail::tried<flowseal::opened_claims, flowseal_verified_flow_open>(handle(),
                                                                               ring.handle());
  }
  result<flowseal::opened_claims> open(const key_ring& ring, const open_options& options,
                                       const std::nothrow_t&) const noexcept {
    return detail::tried<flowseal::opened_claims, flowseal_verified_flow_open_with>(
        handle(), ring.handle(), options.handle());
  }

  // Opens what opens, and says of every other claim why it does not.
  [[nodiscard]] partial_claims open_partial(const key_ring& ring,
                                            const open_options& options = {}) const {
    return open_partial(ring, options, std::nothrow).value();
  }
  result<partial_claims> open_partial(const key_ring& ring, const open_options& options,
                                      const std::nothrow_t&) const noexcept {
    flowseal_opened_claims opened{};
    flowseal_failures failed{};
    flowseal_error details{};
    const auto status = flowseal_verified_flow_open_partial(
        handle(), ring.handle(), options.handle(), &opened, &failed, &details);
    detail::error_handle error(details);
    if (status != FLOWSEAL_STATUS_OK) return {status, std::move(error)};
    return partial_claims{opened_claims(opened), failures(failed)};
  }

  // Shows the claims at or under these paths, any range of texts, to whoever gets the result.
  template <class Paths = std::initializer_list<std::string_view>>
  [[nodiscard]] flowseal::disclosure disclose(const key_ring& ring, const Paths& paths) const {
    return disclose(ring, paths, std::nothrow).value();
  }
  template <class Paths = std::initializer_list<std::string_view>>
  result<flowseal::disclosure> disclose(const key_ring& ring, const Paths& paths,
                                        const std::nothrow_t&) const {
    const auto list = detail::slices(paths);
    return detail::tried<flowseal::disclosure, flowseal_verified_flow_disclose>(
        handle(), ring.handle(), list.data(), list.size());
  }

  // What an auditor must keep.
  flowseal::evidence evidence() const {
    return detail::owner_of<flowseal::evidence, flowseal_verified_flow_evidence>(handle());
  }
  flowseal::report report() const {
    return detail::owner_of<flowseal::report, flowseal_verified_flow_report>(handle());
  }
  flowseal_trust trust() const {
    return detail::value_of<flowseal_verified_flow_trust, flowseal_trust>(handle());
  }

  // What is signed; nothing where the statement does not cover it.
  std::optional<std::string> reference() const {
    return detail::text_if_any<flowseal_verified_flow_reference>(handle());
  }
  std::optional<std::string> requester() const {
    return detail::text_if_any<flowseal_verified_flow_requester>(handle());
  }
  std::optional<std::string> requestee() const {
    return detail::text_if_any<flowseal_verified_flow_requestee>(handle());
  }
  std::optional<std::string> mode() const {
    return detail::text_if_any<flowseal_verified_flow_mode>(handle());
  }
  std::optional<time_point> iat() const {
    return detail::moment_if_any<flowseal_verified_flow_iat_unix_seconds>(handle());
  }
  std::optional<time_point> signed_at() const {
    return detail::moment_if_any<flowseal_verified_flow_signed_at_unix_seconds>(handle());
  }
  // Any member by its name, as JSON.
  std::optional<std::string> member(std::string_view name) const {
    return detail::text_if_any<flowseal_verified_flow_member>(handle(), name.data(), name.size());
  }
  // The flow as it was received, whatever the signature covers.
  flowseal::flow unauthenticated() const;

  // The bytes that were signed, and the e-signature.
  std::string statement() const {
    return detail::text_of<flowseal_verified_flow_statement, std::uint8_t>(handle());
  }
  std::string signature() const {
    return detail::text_of<flowseal_verified_flow_signature, std::uint8_t>(handle());
  }
  // What to remember, so that the same flow is not accepted twice.
  std::string replay_key() const {
    return detail::text_of<flowseal_verified_flow_replay_key>(handle());
  }
};

// A flow as it was received. Nothing of it is proved yet.
class flow : public detail::owned<flowseal_flow, flowseal_flow_free> {
 public:
  using owned::owned;

  explicit flow(std::string_view json) : flow(parse(json, std::nothrow).value()) {}
  flow(std::string_view json, const profile& profile)
      : flow(parse(json, profile, std::nothrow).value()) {}
  static result<flow> parse(std::string_view json, const std::nothrow_t&) noexcept {
    return detail::tried<flow, flowseal_flow_from_json>(json.data(), json.size());
  }
  static result<flow> parse(std::string_view json, const profile& profile,
                            const std::nothrow_t&) noexcept {
    return detail::tried<flow, flowseal_flow_from_json_with>(json.data(), json.size(),
                                                             profile.handle());
  }

  // Verifies it; the error of a refusal has the report.
  [[nodiscard]] verified_flow verify(const verifier& verifier, const expectations& expectations,
                                     time_point now) const {
    return verify(verifier, expectations, now, std::nothrow).value();
  }
  result<verified_flow> verify(const verifier& verifier, const expectations& expectations,
                               time_point now, const std::nothrow_t&) const noexcept {
    flowseal_verified_flow verified{};
    flowseal_error details{};
    const auto status = flowseal_flow_verify(handle(), verifier.handle(), expectations.handle(),
                                             detail::seconds(now), &verified, nullptr, &details);
    detail::error_handle error(details);
    if (status != FLOWSEAL_STATUS_OK) return {status, std::move(error)};
    return verified_flow(verified);
  }
  // The same over bytes that the caller has.
  [[nodiscard]] verified_flow verify(const verifier& verifier, const expectations& expectations,
                                     const detached_statement& statement, time_point now) const {
    return verify(verifier, expectations, statement, now, std::nothrow).value();
  }
  result<verified_flow> verify(const verifier& verifier, const expectations& expectations,
                               const detached_statement& statement, time_point now,
                               const std::nothrow_t&) const {
    const auto covers = detail::slices(statement.covers);
    flowseal_verified_flow verified{};
    flowseal_error details{};
    const auto status = flowseal_flow_verify_detached(
        handle(), verifier.handle(), expectations.handle(), statement.bytes.data(),
        statement.bytes.size(), covers.data(), covers.size(), detail::seconds(now), &verified,
        nullptr, &details);
    detail::error_handle error(details);
    if (status != FLOWSEAL_STATUS_OK) return {status, std::move(error)};
    return verified_flow(verified);
  }

  // Opens it without looking at its signature: whoever knows the app's public key can have made
  // its claims. The error of a refusal has the report.
  [[nodiscard]] opened_claims open_unverified(const key_ring& ring,
                                              const expectations& expectations, time_point now,
      const open_options& options = {}) const {
    return open_unverified(ring, expectations, now, options, std::nothrow).value();
  }
  result<opened_claims> open_unverified(const key_ring& ring, const expectations& expectations,
                                        time_point now, const open_options& options,
      const std::nothrow_t&) const noexcept {
    flowseal_opened_claims opened{};
    flowseal_error details{};
    const auto status = flowseal_flow_open_unverified(handle(), ring.handle(),
                                                      expectations.handle(), detail::seconds(now),
                                                      options.handle(), &opened, nullptr, &details);
    detail::error_handle error(details);
    if (status != FLOWSEAL_STATUS_OK) return {status, std::move(error)};
    return opened_claims(opened);
  }

  // How far it has come, as it shows from outside.
  flowseal_state state() const {
    return detail::value_of<flowseal_flow_state, flowseal_state>(handle());
  }
  // Any member by its name, as JSON. Nobody has looked at the signature.
  std::optional<std::string> member(std::string_view name) const {
    return detail::text_if_any<flowseal_flow_member>(handle(), name.data(), name.size());
  }
  // From outside as JSON, without claims and people.
  std::string inspect() const { return detail::text_of<flowseal_flow_inspect>(handle()); }
};

inline flow verified_flow::unauthenticated() const {
  return detail::owner_of<flow, flowseal_verified_flow_unauthenticated>(handle());
}

namespace detail {

// Where a batch writes handles: those that nobody takes are freed.
template <class Owner>
class places {
 public:
  using handle = handle_of<Owner>;

  explicit places(std::size_t count) : handles_(count) {}
  places(const places&) = delete;
  places& operator=(const places&) = delete;
  ~places() {
    for (const auto each : handles_) Owner{each};
  }

  handle* data() noexcept { return handles_.data(); }
  Owner take(std::size_t index) noexcept {
    return Owner(std::exchange(handles_[index], handle{}));
  }

 private:
  std::vector<handle> handles_;
};

template <class Owner>
auto handles(const std::vector<Owner>& owners) {
  std::vector<handle_of<Owner>> list;
  list.reserve(owners.size());
  for (const auto& owner : owners) list.push_back(owner.handle());
  return list;
}

// The handles of a batch's flows, and of what is expected of each.
struct expected_flows {
  expected_flows(const std::vector<flow>& given, const std::vector<flowseal::expectations>& each)
      : flows(handles(given)), expectations(handles(each)) {}
  expected_flows(const std::vector<flow>& given, const flowseal::expectations& all)
      : flows(handles(given)), expectations(flows.size(), all.handle()) {}

  std::vector<flowseal_flow> flows;
  std::vector<flowseal_expectations> expectations;
};

// A batch: places for all that comes of it, taken before anything is computed.
template <class T>
struct batch {
  explicit batch(std::size_t count)
      : statuses(count, FLOWSEAL_STATUS_OK), values(count), errors(count) {
    results.reserve(count);
  }

  // One result a flow; where the call itself refused, all say so.
  std::vector<result<T>> each(flowseal_status status) noexcept {
    for (std::size_t index = 0; index < statuses.size(); ++index) {
      const auto own = status != FLOWSEAL_STATUS_OK ? status : statuses[index];
      if (own == FLOWSEAL_STATUS_OK) {
        results.emplace_back(values.take(index));
      } else {
        results.emplace_back(own, errors.take(index));
      }
    }
    return std::move(results);
  }

  std::vector<flowseal_status> statuses;
  places<T> values;
  places<error_handle> errors;
  std::vector<result<T>> results;
};

// What a call makes of a batch: one result a flow. Throws where the call itself is refused.
template <class T, class Call>
std::vector<result<T>> each_of(std::size_t count, Call call) {
  batch<T> places(count);
  flowseal_error details{};
  const auto status = call(places, &details);
  const error_handle error(details);
  if (status != FLOWSEAL_STATUS_OK) refuse(status, error);
  return places.each(status);
}
template <class T, class Call>
std::vector<result<T>> each_of(std::size_t count, Call call, const std::nothrow_t&) noexcept {
#if FLOWSEAL_EXCEPTIONS
  try {
#endif
    batch<T> places(count);
    return places.each(call(places, nullptr));
#if FLOWSEAL_EXCEPTIONS
  } catch (const std::exception&) {
    return {};
  }
#endif
}

template <class Expected>
auto verifying(const std::vector<flow>& flows, const Expected& expected, const verifier& verifier,
               time_point now) noexcept {
  return [&, now](batch<verified_flow>& places, flowseal_error* details) -> flowseal_status {
    const expected_flows given(flows, expected);
    if (given.flows.size() != given.expectations.size()) return FLOWSEAL_STATUS_USAGE;
    return flowseal_verify_many(given.flows.data(), given.expectations.data(), given.flows.size(),
                                verifier.handle(), seconds(now), places.statuses.data(),
                                places.values.data(), nullptr, places.errors.data(), details);
  };
}

inline auto opening_all(const std::vector<verified_flow>& flows, const key_ring& ring,
                        const open_options& options) noexcept {
  return [&](batch<opened_claims>& places, flowseal_error* details) {
    const auto given = handles(flows);
    return flowseal_open_many(given.data(), given.size(), ring.handle(), options.handle(),
                              places.statuses.data(), places.values.data(), places.errors.data(),
                              details);
  };
}

inline auto opening_all(const std::vector<flow>& flows, const key_ring& ring,
                        const expectations& expectations, time_point now,
                        const open_options& options) noexcept {
  return [&, now](batch<opened_claims>& places, flowseal_error* details) {
    const auto given = handles(flows);
    return flowseal_open_many_unverified(
        given.data(), given.size(), ring.handle(), expectations.handle(), seconds(now),
        options.handle(), places.statuses.data(), places.values.data(), nullptr,
        places.errors.data(), details);
  };
}

}  // namespace detail

// Verifies many flows at once, on as many threads as the verifier says: one result a flow, in
// order. What is expected stands once for all flows, or once for each. Throws where the call itself
// is refused.
template <class Expected>
[[nodiscard]] std::vector<result<verified_flow>> verify_many(const std::vector<flow>& flows,
                                                             const Expected& expected,
                                                             const verifier& verifier,
                                                             time_point now) {
  return detail::each_of<verified_flow>(flows.size(),
                                        detail::verifying(flows, expected, verifier, now));
}
// Where the call itself is refused, each result says so; where there is no memory, there are no
// results.
template <class Expected>
[[nodiscard]] std::vector<result<verified_flow>> verify_many(
    const std::vector<flow>& flows, const Expected& expected, const verifier& verifier,
    time_point now, const std::nothrow_t&) noexcept {
  return detail::each_of<verified_flow>(
      flows.size(), detail::verifying(flows, expected, verifier, now), std::nothrow);
}

// Opens many flows at once; the rest is as it is for verify_many.
[[nodiscard]] inline std::vector<result<opened_claims>> open_many(
    const std::vector<verified_flow>& flows, const key_ring& ring,
    const open_options& options = {}) {
  return detail::each_of<opened_claims>(flows.size(), detail::opening_all(flows, ring, options));
}
[[nodiscard]] inline std::vector<result<opened_claims>> open_many(
    const std::vector<verified_flow>& flows, const key_ring& ring, const open_options& options,
    const std::nothrow_t&) noexcept {
  return detail::each_of<opened_claims>(flows.size(), detail::opening_all(flows, ring, options),
                                        std::nothrow);
}

// The same of flows whose e-signatures nobody has looked at, as flow::open_unverified() has it:
// right for an archive, and not for what strangers send.
[[nodiscard]] inline std::vector<result<opened_claims>> open_many_unverified(
    const std::vector<flow>& flows, const key_ring& ring, const expectations& expectations,
    time_point now, const open_options& options = {}) {
  return detail::each_of<opened_claims>(
      flows.size(), detail::opening_all(flows, ring, expectations, now, options));
}
[[nodiscard]] inline std::vector<result<opened_claims>> open_many_unverified(
    const std::vector<flow>& flows, const key_ring& ring, const expectations& expectations,
    time_point now, const open_options& options, const std::nothrow_t&) noexcept {
  return detail::each_of<opened_claims>(
      flows.size(), detail::opening_all(flows, ring, expectations, now, options), std::nothrow);
}

// Keys whose private half is elsewhere: in a token, or with a service.

// One raw operation that somebody else is to compute: the ciphertext to the power of the private
// exponent, as a big-endian number of as many bytes.
struct raw_operation {
  std::uint64_t id;
  std::string fingerprint;
  std::string ciphertext;
};

// Who computes. It is called from whichever threads open flows, at the same time where there are
// several.
class key_holder {
 public:
  virtual ~key_holder() = default;
  // The result of each operation, in their order. All of them are under one key. What this throws,
  // and results of another number or length, refuse the flows with FLOWSEAL_STATUS_KEY_UNAVAILABLE.
  virtual std::vector<std::string> raw_private(const std::vector<raw_operation>& operations) = 0;
};

// How to make a key whose private half is elsewhere. Without a holder it opens in the resumable
// form only.
class remote_key_options
    : public detail::owned<flowseal_remote_key_options, flowseal_remote_key_options_free> {
 public:
  remote_key_options()
      : owned(detail::value_of<flowseal_remote_key_options_new, flowseal_remote_key_options>()) {}

  // Lives for as long as a key has it. One that is nobody is FLOWSEAL_STATUS_POINTER.
  remote_key_options& set_holder(std::shared_ptr<key_holder> holder) & {
    const auto called = holder ? compute : nullptr;
    auto context = std::make_unique<std::shared_ptr<key_holder>>(std::move(holder));
    detail::check(
        flowseal_remote_key_options_set_holder(handle(), called, context.get(), release));
    context.release();
    return *this;
  }
  remote_key_options set_holder(std::shared_ptr<key_holder> holder) && {
    return std::move(set_holder(std::move(holder)));
  }
  // Sends ciphertexts as they are: right only for a module in the same process or machine.
  remote_key_options& set_unblinded() & {
    detail::check(flowseal_remote_key_options_set_unblinded(handle()));
    return *this;
  }
  remote_key_options set_unblinded() && { return std::move(set_unblinded()); }
  remote_key_options& set_kid(std::string_view kid) & {
    detail::check(flowseal_remote_key_options_set_kid(handle(), kid.data(), kid.size()));
    return *this;
  }
  remote_key_options set_kid(std::string_view kid) && { return std::move(set_kid(kid)); }
  remote_key_options& set_padding(flowseal_padding padding) & {
    const auto number = static_cast<std::uint32_t>(padding);
    detail::check(flowseal_remote_key_options_set_padding(handle(), number));
    return *this;
  }
  remote_key_options set_padding(flowseal_padding padding) && {
    return std::move(set_padding(padding));
  }
  remote_key_options& set_profile(const profile& profile) & {
    detail::check(flowseal_remote_key_options_set_profile(handle(), profile.handle()));
    return *this;
  }
  remote_key_options set_profile(const profile& profile) && {
    return std::move(set_profile(profile));
  }

 private:
  // No exception passes through the library.
  static std::int32_t compute(void* context, const flowseal_raw_operation* operations,
                              std::size_t count, std::uint8_t* results) noexcept {
#if FLOWSEAL_EXCEPTIONS
    try {
#endif
      std::vector<raw_operation> asked;
      for (const auto* each = operations; each != operations + count; ++each) {
        const auto* bytes = reinterpret_cast<const char*>(each->ciphertext);
        asked.push_back({each->id, each->fingerprint, std::string(bytes, each->ciphertext_len)});
      }
      const auto answers =
          (*static_cast<std::shared_ptr<key_holder>*>(context))->raw_private(asked);
      if (answers.size() != count) return 1;
      for (std::size_t index = 0; index < count; ++index) {
        if (answers[index].size() != operations[index].ciphertext_len) return 1;
        results = std::copy(answers[index].begin(), answers[index].end(), results);
      }
      return 0;
#if FLOWSEAL_EXCEPTIONS
    } catch (...) {
      return 1;
    }
#endif
  }

  static void release(void* context) noexcept {
    delete static_cast<std::shared_ptr<key_holder>*>(context);
  }
};

// The key whose public half is in this PEM or DER file.
inline decrypting_key remote_key(std::string_view file, const remote_key_options& options = {}) {
  return detail::tried<decrypting_key, flowseal_decrypting_key_remote>(file.data(), file.size(),
                                                                       options.handle())
      .value();
}
// The same of the numbers of its public half, big-endian.
inline decrypting_key remote_key(std::string_view modulus, std::string_view exponent,
                                 const remote_key_options& options) {
  return detail::tried<decrypting_key, flowseal_decrypting_key_remote_from_numbers>(
             modulus.data(), modulus.size(), exponent.data(), exponent.size(), options.handle())
      .value();
}

#if defined(FLOWSEAL_PKCS11)
// How to get to a token: what is empty or zero is not given.
struct token_access {
  std::string_view module;
  std::string_view initialisation;
  std::string_view pin;
  std::uint64_t patience_ms = 0;
};
// The private key of a token that a `pkcs11:` URI means.
inline decrypting_key token_key(std::string_view uri, const token_access& token,
                                const remote_key_options& options = {}) {
  return detail::tried<decrypting_key, flowseal_decrypting_key_from_token>(
             uri.data(), uri.size(), token.module.data(), token.module.size(),
             token.initialisation.data(), token.initialisation.size(), token.pin.data(),
             token.pin.size(), token.patience_ms, options.handle())
      .value();
}
#endif

namespace detail {

// What all openings have that go on when results come.
class resumable : public owned<flowseal_opening, flowseal_opening_free> {
 public:
  using owned::owned;

  // All operations, answered or not: always the same ones, in the same order.
  std::vector<raw_operation> operations() const {
    const auto count = value_of<flowseal_opening_operation_count, std::size_t>(handle());
    std::vector<raw_operation> operations;
    operations.reserve(count);
    for (std::size_t index = 0; index < count; ++index) {
      operations.push_back(
          {value_of<flowseal_opening_operation_id, std::uint64_t>(handle(), index),
           text_of<flowseal_opening_operation_fingerprint>(handle(), index),
           text_of<flowseal_opening_operation_ciphertext, std::uint8_t>(handle(), index)});
    }
    return operations;
  }
  // How many operations have no result yet.
  std::size_t missing() const {
    return value_of<flowseal_opening_missing_count, std::size_t>(handle());
  }
  // Takes a result, in any order.
  void supply(std::uint64_t id, std::string_view result) {
    done<flowseal_opening_supply>(handle(), id, result.data(), result.size());
  }
};

}  // namespace detail

// An opening of one flow that goes on when the results of raw operations come. It owns what it
// needs, and is wiped with this object.
class opening : public detail::resumable {
 public:
  using resumable::resumable;

  // Throws usage while results are missing, by which nothing is lost.
  [[nodiscard]] opened_claims finish() { return finish(std::nothrow).value(); }
  result<opened_claims> finish(const std::nothrow_t&) noexcept {
    return detail::tried<opened_claims, flowseal_opening_finish>(handle());
  }
};

// The same of what is opened in part.
class partial_opening : public detail::resumable {
 public:
  using resumable::resumable;

  [[nodiscard]] partial_claims finish() {
    flowseal_opened_claims opened{};
    flowseal_failures failed{};
    flowseal_error details{};
    const auto status = flowseal_opening_finish_partial(handle(), &opened, &failed, &details);
    const detail::error_handle error(details);
    if (status != FLOWSEAL_STATUS_OK) detail::refuse(status, error);
    return partial_claims{opened_claims(opened), failures(failed)};
  }
};

// The same of many flows: all their operations are one list.
class opening_many : public detail::resumable {
 public:
  opening_many(flowseal_opening handle, std::size_t count) noexcept
      : resumable(handle), count_(count) {}

  // One result a flow, in order.
  [[nodiscard]] std::vector<result<opened_claims>> finish() {
    return detail::each_of<opened_claims>(count_, [&](auto& places, auto* details) {
      return flowseal_opening_finish_many(handle(), count_, places.statuses.data(),
                                          places.values.data(), places.errors.data(), details);
    });
  }

 private:
  std::size_t count_;
};

// Begins to open, with keys whose private halves may be elsewhere.
[[nodiscard]] inline opening begin_opening(const verified_flow& flow, const key_ring& ring,
                                           const open_options& options = {}) {
  return detail::tried<opening, flowseal_verified_flow_begin_opening>(
             flow.handle(), ring.handle(), options.handle())
      .value();
}
[[nodiscard]] inline partial_opening begin_opening_partial(const verified_flow& flow,
                                                           const key_ring& ring,
                                                           const open_options& options = {}) {
  return detail::tried<partial_opening, flowseal_verified_flow_begin_opening_partial>(
             flow.handle(), ring.handle(), options.handle())
      .value();
}
// Of a flow whose e-signature nobody has looked at.
[[nodiscard]] inline opening begin_opening_unverified(const flow& flow, const key_ring& ring,
                                                      const expectations& expectations,
                                                      time_point now,
                                                      const open_options& options = {}) {
  return detail::tried<opening, flowseal_flow_begin_opening_unverified>(
             flow.handle(), ring.handle(), expectations.handle(), detail::seconds(now),
             options.handle())
      .value();
}
[[nodiscard]] inline opening_many begin_opening_many(const std::vector<verified_flow>& flows,
                                                     const key_ring& ring,
                                                     const open_options& options = {}) {
  const auto given = detail::handles(flows);
  return opening_many(
      detail::made<flowseal_begin_opening_many, flowseal_opening>(
          given.data(), given.size(), ring.handle(), options.handle()),
      given.size());
}
// Of many flows whose e-signatures nobody has looked at.
[[nodiscard]] inline opening_many begin_opening_many_unverified(
    const std::vector<flow>& flows, const key_ring& ring, const expectations& expectations,
    time_point now, const open_options& options = {}) {
  const auto given = detail::handles(flows);
  return opening_many(
      detail::made<flowseal_begin_opening_many_unverified, flowseal_opening>(
          given.data(), given.size(), ring.handle(), expectations.handle(), detail::seconds(now),
          options.handle()),
      given.size());
}

// Requests to the API, and what comes back. Nothing here has a socket: the caller's HTTP client
// sends and receives.

namespace detail {

inline std::uint64_t milliseconds(std::chrono::milliseconds time) noexcept {
  return time.count() < 0 ? 0 : static_cast<std::uint64_t>(time.count());
}

inline std::uint64_t milliseconds(time_point time) noexcept {
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
    const auto found = detail::value_if_any<flowseal_api_error_retry_after_seconds,
        std::uint64_t>(handle());
    if (!found) return std::nullopt;
    return detail::seconds(*found);
  }
  // How long to wait after so many failures in a row; half of it is random.
  std::chrono::milliseconds back_off(std::uint32_t failures, std::uint32_t jitter) const {
    return detail::duration(detail::value_of<flowseal_api_error_back_off_ms,
                            std::uint64_t>(handle(), failures, jitter));
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
  api_refusal(std::shared_ptr<const detail::content> content, flowseal::api_error answer)
      : error(std::move(content)),
        answer_(std::make_shared<const flowseal::api_error>(std::move(answer))) {}

  // What the API said.
  const flowseal::api_error& api_error() const noexcept { return *answer_; }

 private:
  // Exceptions are copied, handles are not.
  std::shared_ptr<const flowseal::api_error> answer_;
};

namespace detail {

[[noreturn]] inline void refuse(flowseal_status status, const error_handle& details) {
  auto told = content_of(status, details);
  flowseal_api_error found{};
  if (flowseal_error_api_error(details.handle(), &found) != FLOWSEAL_STATUS_OK) {
    raise(std::move(told));
  }
  api_error answer(found);
  raise(api_refusal(std::move(told), std::move(answer)));
}

}  // namespace detail

class device;
class signer;
class start;
class webhook_target;

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
             const service_account& account)
      : owned(detail::made<flowseal_api_config_from_service_account, flowseal_api_config>(
            version, environment, account.handle())) {}

  // The organisation, bcn_…, and the app, app_…, that v1's authorize names.
  api_config& set_ids(std::string_view organisation, std::string_view app) & {
    detail::check(flowseal_api_config_set_ids(handle(), organisation.data(), organisation.size(),
                                              app.data(), app.size()));
    return *this;
  }
  api_config set_ids(std::string_view organisation, std::string_view app) && {
    return std::move(set_ids(organisation, app));
  }
  // https://host[:port]; without TLS a loopback address only.
  api_config& set_base_url(std::string_view url) & {
    detail::done<flowseal_api_config_set_base_url>(handle(), url.data(), url.size());
    return *this;
  }
  api_config set_base_url(std::string_view url) && {
    return std::move(set_base_url(url));
  }
  // Which credentials v1's long polling carries; the app secret unless given.
  api_config& set_polling_credentials(flowseal_polling_credentials credentials) & {
    detail::check(flowseal_api_config_set_polling_credentials(handle(), credentials));
    return *this;
  }
  api_config set_polling_credentials(flowseal_polling_credentials credentials) && {
    return std::move(set_polling_credentials(credentials));
  }

  flowseal_api_version version() const {
    return detail::value_of<flowseal_api_config_version, flowseal_api_version>(handle());
  }
  flowseal_environment environment() const {
    return detail::value_of<flowseal_api_config_environment, flowseal_environment>(handle());
  }
  // What is unusual and may still be right, for the log of a start-up. It never holds a secret.
  std::vector<std::string> warnings() const {
    return detail::list_of<flowseal_api_config_warning_count, flowseal_api_config_warning>(
        handle());
  }

  // Asks a person who they are. The claims are keys of the catalogue, such as naming.given: any
  // range of texts. The payload is what the person reads before they approve: what it is about, and
  // where, so that they can tell it from what somebody else has started.
  template <class Claims = std::initializer_list<std::string_view>>
  start identify(flowseal_purpose purpose, const Claims& claims, std::string_view payload,
                 const device& device) const;
  // Asks a person to sign. When they have, the API says so to the webhook.
  start sign(const signer& signer, std::string_view payload, const webhook_target& webhook) const;
  // Asks a person to confirm something; v1 wants a webhook always.
  start confirm(const signer& signer, std::string_view payload) const;
  start confirm(const signer& signer, std::string_view payload,
                const webhook_target& webhook) const;
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
  // When it expires; nothing where it does not say so.
  std::optional<time_point> expires_at() const {
    return detail::moment_if_any<flowseal_session_token_expires_at_unix_seconds>(handle());
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
    return of<flowseal_request_ping>(config, flow, nullptr);
  }
  static request ping(const api_config& config, std::string_view flow,
                      const session_token& token) {
    const auto handle = token.handle();
    return of<flowseal_request_ping>(config, flow, &handle);
  }
  // Asks how a flow is, to be answered when it has changed (v1).
  static request polling(const api_config& config, std::string_view flow) {
    return of<flowseal_request_polling>(config, flow, nullptr);
  }
  static request polling(const api_config& config, std::string_view flow,
                         const session_token& token) {
    const auto handle = token.handle();
    return of<flowseal_request_polling>(config, flow, &handle);
  }
  // Asks for a stream of events (v2).
  static request sse(const api_config& config, std::string_view flow) {
    return of<flowseal_request_sse>(config, flow);
  }
  // Voids a flow: v2, and with a session token v1.
  static request cancel(const api_config& config, std::string_view flow) {
    return of<flowseal_request_cancel>(config, flow, nullptr);
  }
  static request cancel(const api_config& config, std::string_view flow,
                        const session_token& token) {
    const auto handle = token.handle();
    return of<flowseal_request_cancel>(config, flow, &handle);
  }

  // Asks whether the API is there: without any credential.
  static request health_check(const api_config& config) {
    return detail::owner_of<request, flowseal_request_health_check>(config.handle());
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
  // The address that has answered, as the client says; without it no flow is received.
  std::string url{};
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

// A response as the C functions take it, with the request that it answers, where one is known.
struct told_response : owned<flowseal_http_response, flowseal_http_response_free> {
  explicit told_response(const http_response& received, const request* sent = nullptr)
      : owned(value_of<flowseal_http_response_new, flowseal_http_response>(
            received.status, received.body.data(), received.body.size())) {
    const header_slices headers(received);
    check(flowseal_http_response_set_headers(handle(), headers.names.data(),
                                             headers.values.data(), headers.names.size()));
    if (sent != nullptr) check(flowseal_http_response_set_answering(handle(), sent->handle()));
    if (!received.url.empty()) {
      check(flowseal_http_response_set_url(handle(), received.url.data(), received.url.size()));
    }
  }
};

}  // namespace detail

// Throws what can be done about it unless this answer to a health check says that the API is there.
inline void check_health(const http_response& received) {
  const detail::told_response told(received);
  detail::done<flowseal_http_response_check_health>(told.handle());
}

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

// A count that several processes behind one address share, usually in their database.
class shared_count {
 public:
  virtual ~shared_count() = default;

  // Counts a request that is about to be sent to this base URL: nothing where it may be, else how
  // long to wait before asking again. It may be called from several threads at once, and must not
  // use the session that waits for it. What it throws is thrown by poll() and urgent(), and nothing
  // is sent.
  virtual std::optional<std::chrono::milliseconds> take(std::string_view base, time_point now) = 0;
};

namespace detail {

// What a count has thrown on this thread, until the call that asked it returns.
inline std::exception_ptr& thrown_by_count() noexcept {
  thread_local std::exception_ptr thrown;
  return thrown;
}

inline std::int32_t counted(void* context, const char* base, std::size_t base_len,
                            std::uint64_t now, std::uint64_t* wait) noexcept {
#if FLOWSEAL_EXCEPTIONS
  try {
#endif
    const auto since_1970 = duration(now);
    const auto moment = time_point(std::chrono::duration_cast<time_point::duration>(since_1970));
    const auto pause = static_cast<shared_count*>(context)->take({base, base_len}, moment);
    // A pause that is none is still no leave.
    const auto told = pause ? milliseconds(*pause) : 0;
    *wait = pause && told == 0 ? 1 : told;
    return 0;
#if FLOWSEAL_EXCEPTIONS
  } catch (...) {
    thrown_by_count() = std::current_exception();
    return 1;
  }
#endif
}

// Runs what may ask a count, and throws what that has thrown.
template <class Call>
auto counting(Call call) {
#if FLOWSEAL_EXCEPTIONS
  // A count may ask another one.
  struct kept {
    ~kept() { thrown_by_count() = before; }
    std::exception_ptr before = std::exchange(thrown_by_count(), nullptr);
  };
  const kept kept;
  try {
    return call();
  } catch (const error&) {
    if (thrown_by_count()) std::rethrow_exception(thrown_by_count());
    throw;
  }
#else
  return call();
#endif
}

}  // namespace detail

// What an address may ask of the API in a minute, shared by the sessions of a process: at most 97
// requests of any kind in any 60 s, by base URL. Sessions with a budget take turns.
class budget : public detail::owned<flowseal_budget, flowseal_budget_free> {
 public:
  budget() : owned(detail::value_of<flowseal_budget_new, flowseal_budget>()) {}

  // How many sessions may share it; 200 unless given.
  budget& set_most_sessions(std::size_t count) & {
    detail::check(flowseal_budget_set_most_sessions(handle(), count));
    return *this;
  }
  budget set_most_sessions(std::size_t count) && { return std::move(set_most_sessions(count)); }
  // Asks a count that other processes share, beside its own. It lives as long as the budget and
  // the sessions that have it.
  budget& set_shared_count(std::shared_ptr<shared_count> count) & {
    if (!count) detail::refuse(FLOWSEAL_STATUS_POINTER);
    detail::check(flowseal_budget_set_shared_count(handle(), detail::counted, count.get()));
    count_ = std::move(count);
    return *this;
  }
  budget set_shared_count(std::shared_ptr<shared_count> count) && {
    return std::move(set_shared_count(std::move(count)));
  }

  // Takes a request that does not wait for a turn: the start of a flow, a cancel, a ping that
  // confirms a webhook. Nothing: send it. Else how long to wait before asking again.
  [[nodiscard]] std::optional<std::chrono::milliseconds> urgent(const api_config& config,
                                                                time_point now) const {
    const auto wait = detail::counting([&] {
      return detail::made<flowseal_budget_urgent, std::uint64_t>(handle(), config.handle(),
                                                                 detail::milliseconds(now));
    });
    if (wait == 0) return std::nullopt;
    return detail::duration(wait);
  }

 private:
  friend class session;

  std::shared_ptr<shared_count> count_;
};

// One flow from its start to its end. Ask poll() what to do, do it, and report what came of it. It
// is deterministic: the time is the caller's, and so is the jitter, any random number.
class session : public detail::owned<flowseal_session, flowseal_session_free> {
 public:
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
  struct ended {
    flowseal::flow flow;
  };
  // Open this as a stream of events, wait for its head for so long, and ask on meanwhile. Said
  // once, and only by a session after set_stream().
  struct stream {
    flowseal::request request;
    std::chrono::milliseconds timeout;
  };
  using action = std::variant<send, wait, progress, ended, stream>;

  using owned::owned;

  // Watches the flow of this identifier, req_….
  session(const api_config& config, std::string_view flow)
      : owned(detail::made<flowseal_session_new, flowseal_session>(config.handle(), flow.data(),
                                                                   flow.size())) {}

  // What is unusual and may still be right: an identifier that does not begin with req_.
  std::vector<std::string> warnings() const {
    return detail::list_of<flowseal_session_warning_count, flowseal_session_warning>(handle());
  }

  // Before the first poll only, as the others after it: the API holds its answers back (v1).
  session& set_long_polling() & { return set<flowseal_session_set_long_polling>(); }
  session set_long_polling() && { return std::move(set_long_polling()); }
  // Listens to v2's stream of events, and pings only to confirm what it tells. An event never ends
  // a session; a stream that breaks off or cannot be understood is given up, and pings take its
  // place.
  session& set_stream() & { return set<flowseal_session_set_stream>(); }
  session set_stream() && { return std::move(set_stream()); }
  // Gives up after this time, counted from the first poll: a day at most.
  session& set_deadline(std::chrono::milliseconds after) & {
    return set<flowseal_session_set_deadline_ms>(detail::milliseconds(after));
  }
  session set_deadline(
      std::chrono::milliseconds after) && { return std::move(set_deadline(after)); }
  // Takes a flow as expired when it is this old; 360 s unless given.
  session& set_lifetime(std::chrono::milliseconds age) & {
    return set<flowseal_session_set_lifetime_ms>(detail::milliseconds(age));
  }
  session set_lifetime(std::chrono::milliseconds age) && { return std::move(set_lifetime(age)); }
  // Reads answers under a profile, which then has to be that of the verifier and the keys too.
  session& set_profile(const profile& profile) & {
    return set<flowseal_session_set_profile>(profile.handle());
  }
  session set_profile(const profile& profile) && { return std::move(set_profile(profile)); }
  // What the flow at the end needs to be believed: a flow that is to be received has to be asked
  // for by name.
  session& set_trust(flowseal_trust trust) & {
    return set<flowseal_session_set_trust>(static_cast<std::uint32_t>(trust));
  }
  session set_trust(flowseal_trust trust) && { return std::move(set_trust(trust)); }
  // Takes turns with the other sessions of an address. It is given last: nothing else can be set
  // after it.
  session& set_budget(const budget& budget) & {
    set<flowseal_session_set_budget>(budget.handle());
    count_ = budget.count_;
    return *this;
  }
  session set_budget(const budget& budget) && { return std::move(set_budget(budget)); }

  // What to do next. A session that has ended without the flow's end throws why: flow_expired where
  // the person has not responded in time, flow_cancelled after cancel(), deadline_passed,
  // connection_lost, or what the API refuses. All of these are flowseal::error.
  action poll(time_point now, std::uint32_t jitter) {
    const auto next = detail::counting([&] {
      return detail::made<flowseal_session_poll, flowseal_action>(
          handle(), detail::milliseconds(now), jitter);
    });
    // Each is zero but where it belongs to the kind.
    flowseal::request request(next.request);
    flowseal::flow flow(next.flow);
    const auto time = detail::duration(next.wait_ms);
    switch (next.kind) {
      case FLOWSEAL_ACTION_KIND_SEND:
        return send{std::move(request), time};
      case FLOWSEAL_ACTION_KIND_WAIT:
        return wait{time};
      case FLOWSEAL_ACTION_KIND_PROGRESS:
        return progress{std::move(flow)};
      case FLOWSEAL_ACTION_KIND_ENDED:
        return ended{std::move(flow)};
      case FLOWSEAL_ACTION_KIND_STREAM:
        return stream{std::move(request), time};
    }
    // A library that is newer than this header: an action that it does not know.
    detail::refuse(FLOWSEAL_STATUS_PANIC);
  }
  // Tells what came back, and of which request: the answer to another than the session waits for is
  // dropped, such as that to a ping which arrives after a cancel.
  void handle_response(const flowseal::request& sent, const http_response& received,
                       time_point now) {
    const detail::told_response told(received, &sent);
    detail::check(flowseal_session_handle_response(handle(), told.handle(),
                                                   detail::milliseconds(now)));
  }
  // Tells what came back of the last request.
  void handle_response(const http_response& received, time_point now) {
    const detail::header_slices headers(received);
    detail::check(flowseal_session_handle(
        handle(), received.status, headers.names.data(), headers.values.data(),
        headers.names.size(), received.body.data(), received.body.size(),
        detail::milliseconds(now)));
  }
  // Whether it listens to a stream. Close the one that it was given as soon as it does not.
  bool listens() const { return detail::value_of<flowseal_session_listens, bool>(handle()); }
  // Tells what has arrived of the stream, however it is cut into chunks. Then poll.
  void heard(std::string_view chunk, time_point now) {
    detail::check(flowseal_session_heard(handle(), chunk.data(), chunk.size(),
                                         detail::milliseconds(now)));
  }
  // Tells that the stream has ended, or that it could not be opened. Pings go on from here.
  void stream_ended(time_point now) {
    detail::check(flowseal_session_stream_ended(handle(), detail::milliseconds(now)));
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
    detail::done<Function>(handle(), in...);
    return *this;
  }

  // That of its budget, which may be gone earlier.
  std::shared_ptr<shared_count> count_;
};

// An event of a stream.
class server_event : public detail::owned<flowseal_server_event, flowseal_server_event_free> {
 public:
  using owned::owned;

  // What it is about: the answer to a ping, each time.
  flowseal::response response() const {
    return flowseal::response(detail::made<flowseal_server_event_response,
                              flowseal_response>(handle()));
  }
  // Its type; empty for the default one.
  std::string name() const { return detail::text_of<flowseal_server_event_name>(handle()); }
  std::string data() const { return detail::text_of<flowseal_server_event_data>(handle()); }
  // The last id of the stream so far, for last-event-id of a new connection.
  std::string id() const { return detail::text_of<flowseal_server_event_id>(handle()); }
};

// Server-sent events (v2), from whatever chunks arrive.
class event_stream : public detail::owned<flowseal_event_stream, flowseal_event_stream_free> {
 public:
  event_stream()
      : owned(detail::value_of<flowseal_event_stream_new, flowseal_event_stream>()) {}
  explicit event_stream(const profile& profile)
      : owned(detail::value_of<flowseal_event_stream_new_with, flowseal_event_stream>(
            profile.handle())) {}

  void push(std::string_view chunk) {
    detail::check(flowseal_event_stream_push(handle(), chunk.data(), chunk.size()));
  }
  // The next event that is complete, if one is. It throws for one that exceeds its bound: the
  // connection should be closed then.
  std::optional<server_event> next() {
    flowseal_server_event found{};
    flowseal_error details{};
    const auto status = flowseal_event_stream_next(handle(), &found, &details);
    const detail::error_handle error(details);
    if (status == FLOWSEAL_STATUS_ABSENT) return std::nullopt;
    if (status != FLOWSEAL_STATUS_OK) detail::refuse(status, error);
    return server_event(found);
  }
};

// What the caller knows of webhooks.
class webhook_store {
 public:
  virtual ~webhook_store() = default;

  // The flow that waits for a webhook of this reference, if one does.
  virtual std::optional<std::string> flow_of(std::string_view reference) = 0;
  // Remembers a key until a moment; false if it is remembered already. Of two calls at the same
  // time with one key, only one may get true.
  virtual bool remember(std::string_view key, time_point until) = 0;
};

// A webhook: a hint that something has happened to a flow, and no more. Anyone can send one.
class webhook : public detail::owned<flowseal_webhook, flowseal_webhook_free> {
 public:
  explicit webhook(std::string_view json)
      : owned(detail::made<flowseal_webhook_from_json, flowseal_webhook>(json.data(),
                                                                         json.size())) {}

  // The ping that confirms it: v2, and with a session token v1. Believe its answer alone.
  request confirm(const api_config& config, webhook_store& store, time_point now) const {
    return confirmed([&](auto... asked) {
      return detail::made<flowseal_webhook_confirm, flowseal_request>(
          handle(), config.handle(), nullptr, asked..., detail::seconds(now));
    }, store);
  }
  request confirm(const api_config& config, const session_token& token, webhook_store& store,
                  time_point now) const {
    const auto authorized = token.handle();
    return confirmed([&](auto... asked) {
      return detail::made<flowseal_webhook_confirm, flowseal_request>(
          handle(), config.handle(), &authorized, asked..., detail::seconds(now));
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
#if FLOWSEAL_EXCEPTIONS
    try {
      request ping(call(flow_of, remember, static_cast<void*>(&context)));
      if (!context.thrown) return ping;
    } catch (const error&) {
      if (!context.thrown) throw;
    }
    std::rethrow_exception(context.thrown);
#else
    return request(call(flow_of, remember, static_cast<void*>(&context)));
#endif
  }

  static bool flow_of(void* context, const char* reference, std::size_t reference_len, char* flow,
                      std::size_t capacity, std::size_t* flow_len) {
    return asked(context, [&](webhook_store& store) {
      const auto found = store.flow_of({reference, reference_len});
      if (!found || found->size() > capacity) return false;
      found->copy(flow, capacity);
      *flow_len = found->size();
      return true;
    });
  }

  static bool remember(void* context, const char* key, std::size_t key_len, std::int64_t until) {
    return asked(context, [&](webhook_store& store) {
      return store.remember({key, key_len}, detail::moment(until));
    });
  }

  template <class Ask>
  static bool asked(void* context, Ask ask) {
    auto& guard = *static_cast<guarded*>(context);
    if (guard.thrown) return false;
#if FLOWSEAL_EXCEPTIONS
    try {
      return ask(guard.store);
    } catch (...) {
      guard.thrown = std::current_exception();
      return false;
    }
#else
    return ask(guard.store);
#endif
  }
};

// From the start of a flow to its end.

// Where a person identifies themselves, and who is expected, where the app knows.
class device : public detail::owned<flowseal_device, flowseal_device_free> {
 public:
  using owned::owned;

  // The device that the browser runs on. Whoever opens the link is asked, and the result is for the
  // browser that the flow is bound to.
  static device same() { return detail::owner_of<device, flowseal_device_same>(); }
  // Another device: that of the person with this number, and of nobody else.
  static device different(std::string_view user) {
    return device(detail::made<flowseal_device_different, flowseal_device>(user.data(),
                                                                           user.size()));
  }
  // Any device that scans one of so many QR codes, 1 to 10.
  static device wildcard(std::uint32_t seeds) {
    return device(detail::made<flowseal_device_wildcard, flowseal_device>(seeds));
  }

  // The person who is asked, where the app says so.
  std::optional<std::string> user() const {
    return detail::text_if_any<flowseal_device_user>(handle());
  }
};

// Who signs, and where. The app says who is asked on the same device too.
class signer : public detail::owned<flowseal_signer, flowseal_signer_free> {
 public:
  using owned::owned;

  static signer same_device(std::string_view nin) {
    return signer(detail::made<flowseal_signer_same_device, flowseal_signer>(nin.data(),
                                                                             nin.size()));
  }
  static signer different_device(std::string_view nin) {
    return signer(detail::made<flowseal_signer_different_device, flowseal_signer>(nin.data(),
                                                                                  nin.size()));
  }
  // Whoever scans one of so many QR codes, 1 to 10 (v2).
  static signer wildcard(std::uint32_t seeds) {
    return signer(detail::made<flowseal_signer_wildcard, flowseal_signer>(seeds));
  }

  // The person who is asked, where the app says so.
  std::optional<std::string> nin() const {
    return detail::text_if_any<flowseal_signer_nin>(handle());
  }
};

// Where the API posts when a flow has changed, and the app's own reference that it posts: text that
// finds the flow again and that nobody can guess.
class webhook_target
    : public detail::owned<flowseal_webhook_target, flowseal_webhook_target_free> {
 public:
  webhook_target(std::string_view host, std::string_view reference)
      : owned(detail::made<flowseal_webhook_target_new, flowseal_webhook_target>(
            host.data(), host.size(), reference.data(), reference.size())) {}

  std::string host() const { return detail::text_of<flowseal_webhook_target_host>(handle()); }
  std::string reference() const {
    return detail::text_of<flowseal_webhook_target_reference>(handle());
  }
};

// What ties a flow to the browser that it was started for: made of a secret of 16 bytes or more
// which that browser alone brings along, such as the random id of its session's cookie.
class binding : public detail::owned<flowseal_binding, flowseal_binding_free> {
 public:
  explicit binding(std::string_view secret)
      : owned(detail::made<flowseal_binding_new, flowseal_binding>(secret.data(), secret.size())) {}
};

// Which pending flows have come to their end: asked after a flow was judged, before its result is
// given. Usually it is the app's database, which all its processes share.
class finish_once {
 public:
  virtual ~finish_once() = default;

  // Marks the flow of this reference as finished, to be remembered until then; false if it is
  // marked already. Of two calls at the same time with one reference, from whichever process, only
  // one may get true. What it throws reaches whoever asks for the end, and nothing is given.
  virtual bool finish(std::string_view reference, time_point until) = 0;
};

// The flows that this process has finished: right where there is only one, and for tests.
class finished_flows final : public finish_once {
 public:
  bool finish(std::string_view reference, time_point until) override {
    return detail::made<flowseal_finish_once_finish, bool>(
        once_.handle(), reference.data(), reference.size(), detail::seconds(until));
  }
  // Forgets what had to be remembered until a moment before this one.
  void forget_before(time_point now) {
    detail::check(
        flowseal_finish_once_forget_before_unix_seconds(once_.handle(), detail::seconds(now)));
  }
  std::size_t size() const {
    return detail::value_of<flowseal_finish_once_count, std::size_t>(once_.handle());
  }

 private:
  detail::owned<flowseal_finish_once, flowseal_finish_once_free> once_{
      detail::value_of<flowseal_finish_once_in_memory, flowseal_finish_once>()};
};

// A flow that is believed because the API itself gave it to the caller's own session: it is the
// caller's word that these bytes answered that request. pending_flow::finish_received() alone makes
// one. There is no evidence of it, and it opens whole or not at all.
class received_flow : public detail::owned<flowseal_received_flow, flowseal_received_flow_free> {
 public:
  using owned::owned;

  [[nodiscard]] opened_claims open(const key_ring& ring) const {
    return open(ring, std::nothrow).value();
  }
  [[nodiscard]] opened_claims open(const key_ring& ring, const open_options& options) const {
    return open(ring, options, std::nothrow).value();
  }
  result<opened_claims> open(const key_ring& ring, const std::nothrow_t&) const noexcept {
    return detail::tried<opened_claims, flowseal_received_flow_open>(handle(), ring.handle());
  }
  result<opened_claims> open(const key_ring& ring, const open_options& options,
                             const std::nothrow_t&) const noexcept {
    return detail::tried<opened_claims, flowseal_received_flow_open_with>(handle(), ring.handle(),
                                                                          options.handle());
  }

  std::string reference() const {
    return detail::text_of<flowseal_received_flow_reference>(handle());
  }
  // The person, as the API says: under no signature that was verified.
  std::string requestee_received() const {
    return detail::text_of<flowseal_received_flow_requestee_received>(handle());
  }
  flowseal_trust trust() const {
    return detail::value_of<flowseal_received_flow_trust, flowseal_trust>(handle());
  }
  // The check received has passed, on the caller's word.
  flowseal::report report() const {
    return detail::owner_of<flowseal::report, flowseal_received_flow_report>(handle());
  }
  // The flow as it was received.
  flow unauthenticated() const {
    return detail::owner_of<flow, flowseal_received_flow_unauthenticated>(handle());
  }
};

// Begins to open a received flow, with keys whose private halves may be elsewhere.
[[nodiscard]] inline opening begin_opening(const received_flow& flow, const key_ring& ring,
                                           const open_options& options = {}) {
  return detail::tried<opening, flowseal_received_flow_begin_opening>(
             flow.handle(), ring.handle(), options.handle())
      .value();
}

// A flow between its start and its end: what was asked, of whom, and for which browser. It is the
// way to an end: what has to be compared then is compared without anyone remembering to.
class pending_flow : public detail::owned<flowseal_pending_flow, flowseal_pending_flow_free> {
 public:
  using owned::owned;

  // The flow of a text that to_json() wrote, for the configuration that started it.
  static pending_flow from_json(std::string_view json, const api_config& config) {
    return pending_flow(detail::made<flowseal_pending_flow_from_json, flowseal_pending_flow>(
        json.data(), json.size(), config.handle()));
  }
  // The flow of a text that was sealed with this key.
  static pending_flow unseal(std::string_view sealed, std::string_view key,
                             const api_config& config) {
    return pending_flow(detail::made<flowseal_pending_flow_unseal, flowseal_pending_flow>(
        sealed.data(), sealed.size(), key.data(), key.size(), config.handle()));
  }

  // To be kept on the server: it is no proof of itself. Give the browser a random id of it.
  std::string to_json() const { return detail::text_of<flowseal_pending_flow_to_json>(handle()); }
  // Where it has to travel: its holder can read it and not change it. The key has 32 random bytes,
  // which are the server's alone.
  std::string seal(std::string_view key) const {
    return detail::text_of<flowseal_pending_flow_seal>(
        handle(), static_cast<const void*>(key.data()), key.size());
  }

  // Accepts claims that were not asked for, too.
  pending_flow& allow_more_claims() & { return set<flowseal_pending_flow_allow_more_claims>(); }
  pending_flow allow_more_claims() && { return std::move(allow_more_claims()); }
  // By how much the signer's clock may differ; not at all unless given.
  pending_flow& set_leeway(std::chrono::seconds by) & {
    return set<flowseal_pending_flow_set_leeway_seconds>(detail::seconds(by));
  }
  pending_flow set_leeway(std::chrono::seconds by) && { return std::move(set_leeway(by)); }
  // How old the signature may be at most at the end.
  pending_flow& set_max_age(std::chrono::seconds age) & {
    return set<flowseal_pending_flow_set_max_age_seconds>(detail::seconds(age));
  }
  pending_flow set_max_age(std::chrono::seconds age) && { return std::move(set_max_age(age)); }
  // The bytes that were signed, for its end. They are not kept with the rest.
  pending_flow& set_detached(const detached_statement& statement) & {
    const auto covers = detail::slices(statement.covers);
    return set<flowseal_pending_flow_set_detached>(statement.bytes.data(), statement.bytes.size(),
                                                   covers.data(), covers.size());
  }
  pending_flow set_detached(const detached_statement& statement) && {
    return std::move(set_detached(statement));
  }

  // The flow's identifier, req_….
  std::string reference() const {
    return detail::text_of<flowseal_pending_flow_reference>(handle());
  }
  // The person who was asked, as it was sent; nothing where whoever comes will do.
  std::optional<std::string> person() const {
    return detail::text_if_any<flowseal_pending_flow_person>(handle());
  }
  // When it expires, by the API's clock, and the last moment at which it can be finished.
  time_point expires() const {
    return detail::moment(
        detail::value_of<flowseal_pending_flow_expires_unix_seconds, std::int64_t>(handle()));
  }
  time_point finish_by() const {
    return detail::moment(
        detail::value_of<flowseal_pending_flow_finish_by_unix_seconds, std::int64_t>(handle()));
  }
  // The reference by which webhooks name it, where one was asked for.
  std::optional<std::string> webhook_reference() const {
    return detail::text_if_any<flowseal_pending_flow_webhook_reference>(handle());
  }
  // The flow's identifier, where a webhook's reference means this flow: for webhook_store.
  std::optional<std::string> flow_of(std::string_view reference) const {
    return detail::text_if_any<flowseal_pending_flow_flow_of>(handle(), reference.data(),
                                                              reference.size());
  }
  // Whether a webhook names this flow. It is a hint to ping, and never proof.
  bool is_meant_by(const webhook& webhook) const {
    return detail::value_of<flowseal_pending_flow_is_meant_by, bool>(handle(), webhook.handle());
  }
  // What the flow has to be at its end. finish() compares it with these itself.
  flowseal::expectations expectations() const {
    return detail::owner_of<flowseal::expectations, flowseal_pending_flow_expectations>(handle());
  }
  // Where the person is while the flow is in this state, for flowseal::words.
  flowseal_situation situation(flowseal_state state) const {
    return detail::value_of<flowseal_pending_flow_situation, flowseal_situation>(
        handle(), static_cast<std::uint32_t>(state));
  }

  // Watches the flow until it ends, with the configuration that started it.
  flowseal::session session(const api_config& config) const {
    return flowseal::session(
        detail::made<flowseal_pending_flow_session, flowseal_session>(handle(), config.handle()));
  }

  // Verifies the flow against all that was asked, and gives its result once. The binding is that of
  // the browser which asks for the end. A refusal finishes nothing.
  [[nodiscard]] verified_flow finish(const flow& flow, const verifier& verifier, finish_once& once,
                                     time_point now) const {
    return signed_end(flow, verifier, once, nullptr, now);
  }
  [[nodiscard]] verified_flow finish(const flow& flow, const verifier& verifier, finish_once& once,
                                     const binding& browser, time_point now) const {
    const auto given = browser.handle();
    return signed_end(flow, verifier, once, &given, now);
  }
  // Without an exception: where finish_once throws one, the status is FLOWSEAL_STATUS_CALLBACK.
  result<verified_flow> finish(const flow& flow, const verifier& verifier, finish_once& once,
                               time_point now, const std::nothrow_t&) const noexcept {
    asking question{once, nullptr};
    return signed_end(flow, verifier, question, nullptr, now);
  }
  result<verified_flow> finish(const flow& flow, const verifier& verifier, finish_once& once,
                               const binding& browser, time_point now,
                               const std::nothrow_t&) const noexcept {
    const auto given = browser.handle();
    asking question{once, nullptr};
    return signed_end(flow, verifier, question, &given, now);
  }

  // Takes a flow that a session on this one received, signed or not, and gives its result once. A
  // signature that is there is verified, where a verifier is at hand, and has to be valid.
  [[nodiscard]] received_flow finish_received(const flow& flow, finish_once& once,
                                              time_point now) const {
    return received_end(flow, nullptr, once, nullptr, now);
  }
  [[nodiscard]] received_flow finish_received(const flow& flow, finish_once& once,
                                              const binding& browser, time_point now) const {
    const auto given = browser.handle();
    return received_end(flow, nullptr, once, &given, now);
  }
  [[nodiscard]] received_flow finish_received(const flow& flow, const verifier& verifier,
                                              finish_once& once, time_point now) const {
    const auto keys = verifier.handle();
    return received_end(flow, &keys, once, nullptr, now);
  }
  [[nodiscard]] received_flow finish_received(const flow& flow, const verifier& verifier,
                                              finish_once& once, const binding& browser,
                                              time_point now) const {
    const auto keys = verifier.handle();
    const auto given = browser.handle();
    return received_end(flow, &keys, once, &given, now);
  }
  // Without an exception, as finish() has it.
  result<received_flow> finish_received(const flow& flow, finish_once& once, time_point now,
                                        const std::nothrow_t&) const noexcept {
    asking question{once, nullptr};
    return received_end(flow, nullptr, question, nullptr, now);
  }
  result<received_flow> finish_received(const flow& flow, finish_once& once, const binding& browser,
                                        time_point now, const std::nothrow_t&) const noexcept {
    const auto given = browser.handle();
    asking question{once, nullptr};
    return received_end(flow, nullptr, question, &given, now);
  }
  result<received_flow> finish_received(const flow& flow, const verifier& verifier,
                                        finish_once& once, time_point now,
                                        const std::nothrow_t&) const noexcept {
    const auto keys = verifier.handle();
    asking question{once, nullptr};
    return received_end(flow, &keys, question, nullptr, now);
  }
  result<received_flow> finish_received(const flow& flow, const verifier& verifier,
                                        finish_once& once, const binding& browser, time_point now,
                                        const std::nothrow_t&) const noexcept {
    const auto keys = verifier.handle();
    const auto given = browser.handle();
    asking question{once, nullptr};
    return received_end(flow, &keys, question, &given, now);
  }

 private:
  // What is asked at an end, and what it has thrown: no exception passes through the library.
  struct asking {
    finish_once& once;
    std::exception_ptr thrown;
  };

  static std::int32_t ask(void* context, const char* reference, std::size_t reference_len,
                          std::int64_t until, bool* first) noexcept {
    auto& question = *static_cast<asking*>(context);
#if FLOWSEAL_EXCEPTIONS
    try {
#endif
      *first = question.once.finish({reference, reference_len}, detail::moment(until));
      return 0;
#if FLOWSEAL_EXCEPTIONS
    } catch (...) {
      question.thrown = std::current_exception();
      return 1;
    }
#endif
  }

  // An end, which asks through a function of C's.
  template <class Owner, class Call>
  static result<Owner> end(asking& question, Call call) noexcept {
    flowseal_finish_once once{};
    const auto made = flowseal_finish_once_calling(ask, &question, &once);
    if (made != FLOWSEAL_STATUS_OK) return made;
    const detail::owned<flowseal_finish_once, flowseal_finish_once_free> freed(once);
    detail::handle_of<Owner> given{};
    flowseal_error details{};
    const auto status = call(once, &given, &details);
    detail::error_handle error(details);
    if (status != FLOWSEAL_STATUS_OK) return {status, std::move(error)};
    return Owner(given);
  }

  // Throws what was thrown, which comes first.
  template <class Owner>
  static Owner told(result<Owner> given, const asking& question) {
#if FLOWSEAL_EXCEPTIONS
    if (question.thrown) std::rethrow_exception(question.thrown);
#else
    static_cast<void>(question);
#endif
    return std::move(given).value();
  }

  result<verified_flow> signed_end(const flow& flow, const verifier& verifier, asking& question,
                                   const flowseal_binding* browser,
                                   time_point now) const noexcept {
    return end<verified_flow>(question, [&](auto once, auto* verified, auto* details) {
      return flowseal_pending_flow_finish(handle(), flow.handle(), verifier.handle(), once, browser,
                                          detail::seconds(now), verified, nullptr, details);
    });
  }
  verified_flow signed_end(const flow& flow, const verifier& verifier, finish_once& once,
                           const flowseal_binding* browser, time_point now) const {
    asking question{once, nullptr};
    auto given = signed_end(flow, verifier, question, browser, now);
    return told(std::move(given), question);
  }

  result<received_flow> received_end(const flow& flow, const flowseal_verifier* verifier,
                                     asking& question, const flowseal_binding* browser,
                                     time_point now) const noexcept {
    return end<received_flow>(question, [&](auto once, auto* received, auto* details) {
      return flowseal_pending_flow_finish_received(handle(), flow.handle(), verifier, once, browser,
                                                   detail::seconds(now), received, nullptr,
                                                   details);
    });
  }
  received_flow received_end(const flow& flow, const flowseal_verifier* verifier,
                             finish_once& once, const flowseal_binding* browser,
                             time_point now) const {
    asking question{once, nullptr};
    auto given = received_end(flow, verifier, question, browser, now);
    return told(std::move(given), question);
  }

  template <auto Function, class... In>
  pending_flow& set(In... in) {
    detail::check(Function(handle(), in...));
    return *this;
  }
};

// A flow that the API has started: its identifier, and what brings a person to it. Whoever has a
// link or a seed has the flow.
class created : public detail::owned<flowseal_created, flowseal_created_free> {
 public:
  using owned::owned;

  // How long one QR code is shown.
  static constexpr std::chrono::milliseconds seed_shown{FLOWSEAL_SEED_SHOWN_MS};

  // The flow's identifier, req_….
  std::string flow() const { return detail::text_of<flowseal_created_flow>(handle()); }
  // The https URL to be opened on the device, where the person is asked on the same one: for the
  // browser that the flow is bound to, and for nothing else.
  std::optional<std::string> link() const {
    return detail::text_if_any<flowseal_created_link>(handle());
  }
  // The texts of the QR codes, where any device may scan one.
  std::vector<std::string> seeds() const {
    return detail::list_of<flowseal_created_seed_count, flowseal_created_seed>(handle());
  }
  // The one to be shown so long after the first, for a chance that stays the same for the flow.
  std::optional<std::string> seed_at(std::chrono::milliseconds since_shown,
                                     std::uint32_t chance) const {
    return detail::text_if_any<flowseal_created_seed_at>(
        handle(), detail::milliseconds(since_shown), chance);
  }
  // The token that some of these answers have, a secret whose purpose is documented nowhere.
  std::optional<session_token> token() const {
    const auto found =
        detail::value_if_any<flowseal_created_token, flowseal_session_token>(handle());
    if (!found) return std::nullopt;
    return session_token(*found);
  }
  time_point expires() const {
    return detail::moment(
        detail::value_of<flowseal_created_expires_unix_seconds, std::int64_t>(handle()));
  }
  // What the flow costs, as a number of JSON.
  std::optional<std::string> cost() const {
    return detail::text_if_any<flowseal_created_cost>(handle());
  }
  // The request as the API keeps it, as JSON: to be shown and not to be believed.
  std::string request() const { return detail::text_of<flowseal_created_request>(handle()); }

  // The flow as it is pending from now on. On the same device there has to be a binding: any other
  // browser could fetch the result.
  pending_flow pending() const {
    return pending_flow(
        detail::made<flowseal_created_pending, flowseal_pending_flow>(handle(), nullptr));
  }
  pending_flow pending(const binding& browser) const {
    const auto given = browser.handle();
    return pending_flow(
        detail::made<flowseal_created_pending, flowseal_pending_flow>(handle(), &given));
  }
};

// A flow that is to be started: the request to be sent, and what it asks. An api_config makes it.
class start : public detail::owned<flowseal_start, flowseal_start_free> {
 public:
  using owned::owned;

  // What to send: give up after 10 s.
  flowseal::request request() const {
    return detail::owner_of<flowseal::request, flowseal_start_request>(handle());
  }
  // What is unusual and may still be right: a claim that the catalogue does not have.
  std::vector<std::string> warnings() const {
    return detail::list_of<flowseal_start_warning_count, flowseal_start_warning>(handle());
  }
  // Reads the answer.
  created read(const http_response& received) const {
    const detail::told_response told(received);
    return created(
        detail::made<flowseal_start_read, flowseal_created>(handle(), told.handle()));
  }
};

template <class Claims>
start api_config::identify(flowseal_purpose purpose, const Claims& claims,
                           std::string_view payload, const device& device) const {
  const auto list = detail::slices(claims);
  return start(detail::made<flowseal_api_config_identify, flowseal_start>(
      handle(), static_cast<std::uint32_t>(purpose), list.data(), list.size(), payload.data(),
      payload.size(), device.handle()));
}
inline start api_config::sign(const signer& signer, std::string_view payload,
                              const webhook_target& webhook) const {
  return start(detail::made<flowseal_api_config_sign, flowseal_start>(
      handle(), signer.handle(), payload.data(), payload.size(), webhook.handle()));
}
inline start api_config::confirm(const signer& signer, std::string_view payload) const {
  return start(detail::made<flowseal_api_config_confirm, flowseal_start>(
      handle(), signer.handle(), payload.data(), payload.size(), nullptr));
}
inline start api_config::confirm(const signer& signer, std::string_view payload,
                                 const webhook_target& webhook) const {
  const auto given = webhook.handle();
  return start(detail::made<flowseal_api_config_confirm, flowseal_start>(
      handle(), signer.handle(), payload.data(), payload.size(), &given));
}

// A maker of events for an audit log: one line of JSON for each thing that happens to a flow, from
// its start to the opening of its claims. No event holds a claim, a credential, a token or a link,
// and the person is in it under the caller's key, or not at all. Each is made of what came of
// the thing, or of the error in its place; what is misuse or a callback's failure happened to a
// call and not to a flow, and is misuse here, too. It keeps nothing but that key, and writes
// nothing.
class audit : public detail::owned<flowseal_audit, flowseal_audit_free> {
 public:
  // How long a thing took by the caller's clock, where that was measured.
  using length = std::optional<std::chrono::milliseconds>;

  // One whose events name no person.
  audit() : owned(detail::value_of<flowseal_audit_new, flowseal_audit>()) {}
  // One whose events have people as an HMAC of their number under this key: 32 random bytes or
  // more, which are used for nothing else.
  explicit audit(std::string_view person_key)
      : owned(detail::made<flowseal_audit_new_with, flowseal_audit>(
            static_cast<const void*>(person_key.data()), person_key.size())) {}

  // A start is about to be sent.
  std::string started(const start& start, time_point now) const {
    return detail::text_of<flowseal_audit_started>(handle(), start.handle(), detail::seconds(now));
  }
  // The API has answered it.
  std::string created(const start& start, const flowseal::created& created, time_point now,
                      length took = std::nullopt) const {
    return timed<flowseal_audit_created>(took, start.handle(), created.handle(),
                                         detail::seconds(now));
  }
  std::string created(const start& start, const error& why, time_point now,
                      length took = std::nullopt) const {
    return failed<flowseal_audit_created_error>(took, start.handle(), why, now);
  }
  // A device has picked the flow up: the session's progress.
  std::string picked_up(const pending_flow& pending, time_point now) const {
    return detail::text_of<flowseal_audit_picked_up>(handle(), pending.handle(),
                                                     detail::seconds(now));
  }
  // The app wants the flow cancelled.
  std::string cancel_asked(const pending_flow& pending, time_point now) const {
    return detail::text_of<flowseal_audit_cancel_asked>(handle(), pending.handle(),
                                                        detail::seconds(now));
  }
  // The session has ended. That a flow is complete says nothing of whether it is genuine.
  std::string ended(const pending_flow& pending, const flow& end, time_point now,
                    length took = std::nullopt) const {
    return timed<flowseal_audit_ended>(took, pending.handle(), end.handle(), detail::seconds(now));
  }
  std::string ended(const pending_flow& pending, const error& why, time_point now,
                    length took = std::nullopt) const {
    return failed<flowseal_audit_ended_error>(took, pending.handle(), why, now);
  }
  // The flow was judged, by finish() or finish_received().
  std::string finished(const pending_flow& pending, const verified_flow& end, time_point now,
                       length took = std::nullopt) const {
    return timed<flowseal_audit_finished>(took, pending.handle(), end.handle(),
                                          detail::seconds(now));
  }
  std::string finished(const pending_flow& pending, const received_flow& end, time_point now,
                       length took = std::nullopt) const {
    return timed<flowseal_audit_finished_received>(took, pending.handle(), end.handle(),
                                                   detail::seconds(now));
  }
  std::string finished(const pending_flow& pending, const error& why, time_point now,
                       length took = std::nullopt) const {
    return failed<flowseal_audit_finished_error>(took, pending.handle(), why, now);
  }
  // Its claims were opened.
  std::string opened(const pending_flow& pending, const opened_claims& claims, time_point now,
                     length took = std::nullopt) const {
    return timed<flowseal_audit_opened>(took, pending.handle(), claims.handle(),
                                        detail::seconds(now));
  }
  std::string opened(const pending_flow& pending, const error& why, time_point now,
                     length took = std::nullopt) const {
    return failed<flowseal_audit_opened_error>(took, pending.handle(), why, now);
  }

 private:
  template <auto Function, class... In>
  std::string timed(length took, In... in) const {
    const std::uint64_t given = took ? detail::milliseconds(*took) : 0;
    const std::uint64_t* place = took ? &given : nullptr;
    return detail::text_of<Function>(handle(), in..., place);
  }
  template <auto Function, class Of>
  std::string failed(length took, Of of, const error& why, time_point now) const {
    const auto check = why.details().check;
    return timed<Function>(took, of, static_cast<std::uint32_t>(why.code()),
                           check ? static_cast<std::uint32_t>(*check) : 0, detail::seconds(now));
  }
};

// What to offer a person in a situation.
inline flowseal_next_step next_step(flowseal_situation situation) {
  return detail::value_of<flowseal_situation_next, flowseal_next_step>(
      static_cast<std::uint32_t>(situation));
}

// A sentence for each situation: in English, in French, or the app's own.
class words : public detail::owned<flowseal_words, flowseal_words_free> {
 public:
  using owned::owned;

  static words english() { return detail::owner_of<words, flowseal_words_english>(); }
  static words french() { return detail::owner_of<words, flowseal_words_french>(); }
  // The app's own: an object with a text for each key, and nothing else.
  static words from_json(std::string_view json) {
    return words(
        detail::made<flowseal_words_from_json, flowseal_words>(json.data(), json.size()));
  }

  std::string text(flowseal_situation situation) const {
    return detail::text_of<flowseal_words_text>(handle(), static_cast<std::uint32_t>(situation));
  }
};

}  // namespace flowseal

#endif  // FLOWSEAL_HPP
