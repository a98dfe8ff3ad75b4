"""docs/DEVICES.md leads to the programs of docs/examples/devices/, and they report as the page says."""

import contextlib
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import service
from unreliable_network import UnreliableNetwork, lose_the_answer, pass_on, refuse, reset, silence

EXAMPLES = service.REPOSITORY / "docs" / "examples" / "devices"
PAGE = service.REPOSITORY / "docs" / "DEVICES.md"
ARDUINO = service.REPOSITORY / "tests" / "documentation" / "arduino"
ARDUINO_HURRY = 20  # as in arduino/Arduino.h
RETRY_AFTER = 4  # seconds; longer than the pause that a program would make by itself
NO_ANSWER_AT_FIRST = [reset, refuse(503, RETRY_AFTER), lose_the_answer, silence, pass_on]
SECONDS_FOR_A_COMPILER = 120


def compiled(folder, name, *command):
    program = pathlib.Path(folder) / name
    subprocess.run([*command, "-Wall", "-Wextra", "-Werror", "-o", program, "-lcurl"], check=True,
                   timeout=SECONDS_FOR_A_COMPILER)
    return program


class DevicesPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(service.Service())
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.programs = {
            "python": [sys.executable, "-B", EXAMPLES / "report.py"],
            "node": [shutil.which("node"), EXAMPLES / "report.mjs"],
            "c": [compiled(folder, "c", "cc", "-std=c11", "-Wpedantic", EXAMPLES / "report.c")],
        }
        cls.sketch = compiled(folder, "sketch", "c++", "-std=c++17", "-I", ARDUINO, "-include", "Arduino.h", "-x", "c++",
                              EXAMPLES / "report" / "report.ino", "-x", "none")

    def start(self, program, url):
        process = subprocess.Popen(program, env={"PATH": os.environ["PATH"], "UBIETY_URL": url})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def history_of(self, device):
        answer = self.service.send("GET", f"/status/{device}/history")
        self.assertEqual(answer.status, 200)
        return json.loads(answer.body)["history"]

    def test_the_page_links_to_every_program_and_shows_only_what_is_in_them(self):
        page = PAGE.read_text(encoding="utf-8")
        linked = {(PAGE.parent / target).resolve() for target in re.findall(r"\]\((examples/[^)]*)\)", page)}
        files = {path for path in EXAMPLES.rglob("*") if path.is_file()}
        self.assertEqual(len(files), 4)
        self.assertEqual(linked, files)
        shown = [text for _, text in re.findall(r"^```(\w+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)]
        self.assertEqual(len(shown), 1)
        self.assertIn(shown[0], [path.read_text(encoding="utf-8") for path in files])

    def test_a_report_without_an_answer_is_repeated_as_it_was_and_kept_once(self):
        with contextlib.ExitStack() as running:
            started = {}
            for name, program in self.programs.items():
                network = running.enter_context(UnreliableNetwork(self.service.port, NO_ANSWER_AT_FIRST))
                started[name] = network, self.start([*program, "sensor-" + name, "76", "-60"], network.url)
            for name, (network, process) in started.items():
                with self.subTest(name):
                    self.assertEqual(process.wait(service.PATIENCE), 0)
                    self.check(network, "sensor-" + name, RETRY_AFTER)

    def test_the_sketch_too(self):
        with UnreliableNetwork(self.service.port, NO_ANSWER_AT_FIRST) as network:
            self.start([self.sketch], network.url)
            network.wait()
            self.check(network, "sensor-abc-123", RETRY_AFTER / ARDUINO_HURRY)

    def check(self, network, device, least_pause):
        self.assertEqual(len(network.bodies), len(NO_ANSWER_AT_FIRST))
        self.assertEqual(set(network.bodies), {network.bodies[0]})
        # The pause begins when the device has the answer; the network's own time passes before and after.
        self.assertGreaterEqual(network.times[2] - network.times[1], least_pause - 0.01)
        report = json.loads(network.bodies[0])
        self.assertEqual(report.pop("device_id"), device)
        self.assertRegex(report["timestamp"], r"\.\d{3}Z$")
        kept, = self.history_of(device)
        for field in ("battery_level", "rssi", "online"):
            self.assertEqual(kept[field], report[field])

    def test_pauses_grow_with_jitter_and_keep_to_retry_after(self):
        specification = importlib.util.spec_from_file_location("report", EXAMPLES / "report.py")
        report = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(report)
        for attempt, longest in ((0, 1), (1, 2), (5, 32), (8, 256), (9, 300), (1000, 300)):
            pauses = [report.pause_after(attempt, 503, 0) for _ in range(100)]
            self.assertGreaterEqual(min(pauses), longest / 2)
            self.assertLessEqual(max(pauses), longest)
            self.assertGreater(len(set(pauses)), 50)
        self.assertEqual(report.pause_after(0, 429, 17), 17)
        for status in (301, 401, 403, 404):
            self.assertGreaterEqual(report.pause_after(0, status, 0), 150)

    def test_a_report_that_is_refused_is_not_repeated(self):
        for name, program in self.programs.items():
            with self.subTest(name), UnreliableNetwork(self.service.port, [pass_on]) as network:
                process = self.start([*program, "refused-" + name, "101", "-60"], network.url)
                self.assertEqual(process.wait(service.PATIENCE), 1)
                self.assertEqual(len(network.bodies), 1)
                self.assertEqual(self.service.send("GET", "/status/refused-" + name).status, 404)


if __name__ == "__main__":
    unittest.main()
