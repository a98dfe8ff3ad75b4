"""The blueprint's load test, word for word. Only, sensor-abc-123 reports once before the others ask for it.

locust -f tests/load_test.py --headless -u 100 -r 10 -t 30s --host http://localhost:8000
"""

from typing import Any

import requests
from locust import HttpUser, between, events, task


@events.test_start.add_listener
def post_the_device_that_is_asked_for(environment: Any, **_: Any) -> None:
    report = {
        "device_id": "sensor-abc-123",
        "timestamp": "2025-06-09T14:00:00Z",
        "battery_level": 76,
        "rssi": -60,
        "online": True,
    }
    requests.post(f"{environment.host}/status", json=report, timeout=10).raise_for_status()


class IoTDeviceUser(HttpUser):
    wait_time = between(1, 3)

    @task(3)
    def get_summary(self):
        self.client.get("/status/summary")

    @task(2)
    def get_device_status(self):
        self.client.get("/status/sensor-abc-123")

    @task(1)
    def submit_status(self):
        self.client.post("/status", json={
            "device_id": "sensor-load-test",
            "timestamp": "2025-06-09T14:00:00Z",
            "battery_level": 85,
            "rssi": -65,
            "online": True
        })
