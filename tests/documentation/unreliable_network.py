"""A proxy before a service that treats each request as its script says, and remembers what it was sent and when."""

import contextlib
import http.client
import socket
import struct
import threading
import time

PATIENCE = 60  # seconds


def silence(_, client):
    """No answer, until the client gives up."""
    with contextlib.suppress(OSError):
        client.recv(1)


def refuse(status, retry_after):
    def answer(_, client):
        client.sendall(f"HTTP/1.1 {status} Not Now\r\nRetry-After: {retry_after}\r\nContent-Length: 0\r\n"
                       "Connection: close\r\n\r\n".encode())
    return answer


def reset(_, client):
    """The connection ends without an answer."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def lose_the_answer(forward, client):
    """The service stores the report, and the client never learns of it."""
    forward()
    reset(forward, client)


def pass_on(forward, client):
    client.sendall(forward())


class UnreliableNetwork:
    """`with UnreliableNetwork(port, [reset, pass_on]) as network:` serves these requests, then no more."""

    def __init__(self, port, script):
        self.bodies, self.times = [], []
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self._thread = threading.Thread(target=self._run, args=(script,))

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._thread.join()
        self._listener.close()

    def wait(self):
        """Until the script is at its end."""
        self._thread.join()

    def _run(self, script):
        remaining = list(script)
        while remaining:
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                return
            with client:
                client.settimeout(PATIENCE)
                request = read_request(client)
                if request:
                    self._serve(remaining.pop(0), client, *request)

    def _serve(self, step, client, fields, body):
        self.times.append(time.monotonic())
        self.bodies.append(body)

        def forward():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
            with contextlib.closing(connection):
                connection.request("POST", "/status", body, {"Content-Type": fields["Content-Type"]})
                answer = connection.getresponse()
                text = answer.read()
                return (f"HTTP/1.1 {answer.status} {answer.reason}\r\nContent-Length: {len(text)}\r\n"
                        "Connection: close\r\n\r\n").encode() + text

        step(forward, client)


def read_request(client):
    """Its fields and body; None if the connection ends before: some clients connect before they have a request."""
    with client.makefile("rb") as stream, contextlib.suppress(ConnectionError):
        if not stream.readline():
            return None
        fields = http.client.parse_headers(stream)
        return fields, stream.read(int(fields["Content-Length"]))
    return None
