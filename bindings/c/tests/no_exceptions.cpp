// flowseal.hpp where exceptions are turned off: the twins with std::nothrow say all.
//
//     no_exceptions flow.json app.pem user.pub.pem REFERENCE NOW

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <flowseal.hpp>
#include <fstream>
#include <iterator>
#include <new>
#include <string>

static_assert(FLOWSEAL_VERSION_MAJOR == 0 && FLOWSEAL_VERSION_MINOR == 1);
static_assert(!FLOWSEAL_EXCEPTIONS);

static std::string read_file(const char* name) {
  std::ifstream stream(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const auto key = flowseal::decrypting_key::load(read_file(argv[2]), std::nothrow);
  const auto flow = flowseal::flow::parse(read_file(argv[1]), std::nothrow);
  if (!key || !flow) return EXIT_FAILURE;
  const flowseal::key_ring ring(*key);
  const auto verifier =
      flowseal::verifier::trusting(flowseal::verifying_keys(read_file(argv[3])));
  const flowseal::time_point now(std::chrono::seconds(std::atoll(argv[5])));

  const auto expected = flowseal::expectations::for_reference(argv[4]);
  const auto verified = flow->verify(verifier, expected, now, std::nothrow);
  if (!verified || verified->open(ring, std::nothrow)->size() == 0) return EXIT_FAILURE;

  const auto other = flowseal::expectations::for_reference("req_other");
  const auto refused = flow->verify(verifier, other, now, std::nothrow);
  if (refused || refused.error().details().check != FLOWSEAL_CHECK_REFERENCE) return EXIT_FAILURE;
  if (std::strstr(refused.error().what(), "req_other") == nullptr) return EXIT_FAILURE;
  const auto batch = flowseal::open_many({}, ring, {}, std::nothrow);
  std::puts(refused.error().what());
  return batch.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}
