"""The dashboard, /docs and /redoc: how their files are served, and that they work in a real browser without another
host."""

import gzip
import json
import re
import shutil
import subprocess
import unittest

import service

FILES = ("/openapi.json", "/docs", "/docs/start.js", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/redoc",
         "/redoc/start.js", "/redoc/redoc.standalone.js")
PAGES = ("/docs", "/redoc")
BROWSER = service.REPOSITORY / "tests" / "documentation" / "browser.mjs"
SECONDS_FOR_THE_BROWSER = 240


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(service.Service())

    def get(self, path, **headers):
        return self.service.send("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})

    def test_gzip_holds_the_same(self):
        for path in FILES:
            with self.subTest(path):
                plain, zipped = self.get(path), self.get(path, Accept_Encoding="gzip")
                self.assertEqual((plain.status, zipped.status), (200, 200))
                self.assertNotIn("Content-Encoding", plain.headers)
                self.assertEqual(zipped.headers["Content-Encoding"], "gzip")
                self.assertEqual(gzip.decompress(zipped.body), plain.body)
                self.assertNotEqual(plain.headers["ETag"], zipped.headers["ETag"])
                self.assertEqual(plain.headers["Vary"], "Accept-Encoding")

    def test_what_the_client_has_is_not_sent_again(self):
        for path in FILES:
            for coding in ("gzip", "identity"):
                with self.subTest(f"{path} {coding}"):
                    first = self.get(path, Accept_Encoding=coding)
                    again = self.get(path, Accept_Encoding=coding, If_None_Match=first.headers["ETag"])
                    self.assertEqual((again.status, again.body), (304, b""))
                    self.assertEqual(again.headers["ETag"], first.headers["ETag"])
                    self.assertEqual(again.headers["Cache-Control"], "no-cache")
                    self.assertEqual(self.get(path, Accept_Encoding=coding, If_None_Match='"other"').status, 200)

    def test_content_types(self):
        for path in FILES:
            suffix = path.rpartition(".")[2] if "." in path else "html"
            expected = {"html": "text/html", "js": "text/javascript", "css": "text/css", "json": "application/json"}
            self.assertEqual(self.get(path).media_type, expected[suffix])

    def test_no_script_stands_in_a_page(self):
        for path in PAGES:
            answer = self.get(path)
            policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
            self.assertEqual(policy["default-src"], "'none'")
            self.assertEqual(policy["script-src"], "'self'")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            for attributes, text in re.findall(r"<script([^>]*)>(.*?)</script>", answer.body.decode(), re.DOTALL):
                self.assertIn("src=", attributes)
                self.assertEqual(text, "")

    def test_the_dashboard_allows_nothing_inline_and_no_other_host(self):
        for path in ("/", "/device/sensor-abc-123"):
            with self.subTest(path):
                answer = self.get(path, Accept="text/html")
                self.assertEqual(answer.headers["Content-Security-Policy"],
                                 "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                                 "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
                self.assertEqual(answer.headers["Cache-Control"], "no-cache")
                self.assertNotRegex(answer.body.decode(), r"<style|style=|<script>|\son\w+=|https?:")

    def in_the_browser(self, path, action):
        node = shutil.which("node") or self.fail("node is missing: run scripts/setup")
        finished = subprocess.run([node, BROWSER, self.service.url + path, action], capture_output=True, text=True,
                                  timeout=SECONDS_FOR_THE_BROWSER, check=False)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        seen = json.loads(finished.stdout)
        self.assertEqual(seen["faults"], [])
        self.assertGreaterEqual(len(seen["requests"]), 4)
        own = (self.service.url + "/", "blob:" + self.service.url + "/", "data:")
        self.assertEqual([url for url in seen["requests"] if not url.startswith(own)], [])
        return seen

    def test_swagger_ui_sends_a_report(self):
        seen = self.in_the_browser("/docs", "swagger")
        self.assertEqual(seen["title"], "Ubiety: Swagger UI")
        self.assertEqual(json.loads(seen["result"]), {"status": "success", "device_id": "sensor-abc-123",
                                                      "message": "Device status updated successfully"})
        self.assertEqual(self.get("/status/sensor-abc-123").status, 200)
        self.assertIn("All devices with their latest status", seen["text"])

    def test_redoc_shows_and_searches(self):
        seen = self.in_the_browser("/redoc", "redoc")
        self.assertIn("Take many reports", seen["result"])
        self.assertIn("All devices with their latest status", seen["text"])


if __name__ == "__main__":
    unittest.main()
