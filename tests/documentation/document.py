"""The OpenAPI document, and what it says of a request and of an answer."""

import dataclasses
import json
import re
import urllib.parse

import jsonschema

METHODS = ("post", "put", "delete", "get")  # as their examples are sent: first what changes something


@dataclasses.dataclass
class Request:
    """An example, ready to be sent."""
    name: str
    method: str
    target: str
    headers: dict
    body: object = None  # bytes
    value: object = None  # of the example, when it is JSON


class Document:
    def __init__(self, text):
        self.root = json.loads(text)
        # What the document does not tell of an answer may not be in it.
        self._strict = closed(self.root)

    def operations(self):
        """(path, method, operation), in their order, but by method first."""
        all_of_them = [(path, method, item[method]) for path, item in self.root["paths"].items() for method in METHODS
                       if method in item]
        return sorted(all_of_them, key=lambda entry: METHODS.index(entry[1]))

    def resolve(self, value):
        while "$ref" in value:
            place = self.root
            for key in value["$ref"].removeprefix("#/").split("/"):
                place = place[key]
            value = place
        return value

    def parameters(self, operation):
        return [self.resolve(parameter) for parameter in operation.get("parameters", [])]

    def response(self, operation, status):
        """What is said of an answer of this status; None when nothing is."""
        responses = operation["responses"]
        found = responses.get(str(status)) or responses.get("default")
        return found and self.resolve(found)

    def scope_of(self, operation):
        """That a key must have; None where none is asked for."""
        scopes = {scope for requirement in operation["security"] for names in requirement.values() for scope in names}
        return scopes.pop() if scopes else None

    def credentials(self, key):
        """The fields that carry a key, a set for each scheme."""
        for scheme in self.root["components"]["securitySchemes"].values():
            is_field = scheme["type"] == "apiKey"
            yield {scheme["name"]: key} if is_field else {"Authorization": f"{scheme['scheme']} {key}"}

    def requests(self, path, method, operation):
        """One for each name that an example of the operation has, among bodies and parameters or, when the request
        needs neither, among good answers."""
        parameters = self.parameters(operation)
        bodies = operation.get("requestBody", {}).get("content", {})
        names = [name for part in [*bodies.values(), *parameters] for name in part.get("examples", {})]
        if not bodies and not any(parameter.get("required") for parameter in parameters):
            names += [name for content in self.resolve(operation["responses"].get("200", {})).get("content", {}).values()
                      for name in content.get("examples", {"plain": None})]
        for name in dict.fromkeys(names):
            request = self._request(name, path, method, parameters, bodies)
            if request:
                yield request

    def _request(self, name, path, method, parameters, bodies):
        query, headers, body, value = {}, {}, None, None
        for parameter in parameters:
            examples = parameter.get("examples", {})
            example = examples.get(name) or (parameter.get("required") and next(iter(examples.values())))
            if not example:
                continue
            text = example["value"] if isinstance(example["value"], str) else json.dumps(example["value"])
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(text, safe=""))
            elif parameter["in"] == "query":
                query[parameter["name"]] = text
            else:
                headers[parameter["name"]] = text
        for media_type, content in bodies.items():
            if name in content.get("examples", {}):
                value = content["examples"][name]["value"]
                body = (value if media_type == "application/x-ndjson" else json.dumps(value)).encode()
                headers["Content-Type"] = media_type
        if bodies and body is None:
            return None
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        return Request(name, method.upper(), target, headers, body, value)

    def example_answer(self, operation, name):
        """(status, value) of the example of an answer that has this name; value is None where there is none."""
        for status, response in operation["responses"].items():
            for content in self.resolve(response).get("content", {}).values():
                if name in content.get("examples", {}):
                    return int(status), content["examples"][name]["value"]
        return None

    def errors_in(self, schema, value, strict=True):
        root = self._strict if strict else self.root
        validator = jsonschema.Draft202012Validator(
            closed(schema) if strict else schema, resolver=jsonschema.RefResolver.from_schema(root))
        return [error.message for error in validator.iter_errors(value)]

    def faults_of(self, operation, answer, has_body=True):
        """What of an answer is other than documented, as sentences."""
        response = self.response(operation, answer.status)
        if response is None:
            return [f"status {answer.status} is not documented"]
        faults = []
        for name, header in response.get("headers", {}).items():
            header = self.resolve(header)
            value = answer.headers.get(name)
            if value is not None:
                faults += [f"{name}: {message}" for message in self.errors_in(header["schema"], value)]
            elif header.get("required"):
                faults.append(f"{name} is missing")
        contents = response.get("content")
        if not contents or not has_body:
            return faults + (["there is a body"] if answer.body else [])
        if answer.media_type not in contents:
            return faults + [f"{answer.media_type} is not documented"]
        if answer.media_type == "application/json" and "Content-Encoding" not in answer.headers:
            faults += self.errors_in(contents[answer.media_type]["schema"], json.loads(answer.body))
        return faults


def closed(value):
    """The schema without room for properties that it does not name."""
    if isinstance(value, list):
        return [closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: closed(item) for key, item in value.items()}
    if isinstance(value.get("properties"), dict) and value.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result




# In JSON, what is of the moment: times of receipt, the server's clock, its version, limits that follow the clock, and
# what of a key is random or follows the clock. An expiry is of the moment when a rotation made it: it has a fraction.
OF_THE_MOMENT = (
    (re.compile(r'("last_updated":|"last_heard":|"due":|"version":|"timestamp":(?="[^"]*","database"))"[^"]*"'), r'\1"…"'),
    (re.compile(r'("(prefix|key|created_at|revoked_at|last_used_at)":)"[^"]*"'), r'\1"…"'),
    (re.compile(r'("expires_at":)"[^"]*\.\d+Z"'), r'\1"…"'),
    (re.compile(r'(not after |"limit_value":")\d{4}-[^" ]*Z'), r"\1…"),
)


def without_the_moment(text):
    for pattern, replacement in OF_THE_MOMENT:
        text = pattern.sub(replacement, text)
    return text


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
