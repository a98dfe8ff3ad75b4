"""scripts/demo: that it finds what was acknowledged, that each of its exit codes says what happened, and that its fleet
has the troubles that the dashboard shows."""

import importlib.machinery
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest

import service

DEMO = service.REPOSITORY / "scripts" / "demo"
BRIEFLY = ("--devices", "20", "--seconds", "1", "--rate", "50", "--connections", "4", "--late", "0")
ALL_THERE, NOT_SENT, NOT_ACKNOWLEDGED, NOT_LOOKED_UP = 0, 2, 3, 4


def load_demo():
    loader = importlib.machinery.SourceFileLoader("demo", str(DEMO))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("demo", loader))
    sys.modules["demo"] = module  # dataclasses look there
    loader.exec_module(module)
    return module


class Fleet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.demo = load_demo()
        cls.devices = cls.demo.make_devices(1000, random.Random(1))

    def reports(self, device, count=20):
        return [json.loads(device.report(now=float(second)).body) for second in range(count)]

    def test_gateway_dies_and_returns(self):
        gateway = [device for device in self.devices if device.device_id.startswith("gw02-")]
        others = [device for device in self.devices if not device.device_id.startswith("gw02-")]
        self.assertEqual(len(gateway), 100)
        awake = lambda devices, part: sum(device.is_awake(0.0, part) for device in devices)
        self.assertGreater(awake(gateway, 0.2), 95)
        self.assertEqual(awake(gateway, 0.5), 0)
        self.assertGreater(awake(others, 0.5), 800)
        self.assertGreater(awake(gateway, 0.8), 85)
        self.assertLessEqual(awake(gateway, 0.8), 97)

    def test_devices_fall_silent_and_some_return(self):
        def silent(part):
            return {device.device_id for device in self.devices if not device.is_awake(0.0, part)}
        self.assertEqual(silent(0.1), set())
        self.assertLess(len(silent(0.9)), len(silent(0.35)))
        self.assertGreater(len(silent(0.9)), 10)

    def test_problems(self):
        reports = [self.reports(device) for device in self.devices]
        self.assertGreater(sum(some[-1]["battery_level"] < 20 for some in reports), 10)
        self.assertGreater(sum(any(report["rssi"] < -90 for report in some) for some in reports), 15)
        self.assertGreater(sum(sum(not report["online"] for report in some) >= 5 for some in reports), 10)
        self.assertGreater(sum(device.clock_error.total_seconds() < -300 for device in self.devices), 10)


class Demo(unittest.TestCase):
    def run_demo(self, url, *options, **environment):
        environment = {"PATH": os.environ["PATH"], **environment}
        return subprocess.run([sys.executable, DEMO, "--url", url, *BRIEFLY, *options], env=environment,
                              capture_output=True, text=True, check=False, timeout=service.PATIENCE)

    def assert_ends(self, finished, code, text):
        self.assertEqual(finished.returncode, code, finished.stdout + finished.stderr)
        self.assertIn(text, finished.stdout + finished.stderr)

    def test_all_is_there(self):
        with service.Service() as open_to_all:
            self.assert_ends(self.run_demo(open_to_all.url), ALL_THERE, "all that was acknowledged is there")

    def test_no_service(self):
        self.assert_ends(self.run_demo(f"http://127.0.0.1:{service.free_port()}"), NOT_SENT, "no service answers")

    def test_keys(self):
        with service.KeyedService("ingest", "ingest,read") as keyed:
            self.assert_ends(self.run_demo(keyed.url), NOT_ACKNOWLEDGED, "NOTHING WAS ACKNOWLEDGED: the service asks")
            self.assert_ends(self.run_demo(keyed.url, UBIETY_API_KEY=keyed.keys["ingest,read"]), ALL_THERE,
                             "all that was acknowledged is there")
            with tempfile.NamedTemporaryFile("w") as file:
                print(keyed.keys["ingest"], file=file, flush=True)
                self.assert_ends(self.run_demo(keyed.url, "--api-key-file", file.name), NOT_LOOKED_UP,
                                 "CANNOT LOOK WHETHER ALL IS THERE")

    def test_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1", "-keyout",
                            key, "-out", certificate], check=True, capture_output=True)
            with service.TlsService(certificate, key) as encrypted:
                self.assert_ends(self.run_demo(encrypted.url, "--ca-file", certificate), ALL_THERE,
                                 "all that was acknowledged is there")
                self.assert_ends(self.run_demo(encrypted.url), NOT_SENT, "certificate verify failed")


if __name__ == "__main__":
    unittest.main()
