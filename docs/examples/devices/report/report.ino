// Reports once a minute, and repeats each report until the service has stored it or refuses it. Arduino core for ESP32.
#include <HTTPClient.h>
#include <WiFi.h>
#include <sys/time.h>

const char* const network = "home";
const char* const password = "secret";
const char* const url = "http://192.168.1.10:8000/status";
const char* const apiKey = "";  // where the service asks for one
const char* const device = "sensor-abc-123";

const unsigned long interval = 60000;       // milliseconds from one report to the next
const unsigned long timeout = 10000;        // milliseconds; longer than the service's REQUEST_TIMEOUT
const unsigned long longestPause = 300000;  // milliseconds

String waiting;                                             // the report that is not stored yet; empty if there is none
unsigned long measuredAt = 0, sentAt = 0, pauseLength = 0;  // milliseconds
int attempt = 0;

bool clockIsSet() { return time(nullptr) > 1700000000; }

int batteryLevel() { return 76; }  // read your sensor here

// The time of the measurement, not of an attempt to send it.
String makeReport() {
  struct timeval now;
  gettimeofday(&now, nullptr);
  struct tm utc;
  gmtime_r(&now.tv_sec, &utc);
  char second[24], report[256];
  strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &utc);
  snprintf(report, sizeof report,
           "{\"device_id\":\"%s\",\"timestamp\":\"%s.%03ldZ\",\"battery_level\":%d,\"rssi\":%d,\"online\":true}",
           device, second, static_cast<long>(now.tv_usec / 1000), batteryLevel(), static_cast<int>(WiFi.RSSI()));
  return report;
}

// Returns the answer's status and sets its Retry-After in milliseconds; the status is below 1 if there was no answer.
int sendOnce(const String& report, unsigned long& retryAfter) {
  HTTPClient http;
  const char* wanted[] = {"Retry-After"};
  http.setConnectTimeout(timeout);
  http.setTimeout(timeout);
  http.begin(url);
  http.collectHeaders(wanted, 1);
  http.addHeader("Content-Type", "application/json");
  if (*apiKey) http.addHeader("X-API-Key", apiKey);
  const int status = http.POST(report);
  retryAfter = 1000UL * http.header("Retry-After").toInt();
  http.end();
  return status;
}

// Milliseconds until the next attempt: doubled each time, with jitter, and never less than the service asked for.
unsigned long pauseAfter(int status, unsigned long retryAfter) {
  const bool needsAPerson = status >= 300 && status < 500 && status != 408 && status != 429;  // a wrong key or address
  unsigned long backoff = longestPause;
  if (!needsAPerson && attempt < 9) backoff = 1000UL << attempt;
  return max(retryAfter, backoff / 2 + random(backoff / 2));
}

void attemptToSend() {
  unsigned long retryAfter = 0;
  const int status = sendOnce(waiting, retryAfter);  // the same bytes each time
  sentAt = millis();
  const bool stored = status == 200;
  const bool refused = status == 400 || status == 413 || status == 415 || status == 422;  // it never gets better
  if (stored || refused) {
    waiting = "";
    attempt = 0;
    pauseLength = 0;
  } else {
    pauseLength = pauseAfter(status, retryAfter);
    ++attempt;
  }
}

void setup() {
  WiFi.begin(network, password);
  configTime(0, 0, "pool.ntp.org");
  randomSeed(esp_random());        // no two devices may wait in step,
  measuredAt = -random(interval);  // nor report at the same second of the minute
}

void loop() {
  if (waiting.isEmpty() && clockIsSet() && millis() - measuredAt >= interval) {
    measuredAt = millis();
    waiting = makeReport();
  }
  if (!waiting.isEmpty() && millis() - sentAt >= pauseLength) attemptToSend();
  delay(10);
}
