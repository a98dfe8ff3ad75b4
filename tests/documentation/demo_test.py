"""scripts/demo: that it finds what was acknowledged, and that each of its exit codes says what happened."""

import os
import subprocess
import sys
import tempfile
import unittest

import service

DEMO = service.REPOSITORY / "scripts" / "demo"
BRIEFLY = ("--devices", "20", "--seconds", "1", "--rate", "50", "--connections", "4", "--late", "0")
ALL_THERE, NOT_SENT, NOT_ACKNOWLEDGED, NOT_LOOKED_UP = 0, 2, 3, 4


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
