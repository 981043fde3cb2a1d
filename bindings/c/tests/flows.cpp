// Evidence, batches, partial and unverified opening, service accounts through flowseal.hpp.
//
//     flows flow.json app.pem user.pub.pem REFERENCE NOW other.pem app.zip

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <flowseal.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <list>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

int failures = 0;

#define EXPECT(condition)                                                \
  do {                                                                   \
    if (!(condition)) {                                                  \
      std::cerr << __FILE__ << ":" << __LINE__ << ": " #condition "\n"; \
      ++failures;                                                        \
    }                                                                    \
  } while (false)

template <class Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const flowseal::error& refusal) {
    return refusal.name();
  }
  return "none";
}

template <class T>
constexpr bool is_owner = std::is_nothrow_move_constructible_v<T> &&
                          std::is_nothrow_move_assignable_v<T> &&
                          !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;

static_assert(is_owner<flowseal::evidence>);
static_assert(is_owner<flowseal::app_key>);
static_assert(is_owner<flowseal::disclosure>);
static_assert(is_owner<flowseal::failures>);
static_assert(is_owner<flowseal::open_options>);
static_assert(is_owner<flowseal::partial_claims>);
static_assert(is_owner<flowseal::service_account>);

std::string read_file(const char* name) {
  std::ifstream stream(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

struct sample {
  explicit sample(char** argv)
      : json(read_file(argv[1])),
        app_pem(read_file(argv[2])),
        app_public(read_file(argv[8])),
        ring(flowseal::decrypting_key(app_pem)),
        other_ring(flowseal::decrypting_key(read_file(argv[6]))),
        user(read_file(argv[3])),
        verifier(flowseal::verifier::trusting(user)),
        reference(argv[4]),
        expectations(flowseal::expectations::for_reference(reference)),
        now(std::chrono::seconds(std::atoll(argv[5]))) {}

  flowseal::verified_flow verified() const {
    return flowseal::flow(json).verify(verifier, expectations, now);
  }
  // The flow, the flow with another person in it, the flow.
  std::vector<flowseal::flow> flows() const {
    std::vector<flowseal::flow> flows;
    flows.emplace_back(json);
    flows.emplace_back(replaced(json, "22212345610", "22212345611"));
    flows.emplace_back(json);
    return flows;
  }

  std::string json, app_pem, app_public;
  flowseal::key_ring ring, other_ring;
  flowseal::verifying_keys user;
  flowseal::verifier verifier;
  std::string reference;
  flowseal::expectations expectations;
  flowseal::time_point now;
};

// Counts how many there are, and answers as it was told.
struct played_holder : flowseal::key_holder {
  enum what { throws, too_few, too_short, wrong };

  played_holder(what answer, int& alive) : answer_(answer), alive_(alive) { ++alive_; }
  ~played_holder() override { --alive_; }

  std::vector<std::string> raw_private(
      const std::vector<flowseal::raw_operation>& operations) override {
    if (answer_ == throws) throw std::string("no flowseal::error at all");
    std::vector<std::string> results;
    for (const auto& each : operations) results.emplace_back(each.ciphertext.size(), '\1');
    if (answer_ == too_few) results.pop_back();
    if (answer_ == too_short) results.back().pop_back();
    return results;
  }

 private:
  what answer_;
  int& alive_;
};

// A key that is elsewhere: the user's stands in for an app's, and whoever has it computes nothing
// that is right.
void elsewhere(const sample& sample, std::string_view user_pem) {
  const flowseal::flow flow(sample.json);
  int alive = 0;
  const auto outcome = [&](played_holder::what answer) {
    auto options = flowseal::remote_key_options().set_kid("hsm-1");
    options.set_holder(std::make_shared<played_holder>(answer, alive));
    const flowseal::key_ring ring(flowseal::remote_key(user_pem, options));
    return refusal_of(
        [&] { (void)flow.open_unverified(ring, sample.expectations, sample.now); });
  };
  EXPECT(outcome(played_holder::throws) == "key_unavailable");
  EXPECT(outcome(played_holder::too_few) == "key_unavailable");
  EXPECT(outcome(played_holder::too_short) == "key_unavailable");
  EXPECT(outcome(played_holder::wrong) == "internal_fault");
  EXPECT(alive == 0);
  EXPECT(refusal_of([] { flowseal::remote_key_options().set_holder(nullptr); }) == "pointer");

  const flowseal::key_ring ring(flowseal::remote_key(user_pem));
  const auto open = [&] { (void)flow.open_unverified(ring, sample.expectations, sample.now); };
  EXPECT(refusal_of(open) == "usage");
  auto opening = flowseal::begin_opening_unverified(flow, ring, sample.expectations, sample.now);
  const auto operations = opening.operations();
  EXPECT(!operations.empty() && opening.missing() == operations.size());
  EXPECT(operations.at(0).fingerprint == flowseal::remote_key(user_pem).fingerprint());
  EXPECT(refusal_of([&] { (void)opening.finish(); }) == "usage");
  const std::string result(256, '\1');
  for (const auto& each : operations) opening.supply(each.id, result);
  EXPECT(refusal_of([&] { opening.supply(operations.at(0).id, result); }) == "usage");
  EXPECT(opening.missing() == 0);
  EXPECT(refusal_of([&] { (void)opening.finish(); }) == "internal_fault");
  EXPECT(refusal_of([&] { (void)opening.finish(); }) == "usage");

  // With keys that are here there is nothing to wait for.
  const auto verified = sample.verified();
  EXPECT(flowseal::begin_opening(verified, sample.ring).finish().text("naming.given") ==
         "Adébáyọ̀");
  auto part = flowseal::begin_opening_partial(verified, sample.ring);
  EXPECT(part.operations().empty() && part.finish().failed.size() == 0);
  std::vector<flowseal::verified_flow> flows;
  flows.push_back(sample.verified());
  flows.push_back(sample.verified());
  const auto results = flowseal::begin_opening_many(flows, sample.ring).finish();
  EXPECT(results.size() == 2 && results.at(0) && results.at(1));
}

// What is set on a temporary lives on: it is moved, and nothing refers to it.
void chains(const sample& sample) {
  using namespace std::chrono_literals;
  const auto& bound = flowseal::expectations::for_reference(sample.reference).set_max_age(5min);
  auto moved = flowseal::expectations::unbound().set_requester("bcn_sample").set_leeway(0s);
  moved.set_mode("identification").set_max_age(std::chrono::minutes(5));
  const flowseal::flow flow(sample.json);
  EXPECT(flow.verify(sample.verifier, bound, sample.now).reference() == sample.reference);
  EXPECT(flow.verify(sample.verifier, moved, sample.now).reference() == sample.reference);
  EXPECT(refusal_of([&] { sample.verified().open(sample.ring).text("naming"); }) == "usage");
  const auto options = flowseal::open_options().select({"naming.given"}).set_threads(1);
  EXPECT(sample.verified().open(sample.ring, options).text("naming.given") == "Adébáyọ̀");
}

// What an error is about, as data, and which kind of error it is.
void errors(const sample& sample) {
  const flowseal::flow flow(sample.json);
  const auto refused = [&](const flowseal::expectations& expected, flowseal::time_point now) {
    return flow.verify(sample.verifier, expected, now, std::nothrow).error();
  };
  const auto other = refused(flowseal::expectations::for_reference("req_other"), sample.now);
  EXPECT(other.code() == FLOWSEAL_STATUS_EXPECTATION_FAILED);
  EXPECT(other.details().check == FLOWSEAL_CHECK_REFERENCE);
  EXPECT(other.details().expected == "req_other");
  EXPECT(other.details().found == sample.reference);
  EXPECT(!other.details().claim && !other.details().seconds && other.details().sizes.empty());
  EXPECT(other.diagnosis().empty());
  EXPECT(other.report() != nullptr && other.report()->lines().size() == 11);
  EXPECT(other.report()->lines().front().check == FLOWSEAL_CHECK_SIGNATURE);

  const auto aged = flowseal::expectations::unbound().set_max_age(std::chrono::seconds(60));
  EXPECT(refused(aged, sample.now + std::chrono::seconds(100)).details().seconds ==
         std::chrono::seconds(100));

  const auto forged = flowseal::flow::parse(
      replaced(sample.json, "22212345610", "22212345611"), std::nothrow);
  EXPECT(forged);
  const auto changed =
      forged->verify(sample.verifier, sample.expectations, sample.now, std::nothrow);
  EXPECT(!changed && changed.error().diagnosis().size() == 1);
  const auto key = changed.error().diagnosis().at(0);
  EXPECT(key.finding == FLOWSEAL_FINDING_OTHER_BYTES);
  EXPECT(key.fingerprint.size() == 64 && !key.kid && !key.salt_length);
  EXPECT(key.padding == "v1_5" && key.hash == "sha256" && key.digest && key.digest->size() == 32);

  // The kinds, and what is copied of an exception.
  const auto kind_of = [](auto call) -> std::string {
    try {
      call();
    } catch (const flowseal::refusal& refusal) {
      const flowseal::error copy = refusal;
      return std::string("refusal ") + copy.name();
    } catch (const flowseal::misuse& misuse) {
      return std::string("misuse ") + misuse.name();
    } catch (const flowseal::fault& fault) {
      return std::string("fault ") + fault.name();
    } catch (const flowseal::error& error) {
      return std::string("error ") + error.name();
    }
    return "none";
  };
  static_assert(std::is_nothrow_copy_constructible_v<flowseal::error>);
  EXPECT(kind_of([&] {
           return forged->verify(sample.verifier, sample.expectations, sample.now);
         }) == "refusal signature_invalid");
  EXPECT(kind_of([] { flowseal::flow("{"); }) == "error json");
  EXPECT(kind_of([] { flowseal::open_options().set_threads(0); }) == "misuse usage");
  EXPECT(kind_of([] {
           flowseal::expectations::unbound().set_leeway(std::chrono::seconds(-1));
         }) == "misuse usage");
  flowseal::flow gone(sample.json);
  const auto taken = std::move(gone);
  try {
    gone.inspect();
    EXPECT(!"refused");
  } catch (const flowseal::misuse& misuse) {
    EXPECT(std::strstr(misuse.what(), "moved from") != nullptr);
  }
  for (std::uint32_t status = 0; status < 140; ++status) {
    EXPECT(std::strlen(flowseal_status_message(status)) > 3);
  }
}

void warnings(const sample& sample) {
  EXPECT(sample.expectations.warnings().empty() && sample.user.warnings().empty());
  const std::vector<std::string> paths{"naming.givn"};
  const auto odd =
      flowseal::expectations::for_reference("1234").set_mode("singing").set_claims(paths);
  EXPECT(odd.warnings().size() == 3);
  const auto selected =
      flowseal::open_options().select(std::list<const char*>{"naming.givn", "naming"});
  EXPECT(selected.warnings().size() == 1);
  EXPECT(selected.warnings().at(0).find("naming.given") != std::string::npos);
}

// What is signed, and what is not.
void members(const sample& sample) {
  const auto verified = sample.verified();
  EXPECT(verified.requester() == "bcn_sample" && verified.mode() == "identification");
  EXPECT(verified.iat() && verified.signed_at() && *verified.iat() < *verified.signed_at());
  EXPECT(*verified.signed_at() + std::chrono::minutes(1) == sample.now);
  EXPECT(verified.member("requester") == "\"bcn_sample\"");
  EXPECT(!verified.member("cancelled"));
  EXPECT(verified.unauthenticated().member("cancelled") == "false");
  EXPECT(verified.signature().size() == 256);

  // A member that is null is in no statement, whatever its name says.
  const auto changed = replaced(sample.json, "\"claims\":{", "\"claims\":{\"approved\":null,");
  EXPECT(changed != sample.json);
  const auto with_null =
      flowseal::flow(changed).verify(sample.verifier, sample.expectations, sample.now);
  EXPECT(with_null.member("claims")->find("approved") == std::string::npos);
  EXPECT(with_null.unauthenticated().member("claims")->find("approved") != std::string::npos);
}

void claims(const sample& sample) {
  const auto claims = sample.verified().open(sample.ring);
  char buffer[64] = {};
  EXPECT(claims.text("naming.given", buffer, sizeof buffer) == claims.text("naming.given")->size());
  EXPECT(std::string(buffer) == claims.text("naming.given"));
  EXPECT(claims.text("naming.given", nullptr, 0) == claims.text("naming.given")->size());
  EXPECT(!claims.text("naming.nickname", buffer, sizeof buffer));
  EXPECT(claims.boolean("contact.emailVerified") == true);
  EXPECT(claims.type("contact.emailVerified") == FLOWSEAL_CLAIM_TYPE_BOOLEAN);
  EXPECT(claims.digits("bio.birthnumber") == "22212345610");
  EXPECT(claims.date("bio.birthdate") && claims.date("bio.birthdate")->month <= 12);
  EXPECT(claims.list("nationality.nationalities")->size() >= 1);
  EXPECT(!claims.list("naming.nickname"));
  EXPECT(refusal_of([&] { return claims.boolean("naming.given"); }) == "claim_type");
}

void evidence(const sample& sample) {
  const auto verified = sample.verified();
  const auto kept = verified.evidence().to_json();
  const flowseal::evidence read(kept);
  EXPECT(read.to_json() == kept);
  EXPECT(verified.evidence().to_html().find("is valid") != std::string::npos);
  const flowseal::flow forged(replaced(sample.json, "22212345610", "22212345611"));
  const auto refused =
      forged.verify(sample.verifier, sample.expectations, sample.now, std::nothrow).error();
  EXPECT(refused.to_html()->rfind("<!DOCTYPE html>", 0) == 0);
  EXPECT(refused.to_html()->find("is valid") == std::string::npos);
  EXPECT(!flowseal::flow::parse("{}", std::nothrow).error().to_html());
  EXPECT(read.statement() == verified.statement());
  const auto covers = read.covers();
  EXPECT(covers.size() == 7 && covers.front() == "reference" && covers.back() == "claims");
  EXPECT(read.check(sample.user).outcome(FLOWSEAL_CHECK_SIGNATURE) == FLOWSEAL_OUTCOME_PASSED);
  EXPECT(read.check(sample.user, std::nothrow));
  EXPECT(read.to_html().find("was not checked") != std::string::npos);
  EXPECT(read.check_to_html(sample.user).find("is valid") != std::string::npos);
  EXPECT(refusal_of([&] {
           return read.check_to_html(sample.user, flowseal::profile(R"({"algorithm": "PS256"})"));
         }) == "profile_mismatch");

  EXPECT(read.check(sample.user, flowseal::profile("{}")).covers() == covers);
  const flowseal::profile other(R"({"algorithm": "PS256"})");
  EXPECT(read.check(sample.user, other, std::nothrow).status() ==
         FLOWSEAL_STATUS_PROFILE_MISMATCH);

  const flowseal::verifying_keys none;
  EXPECT(refusal_of([&] { return read.check(none); }) == "no_verifying_key");
  EXPECT(read.check(none, std::nothrow).status() == FLOWSEAL_STATUS_NO_VERIFYING_KEY);
  EXPECT(read.check(none, std::nothrow).error().details().key->size() == 64);
  EXPECT(refusal_of([] { flowseal::evidence("{}"); }) == "evidence");
  EXPECT(!flowseal::evidence::parse("{}", std::nothrow));
  EXPECT(flowseal::evidence::parse(kept, std::nothrow)->statement() == verified.statement());
}

void disclosing(const sample& sample) {
  const auto verified = sample.verified();
  const auto disclosure = verified.disclose(sample.ring, {"naming.given", "contact"});
  EXPECT(disclosure.paths().size() == 3);
  const auto file = disclosure.to_json();
  const flowseal::disclosure read(file);
  EXPECT(read.to_json() == file);
  EXPECT(read.evidence().statement() == verified.statement());
  const flowseal::app_key app(sample.app_public);
  EXPECT(read.app_key_fingerprint() == app.fingerprint());

  const auto disclosed = read.check(app, sample.user);
  EXPECT(disclosed.claims.text("naming.given") == "Adébáyọ̀");
  EXPECT(!disclosed.claims.text("naming.family"));
  EXPECT(disclosed.withheld.size() == 6);
  EXPECT(disclosed.reference == verified.reference());
  EXPECT(disclosed.requestee == "22212345610" && disclosed.requester == verified.requester());
  EXPECT(disclosed.signed_at == verified.signed_at());
  EXPECT(disclosed.report.outcome(FLOWSEAL_CHECK_CLAIMS_SIGNED) == FLOWSEAL_OUTCOME_PASSED);

  EXPECT(read.check(app, sample.user, flowseal::profile("{}")).withheld == disclosed.withheld);

  const auto page = read.check_to_html(app, sample.user);
  EXPECT(page.rfind("<!DOCTYPE html>", 0) == 0 && page.find("</html>") != std::string::npos);
  EXPECT(page.find("Adébáyọ̀") != std::string::npos);
  const auto under_a_profile = read.check_to_html(app, sample.user, flowseal::profile("{}"));
  EXPECT(page.find("--profile") == std::string::npos);
  EXPECT(under_a_profile.find("--profile") != std::string::npos);
  EXPECT(refusal_of([&] { return read.check_to_html(app, flowseal::verifying_keys()); }) ==
         "no_verifying_key");
  const flowseal::profile other(R"({"algorithm": "PS256"})");
  EXPECT(read.check(app, sample.user, other, std::nothrow).status() ==
         FLOWSEAL_STATUS_PROFILE_MISMATCH);
  EXPECT(refusal_of([&] { return read.check(app, flowseal::verifying_keys()); }) ==
         "no_verifying_key");
  EXPECT(refusal_of([&] { return verified.disclose(sample.ring, {"naming.nickname"}); }) ==
         "disclosure");
  EXPECT(refusal_of([] { flowseal::disclosure("{}"); }) == "disclosure");
  EXPECT(flowseal::app_key::load(sample.app_public, 3, std::nothrow).status() ==
         FLOWSEAL_STATUS_KEY_SIZE);

  auto renamed = file;
  const auto note = renamed.find(app.fingerprint());
  renamed.replace(note, 64, std::string(64, '0'));
  const auto refused = flowseal::disclosure(renamed).check(app, sample.user, std::nothrow);
  EXPECT(refused.status() == FLOWSEAL_STATUS_DISCLOSURE_INVALID);
  EXPECT(refused.error().details().why == "other_key");
  EXPECT(refused.error().report()->outcome(FLOWSEAL_CHECK_SIGNATURE) == FLOWSEAL_OUTCOME_PASSED);
}

void opening(const sample& sample) {
  const auto verified = sample.verified();
  const auto all = verified.open(sample.ring).to_json();

  flowseal::open_options given;
  given.select({"naming.given"}).set_profile(flowseal::profile("{}")).set_threads(1);
  const auto selected = verified.open(sample.ring, given);
  EXPECT(selected.size() == 1 && selected.path(0) == "naming.given");
  EXPECT(selected.verified());
  EXPECT(selected.report().outcome(FLOWSEAL_CHECK_SIGNATURE) == FLOWSEAL_OUTCOME_PASSED);
  EXPECT(verified.open(sample.ring, given, std::nothrow)->to_json() == selected.to_json());
  EXPECT(verified.open(sample.other_ring, given, std::nothrow).status() ==
         FLOWSEAL_STATUS_CLAIM_UNOPENABLE);

  const auto whole = verified.open_partial(sample.ring);
  EXPECT(whole.opened.to_json() == all);
  EXPECT(whole.failed.size() == 0);
  const auto nothing = verified.open_partial(sample.other_ring, given);
  EXPECT(nothing.opened.size() == 0);
  EXPECT(nothing.failed.size() == 1 && nothing.failed.path(0) == "naming.given");
  EXPECT(nothing.failed.code(0) == FLOWSEAL_STATUS_CLAIM_UNOPENABLE);
  EXPECT(!nothing.failed.message(0).empty());
  EXPECT(refusal_of([&] { nothing.failed.path(1); }) == "index");
  EXPECT(verified.open_partial(sample.ring, given, std::nothrow)->opened.size() == 1);
}

void unverified(const sample& sample) {
  const auto forged = replaced(sample.json, "22212345610", "22212345611");
  const flowseal::flow flow(forged);
  const auto claims = flow.open_unverified(sample.ring, sample.expectations, sample.now);
  EXPECT(!claims.verified());
  EXPECT(claims.report().outcome(FLOWSEAL_CHECK_SIGNATURE) == FLOWSEAL_OUTCOME_NOT_CHECKED);
  EXPECT(claims.to_json() == sample.verified().open(sample.ring).to_json());

  const auto other = flowseal::expectations::for_reference("req_other");
  try {
    const auto opened = flow.open_unverified(sample.ring, other, sample.now);
    EXPECT(opened.size() == 0 && !"refused");
  } catch (const flowseal::error& refusal) {
    EXPECT(refusal.code() == FLOWSEAL_STATUS_EXPECTATION_FAILED);
    EXPECT(refusal.report()->outcome(FLOWSEAL_CHECK_REFERENCE) == FLOWSEAL_OUTCOME_FAILED);
  }
  const flowseal::open_options all;
  EXPECT(flow.open_unverified(sample.ring, sample.expectations, sample.now, all, std::nothrow));
  EXPECT(flow.open_unverified(sample.ring, other, sample.now, all, std::nothrow).status() ==
         FLOWSEAL_STATUS_EXPECTATION_FAILED);

  const auto many = [&](const flowseal::expectations& expected) {
    std::vector<flowseal::flow> flows;
    flows.emplace_back(forged);
    flows.emplace_back(sample.json);
    auto opening =
        flowseal::begin_opening_many_unverified(flows, sample.ring, expected, sample.now);
    return opening.finish();
  };
  for (const auto& opened : many(sample.expectations)) {
    EXPECT(opened && !opened->verified() && opened->to_json() == claims.to_json());
  }
  std::vector<flowseal::flow> flows;
  flows.emplace_back(forged);
  flows.emplace_back(sample.json);
  const auto at_once = [&](const flowseal::expectations& expected) {
    return flowseal::open_many_unverified(flows, sample.ring, expected, sample.now);
  };
  EXPECT(at_once(sample.expectations).size() == 2);
  for (const auto& opened : at_once(sample.expectations)) {
    EXPECT(opened && !opened->verified() && opened->to_json() == claims.to_json());
  }
  for (const auto& opened : flowseal::open_many_unverified(flows, sample.ring, other, sample.now,
                                                           all, std::nothrow)) {
    EXPECT(opened.status() == FLOWSEAL_STATUS_EXPECTATION_FAILED);
    EXPECT(opened.error().report()->outcome(FLOWSEAL_CHECK_REFERENCE) == FLOWSEAL_OUTCOME_FAILED);
  }
  const auto moved = std::move(flows[1]);
  EXPECT(refusal_of([&] { return at_once(sample.expectations); }) == "handle_none");

  const auto refused = many(other);
  EXPECT(refused.size() == 2);
  EXPECT(refused.at(1).status() == FLOWSEAL_STATUS_EXPECTATION_FAILED);
}

void batches(const sample& sample) {
  auto flows = sample.flows();
  auto outcomes = flowseal::verify_many(flows, sample.expectations, sample.verifier, sample.now);
  EXPECT(outcomes.size() == 3);
  EXPECT(outcomes[0] && !outcomes[1] && outcomes[2]);
  EXPECT(outcomes[1].error().code() == FLOWSEAL_STATUS_SIGNATURE_INVALID);
  EXPECT(std::string(outcomes[1].error().what()).size() > 40);
  EXPECT(outcomes[1].error().report()->outcome(FLOWSEAL_CHECK_SIGNATURE) ==
         FLOWSEAL_OUTCOME_FAILED);

  std::vector<flowseal::verified_flow> verified;
  for (auto& outcome : outcomes) {
    if (outcome) verified.push_back(std::move(*outcome));
  }
  const auto one = verified.front().open(sample.ring).to_json();
  for (auto& opened : flowseal::open_many(verified, sample.ring)) {
    EXPECT(opened && opened->to_json() == one);
  }
  for (auto& opened : flowseal::open_many(verified, sample.other_ring)) {
    EXPECT(!opened && opened.error().code() == FLOWSEAL_STATUS_CLAIM_UNOPENABLE);
  }
  const flowseal::open_options all;
  EXPECT(flowseal::open_many(verified, sample.ring, all, std::nothrow).at(1)->to_json() == one);

  std::vector<flowseal::expectations> each;
  for (const auto* reference : {"req_other", sample.reference.c_str(), sample.reference.c_str()}) {
    each.push_back(flowseal::expectations::for_reference(reference));
  }
  const auto two = flowseal::verifier::trusting(sample.user).set_threads(2);
  EXPECT(refusal_of([&] { flowseal::verifier::trusting(sample.user).set_threads(0); }) == "usage");
  auto results = flowseal::verify_many(flows, each, two, sample.now, std::nothrow);
  EXPECT(results.size() == 3);
  EXPECT(results[0].status() == FLOWSEAL_STATUS_EXPECTATION_FAILED);
  EXPECT(results[1].status() == FLOWSEAL_STATUS_SIGNATURE_INVALID);
  EXPECT(results[2] && results[2]->reference() == sample.reference);

  // The call itself is refused: an expectation is missing, a flow was moved away.
  each.pop_back();
  const auto verify = [&](const auto& expected) {
    return refusal_of(
        [&] { return flowseal::verify_many(flows, expected, sample.verifier, sample.now); });
  };
  EXPECT(verify(each) == "usage");
  const auto moved = std::move(flows[1]);
  EXPECT(verify(sample.expectations) == "handle_none");
  results =
      flowseal::verify_many(flows, sample.expectations, sample.verifier, sample.now, std::nothrow);
  EXPECT(results.size() == 3 && results[0].status() == FLOWSEAL_STATUS_HANDLE_NONE);
  EXPECT(flowseal::verify_many({}, sample.expectations, sample.verifier, sample.now).empty());
}

void service_accounts(const sample& sample, const std::string& zip) {
  const flowseal::service_account account(zip);
  EXPECT(account.app_id() && account.app_id()->rfind("app_", 0) == 0);
  EXPECT(account.organisation_id() && account.organisation_id()->rfind("bcn_", 0) == 0);
  EXPECT(account.app_secret() && account.live_api_key() && account.test_api_key());
  const auto fingerprint = account.decrypting_key().fingerprint();
  EXPECT(fingerprint.size() == 64);
  EXPECT(account.decrypting_key(std::nothrow)->fingerprint() == fingerprint);
  EXPECT(flowseal::service_account::load(zip, std::nothrow)->app_id() == account.app_id());
  EXPECT(!flowseal::service_account::load("PK", std::nothrow));
  EXPECT(refusal_of([] { flowseal::service_account("PK"); }) == "service_account");

  const auto parts = flowseal::service_account::from_parts(
      R"({"type": "app", "appid": "app_1"})", {std::string_view(sample.app_pem)});
  EXPECT(parts.app_id() == "app_1");
  EXPECT(!parts.app_secret());
  EXPECT(parts.decrypting_key().fingerprint() ==
         flowseal::decrypting_key(sample.app_pem).fingerprint());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) return 2;
  const sample sample(argv);
  chains(sample);
  errors(sample);
  warnings(sample);
  members(sample);
  claims(sample);
  evidence(sample);
  disclosing(sample);
  opening(sample);
  elsewhere(sample, read_file(argv[3]));
  unverified(sample);
  batches(sample);
  service_accounts(sample, read_file(argv[7]));
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
