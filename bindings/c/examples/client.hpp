// What the README's journey leaves to its reader: an HTTP client, here libcurl, and a file.
//
// send() is all that flowseal asks of a client: it sends a request as it is, follows no redirect,
// reads no more than there can be, and says which address has answered.

#ifndef CLIENT_HPP
#define CLIENT_HPP

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <flowseal.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

inline std::string read_file(const char* name) {
  std::ifstream stream(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// More than any response of the API.
constexpr std::size_t most_bytes = std::size_t{1} << 20;

inline std::size_t collect(char* bytes, std::size_t one, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (count > most_bytes - text.size()) return 0;
  text.append(bytes, one * count);
  return count;
}

// The response; nothing where none came.
inline std::optional<flowseal::http_response> send(const flowseal::request& request,
                                                   std::chrono::milliseconds timeout) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
  // Do not log them: they hold credentials.
  curl_slist* list = nullptr;
  for (const auto& header : request.headers()) {
    list = curl_slist_append(list, (header.name + ": " + header.value).c_str());
  }
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(list,
                                                                            curl_slist_free_all);
  const auto url = request.url();
  const auto body = request.body();
  flowseal::http_response response;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  if (body) curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body->c_str());
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &response.body);
  if (curl_easy_perform(curl.get()) != CURLE_OK) return std::nullopt;
  long status = 0;
  char* from = nullptr;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl.get(), CURLINFO_EFFECTIVE_URL, &from);
  response.status = static_cast<std::uint16_t>(status);
  response.url = from;
  curl_header* header = nullptr;
  while ((header = curl_easy_nextheader(curl.get(), CURLH_HEADER, -1, header)) != nullptr) {
    response.headers.emplace_back(header->name, header->value);
  }
  return response;
}

#endif
