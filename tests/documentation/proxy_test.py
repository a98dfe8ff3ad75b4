"""The nginx of docs/DEPLOYMENT.md, as the page has it, in front of the service."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import service
from pages_test import BROWSER, SECONDS_FOR_THE_BROWSER

PAGE = service.REPOSITORY / "docs" / "DEPLOYMENT.md"
JSON = {"Content-Type": "application/json"}
MOST_BYTES = 2 * 1024 * 1024  # MAX_BATCH_BYTES
PREFIXES = ("", "/iot")


def report(device, **fields):
    return {"device_id": device, "timestamp": "2025-06-09T14:00:00Z", "battery_level": 76, "rssi": -60, "online": True,
            **fields}


class Nginx:
    """The configuration of the page, on free ports, with a certificate of its own, and a cache if `extra` adds one."""

    def __init__(self, upstream, extra=""):
        self.port = service.free_port()
        self._folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self._folder.name)
        self._certificate = folder / "fullchain.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
                        "-keyout", folder / "privkey.pem", "-out", self._certificate], check=True, capture_output=True)
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(self._whole(folder, upstream, extra), encoding="utf-8")

    def _whole(self, folder, upstream, extra):
        (block,) = re.findall(r"^```nginx\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for page, here in (("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"), ("/etc/nginx/tls", str(folder)),
                           ("127.0.0.1:8000", f"127.0.0.1:{upstream}")):
            if block.count(page) < 1:
                raise RuntimeError(f"the page's nginx has no {page!r}")
            block = block.replace(page, here)
        paths = "".join(f"{kind}_temp_path {folder}/{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root; " if os.getuid() == 0 else ""  # the folder is this user's alone
        return (f"{user}daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;\nevents {{}}\n"
                f"http {{\naccess_log off;\n{paths}{extra.format(folder=folder)}\n{block}}}\n")

    def __enter__(self):
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self._process = subprocess.Popen([program, "-c", self._configuration, "-e", "stderr"], stderr=subprocess.PIPE)
        give_up = time.monotonic() + service.PATIENCE
        while True:
            with contextlib.suppress(OSError):
                self.send("GET", "/health/live")
                return self
            if self._process.poll() is not None or time.monotonic() > give_up:
                self._process.kill()
                raise RuntimeError("nginx does not serve:\n" + self._process.stderr.read().decode())
            time.sleep(0.02)

    def __exit__(self, *exception):
        self._process.terminate()
        self._process.communicate(timeout=service.PATIENCE)
        self._folder.cleanup()

    def send(self, method, target, headers=None, body=None):
        context = ssl.create_default_context(cafile=str(self._certificate))
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=service.PATIENCE, context=context)
        with contextlib.closing(connection):
            connection.request(method, target, body, headers or {})
            return service.Answer(connection.getresponse())

    def post(self, path, document, headers=None):
        return self.send("POST", path, {**JSON, **(headers or {})}, json.dumps(document).encode())


class Proxy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(service.Service())
        cls.nginx = cls.enterClassContext(Nginx(cls.service.port))

    def test_takes_the_largest_batch_and_no_larger_one(self):
        document = json.dumps([report("large")]).encode()
        for prefix in PREFIXES:
            path = prefix + "/status/batch"
            largest = document + b" " * (MOST_BYTES - len(document))
            self.assertEqual(self.nginx.send("POST", path, JSON, largest).status, 200)
            self.assertEqual(self.nginx.send("POST", path, JSON, largest + b" ").status, 413)

    def test_passes_on_every_device_id(self):
        for prefix in PREFIXES:
            for device in ("plain", "a/b", "a%2Fb", "a b?c#d&e", "\u00e9\u20ac", "a//b", "x+y"):
                with self.subTest(f"{prefix} {device}"):
                    self.assertEqual(self.nginx.post(prefix + "/status", report(device)).status, 200)
                    path = f"{prefix}/status/{urllib.parse.quote(device, safe='')}"
                    self.assertEqual(json.loads(self.nginx.send("GET", path).body)["device_id"], device)

    def test_links_hold_below_the_path(self):
        for prefix in PREFIXES:
            with self.subTest(prefix):
                device = "linked" + prefix.strip("/")
                for second in range(5):
                    self.nginx.post(prefix + "/status", report(device, timestamp=f"2025-06-09T14:00:0{second}Z"))
                target, seen = f"{prefix}/status/{device}/history?limit=2", []
                while target:
                    answer = self.nginx.send("GET", target)
                    self.assertEqual(answer.status, 200, target)
                    seen += json.loads(answer.body)["history"]
                    link = answer.headers["Link"]
                    target = link and urllib.parse.urljoin(target, link.split(">")[0][1:])
                self.assertEqual(len(seen), 5)

    def test_pages_find_their_files(self):
        for prefix in PREFIXES:
            for page in (prefix + "/", prefix + "/device/hall%2F1", prefix + "/docs", prefix + "/redoc"):
                body = self.nginx.send("GET", page, {"Accept": "text/html"}).body.decode()
                files = re.findall(r'(?:src|href)="([^"#]*[a-z])"', body)
                self.assertGreaterEqual(len(files), 2)
                for file in files:
                    with self.subTest(f"{page}: {file}"):
                        self.assertEqual(self.nginx.send("GET", urllib.parse.urljoin(page, file)).status, 200)
            self.assertEqual(self.nginx.send("GET", prefix + "/openapi.json").status, 200)

    def test_the_server_of_the_openapi_document_is_the_service(self):
        for prefix in PREFIXES:
            path = prefix + "/openapi.json"
            (server,) = json.loads(self.nginx.send("GET", path).body)["servers"]
            base = urllib.parse.urljoin(path, server["url"]).rstrip("/")
            self.assertEqual(base, prefix)
            self.assertEqual(self.nginx.send("GET", base + "/health").status, 200)

    def test_swagger_ui_sends_a_report_below_the_path(self):
        node = shutil.which("node") or self.fail("node is missing: run scripts/setup")
        finished = subprocess.run([node, BROWSER, f"https://127.0.0.1:{self.nginx.port}/iot/docs", "swagger"],
                                  capture_output=True, text=True, timeout=SECONDS_FOR_THE_BROWSER, check=False)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        seen = json.loads(finished.stdout)
        self.assertEqual(seen["faults"], [])
        self.assertEqual(json.loads(seen["result"])["status"], "success")
        below = f"https://127.0.0.1:{self.nginx.port}/iot/"
        self.assertEqual([url for url in seen["requests"] if not url.startswith((below, "data:", "blob:"))], [])

    def test_hides_the_metrics(self):
        for prefix in PREFIXES:
            for path in ("/metrics", "//metrics", "/%6Detrics", "/x/../metrics", "/metrics?a=b"):
                self.assertEqual(self.nginx.send("GET", prefix + path).status, 404, prefix + path)

    def test_browsers_stay_with_tls(self):
        for path in ("/health", "/iot/health", "/unknown", "/metrics"):
            self.assertIn("max-age=31536000", self.nginx.send("GET", path).headers["Strict-Transport-Security"])


class ClientsOfAProxy(unittest.TestCase):
    def test_are_told_apart_and_cannot_choose_their_address(self):
        with service.Service(TRUSTED_PROXIES="127.0.0.1", RATE_LIMIT_REQUESTS="1", RATE_LIMIT_WINDOW="3600") as limited:
            with Nginx(limited.port) as nginx:
                # The test's own address is a trusted proxy's, too, so what it says of its client is believed.
                self.assertEqual(nginx.send("GET", "/status/a", {"X-Forwarded-For": "192.0.2.1"}).status, 404)
                self.assertEqual(nginx.send("GET", "/status/a", {"X-Forwarded-For": "192.0.2.1"}).status, 429)
                self.assertEqual(nginx.send("GET", "/iot/status/a", {"X-Forwarded-For": "192.0.2.2"}).status, 404)
                forged = {"X-Forwarded-For": "198.51.100.7, 192.0.2.2"}
                self.assertEqual(nginx.send("GET", "/status/a", forged).status, 429)


CACHE = """proxy_cache_path {folder}/cache keys_zone=answers:1m; proxy_cache answers; proxy_cache_valid any 1h;"""


class CacheInFront(unittest.TestCase):
    def test_shows_nothing_to_clients_without_a_key(self):
        with service.KeyedService("admin") as keyed, Nginx(keyed.port, CACHE) as nginx:
            key = {"X-API-Key": keyed.keys["admin"]}
            self.assertEqual(nginx.post("/status", report("d"), key).status, 200)
            for path in ("/status/d", "/status/d/history", "/status/summary", "/status/summary?limit=1", "/status/never",
                         "/admin/keys"):
                for _ in range(2):
                    with self.subTest(path):
                        self.assertIn(nginx.send("GET", path, key).status, (200, 404))
                        self.assertEqual(nginx.send("GET", path).status, 401)

    def test_keeps_what_anybody_may_see(self):
        with service.Service() as open_to_all, Nginx(open_to_all.port, CACHE) as nginx:
            first = nginx.send("GET", "/status/summary").body
            nginx.post("/status", report("d"))
            self.assertEqual(nginx.send("GET", "/status/summary").body, first, "the cache is not in use")


if __name__ == "__main__":
    unittest.main()
