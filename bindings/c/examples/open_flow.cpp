// Reads the answer of a ping, verifies it and prints the claims.
//
//     cmake -S . -B build -DCMAKE_PREFIX_PATH=PREFIX && cmake --build build
//     build/open_flow flow.json app.pem user.pub.pem REFERENCE NOW

#include <chrono>
#include <cstdlib>
#include <flowseal.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

static std::string read_file(const char* name) {
  std::ifstream stream(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: open_flow RESPONSE APP_PEM USER_PEM REFERENCE NOW\n";
    return 2;
  }
  try {
    // Once, when the service starts.
    const flowseal::key_ring ring(flowseal::decrypting_key(read_file(argv[2])));
    const flowseal::verifying_keys keys(read_file(argv[3]));
    const auto verifier = flowseal::verifier::trusting(keys);

    // For each flow.
    const flowseal::flow flow(read_file(argv[1]));
    const auto expectations =
        flowseal::expectations::for_reference(argv[4]).set_max_age(std::chrono::minutes(5));
    const flowseal::time_point now(std::chrono::seconds(std::atoll(argv[5])));
    const auto verified = flow.verify(verifier, expectations, now);
    // These keys may sign for everyone: who it was is to be read, and held against whom you asked.
    std::cerr << "signed by " << verified.requestee().value_or("nobody who is named") << "\n";
    std::cout << verified.open(ring).to_json() << "\n";
    return EXIT_SUCCESS;
  } catch (const flowseal::error& refusal) {
    std::cerr << "error[" << refusal.name() << "]: " << refusal.what() << "\n";
    if (refusal.report() != nullptr) std::cerr << refusal.report()->to_json() << "\n";
    return EXIT_FAILURE;
  }
}
