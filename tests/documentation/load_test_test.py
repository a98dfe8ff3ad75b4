"""The blueprint's own commands for a load test, for seconds instead of its half minute."""

import os
import re
import subprocess
import unittest

import service

SECONDS = 3


class LoadTest(unittest.TestCase):
    def setUp(self):
        self.service = self.enterContext(service.Service())

    def run_in_repository(self, *command):
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
        finished = subprocess.run(command, cwd=service.REPOSITORY, env=environment, capture_output=True, text=True,
                                  check=False, timeout=service.PATIENCE)
        self.assertEqual(finished.returncode, 0, finished.stdout + finished.stderr)
        return finished.stdout + finished.stderr

    def assert_both_have_reported(self):
        for device_id in ("sensor-abc-123", "sensor-load-test"):
            self.assertEqual(self.service.send("GET", f"/status/{device_id}").status, 200, device_id)

    def test_locust(self):
        """Its exit code is 1 when a request failed."""
        output = self.run_in_repository("locust", "-f", "tests/load_test.py", "--headless", "-u", "100", "-r", "100",
                                        "-t", f"{SECONDS}s", "--host", self.service.url)
        self.assertRegex(output, r"Aggregated +[1-9]\d+ +0\(0\.00%\)")
        self.assert_both_have_reported()

    def test_wrk(self):
        output = self.run_in_repository("wrk", "-t12", "-c400", f"-d{SECONDS}s", "--script=tests/load_test.lua",
                                        f"{self.service.url}/status/summary")
        requests = int(re.search(r"(\d+) requests in", output)[1])
        refused = int(re.search(r"answers other than 2xx and 3xx: (\d+)", output)[1])
        self.assertGreater(requests, 400)
        self.assertLess(refused, 400, "at most one on each connection, before the first report is committed")
        self.assert_both_have_reported()


if __name__ == "__main__":
    unittest.main()
