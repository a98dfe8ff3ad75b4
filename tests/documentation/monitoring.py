"""A Prometheus and an Alertmanager of a test's own, with the configuration of deploy/, and where they send to.

Each duration of the rules and of the configurations is a sixtieth of what it says: a minute takes a second. But a scrape
has a second, so that a slow machine misses none.
"""

import contextlib
import http.server
import json
import pathlib
import re
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import service
import yaml

DEPLOY = service.REPOSITORY / "deploy"
DURATION = re.compile(r"(\d+)([smhd])")
SHORTENED = 60
MILLISECONDS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def shorten(node):
    """The same document with shorter durations, except in expressions."""
    if isinstance(node, dict):
        return {key: shorten(value) for key, value in node.items()}
    if isinstance(node, list):
        return [shorten(value) for value in node]
    duration = DURATION.fullmatch(node) if isinstance(node, str) else None
    return f"{int(duration[1]) * MILLISECONDS[duration[2]] // SHORTENED}ms" if duration else node


def read_shortened(*path):
    return shorten(yaml.safe_load(DEPLOY.joinpath(*path).read_text(encoding="utf-8")))


def wait_until(is_so, what, patience=service.PATIENCE):
    """`what` is a text, or returns one when the wait was in vain."""
    give_up = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > give_up:
            raise AssertionError(f"not in {patience} s: {what if isinstance(what, str) else what()}")
        time.sleep(0.05)


class Sink(http.server.ThreadingHTTPServer):
    """Takes notifications. Each is the path that it was sent to, and what Alertmanager says in it."""

    def __init__(self):
        self.received = []
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802, the name is given
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sink.received.append((self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return super().__enter__()

    def __exit__(self, *exception):
        self.shutdown()
        super().__exit__(*exception)


class Program:
    """A server that answers /-/ready once it serves."""

    name: str

    def __init__(self, **files):
        self.port = service.free_port()
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name)
        for name, content in files.items():
            self.folder.joinpath(f"{name}.yml").write_text(yaml.safe_dump(content), encoding="utf-8")

    def options(self):
        raise NotImplementedError

    def get(self, path, **parameters):
        url = f"http://127.0.0.1:{self.port}{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=service.PATIENCE) as answer:
            return answer.read()

    def get_json(self, path, **parameters):
        return json.loads(self.get(path, **parameters))

    def __enter__(self):
        with self.folder.joinpath("log").open("wb") as log:
            self._process = subprocess.Popen(
                [self.name, f"--web.listen-address=127.0.0.1:{self.port}", *self.options()], cwd=self.folder,
                stdout=log, stderr=log)
        try:
            wait_until(self._is_ready, f"{self.name} serves")
        except AssertionError as fault:
            fault.add_note(self.folder.joinpath("log").read_text(encoding="utf-8"))
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        self._process.terminate()
        try:
            self._process.wait(service.PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def _is_ready(self):
        if self._process.poll() is not None:
            raise AssertionError(f"{self.name} has ended")
        with contextlib.suppress(OSError):
            return bool(self.get("/-/ready"))
        return False


class Alertmanager(Program):
    """Its receivers send to the sink, each to the path of its name."""

    name = "prometheus-alertmanager"

    def __init__(self, sink):
        configuration = read_shortened("alertmanager", "alertmanager.yml")
        for receiver in configuration["receivers"]:
            receiver["webhook_configs"] = [{"url": f"{sink.url}/{receiver['name']}"}]
        super().__init__(alertmanager=configuration)

    def options(self):
        return ["--config.file=alertmanager.yml", "--storage.path=data", "--cluster.listen-address="]

    def send(self, alerts):
        """Alerts are the dictionaries of their labels."""
        body = json.dumps([{"labels": labels} for labels in alerts]).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v2/alerts", body,
                                         {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=service.PATIENCE).close()

    def suppressed(self):
        """The labels of the alerts that others inhibit."""
        return [alert["labels"] for alert in self.get_json("/api/v2/alerts") if alert["status"]["inhibitedBy"]]


class Prometheus(Program):
    name = "prometheus"

    def __init__(self, target, alertmanager):
        configuration = read_shortened("prometheus", "prometheus.yml")
        configuration["global"]["scrape_interval"] = "1s"
        configuration["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{target}"]}]
        configuration["alerting"]["alertmanagers"][0]["static_configs"] = [
            {"targets": [f"127.0.0.1:{alertmanager}"]}]
        super().__init__(prometheus=configuration, alerts=read_shortened("prometheus", "alerts.yml"))

    def options(self):
        return ["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--rules.alert.resend-delay=1s"]

    def value_of(self, expression):
        """None unless the expression is one series."""
        series = self.get_json("/api/v1/query", query=expression)["data"]["result"]
        return float(series[0]["value"][1]) if len(series) == 1 else None
