"""Workloads of those who look at a fleet: lists and pages of a million devices, and streams, while reports arrive."""

import collections.abc
import contextlib
import http.client
import itertools
import select
import socket
import statistics
import threading
import time

from . import fleet, load, processes, service
from .bench import Bench
from .contestants import by_wrk
from .reads import while_updates_arrive
from .sample import Contestant, Sample

MANY = 1_000_000
STREAMS = 10
STREAMED = 100_000  # devices
FEW = 100  # devices of a page


def one_by_one(program: service.Service, targets: collections.abc.Iterator[str], seconds: float) -> Sample:
    """One client that asks, and pauses, for so long. The value is the median in milliseconds."""
    end = time.monotonic() + seconds
    took: list[float] = []
    cpu = program.cpu_seconds()
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", program.port, timeout=processes.PATIENCE)) as kept:
        while not took or time.monotonic() < end:
            begin = time.perf_counter()
            kept.request("GET", next(targets))
            response = kept.getresponse()
            response.read()
            took.append(1000 * (time.perf_counter() - begin))
            if response.status != 200:
                raise processes.Failed(f"a page is answered {response.status}")
            time.sleep(0.1)
    took.sort()

    def share(part: float) -> float:
        return took[int(part * (len(took) - 1))]

    return Sample(value=statistics.median(took), requests=len(took), p50=share(0.5), p95=share(0.95), p99=share(0.99),
                  cpu=(program.cpu_seconds() - cpu) / len(took) * 1000, memory=program.memory())  # fmt: skip


def pages_million(bench: Bench) -> list[Contestant]:
    program = bench.service(bench.binaries[-1], fleet.stored(bench, bench.binaries[-1], "sqlite", MANY))
    middles = (
        f"/status/summary?sort={sort}&order={order}&prefix={'bench-'[:letters]}&offset={MANY // 2}&limit={FEW}"
        for letters, sort, order in itertools.cycle(
            itertools.product(range(1, 7), ("battery_level", "rssi", "last_heard"), ("asc", "desc")))
    )  # fmt: skip
    pages = {
        "overview": (itertools.repeat("/fleet/overview"), 5),
        "attention, 100 of 111,000": (itertools.repeat(f"/fleet/attention?limit={FEW}"), 5),
        "first page by battery level": (itertools.repeat(f"/status/summary?sort=battery_level&limit={FEW}"), 100),
        "a page of the middle, in a new order": (middles, 100),
        "search": ((f"/status/summary?q={number:03}7&limit={FEW}" for number in itertools.cycle(range(1000))), 100),
    }

    def contestant(name: str, targets: collections.abc.Iterator[str], most: int) -> Contestant:
        read = Contestant(name, lambda seconds: one_by_one(program, targets, seconds))
        beside = while_updates_arrive(bench, read, program, "/status", MANY)
        beside.holds = f"median <= {most}"
        return beside

    return [contestant(name, targets, most) for name, (targets, most) in pages.items()]


class Readers:
    """Clients of streams of all devices, which read and forget."""

    def __init__(self, port: int) -> None:
        self.sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(STREAMS)]
        for each in self.sockets:
            each.sendall(b"GET /fleet/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.is_over = False
        self.thread = threading.Thread(target=self.read)

    def read(self) -> None:
        buffer = bytearray(1 << 20)
        while not self.is_over:
            for each in select.select(self.sockets, [], [], 0.1)[0]:
                each.recv_into(buffer)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *exception: object) -> None:
        self.is_over = True
        self.thread.join()
        for each in self.sockets:
            each.close()


def post_streams(bench: Bench) -> list[Contestant]:
    binary = bench.binaries[-1]
    program = bench.service(binary, fleet.stored(bench, binary, "sqlite", STREAMED))
    alone = by_wrk("without streams", program, "", "post_status", 256, str(STREAMED))

    def beside_streams(seconds: float) -> Sample:
        with Readers(program.port):
            return load.wrk(program, program.url, "post_status", 256, seconds, str(STREAMED))

    return [alone, Contestant(f"with {STREAMS} of all devices", beside_streams, of=alone.name, holds="ratio >= 0.97")]
