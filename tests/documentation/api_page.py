"""docs/API.md as a list of commands, each with the answer that the page shows below it, and how to run them.

A command is a block of `sh`, its answer the block of `http` that follows. A command that runs scripts/run starts the
service anew, with an empty store, and has no answer; what stands above scripts/run is done to that store before.
"""

import dataclasses
import json
import re

import document
import service

PAGE = service.REPOSITORY / "docs" / "API.md"
BLOCK = re.compile(r"^```(sh|http)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
START = re.compile(r"^((?:[A-Z_]+=\S+ )*)scripts/run\b", re.MULTILINE)
TAG = re.compile(r'"(\d+(-\d+)+|[0-9a-f]{16})(-gzip)?"')
CURSOR = re.compile(r"(?<=cursor=)[0-9a-f]+")
IN_SECONDS = ("Retry-After", "RateLimit-Reset")


@dataclasses.dataclass
class Command:
    line: int
    text: str
    answer: str = None

    @property
    def settings(self):
        """Of the service that it starts; None when it starts none."""
        start = START.search(self.text)
        return start and dict(setting.split("=", 1) for setting in start[1].split())

    @property
    def preparation(self):
        return self.text[:START.search(self.text).start()]


def commands(page):
    found = []
    for block in BLOCK.finditer(page):
        if block[1] == "sh":
            found.append(Command(page.count("\n", 0, block.start()) + 2, block[2]))
        else:
            found[-1].answer = block[2]
    return found


def run(text, target):
    """What it prints, in the folder of a service that is meant by it."""
    for shown, real in (("http://localhost:8000", target.url), ("build/release/ubietyd", service.UBIETYD)):
        text = text.replace(shown, real)
    finished = target.run("bash", "-c", text)
    return finished.stdout.decode(errors="replace").replace("\r\n", "\n")


def parts_of(answer):
    """Of an answer as `curl -i` prints it: status line, headers, body."""
    head, _, body = answer.partition("\n\n")
    status, *fields = head.rstrip("\n").split("\n")
    return status, [tuple(field.split(": ", 1)) for field in fields], body


def text_of(body):
    """The body, JSON in one line as the service writes it, without what is of the moment."""
    try:
        body = document.compact(json.loads(body))
    except ValueError:
        pass
    return document.without_the_moment(body).rstrip("\n")


def value_of(field, value):
    if field in IN_SECONDS and value.isdigit():
        return "seconds"
    return CURSOR.sub("…", TAG.sub(r"a tag\3", value))


def differences(shown, real):
    """What of the answer that the page shows is otherwise. It may leave out headers, and lines of a body that is no
    JSON."""
    status, fields, body = parts_of(shown)
    real_status, real_fields, real_body = parts_of(real)
    if status != real_status:
        return [f"{status!r} is {real_status!r}: {real_body[:300]}"]
    real_values = {(name, value_of(name, value)) for name, value in real_fields}
    found = [f"there is no {name}: {value}" for name, value in fields
             if (name, value_of(name, value)) not in real_values]
    body, real_body = text_of(body), text_of(real_body)
    if body.startswith("{"):
        if body != real_body:
            found.append(f"{body}\nis\n{real_body}")
    else:
        missing = [line for line in body.split("\n") if line != "…" and line not in real_body.split("\n")]
        found += [f"there is no line {line!r}" for line in missing]
    return found
