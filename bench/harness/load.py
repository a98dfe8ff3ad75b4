"""Load generators: wrk for as fast as it goes, our own for a fixed rate, pgbench for the database alone."""

import json
import pathlib
import re

from . import processes
from .sample import Sample

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "wrk"
OPEN_LOOP = SCRIPTS.parent.parent / "build/release/ubiety_open_loop"
WARM_UP = 0.15  # of the seconds of a measurement, before it


def wrk(measured: processes.Process, url: str, script: str, connections: int, seconds: float,
        *words: str, each: int = 1) -> Sample:  # fmt: skip
    """Loads `url` and gives the rate in requests (times `each`) a second. One thread: on two cores a second one takes
    the measured program's."""
    _wrk(url, script, connections, seconds * WARM_UP, words)
    return warm_wrk(measured, url, script, connections, seconds, *words, each=each)


def warm_wrk(measured: processes.Measured, url: str, script: str, connections: int, seconds: float,
             *words: str, each: int = 1) -> Sample:  # fmt: skip
    """The same without loading `url` beforehand."""
    cpu = measured.cpu_seconds()
    figures = _wrk(url, script, connections, seconds, words)
    cpu = measured.cpu_seconds() - cpu
    requests = int(figures["requests"])
    if requests == 0:
        raise processes.Failed(f"wrk had no answer from {url}")
    return Sample(
        value=(requests - figures["refused"]) / figures["seconds"] * each,
        requests=requests,
        p50=figures["p50"],
        p95=figures["p95"],
        p99=figures["p99"],
        cpu=cpu / requests * 1000,
        memory=measured.memory(),
        refused=int(figures["refused"]),
        broken=int(figures["broken"]),
    )


def whole_seconds(seconds: float) -> int:
    """wrk and pgbench take no others."""
    return max(1, round(seconds))


def _wrk(url: str, script: str, connections: int, seconds: float, words: tuple[str, ...]) -> dict[str, float]:
    printed = processes.run(
        [processes.find_program("wrk"), "-t1", f"-c{connections}", f"-d{whole_seconds(seconds)}s", "--timeout", "10s", "-s",
         str(SCRIPTS / f"{script}.lua"), url, "--", *words],
        folder=SCRIPTS)  # fmt: skip
    figures: dict[str, float] = json.loads(printed.strip().splitlines()[-1])
    return figures


def open_loop(measured: processes.Process, port: int, path: str, rate: float, seconds: float, devices: int,
              folder: pathlib.Path) -> Sample:  # fmt: skip
    """POSTs at a fixed rate, without coordinated omission. The value is the 99th percentile in milliseconds."""
    cpu = measured.cpu_seconds()
    with updates_arriving(port, path, rate, seconds, devices, folder) as generator:
        figures = figures_of(generator)
    cpu = measured.cpu_seconds() - cpu
    return Sample(
        value=figures["p99"],
        requests=int(figures["requests"]),
        p50=figures["p50"],
        p95=figures["p95"],
        p99=figures["p99"],
        cpu=cpu / (figures["requests"] * (1 + WARM_UP)) * 1000,
        memory=measured.memory(),
        refused=int(figures["refused"]),
        broken=int(figures["unanswered"]),
    )


def figures_of(generator: processes.Process) -> dict[str, float]:
    """What ubiety_open_loop prints when its time is over."""
    if generator.child.wait(processes.PATIENCE) != 0:
        raise processes.Failed(generator.tail())
    figures: dict[str, float] = json.loads(generator.tail().splitlines()[-1])
    return figures


def updates_arriving(port: int, path: str, rate: float, seconds: float, devices: int,
                     folder: pathlib.Path) -> processes.Process:  # fmt: skip
    """A load generator that runs beside another measurement, or is waited for."""
    if not OPEN_LOOP.is_file():
        raise processes.Failed(f"there is no {OPEN_LOOP}; scripts/build release benchmarks makes it")
    words = [str(port), str(rate), str(seconds), str(seconds * WARM_UP), "64", str(devices), path]
    return processes.Process([str(OPEN_LOOP), *words], folder, "open_loop")


def pgbench(measured: processes.Process, program: str, database_url: str, script: pathlib.Path, clients: int,
            seconds: float) -> Sample:  # fmt: skip
    """A prepared statement again and again, with nothing between it and the database."""
    printed = processes.run(
        [program, "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1", f"--time={whole_seconds(seconds)}",
         f"--file={script}", database_url])  # fmt: skip
    rate = re.search(r"tps = ([\d.]+)", printed)
    latency = re.search(r"latency average = ([\d.]+) ms", printed)
    if rate is None or latency is None:
        raise processes.Failed(f"pgbench printed no rate:\n{printed}")
    return Sample(value=float(rate[1]), p50=float(latency[1]), memory=measured.memory())
