"""Load generators: wrk for as fast as it goes."""

import json
import pathlib

from . import processes
from .sample import Sample

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "wrk"
WARM_UP = 0.15  # of the seconds of a measurement, before it


def wrk(measured: processes.Process, url: str, script: str, connections: int, seconds: float,
        *words: str, each: int = 1) -> Sample:  # fmt: skip
    """Loads `url` and gives the rate in requests (times `each`) a second. One thread: on two cores a second one takes
    the measured program's."""
    _wrk(url, script, connections, max(seconds * WARM_UP, 0.3), words)
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


def _wrk(url: str, script: str, connections: int, seconds: float, words: tuple[str, ...]) -> dict[str, float]:
    # wrk takes whole seconds.
    duration = max(1, round(seconds))
    printed = processes.run(
        [processes.find_program("wrk"), "-t1", f"-c{connections}", f"-d{duration}s", "--timeout", "10s", "-s",
         str(SCRIPTS / f"{script}.lua"), url, "--", *words],
        folder=SCRIPTS)  # fmt: skip
    figures: dict[str, float] = json.loads(printed.strip().splitlines()[-1])
    return figures
