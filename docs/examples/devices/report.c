/* Sends one report, and repeats it until the service has stored it or refuses it. C11 and libcurl 7.66.
 *
 *     cc -std=c11 -o report report.c -lcurl
 *     ./report sensor-abc-123 76 -60     # device, battery in percent, RSSI in dBm; exits 0 once it is stored
 */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const long timeout = 10; /* seconds; longer than the service's REQUEST_TIMEOUT, so that its 503 arrives */
static const double longest_pause = 300; /* seconds */

struct answer {
  long status;            /* 0 if there was no answer */
  curl_off_t retry_after; /* seconds */
};

static size_t ignore(char* data, size_t size, size_t count, void* user) {
  (void)data, (void)user;
  return size * count;
}

static struct answer send_report(CURL* curl, const char* body) {
  struct answer answer = {0, 0};
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
  if (curl_easy_perform(curl) != CURLE_OK) return answer;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &answer.retry_after);
  return answer;
}

/* The report itself is wrong: it never gets better. */
static int is_refused(long status) { return status == 400 || status == 413 || status == 415 || status == 422; }

/* Seconds until the next attempt: doubled each time, with jitter, and never less than the service asked for. */
static double pause_after(int attempt, struct answer answer) {
  const long status = answer.status;
  const int needs_a_person = status >= 300 && status < 500 && status != 408 && status != 429; /* wrong key or address */
  double backoff = needs_a_person || attempt > 8 ? longest_pause : (double)(1 << attempt);
  backoff *= 0.5 + 0.5 * (double)rand() / RAND_MAX;
  return backoff > (double)answer.retry_after ? backoff : (double)answer.retry_after;
}

static void wait_for(double seconds) {
  struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  while (nanosleep(&left, &left) != 0) {
  }
}

/* Returns 1 once the report is stored, 0 if the service refuses it. Waits as long as it takes. */
static int deliver(CURL* curl, const char* body) {
  for (int attempt = 0;; ++attempt) { /* every attempt sends the same bytes */
    const struct answer answer = send_report(curl, body);
    if (answer.status == 200) return 1;
    if (is_refused(answer.status)) return 0;
    wait_for(pause_after(attempt, answer));
  }
}

int main(int count, char** arguments) {
  if (count != 4) return 2;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  srand((unsigned)now.tv_nsec); /* no two devices may wait in step */
  char second[32], body[512], url[256], key[256];
  strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", gmtime(&now.tv_sec));
  snprintf(body, sizeof body,
           "{\"device_id\":\"%s\",\"timestamp\":\"%s.%03ldZ\",\"battery_level\":%d,\"rssi\":%d,\"online\":true}",
           arguments[1], second, now.tv_nsec / 1000000, atoi(arguments[2]), atoi(arguments[3]));
  const char* const base = getenv("UBIETY_URL");
  snprintf(url, sizeof url, "%s/status", base ? base : "http://localhost:8000");

  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* curl = curl_easy_init();
  struct curl_slist* fields = curl_slist_append(NULL, "Content-Type: application/json");
  if (getenv("UBIETY_API_KEY")) {
    snprintf(key, sizeof key, "X-API-Key: %s", getenv("UBIETY_API_KEY"));
    fields = curl_slist_append(fields, key);
  }
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, timeout);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
  const int stored = deliver(curl, body);
  curl_slist_free_all(fields);
  curl_easy_cleanup(curl);
  curl_global_cleanup();
  return stored ? 0 : 1;
}
