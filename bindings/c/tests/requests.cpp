// Requests, answers, sessions, streams and webhooks through flowseal.hpp, without a network.
//
//     requests flow.json app.pem user.pub.pem REFERENCE NOW

#include <chrono>
#include <cstdlib>
#include <flowseal.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <variant>

namespace {

int failures = 0;

const flowseal::time_point NOW(std::chrono::seconds(1716820181));

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

template <class Refusal = flowseal::error, class Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const Refusal& refusal) {
    return refusal.name();
  }
  return "none";
}

flowseal::api_config config(flowseal_api_version version) {
  flowseal::api_config config(version, FLOWSEAL_ENVIRONMENT_SANDBOX, "bk-test_key", "snb_secret");
  config.set_ids("bcn_sample", "app_sample").set_base_url("http://127.0.0.1:8080");
  return config;
}

void what_is_sent() {
  const auto v1 = config(FLOWSEAL_API_VERSION_V1);
  const auto v2 = config(FLOWSEAL_API_VERSION_V2);
  const auto token = flowseal::session_token::from_header("header.payload.signature");
  EXPECT(v2.version() == FLOWSEAL_API_VERSION_V2);
  EXPECT(v2.environment() == FLOWSEAL_ENVIRONMENT_SANDBOX);
  EXPECT(v2.warnings().empty());
  EXPECT(token.expose() == "header.payload.signature");
  EXPECT(!token.expires_at());

  const auto ping = flowseal::request::ping(v2, "req_1");
  EXPECT(ping.endpoint() == FLOWSEAL_ENDPOINT_PING);
  EXPECT(ping.method() == "POST");
  EXPECT(ping.url() == "http://127.0.0.1:8080/api/v2/flow/ping");
  EXPECT(ping.body() == R"({"request":"req_1"})");
  std::map<std::string, flowseal::header> headers;
  for (auto& header : ping.headers()) headers.emplace(header.name, header);
  EXPECT(headers.at("x-api-key").value == "bk-test_key" && headers.at("x-api-key").is_sensitive);
  EXPECT(headers.at("x-access-secret").is_sensitive);
  EXPECT(!headers.at("content-type").is_sensitive);

  EXPECT(!flowseal::request::authorize(v1).body());
  EXPECT(flowseal::request::ping(v1, "req_1", token).url().find("/v1/") != std::string::npos);
  EXPECT(flowseal::request::polling(v1, "req_1").endpoint() == FLOWSEAL_ENDPOINT_POLLING);
  EXPECT(flowseal::request::polling(v1, "req_1", token).method() == "POST");
  EXPECT(flowseal::request::sse(v2, "req_1").method() == "GET");
  EXPECT(flowseal::request::cancel(v2, "req_1").endpoint() == FLOWSEAL_ENDPOINT_CANCEL);
  EXPECT(flowseal::request::cancel(v1, "req_1", token).endpoint() == FLOWSEAL_ENDPOINT_CANCEL);
  EXPECT(refusal_of([&] { flowseal::request::authorize(v2); }) == "api_version");
  EXPECT(refusal_of([&] { flowseal::request::ping(v1, "req_1"); }) == "api_unauthorized");
  EXPECT(refusal_of([] {
           flowseal::api_config(FLOWSEAL_API_VERSION_V2, FLOWSEAL_ENVIRONMENT_SANDBOX,
                                "bk-live_key", "snb_secret");
         }) == "api_config");
  const flowseal::api_config unusual(FLOWSEAL_API_VERSION_V2, FLOWSEAL_ENVIRONMENT_SANDBOX,
                                     "key", "snb_secret");
  EXPECT(unusual.warnings().size() == 1);
}

void a_service_account(const std::string& app_pem) {
  const std::string json = R"({"type":"app","appid":"app_1","consumer":"bcn_1","secret":"snb_1",)"
                           R"("apikeys":{"live":"bk-live_1","test":"bk-test_1"}})";
  const auto account = flowseal::service_account::from_parts(json, {std::string_view(app_pem)});
  flowseal::api_config config(FLOWSEAL_API_VERSION_V1, FLOWSEAL_ENVIRONMENT_SANDBOX,
                              account);
  const auto url = flowseal::request::authorize(config).url();
  EXPECT(url.find("?sub=bcn_1&app=app_1") != std::string::npos);
  EXPECT(refusal_of([&] {
           flowseal::api_config(FLOWSEAL_API_VERSION_V1, FLOWSEAL_ENVIRONMENT_PRODUCTION,
                                account);
         }) == "api_config");
  EXPECT(flowseal::request::polling(config, "req_1").method() == "POST");
  config.set_polling_credentials(FLOWSEAL_POLLING_CREDENTIALS_SESSION_TOKEN);
  EXPECT(refusal_of([&] { flowseal::request::polling(config, "req_1"); }) == "api_unauthorized");
}

void what_comes_back(const std::string& flow, const std::string& reference) {
  const auto v1 = config(FLOWSEAL_API_VERSION_V1);
  const auto v2 = config(FLOWSEAL_API_VERSION_V2);
  const auto ping = flowseal::request::ping(v2, reference);
  const auto answer = flowseal::response::from_http(ping, {200, {}, flow});
  EXPECT(answer.answer() == FLOWSEAL_ANSWER_FLOW);
  EXPECT(answer.flow().inspect().find(reference) != std::string::npos);
  EXPECT(!answer.api_error() && !answer.request());
  EXPECT(refusal_of([&] { answer.token(); }) == "api_answer");

  const auto authorized = flowseal::response::from_http(
      flowseal::request::authorize(v1),
      {200, {{"X-Access-Token", "bare"}}, R"({"status":"successful","data":{}})"});
  EXPECT(authorized.token().expose() == "bare");

  const auto cancelled = flowseal::response::from_json(
      R"({"status":"successful","reason":"Request now cancelled","data":{"model":{"id":"req_1"}}})");
  EXPECT(cancelled.answer() == FLOWSEAL_ANSWER_CANCELLED);
  EXPECT(cancelled.request_member("id") == R"("req_1")");
  EXPECT(cancelled.request() == R"({"id":"req_1"})");
  EXPECT(cancelled.reason() == "Request now cancelled");
  EXPECT(cancelled.member("status") == R"("successful")");

  const auto created = flowseal::response::from_json(
      R"({"status":"successful","data":{"request":{"id":"req_1","signature":"stamp"},)"
      R"("token":"bare","more":1}})");
  EXPECT(created.answer() == FLOWSEAL_ANSWER_CREATED);
  EXPECT(created.request_member("signature") == R"("stamp")");
  EXPECT(created.created_token()->expose() == "bare");
  EXPECT(created.data() == R"({"more":1})");
  EXPECT(!cancelled.created_token() && !cancelled.member("cost"));

  const auto busy = flowseal::response::from_http(
      ping, {429, {{"Retry-After", "7"}}, "Too many requests"});
  EXPECT(busy.answer() == FLOWSEAL_ANSWER_ERROR);
  EXPECT(busy.api_error()->remedy() == FLOWSEAL_REMEDY_RETRY_LATER);
  EXPECT(refusal_of<flowseal::api_refusal>([&] { busy.flow(); }) == "api_rate_limited");
  try {
    busy.flow();
  } catch (const flowseal::api_refusal& refusal) {
    EXPECT(refusal.api_error().http_status() == 429);
    EXPECT(refusal.code_class() == FLOWSEAL_CODE_CLASS_RETRY && refusal.http_status() == 503);
    EXPECT(std::string(refusal.cause()).back() == '.' && std::string(refusal.mend()).back() == '.');
    EXPECT(refusal.api_error().retry_after() == std::chrono::seconds(7));
    EXPECT(refusal.api_error().back_off(1, 0) >= std::chrono::seconds(7));
    EXPECT(!refusal.api_error().advice().empty());
  }
  const auto invalid = flowseal::api_error::from_body(
      400, R"([{"code":"too_small","path":["body","user"],"message":"Required"}])");
  EXPECT(invalid.http_status() == 400);
  EXPECT(invalid.issue_count() == 1);
  EXPECT(invalid.issue_path(0) == "body.user");
  EXPECT(invalid.issue_code(0) == "too_small");
  EXPECT(invalid.issue_message(0) == "Required");
}

// What a session does against an API that gives these answers, one after another, and then none.
std::string watched(flowseal::session session, std::initializer_list<flowseal::http_response> api) {
  auto now = NOW;
  std::string said;
  auto next = api.begin();
  for (int turns = 0; turns < 100; ++turns) {
    auto action = session.poll(now, 0);
    if (auto* send = std::get_if<flowseal::session::send>(&action)) {
      const auto url = send->request.url();
      said += url.substr(url.rfind('/') + 1, 4) + " ";
      now += std::chrono::milliseconds(20);
      if (next == api.end()) {
        session.lost(now);
      } else {
        session.handle_response(send->request, *next++, now);
      }
    } else if (auto* wait = std::get_if<flowseal::session::wait>(&action)) {
      now += wait->pause;
    } else if (auto* progress = std::get_if<flowseal::session::progress>(&action)) {
      said += "progress ";
      EXPECT(progress->flow.handle().id != 0);
    } else if (auto* ended = std::get_if<flowseal::session::ended>(&action)) {
      EXPECT(ended->flow.handle().id != 0);
      return said + "done";
    }
  }
  return said + "and no end";
}

void sessions(const std::string& flow, const std::string& reference) {
  const std::string begun = R"({"status":"successful","data":{"request":{"reference":")" +
                            reference +
                            R"(","requester":"bcn_sample","requestee":"22212345610",)"
                            R"("iat":1716820052,"mode":"identification","cancelled":false,"onsession":)";
  const flowseal::http_response pending{200, {}, begun + "false}}}"};
  const flowseal::http_response picked_up{200, {}, begun + "true}}}"};
  const flowseal::http_response ended{200, {}, flow};
  const flowseal::http_response token{200, {{"x-access-token", "bare"}}, R"({"status":200})"};
  const flowseal::http_response gone{200, {}, R"({"status":"successful","data":{}})"};
  const flowseal::http_response wrong{400, {}, R"({"type":"param_error","message":"no"})"};
  const auto v1 = [&] { return flowseal::session(config(FLOWSEAL_API_VERSION_V1), reference); };
  const auto v2 = [&] { return flowseal::session(config(FLOWSEAL_API_VERSION_V2), reference); };

  EXPECT(watched(v2(), {pending, picked_up, ended}) == "ping ping progress ping done");
  EXPECT(watched(v1(), {token, pending, ended}) == "auth ping ping done");
  EXPECT(refusal_of([&] { watched(v2(), {pending, gone}); }) == "flow_expired");
  auto long_polling = v1();
  long_polling.set_long_polling();
  EXPECT(watched(std::move(long_polling), {pending, ended}) == "poll poll done");
  auto short_lived = v2();
  short_lived.set_lifetime(std::chrono::seconds(1));
  EXPECT(refusal_of([&] { watched(std::move(short_lived), {pending}); }) == "flow_expired");

  EXPECT(refusal_of<flowseal::api_refusal>([&] { watched(v2(), {wrong}); }) == "api_request");
  auto patient = v2();
  patient.set_deadline(std::chrono::seconds(10));
  EXPECT(refusal_of([&] { watched(std::move(patient), {}); }) == "connection_lost");
  EXPECT(refusal_of([&] { v2().set_long_polling(); }) == "api_version");
  const auto a_moment = std::chrono::milliseconds(1716820181000);
  EXPECT(refusal_of([&] { v2().set_deadline(a_moment); }) == "usage");
  EXPECT(refusal_of([&] { v2().set_lifetime(a_moment); }) == "usage");
  auto chained = v2().set_deadline(std::chrono::hours(24)).set_lifetime(std::chrono::seconds(1));
  EXPECT(refusal_of([&] { watched(std::move(chained), {pending}); }) == "flow_expired");
  auto begun_already = v2();
  begun_already.poll(std::chrono::system_clock::now(), 0);
  EXPECT(refusal_of([&] { begun_already.set_deadline(std::chrono::seconds(1)); }) == "usage");
  auto cancelled = v2();
  cancelled.cancel();
  const flowseal::http_response confirmed{
      200, {}, R"({"status":"successful","data":{"model":{"id":"req_1"}}})"};
  EXPECT(refusal_of([&] { watched(std::move(cancelled), {confirmed}); }) == "flow_cancelled");
}

std::string without_lines(const std::string& json) {
  std::string line;
  for (const char byte : json) {
    if (byte != '\n') line += byte;
  }
  return line;
}

// From the event of a stream to the ping that confirms it, and the end.
void listening(const std::string& flow, const std::string& reference) {
  using session = flowseal::session;
  EXPECT(refusal_of([&] {
           session(config(FLOWSEAL_API_VERSION_V1), reference).set_stream();
         }) == "api_version");
  auto listener = session(config(FLOWSEAL_API_VERSION_V2), reference).set_stream();
  EXPECT(!listener.listens());
  const auto opened = listener.poll(NOW, 4);
  const auto* stream = std::get_if<session::stream>(&opened);
  EXPECT(stream && stream->request.endpoint() == FLOWSEAL_ENDPOINT_SSE);
  EXPECT(stream && stream->timeout == std::chrono::seconds(10));
  EXPECT(listener.listens());
  EXPECT(refusal_of<flowseal::misuse>([&] { listener.set_stream(); }) == "usage");

  const auto event = "data: " + without_lines(flow) + "\n\n";
  listener.heard(std::string_view(event).substr(0, 100), NOW);
  EXPECT(std::holds_alternative<session::wait>(listener.poll(NOW, 4)));
  listener.heard(std::string_view(event).substr(100), NOW);
  EXPECT(listener.listens());
  const auto next = listener.poll(NOW, 4);
  const auto* ping = std::get_if<session::send>(&next);
  EXPECT(ping && ping->request.endpoint() == FLOWSEAL_ENDPOINT_PING);
  if (ping) listener.handle_response(ping->request, {200, {}, flow}, NOW);
  EXPECT(std::holds_alternative<session::ended>(listener.poll(NOW, 4)));
  EXPECT(!listener.listens());

  auto broken = session(config(FLOWSEAL_API_VERSION_V2), reference).set_stream();
  EXPECT(std::holds_alternative<session::stream>(broken.poll(NOW, 4)));
  broken.stream_ended(NOW);
  EXPECT(!broken.listens());
  EXPECT(std::holds_alternative<session::send>(broken.poll(NOW, 4)));
}

void streams(const std::string& flow) {
  const auto line = without_lines(flow);
  flowseal::event_stream stream;
  stream.push("\xef\xbb\xbf: a comment\r\nid: 7\r\nda");
  EXPECT(!stream.next());
  stream.push("ta: " + line + "\r\n\r\n");
  const auto event = stream.next();
  EXPECT(event && event->id() == "7" && event->name().empty() && event->data() == line);
  EXPECT(event && event->response().answer() == FLOWSEAL_ANSWER_FLOW);
  EXPECT(!stream.next());

  flowseal::event_stream narrow(flowseal::profile(R"({"limits":{"response_bytes":16}})"));
  narrow.push("data: more than sixteen bytes\n\n");
  EXPECT(refusal_of([&] { narrow.next(); }) == "too_large");
}

struct store : flowseal::webhook_store {
  std::optional<std::string> flow_of(std::string_view reference) override {
    if (fails || reference == "req_throws") throw std::runtime_error("the database is away");
    if (reference == "req_waits") return "req_waits";
    if (reference == "req_long") return std::string(10000, 'r');
    return std::nullopt;
  }
  bool remember(std::string_view key, flowseal::time_point until) override {
    return seen.emplace(key, until).second;
  }

  bool fails = false;
  std::map<std::string, flowseal::time_point> seen;
};

void webhooks() {
  const auto v1 = config(FLOWSEAL_API_VERSION_V1);
  const auto v2 = config(FLOWSEAL_API_VERSION_V2);
  const auto token = flowseal::session_token::from_header("bare");
  const flowseal::webhook waits(R"({"reference":"req_waits"})");
  store store;
  EXPECT(waits.confirm(v2, store, NOW).endpoint() == FLOWSEAL_ENDPOINT_PING);
  // The flow for three seconds, and what was said of it for as long as it may be said again.
  EXPECT(store.seen.size() == 2);
  for (const auto& [key, until] : store.seen) EXPECT(until > NOW);
  const auto later = NOW + std::chrono::seconds(1);
  EXPECT(refusal_of([&] { waits.confirm(v2, store, later); }) == "webhook_replayed");
  store.seen.clear();
  EXPECT(waits.confirm(v1, token, store, NOW).url().find("/v1/") != std::string::npos);
  const auto refusal = [&](const char* json) {
    return refusal_of([&] { flowseal::webhook(json).confirm(v2, store, NOW); });
  };
  EXPECT(refusal(R"({"reference":"req_other"})") == "webhook_unmatched");
  EXPECT(refusal(R"({"reference":"req_long"})") == "webhook_unmatched");
  EXPECT(refusal("[]") == "webhook");

  store.fails = true;
  std::string thrown;
  try {
    waits.confirm(v2, store, NOW);
  } catch (const std::runtime_error& error) {
    thrown = error.what();
  }
  EXPECT(thrown == "the database is away");

  // What throws for one reference is not asked about the next, and remembers nothing: the ping that
  // would be remembered is never sent.
  store.fails = false;
  store.seen.clear();
  thrown.clear();
  const flowseal::webhook both(R"({"reference":"req_throws","data":{"reference":"req_waits"}})");
  try {
    both.confirm(v2, store, NOW);
  } catch (const std::runtime_error& error) {
    thrown = error.what();
  }
  EXPECT(thrown == "the database is away");
  EXPECT(store.seen.empty());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const auto flow = read_file(argv[1]);
  try {
    what_is_sent();
    a_service_account(read_file(argv[2]));
    what_comes_back(flow, argv[4]);
    sessions(flow, argv[4]);
    listening(flow, argv[4]);
    streams(flow);
    webhooks();
  } catch (const flowseal::error& refusal) {
    std::cerr << "error[" << refusal.name() << "]: " << refusal.what() << "\n";
    ++failures;
  }
  std::cout << failures << " failures\n";
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
