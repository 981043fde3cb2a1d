// What the README's journey leaves to its reader: an HTTP client, here libcurl, and a
// configuration.

#ifndef CLIENT_HPP
#define CLIENT_HPP

#include <curl/curl.h>

#include <chrono>
#include <flowseal.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>

inline std::string read_file(const char* name) {
  std::ifstream stream(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline flowseal::api_config mock_at(const char* url) {
  flowseal::api_config config(FLOWSEAL_API_VERSION_V2, FLOWSEAL_ENVIRONMENT_SANDBOX,
                              "bk-test_mock", "snb_mock");
  config.set_ids("bcn_sample", "app_sample").set_base_url(url);
  return config;
}

inline std::size_t collect(char* bytes, std::size_t one, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + count > (1 << 20)) return 0;
  text.append(bytes, one * count);
  return count;
}

inline flowseal::http_response send(const flowseal::request& request,
                                    std::chrono::milliseconds timeout) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
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
  if (curl_easy_perform(curl.get()) != CURLE_OK) throw std::runtime_error("no response came");
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
