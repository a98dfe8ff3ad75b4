// The part of the ESP32's HTTPClient.h that the sketch uses, made of libcurl. Requests go to UBIETY_URL, whatever
// address stands in the sketch.
#pragma once

#include <curl/curl.h>

#include "Arduino.h"

class HTTPClient {
 public:
  void begin(const char*) { curl_easy_setopt(curl_, CURLOPT_URL, (std::getenv("UBIETY_URL") + path_).c_str()); }
  void setConnectTimeout(unsigned long milliseconds) { set_time_limit(CURLOPT_CONNECTTIMEOUT_MS, milliseconds); }
  void setTimeout(unsigned long milliseconds) { set_time_limit(CURLOPT_TIMEOUT_MS, milliseconds); }
  void collectHeaders(const char**, std::size_t) {}
  void addHeader(const char* name, const char* value) {
    fields_ = curl_slist_append(fields_, (std::string(name) + ": " + value).c_str());
  }

  int POST(const String& body) {
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, fields_);
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(
        curl_, CURLOPT_WRITEFUNCTION, +[](char*, std::size_t, std::size_t count, void*) { return count; });
    if (curl_easy_perform(curl_) != CURLE_OK) return -1;
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
  }

  String header(const char* name) {
    curl_header* field = nullptr;
    return curl_easy_header(curl_, name, 0, CURLH_HEADER, -1, &field) == CURLHE_OK ? field->value : "";
  }

  void end() {
    curl_slist_free_all(fields_);
    curl_easy_cleanup(curl_);
  }

 private:
  void set_time_limit(CURLoption limit, unsigned long milliseconds) {
    curl_easy_setopt(curl_, limit, static_cast<long>(milliseconds / hurry));
  }

  const std::string path_ = "/status";
  CURL* curl_ = curl_easy_init();
  curl_slist* fields_ = nullptr;
};
