"""Sends one report, and repeats it until the service has stored it or refuses it. Python 3.9, standard library only.

    python3 report.py sensor-abc-123 76 -60     # device, battery in percent, RSSI in dBm; exits 0 once it is stored
"""

import datetime
import http.client
import itertools
import json
import os
import random
import sys
import time
import urllib.parse

URL = urllib.parse.urlsplit(os.environ.get("UBIETY_URL", "http://localhost:8000"))
KEY = os.environ.get("UBIETY_API_KEY")
TIMEOUT = 10  # seconds; longer than the service's REQUEST_TIMEOUT, so that its 503 arrives
LONGEST_PAUSE = 300  # seconds
REFUSED = (400, 413, 415, 422)  # the report itself is wrong: it never gets better


def send(body):
    """Returns the answer's status and its Retry-After in seconds; the status is 0 if there was no answer."""
    connect = http.client.HTTPSConnection if URL.scheme == "https" else http.client.HTTPConnection
    connection = connect(URL.hostname, URL.port, timeout=TIMEOUT)
    try:
        headers = {"Content-Type": "application/json", **({"X-API-Key": KEY} if KEY else {})}
        connection.request("POST", URL.path.rstrip("/") + "/status", body, headers)
        answer = connection.getresponse()
        answer.read()
        retry_after = answer.headers.get("Retry-After", "")
        return answer.status, int(retry_after) if retry_after.isdecimal() else 0
    except (OSError, http.client.HTTPException):
        return 0, 0
    finally:
        connection.close()


def pause_after(attempt, status, retry_after):
    """Seconds until the next attempt: doubled each time, with jitter, and never less than the service asked for."""
    needs_a_person = 300 <= status < 500 and status not in (408, 429)  # a wrong key or address
    backoff = LONGEST_PAUSE if needs_a_person else min(LONGEST_PAUSE, 2 ** min(attempt, 16))
    return max(retry_after, random.uniform(0.5, 1) * backoff)


def deliver(report):
    """Returns True once the report is stored, False if the service refuses it. Waits as long as it takes."""
    body = json.dumps(report).encode()  # made once: every attempt sends the same bytes
    for attempt in itertools.count():
        status, retry_after = send(body)
        if status == 200:
            return True
        if status in REFUSED:
            return False
        time.sleep(pause_after(attempt, status, retry_after))


if __name__ == "__main__":
    now = datetime.datetime.now(datetime.timezone.utc)
    stored = deliver({
        "device_id": sys.argv[1],
        "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "battery_level": int(sys.argv[2]),
        "rssi": int(sys.argv[3]),
        "online": True,
    })
    sys.exit(0 if stored else 1)
