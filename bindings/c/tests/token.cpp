// A key that stays in its token, through flowseal.hpp: for a library that was installed with
// --pkcs11.
//
//     token flow.json URI MODULE PIN_FILE user.pub.pem REFERENCE NOW

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
  if (argc != 8) return 2;
  try {
    std::string pin = read_file(argv[4]);
    pin.resize(pin.find_first_of("\r\n"));
    flowseal::token_access access;
    access.module = argv[3];
    try {
      flowseal::token_key(argv[2], access);
      std::cerr << "it was opened without a PIN\n";
      return EXIT_FAILURE;
    } catch (const flowseal::error& refusal) {
      if (refusal.code() != FLOWSEAL_STATUS_PIN) throw;
    }
    access.pin = pin;
    const flowseal::key_ring ring(flowseal::token_key(argv[2], access));
    const auto verifier = flowseal::verifier::trusting(flowseal::verifying_keys(read_file(argv[5])));
    const flowseal::flow flow(read_file(argv[1]));
    const auto expectations = flowseal::expectations::for_reference(argv[6]);
    const flowseal::time_point now(std::chrono::seconds(std::atoll(argv[7])));
    std::cout << flow.verify(verifier, expectations, now).open(ring).to_json() << "\n";
    return EXIT_SUCCESS;
  } catch (const flowseal::error& refusal) {
    std::cerr << "error[" << refusal.name() << "]: " << refusal.what() << "\n";
    return EXIT_FAILURE;
  }
}
