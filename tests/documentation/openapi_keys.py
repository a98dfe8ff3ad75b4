"""What the OpenAPI document says of keys, against services that ask for them. A part of openapi_test: what is answered
here counts there."""

import service

JSON = {"Content-Type": "application/json"}
KEY = b'{"name":"sensors","scopes":["read"]}'


def written_out(path):
    return path.replace("{device_id}", "d").replace("{prefix}", "p").replace("{file}", "start.js").replace("{id}", "99")


def is_administration(path):
    return path.startswith("/admin/")


class WithKeys:
    """Of a test case that has `document`, `service`, `keyed`, `check` and `compare_with_named_example`."""

    def test_6_faulty_requests_about_keys(self):
        send = self.keyed.send
        for path, bodies in (("/admin/keys", ((b"", 422), (b"{", 400), (b"[]", 400), (b"{}", 422))),
                             ("/admin/keys/{id}/rotate", ((b"{", 400), (b"[]", 400), (b'{"a":1}', 400)))):
            for body, status in bodies:
                with self.subTest(f"{path} {body}"):
                    self.check(path, "post", send("POST", written_out(path), JSON, body), status)
            self.check(path, "post", send("POST", written_out(path), {"Content-Type": "text/plain"}, b"{}"), 415)
            self.check(path, "post", send("POST", written_out(path), JSON, b" " * 70000), 413)

    def operations_with_a_key(self):
        found = [entry for entry in self.document.operations() if self.document.scope_of(entry[2])]
        self.assertGreater(len(found), 8)
        return found

    def test_a_keys(self):
        """An operation lets in the keys that the document says, and no others."""
        with service.KeyedService("ingest", "read", "admin") as keyed:
            for path, method, operation in self.document.operations():
                needed = self.document.scope_of(operation)
                with self.subTest(f"{method} {path}: no key"):
                    answer = keyed.send(method.upper(), written_out(path))
                    self.assertEqual(answer.status == 401, needed is not None)
                    self.check(path, method, answer)
                for scope, key in keyed.keys.items():
                    for fields in self.document.credentials(key):
                        with self.subTest(f"{method} {path}: {scope}, {next(iter(fields))}"):
                            answer = keyed.send(method.upper(), written_out(path), fields)
                            self.assertEqual(answer.status == 403, needed not in (None, scope) and scope != "admin")
                            self.check(path, method, answer)
                            self.assertNotEqual(answer.status, 401)

    def test_a_refusals_of_keys(self):
        refused = {401: "unauthorized", 403: "forbidden"}
        with service.KeyedService("ingest", "read") as keyed:
            for path, method, operation in self.operations_with_a_key():
                other = "read" if self.document.scope_of(operation) == "ingest" else "ingest"
                for key, status in (("mistyped", 401), (keyed.keys[other], 403)):
                    with self.subTest(f"{method} {path}: {status}"):
                        answer = keyed.send(method.upper(), written_out(path), {"X-API-Key": key})
                        self.check(path, method, answer, status)
                        self.compare_with_named_example(operation, refused[status], answer)

    def test_a_too_many_failed_authentications(self):
        with service.KeyedService(AUTH_FAILURE_LIMIT="1") as keyed:
            keyed.send("GET", "/status/d")
            for path, method, operation in self.operations_with_a_key():
                with self.subTest(f"{method} {path}"):
                    answer = keyed.send(method.upper(), written_out(path))
                    self.check(path, method, answer, 429)
                    self.compare_with_named_example(operation, "lockedOut", answer)

    def test_a_keys_in_a_database_that_does_not_answer(self):
        with service.KeyedService("admin", REQUEST_TIMEOUT="1") as keyed, keyed.locked_database():
            keyed.fields["X-API-Key"] = keyed.keys["admin"]
            for path, method, operation in self.operations_with_a_key():
                if is_administration(path):
                    with self.subTest(f"{method} {path}"):
                        body = KEY if (path, method) == ("/admin/keys", "post") else None
                        answer = keyed.send(method.upper(), written_out(path), JSON, body)
                        self.check(path, method, answer, 503)
                        self.compare_with_named_example(operation, "late", answer)

    def test_a_no_administration_without_keys(self):
        for path, method, operation in self.document.operations():
            if is_administration(path):
                with self.subTest(f"{method} {path}"):
                    answer = self.service.send(method.upper(), written_out(path), self.keyed.fields)
                    self.check(path, method, answer, 404)
                    self.compare_with_named_example(operation, "disabled", answer)
