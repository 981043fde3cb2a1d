// From the start of a flow to its end through flowseal.hpp, without a network.
//
//     journey flow.json app.pem user.pub.pem REFERENCE NOW

#include <chrono>
#include <cstdlib>
#include <flowseal.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace std::chrono_literals;

int failures = 0;

#define EXPECT(condition)                                                \
  do {                                                                   \
    if (!(condition)) {                                                  \
      std::cerr << __FILE__ << ":" << __LINE__ << ": " #condition "\n"; \
      ++failures;                                                        \
    }                                                                    \
  } while (false)

std::string read_file(const char* name) {
  std::ifstream stream(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

template <class Refusal = flowseal::error, class Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const Refusal& refusal) {
    return refusal.name();
  }
  return "none";
}

// What a store of the caller's throws, which comes back as it is.
template <class Call>
std::string thrown_by(Call call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing";
}

template <class T>
constexpr bool is_owner = std::is_nothrow_move_constructible_v<T> &&
                          std::is_nothrow_move_assignable_v<T> &&
                          !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;

static_assert(is_owner<flowseal::device> && is_owner<flowseal::signer>);
static_assert(is_owner<flowseal::start> && is_owner<flowseal::created>);
static_assert(is_owner<flowseal::binding> && is_owner<flowseal::budget>);
static_assert(is_owner<flowseal::pending_flow> && is_owner<flowseal::received_flow>);
static_assert(is_owner<flowseal::session> && is_owner<flowseal::words>);
static_assert(is_owner<flowseal::audit>);

// A received flow is no verified one, and there is no way from one to the other.
template <class T, class = void>
constexpr bool has_evidence = false;
template <class T>
constexpr bool has_evidence<T, std::void_t<decltype(std::declval<T>().evidence())>> = true;
template <class T, class = void>
constexpr bool opens_partially = false;
template <class T>
constexpr bool opens_partially<T, std::void_t<decltype(std::declval<T>().open_partial(
                                      std::declval<const flowseal::key_ring&>()))>> = true;
static_assert(has_evidence<flowseal::verified_flow> && !has_evidence<flowseal::received_flow>);
static_assert(opens_partially<flowseal::verified_flow>);
static_assert(!opens_partially<flowseal::received_flow>);
static_assert(!std::is_constructible_v<flowseal::received_flow, flowseal::flow>);
static_assert(!std::is_constructible_v<flowseal::received_flow, flowseal::verified_flow>);
static_assert(!std::is_constructible_v<flowseal::verified_flow, flowseal::received_flow>);

const std::vector<std::string> CLAIMS = {
    "bio.birthnumber", "bio.birthdate", "bio.gender", "contact.email", "contact.emailVerified",
    "naming.family", "naming.given", "nationality.primary", "nationality.nationalities"};
const char PERSON[] = "22212345610";

struct sample {
  explicit sample(char** argv)
      : json(read_file(argv[1])),
        ring(flowseal::decrypting_key(read_file(argv[2]))),
        user(read_file(argv[3])),
        verifier(flowseal::verifier::trusting(user)),
        reference(argv[4]),
        now(std::chrono::seconds(std::atoll(argv[5]))) {
    config.set_ids("bcn_sample", "app_sample");
    const auto at = json.rfind(",", json.find("\"signature\""));
    const auto end = json.find('"', json.find(':', at) + 3);
    unsigned_json = json.substr(0, at) + json.substr(end + 1);
  }

  flowseal::start start(const flowseal::device& device) const {
    return config.identify(FLOWSEAL_PURPOSE_LOGIN, CLAIMS, "Log in to Example", device);
  }
  flowseal::created created(const flowseal::device& device) const {
    return start(device).read(answer(R"(,"link":"https://open.pasby.africa/1")"));
  }
  // What the API answers a start with.
  flowseal::http_response answer(const std::string& beside) const {
    const auto body = R"({"status":"successful","cost":0.5,"data":{"request":{"id":")" + reference +
                      R"(","iat":1716820052,"exp":1716820412},"seeds":["one","two"])" + beside +
                      "}}";
    return {201, {{"X-Access-Token", "bare"}}, body};
  }
  flowseal::pending_flow pending() const {
    return created(flowseal::device::different(PERSON)).pending(browser);
  }

  flowseal::verifier keys_under(const flowseal::profile& profile) const {
    return flowseal::verifier::trusting(user).set_profile(profile);
  }

  std::string json, unsigned_json;
  flowseal::key_ring ring;
  flowseal::verifying_keys user;
  flowseal::verifier verifier;
  std::string reference;
  flowseal::time_point now;
  flowseal::api_config config{FLOWSEAL_API_VERSION_V2, FLOWSEAL_ENVIRONMENT_SANDBOX, "bk-test_key",
                              "snb_secret"};
  flowseal::binding browser{"the cookie of this browser"};
};

void starts(const sample& sample) {
  const auto start = sample.start(flowseal::device::different(PERSON));
  EXPECT(start.warnings().empty());
  const auto request = start.request();
  EXPECT(request.endpoint() == FLOWSEAL_ENDPOINT_IDENTIFICATION && request.method() == "POST");
  EXPECT(request.url() == "https://s.pasby.africa/api/v2/identification/different-device");
  EXPECT(request.body()->find(PERSON) != std::string::npos);
  EXPECT(sample.config.identify(FLOWSEAL_PURPOSE_SIGNUP, {"naming.givn"}, "Sign up",
                                flowseal::device::same())
             .warnings()
             .size() == 1);
  EXPECT(flowseal::device::different(PERSON).user() == PERSON);
  EXPECT(!flowseal::device::wildcard(10).user());
  EXPECT(refusal_of<flowseal::misuse>([] { flowseal::device::wildcard(11); }) == "usage");
  EXPECT(refusal_of<flowseal::misuse>([] { flowseal::device::different("222"); }) == "usage");

  const flowseal::webhook_target hook("https://bank.example/hook", "order-1");
  EXPECT(hook.host() == "https://bank.example/hook" && hook.reference() == "order-1");
  const auto signer = flowseal::signer::same_device(PERSON);
  EXPECT(signer.nin() == PERSON && !flowseal::signer::wildcard(1).nin());
  const auto signing = sample.config.sign(signer, "Sign this", hook);
  EXPECT(signing.request().endpoint() == FLOWSEAL_ENDPOINT_SIGNING);
  const auto elsewhere = flowseal::signer::different_device(PERSON);
  EXPECT(sample.config.confirm(elsewhere, "Confirm").request().url() ==
         "https://s.pasby.africa/api/v2/signing/different-device");
  EXPECT(sample.config.confirm(elsewhere, "Confirm", hook).request().body()->find("order-1") !=
         std::string::npos);

  const auto created = start.read(sample.answer(R"(,"link":"https://open.pasby.africa/1")"));
  EXPECT(created.flow() == sample.reference && created.link() == "https://open.pasby.africa/1");
  EXPECT(created.seeds() == std::vector<std::string>({"one", "two"}));
  EXPECT(created.seed_at(0ms, 7) != created.seed_at(flowseal::created::seed_shown, 7));
  EXPECT(created.token()->expose() == "bare" && created.cost() == "0.5");
  EXPECT(created.expires() == flowseal::time_point(std::chrono::seconds(1716820412)));
  EXPECT(created.request().find(sample.reference) != std::string::npos);
  EXPECT(refusal_of([&] { start.read({200, {}, "{}"}); }) == "api_answer");
  EXPECT(refusal_of<flowseal::api_refusal>([&] {
           start.read({401, {}, R"({"status":"failed"})"});
         }) == "api_unauthorized");
  // The page tells a person whose number is none.
  try {
    start.read({400, {}, R"([{"code":"too_small","path":["body","user"],"message":"No"}])"});
  } catch (const flowseal::error& refusal) {
    EXPECT(refusal.situation() == FLOWSEAL_SITUATION_CHECK_NUMBER);
  }

  const auto health = flowseal::request::health_check(sample.config);
  EXPECT(health.endpoint() == FLOWSEAL_ENDPOINT_HEALTH && health.headers().empty());
  flowseal::check_health({200, {}, "ok"});
  EXPECT(refusal_of([] { flowseal::check_health({503, {}, ""}); }) == "api_unavailable");
}

void kept(const sample& sample) {
  const auto& config = sample.config;
  const auto pending = sample.pending();
  const auto json = pending.to_json();
  EXPECT(json.rfind(R"({"flowseal_pending":1,)", 0) == 0);
  EXPECT(flowseal::pending_flow::from_json(json, config).to_json() == json);
  const std::string key(32, 'k'), other(32, 'o');
  const auto sealed = pending.seal(key);
  EXPECT(flowseal::pending_flow::unseal(sealed, key, config).to_json() == json);
  EXPECT(refusal_of([&] { flowseal::pending_flow::unseal(sealed, other, config); }) ==
         "pending_flow");
  EXPECT(refusal_of<flowseal::misuse>([&] { pending.seal("short"); }) == "usage");
  EXPECT(refusal_of([&] { flowseal::pending_flow::from_json("{}", config); }) == "pending_flow");

  EXPECT(pending.reference() == sample.reference && pending.person() == PERSON);
  EXPECT(pending.finish_by() == pending.expires() + 600s);
  EXPECT(!pending.webhook_reference() && !pending.flow_of("order-1"));
  EXPECT(pending.flow_of(sample.reference) == sample.reference);
  EXPECT(pending.is_meant_by(flowseal::webhook(R"({"reference":")" + sample.reference + "\"}")));
  EXPECT(!pending.is_meant_by(flowseal::webhook(R"({"reference":"req_other"})")));
  EXPECT(pending.expectations().warnings().empty());
  EXPECT(pending.situation(FLOWSEAL_STATE_PENDING) == FLOWSEAL_SITUATION_ASKED_ELSEWHERE);
  EXPECT(refusal_of<flowseal::misuse>([&] {
           sample.created(flowseal::device::same()).pending();
         }) == "usage");
  const flowseal::pending_flow lenient =
      sample.pending().allow_more_claims().set_leeway(5s).set_max_age(300s);
  EXPECT(lenient.to_json().find(R"("more_claims":true)") != std::string::npos);
  EXPECT(lenient.to_json().find(R"("max_age":300)") != std::string::npos);
}

// A database that can be away.
struct database : flowseal::finish_once {
  bool finish(std::string_view reference, flowseal::time_point until) override {
    ++asked;
    if (is_away) throw std::runtime_error("the database is away");
    return seen.emplace(reference, until).second;
  }

  int asked = 0;
  bool is_away = false;
  std::map<std::string, flowseal::time_point> seen;
};

void finished(const sample& sample) {
  const flowseal::flow flow(sample.json);
  const auto pending = sample.pending();
  flowseal::finished_flows here;
  const auto end = [&](const flowseal::pending_flow& of, flowseal::finish_once& once) {
    return of.finish(flow, sample.verifier, once, sample.browser, sample.now);
  };
  const auto verified = end(pending, here);
  EXPECT(verified.requestee() == PERSON && verified.trust() == FLOWSEAL_TRUST_SIGNED);
  EXPECT(verified.open(sample.ring).trust() == FLOWSEAL_TRUST_SIGNED);
  EXPECT(refusal_of<flowseal::refusal>([&] { static_cast<void>(end(pending, here)); }) ==
         "pending_finished");
  EXPECT(here.size() == 1);
  here.forget_before(pending.finish_by() + 1s);
  EXPECT(here.size() == 0);

  // Over bytes that come apart from the flow, at an end and without one.
  const flowseal::profile apart(R"({"statement": "detached"})");
  const auto keys = sample.keys_under(apart);
  const auto bytes = verified.statement();
  const flowseal::detached_statement signed_bytes{
      bytes, {"reference", "requester", "requestee", "mode", "claims", "signedAt"}};
  const auto over = [&](flowseal::pending_flow of) {
    flowseal::finished_flows once;
    return of.finish(flow, keys, once, sample.browser, sample.now, std::nothrow).status();
  };
  EXPECT(over(sample.pending().set_detached(signed_bytes)) == FLOWSEAL_STATUS_OK);
  EXPECT(over(sample.pending()) == FLOWSEAL_STATUS_STATEMENT);
  EXPECT(over(sample.pending().set_detached({"other bytes", signed_bytes.covers})) ==
         FLOWSEAL_STATUS_SIGNATURE_INVALID);
  const auto asked = pending.expectations();
  EXPECT(flow.verify(keys, asked, signed_bytes, sample.now).requestee() == PERSON);
  // What they do not cover is not what was asked.
  const flowseal::detached_statement fewer{bytes, {"reference", "claims", "signedAt"}};
  EXPECT(flow.verify(keys, asked, fewer, sample.now, std::nothrow).status() ==
         FLOWSEAL_STATUS_EXPECTATION_FAILED);

  database there;
  EXPECT(refusal_of([&] {
           static_cast<void>(pending.finish(flow, sample.verifier, there, sample.now));
         }) == "expectation_failed");
  EXPECT(there.asked == 0);
  const auto unbound = sample.created(flowseal::device::different(PERSON)).pending();
  EXPECT(refusal_of<flowseal::misuse>([&] { static_cast<void>(end(unbound, there)); }) == "usage");
  EXPECT(there.asked == 0);
  there.is_away = true;
  EXPECT(thrown_by([&] { static_cast<void>(end(pending, there)); }) == "the database is away");
  const auto failed = pending.finish(flow, sample.verifier, there, sample.browser, sample.now,
                                     std::nothrow);
  EXPECT(failed.status() == FLOWSEAL_STATUS_CALLBACK && there.asked == 2);
  EXPECT(failed.error().situation() == FLOWSEAL_SITUATION_TRY_AGAIN);
  there.is_away = false;
  EXPECT(pending.finish(flow, sample.verifier, there, sample.browser, sample.now, std::nothrow));
  EXPECT(there.seen.at(sample.reference) == pending.finish_by());
  const auto again =
      pending.finish(flow, sample.verifier, there, sample.browser, sample.now, std::nothrow);
  EXPECT(again.status() == FLOWSEAL_STATUS_PENDING_FINISHED);
  EXPECT(again.error().report()->outcome(FLOWSEAL_CHECK_SIGNATURE) == FLOWSEAL_OUTCOME_PASSED);
  EXPECT(again.error().situation() == FLOWSEAL_SITUATION_ALREADY_FINISHED);

  // Whom it was asked of is the one that was sent.
  const auto other = sample.created(flowseal::device::different("00112345678")).pending();
  database unasked;
  try {
    static_cast<void>(other.finish(flow, sample.verifier, unasked, sample.now));
    EXPECT(false);
  } catch (const flowseal::refusal& refusal) {
    EXPECT(refusal.details().check == FLOWSEAL_CHECK_REQUESTEE && unasked.asked == 0);
    EXPECT(refusal.situation() == FLOWSEAL_SITUATION_NOT_ACCEPTED);
  }
}

// The flow with which a session ends that gets this answer to its ping, from this address.
flowseal::flow watched(flowseal::session session, const std::string& body, flowseal::time_point now,
                       const std::string& url = "") {
  for (;;) {
    auto action = session.poll(now, 4);
    if (auto* send = std::get_if<flowseal::session::send>(&action)) {
      const auto from = url.empty() ? send->request.url() : url;
      session.handle_response(send->request, {200, {}, body, from}, now);
    } else if (auto* wait = std::get_if<flowseal::session::wait>(&action)) {
      now += wait->pause;
    } else if (auto* end = std::get_if<flowseal::session::ended>(&action)) {
      return std::move(end->flow);
    }
  }
}

void received(const sample& sample) {
  const auto pending = sample.pending();
  const auto& config = sample.config;
  const auto receiving = [&] {
    return pending.session(config).set_trust(FLOWSEAL_TRUST_RECEIVED);
  };
  const auto flow = watched(receiving(), sample.unsigned_json, sample.now);
  EXPECT(flow.state() == FLOWSEAL_STATE_COMPLETE);
  flowseal::finished_flows once;
  const auto received = pending.finish_received(flow, once, sample.browser, sample.now);
  EXPECT(received.trust() == FLOWSEAL_TRUST_RECEIVED && received.reference() == sample.reference);
  EXPECT(received.requestee_received() == PERSON);
  EXPECT(received.report().outcome(FLOWSEAL_CHECK_RECEIVED) == FLOWSEAL_OUTCOME_PASSED);
  EXPECT(!received.unauthenticated().member("signature"));
  const auto claims = received.open(sample.ring, flowseal::open_options().select({"naming"}));
  EXPECT(claims.text("naming.given") == "Adébáyọ̀");
  EXPECT(!claims.verified() && claims.trust() == FLOWSEAL_TRUST_RECEIVED);
  EXPECT(received.open(sample.ring, std::nothrow));
  EXPECT(flowseal::begin_opening(received, sample.ring).finish().text("naming.given") ==
         "Adébáyọ̀");
  EXPECT(refusal_of([&] {
           static_cast<void>(pending.finish_received(flow, once, sample.browser, sample.now));
         }) == "pending_finished");

  const auto refused = [&](const flowseal::flow& other) {
    return refusal_of([&] {
      flowseal::finished_flows unused;
      static_cast<void>(pending.finish_received(other, unused, sample.browser, sample.now));
    });
  };
  EXPECT(refused(flowseal::flow(sample.unsigned_json)) == "signature_missing");
  EXPECT(refused(watched(pending.session(config), sample.unsigned_json, sample.now)) ==
         "signature_missing");
  EXPECT(refused(watched(receiving(), sample.unsigned_json, sample.now,
                         "https://evil.example/api/v2/flow/ping")) == "signature_missing");
  EXPECT(refusal_of([&] {
           flowseal::session(config, sample.reference).set_trust(FLOWSEAL_TRUST_RECEIVED);
         }) == "usage");

  // A signature that is there is looked at, where a verifier is at hand.
  flowseal::finished_flows other;
  const auto signed_flow = watched(receiving(), sample.json, sample.now);
  const auto looked_at = pending.finish_received(signed_flow, sample.verifier, other,
                                                 sample.browser, sample.now);
  EXPECT(looked_at.report().outcome(FLOWSEAL_CHECK_SIGNATURE) == FLOWSEAL_OUTCOME_PASSED);
  const auto forged = watched(receiving(), replaced(sample.json, "1716820052", "1716820053"),
                              sample.now);
  EXPECT(refusal_of([&] {
           static_cast<void>(pending.finish_received(forged, sample.verifier, other,
                                                     sample.browser, sample.now));
         }) == "signature_invalid");
  database away;
  away.is_away = true;
  EXPECT(thrown_by([&] {
           static_cast<void>(pending.finish_received(flow, away, sample.browser, sample.now));
         }) == "the database is away");

  // Without exceptions.
  const auto& browser = sample.browser;
  const auto& nothrow = std::nothrow;
  const auto failed = pending.finish_received(flow, away, browser, sample.now, nothrow);
  EXPECT(failed.status() == FLOWSEAL_STATUS_CALLBACK && away.asked == 2);
  away.is_away = false;
  const auto given = pending.finish_received(flow, away, browser, sample.now, nothrow);
  EXPECT(given && given->requestee_received() == PERSON);
  const auto again = pending.finish_received(flow, sample.verifier, away, browser, sample.now,
                                             nothrow);
  EXPECT(again.status() == FLOWSEAL_STATUS_PENDING_FINISHED);
  EXPECT(pending.finish_received(forged, sample.verifier, away, browser, sample.now, nothrow)
             .status() == FLOWSEAL_STATUS_SIGNATURE_INVALID);
  EXPECT(pending.finish_received(flow, away, sample.now, nothrow).status() ==
         FLOWSEAL_STATUS_EXPECTATION_FAILED);
  EXPECT(pending.finish_received(flow, sample.verifier, away, sample.now, nothrow).status() ==
         FLOWSEAL_STATUS_EXPECTATION_FAILED);
}

// A count that can be away.
struct count : flowseal::shared_count {
  std::optional<std::chrono::milliseconds> take(std::string_view base,
                                                flowseal::time_point now) override {
    if (is_away) throw std::runtime_error("the count is away");
    bases.emplace_back(base);
    last = now;
    return pause;
  }

  bool is_away = false;
  std::optional<std::chrono::milliseconds> pause;
  std::vector<std::string> bases;
  flowseal::time_point last;
};

void budgets(const sample& sample) {
  const auto now = sample.now;
  flowseal::budget alone;
  int sent = 0;
  while (!alone.urgent(sample.config, now)) ++sent;
  EXPECT(sent == 57);
  EXPECT(*alone.urgent(sample.config, now) > 59s);

  const auto shared = std::make_shared<count>();
  std::optional<flowseal::session> session;
  {
    // What the session needs of it outlives it.
    auto budget = flowseal::budget().set_most_sessions(1).set_shared_count(shared);
    EXPECT(!budget.urgent(sample.config, now));
    EXPECT(shared->bases == std::vector<std::string>({"https://s.pasby.africa"}));
    EXPECT(shared->last == now);
    shared->pause = 0ms;
    EXPECT(budget.urgent(sample.config, now).value() > 0ms);
    shared->pause = 700ms;
    EXPECT(budget.urgent(sample.config, now) == 700ms);
    shared->is_away = true;
    EXPECT(thrown_by([&] { static_cast<void>(budget.urgent(sample.config, now)); }) ==
           "the count is away");
    session.emplace(sample.pending().session(sample.config).set_budget(budget));
    EXPECT(refusal_of([&] { sample.pending().session(sample.config).set_budget(budget); }) ==
           "api_rate_limited");
    EXPECT(refusal_of<flowseal::misuse>([&] { session->set_deadline(1s); }) == "usage");
    EXPECT(session->warnings().empty());
  }
  const std::weak_ptr<count> remains = shared;
  EXPECT(shared.use_count() == 2);
  EXPECT(thrown_by([&] { session->poll(now, 4); }) == "the count is away");
  // And goes on.
  shared->is_away = false;
  EXPECT(std::get<flowseal::session::wait>(session->poll(now + 5s, 4)).pause == 700ms);
  shared->pause = std::nullopt;
  EXPECT(std::holds_alternative<flowseal::session::send>(session->poll(now + 10s, 4)));
  session.reset();
  EXPECT(shared.use_count() == 1);
  EXPECT(refusal_of<flowseal::misuse>([] { flowseal::budget().set_shared_count(nullptr); }) ==
         "pointer");
}

void audits(const sample& sample) {
  const auto now = sample.now;
  const flowseal::audit audit(std::string(32, 'k'));
  const auto has = [](const std::string& line, std::string_view text) {
    return line.rfind(R"({"flowseal_audit":1,"event":")", 0) == 0 && line.back() == '}' &&
           line.find(text) != std::string::npos && line.find(PERSON) == std::string::npos;
  };
  const auto start = sample.start(flowseal::device::different(PERSON));
  const auto line = audit.started(start, now);
  EXPECT(has(line, R"("started")") && has(line, R"("person":")"));
  EXPECT(flowseal::audit().started(start, now).find("person") == std::string::npos);
  const auto created = start.read(sample.answer(""));
  EXPECT(has(audit.created(start, created, now, 120ms), R"("took_ms":120)"));
  EXPECT(audit.created(start, created, now).find("took_ms") == std::string::npos);
  try {
    start.read({200, {}, "{}"});
    EXPECT(false);
  } catch (const flowseal::error& why) {
    EXPECT(has(audit.created(start, why, now), R"("outcome":"failed","code":"api_answer")"));
  }

  const auto pending = created.pending(sample.browser);
  EXPECT(has(audit.picked_up(pending, now), R"("event":"picked_up")"));
  EXPECT(has(audit.cancel_asked(pending, now), R"("event":"cancel_asked")"));
  const flowseal::flow flow(sample.json);
  EXPECT(has(audit.ended(pending, flow, now), R"("response_s":)"));
  database once;
  const auto wrong = pending.finish(flow, sample.verifier, once, now, std::nothrow).error();
  const auto refused = audit.finished(pending, wrong, now);
  EXPECT(has(refused, R"("outcome":"refused","code":"expectation_failed")"));
  EXPECT((refused.find(R"("check":)") != std::string::npos) == wrong.details().check.has_value());
  EXPECT(has(audit.ended(pending, wrong, now), R"("event":"ended")"));
  const auto other = sample.created(flowseal::device::different("00112345678")).pending();
  const auto strange = other.finish(flow, sample.verifier, once, now, std::nothrow).error();
  EXPECT(has(audit.finished(other, strange, now), R"("check":"requestee")"));
  const auto verified = pending.finish(flow, sample.verifier, once, sample.browser, now);
  EXPECT(has(audit.finished(pending, verified, now), R"("trust":"signed")"));
  const auto claims = verified.open(sample.ring);
  EXPECT(has(audit.opened(pending, claims, now, 1s), R"("took_ms":1000)"));
  EXPECT(has(audit.opened(pending, strange, now), R"("event":"opened")"));
  const auto at_hand = watched(pending.session(sample.config).set_trust(FLOWSEAL_TRUST_RECEIVED),
                               sample.unsigned_json, now);
  database another;
  const auto received = pending.finish_received(at_hand, another, sample.browser, now);
  EXPECT(has(audit.finished(pending, received, now), R"("trust":"received")"));

  another.is_away = true;
  const auto away =
      pending.finish(flow, sample.verifier, another, sample.browser, now, std::nothrow).error();
  EXPECT(refusal_of<flowseal::misuse>([&] { audit.finished(pending, away, now); }) == "usage");
  EXPECT(refusal_of<flowseal::misuse>([] { flowseal::audit(std::string(31, 'k')); }) == "usage");
}

void words() {
  const auto english = flowseal::words::english();
  EXPECT(english.text(FLOWSEAL_SITUATION_SCAN_CODE) == "Scan the code with the app on your phone.");
  EXPECT(flowseal::words::french().text(FLOWSEAL_SITUATION_EXPIRED) ==
         "Le délai est dépassé. Veuillez recommencer.");
  EXPECT(flowseal::next_step(FLOWSEAL_SITUATION_EXPIRED) == FLOWSEAL_NEXT_STEP_RESTART);
  EXPECT(refusal_of<flowseal::misuse>([] { flowseal::words::from_json("{}"); }) == "usage");
  EXPECT(std::string(flowseal_situation_key(FLOWSEAL_SITUATION_SCAN_CODE)) == "scan_code");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  try {
    const sample sample(argv);
    starts(sample);
    kept(sample);
    finished(sample);
    received(sample);
    budgets(sample);
    audits(sample);
    words();
  } catch (const flowseal::error& refusal) {
    std::cerr << "error[" << refusal.name() << "]: " << refusal.what() << "\n";
    ++failures;
  }
  std::cout << failures << " failures\n";
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
