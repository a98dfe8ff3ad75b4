"""The OpenAPI document against the service: each example is sent, and each documented status was really answered.

An example of a request is answered by the example of an answer that has the same name, byte for byte but for what is of
the moment.
"""

import gzip
import json
import re
import unittest
import urllib.parse

import document
import openapi_keys
import service
from openapi_keys import is_administration, written_out

REPORT = {"device_id": "d", "timestamp": "2025-06-09T14:00:00Z", "battery_level": 76, "rssi": -60, "online": True}
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}
# On every answer, whichever it is.
SECURITY_HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "X-XSS-Protection": "1; mode=block"}


def is_to_be_had(path, status):
    """Nothing that a client sends makes a fault of the service's own, or a shard too slow to count its devices; and no
    test sets ten thousand mutes."""
    if path.startswith("/fleet/mutes/") and status == "409":
        return False
    return status not in ("default", "500") and (path, status) != ("/metrics", "503")


def head_of(method, target, *fields):
    return "\r\n".join((f"{method} {target} HTTP/1.1", "Host: localhost", *fields, "", "")).encode()


def refusals(path, method):
    """(data, status) of what the gate refuses before any resource."""
    method = method.upper()
    yield b"GET / HTTP/1.1\r\n\r\n", 400
    yield head_of(method, path, "Content-Length: 99999999"), 413
    yield head_of(method, path + "?" + "x" * 20000), 414
    yield head_of(method, path, "Expect: miracles"), 417
    yield head_of(method, path, "X-Large: " + "x" * 100000), 431
    yield head_of("BREW", path), 501
    yield head_of(method, path).replace(b"HTTP/1.1", b"HTTP/2.0"), 505


class OpenApi(openapi_keys.WithKeys, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(service.Service())
        # There alone is /admin.
        cls.keyed = cls.enterClassContext(service.KeyedService("admin"))
        cls.keyed.fields["X-API-Key"] = cls.keyed.keys["admin"]
        cls.document = document.Document(cls.service.send("GET", "/openapi.json").body)
        cls.name_files_of_the_dashboard()
        cls.answered = set()  # (path, method, status)

    @classmethod
    def name_files_of_the_dashboard(cls):
        """Their names change with their content."""
        page = cls.service.send("GET", "/", {"Accept": "text/html"}).body.decode()
        names = {f"{name}.{suffix}": file for file, name, suffix in re.findall(r"assets/((\w+)-\w+\.(\w+))", page)}
        (file, *_) = cls.document.parameters(cls.document.root["paths"]["/assets/{file}"]["get"])
        for example in file["examples"].values():
            name = re.sub(r"-\w+", "", example["value"])
            example["value"] = names.get(name, name)

    def service_of(self, path):
        return self.keyed if is_administration(path) else self.service

    def check(self, path, method, answer, status=None, has_body=True):
        operation = self.document.root["paths"][path][method]
        self.answered.add((path, method, str(answer.status)))
        if status is not None:
            self.assertEqual(answer.status, status, answer.body[:500])
        self.assertEqual(self.document.faults_of(operation, answer, has_body), [], answer.body[:500])
        for name, value in SECURITY_HEADERS.items():
            self.assertEqual(answer.headers.get(name), value, name)

    # unittest runs them by name: the examples' answers need a store that nobody else wrote to.

    def test_1_examples(self):
        sent = 0
        for path, method, operation in self.document.operations():
            for request in self.document.requests(path, method, operation):
                with self.subTest(f"{method} {path}: {request.name}"):
                    answer = self.service_of(path).send(request.method, request.target, request.headers, request.body)
                    self.check(path, method, answer)
                    self.compare_with_example(operation, request, answer)
                    self.compare_with_schema(operation, request, answer)
                sent += 1
        self.assertGreater(sent, 40)

    def compare_with_example(self, operation, request, answer):
        expected = self.document.example_answer(operation, request.name)
        if expected is None:  # it has no body to show, or one that says little
            self.assertIn(answer.status, (200, 204, 304, 307))
            return
        self.assertEqual(answer.status, expected[0])
        self.assertEqual(document.without_the_moment(answer.body.decode()),
                         document.without_the_moment(document.compact(expected[1])))

    def compare_with_named_example(self, operation, name, answer):
        status, value = self.document.example_answer(operation, name)
        self.assertEqual(answer.status, status)
        self.assertEqual(document.without_the_moment(answer.body.decode()),
                         document.without_the_moment(document.compact(value)))

    def compare_with_schema(self, operation, request, answer):
        """The schema of a body takes what the service takes, and refuses what it refuses."""
        if request.value is None or request.headers["Content-Type"] != "application/json":
            return
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        errors = self.document.errors_in(schema, request.value, strict=False)
        if answer.status not in (404, 409):  # where it is not the body that is refused
            self.assertEqual(errors == [], answer.status in (200, 201), errors)

    def test_2_examples_validate(self):
        """Those too that are no answer to an example."""
        for path, method, operation in self.document.operations():
            for status, response in operation["responses"].items():
                for content in self.document.resolve(response).get("content", {}).values():
                    for name, example in content.get("examples", {}).items():
                        with self.subTest(f"{method} {path} {status} {name}"):
                            self.assertEqual(self.document.errors_in(content["schema"], example["value"]), [])

    def test_3_heads(self):
        for path, method, operation in self.document.operations():
            if method != "get":
                continue
            for request in self.document.requests(path, method, operation):
                with self.subTest(f"HEAD {request.target}"):
                    answer = self.service_of(path).send("HEAD", request.target, request.headers)
                    self.check(path, method, answer, has_body=False)

    def test_4_methods(self):
        for path, item in self.document.root["paths"].items():
            with self.subTest(path):
                options = self.service_of(path).send("OPTIONS", written_out(path))
                self.assertEqual((options.status, options.body), (204, b""))
                # A device may be called "batch" or "query".
                of_device = {"GET", "DELETE"} if path in ("/status/batch", "/status/query") else set()
                documented = {method.upper() for method in item} | of_device
                if "GET" in documented:
                    documented.add("HEAD")
                self.assertEqual(set(options.headers["Allow"].split(", ")), documented | {"OPTIONS"})
                answer = self.service_of(path).send("PATCH", written_out(path))
                self.check(path, next(iter(item)), answer, 405)
                self.assertEqual(answer.headers["Allow"], options.headers["Allow"])

    def test_5_refusals_of_the_gate(self):
        for path, method, _ in self.document.operations():
            for data, status in refusals(written_out(path), method):
                with self.subTest(f"{method} {path}: {status}"):
                    self.check(path, method, self.service_of(path).send_raw(data), status)

    def test_6_faulty_requests(self):
        send = self.service.send
        report = json.dumps(REPORT).encode()
        for path in ("/status", "/status/batch"):
            for body, status in ((b"", 422), (b"{", 400), (b"[1,", 400), (b"\xff", 400)):
                with self.subTest(f"{path} {body}"):
                    self.check(path, "post", send("POST", path, JSON, body), status)
            self.check(path, "post", send("POST", path, {"Content-Type": "text/plain"}, report), 415)
        for path, method in (("/status/query", "post"), ("/fleet/mutes/device/{device_id}", "put"),
                             ("/fleet/mutes/prefix/{prefix}", "put")):
            target = written_out(path)
            self.check(path, method, send(method.upper(), target, {"Content-Type": "text/plain"}, b"{}"), 415)
            self.check(path, method, send(method.upper(), target, JSON, b"{"), 400)
            self.check(path, method, send(method.upper(), target, JSON, b" " * 70000), 413)
        twice = report.replace(b"{", b'{"rssi":-1,')
        late = json.dumps({**REPORT, "timestamp": "9999-01-01T00:00:00Z"}).encode()
        for body in (twice, late):
            self.check("/status", "post", send("POST", "/status", JSON, body), 400)
        self.check("/status", "post", send("POST", "/status", JSON, b" " * 70000), 413)

        batch = "/status/batch"
        for path in ("/status", batch):
            self.check(path, "post", send("POST", path, {**JSON, "Content-Encoding": "br"}, report), 415)
            self.check(path, "post", send("POST", path, {**JSON, "Content-Encoding": "gzip"}, report), 400)
        many = b"\n".join([report] * 10001)
        self.check(batch, "post", send("POST", batch, {**NDJSON, "Content-Encoding": "gzip"}, gzip.compress(many)), 413)

        for path in ("/status/{device_id}", "/status/{device_id}/history"):
            for device_id in ("%zz", "%ff"):
                with self.subTest(f"{path} {device_id}"):
                    self.check(path, "get", send("GET", path.replace("{device_id}", device_id)), 400)
        self.check("/status/{device_id}", "delete", send("DELETE", "/status/%ff"), 400)
        self.check("/status", "delete", send("DELETE", "/status?expect=0"), 400)
        self.check("/status", "delete", send("DELETE", "/status?prefix=a"), 422)
        for path, query in (("/status/summary", "limit=1&limit=2"), ("/status/summary", "online=%zz"),
                            ("/status/{device_id}/history", "before=x&limit=-1")):
            self.check(path, "get", send("GET", written_out(path) + "?" + query), 400)

    def test_7_next_pages(self):
        target, seen = "/status/sensor-abc-123/history?limit=1", []
        while target:
            answer = self.service.send("GET", target)
            self.check("/status/{device_id}/history", "get", answer, 200)
            seen += json.loads(answer.body)["history"]
            link = answer.headers["Link"]
            target = link and urllib.parse.urljoin(target, link.split(">")[0][1:])
        self.assertEqual(len(seen), 3)

    def test_8_rate_limit(self):
        with service.KeyedService("admin", RATE_LIMIT_REQUESTS="1", RATE_LIMIT_WINDOW="3600") as limited:
            limited.send("GET", "/docs")  # counts by address
            limited.fields["X-API-Key"] = limited.keys["admin"]
            limited.send("GET", "/status/summary")  # by key
            for path, method, operation in self.document.operations():
                answer = limited.send(method.upper(), written_out(path))
                with self.subTest(f"{method} {path}"):
                    limits = "429" in operation["responses"]
                    self.assertEqual(answer.status == 429, limits)
                    if limits:
                        self.check(path, method, answer, 429)
                        self.compare_with_named_example(operation, "rateLimited", answer)
                        self.assertEqual(answer.headers["RateLimit-Limit"], "1")

    def test_9_absent_database(self):
        nowhere = f"postgresql://ubiety@127.0.0.1:{service.free_port()}/ubiety"
        with service.Service(ready=False, DATABASE_URL=nowhere) as starting:
            for path, method, operation in self.document.operations():
                if is_administration(path):
                    continue
                answer = starting.send(method.upper(), written_out(path), JSON if method == "post" else {},
                                       json.dumps(REPORT).encode() if method == "post" else None)
                with self.subTest(f"{method} {path}"):
                    self.check(path, method, answer)
                    if answer.status == 503 and self.document.example_answer(operation, "starting"):
                        self.compare_with_named_example(operation, "starting", answer)
        with service.Service(ready=False, ENABLE_AUTH="true", DATABASE_URL=nowhere) as starting:
            for path, method, operation in self.operations_with_a_key():
                with self.subTest(f"{method} {path}, with a key"):
                    answer = starting.send(method.upper(), written_out(path), self.keyed.fields)
                    self.check(path, method, answer, 503)
                    self.compare_with_named_example(operation, "withoutKeys", answer)

    def test_b_everything_documented_is_real(self):
        documented = {(path, method, status) for path, method, operation in self.document.operations()
                      for status in operation["responses"] if is_to_be_had(path, status)}
        self.assertEqual(documented - self.answered, set())

    def test_c_version(self):
        version = json.loads(self.service.send("GET", "/health").body)["version"]
        self.assertEqual(self.document.root["info"]["version"], version)


if __name__ == "__main__":
    unittest.main()
