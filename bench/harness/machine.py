"""What the figures were measured on: without it they say nothing."""

import datetime
import os
import pathlib
import platform
import statistics
import subprocess
import time

from . import processes


def facts(folder: pathlib.Path, repository: pathlib.Path) -> dict[str, str]:
    return {
        "when": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="minutes"),
        "commit": _commit(repository),
        "processors": f"{os.cpu_count()} × {_processor()}, shared with the load generator and the database",
        "kernel": platform.release(),
        "one write of 8 KiB with fdatasync": f"{fdatasync_milliseconds(folder):.2f} ms (median of 50)",
        "load average before": f"{os.getloadavg()[0]:.2f}",
    }


def _commit(repository: pathlib.Path) -> str:
    try:
        return processes.run(["git", "-C", str(repository), "describe", "--always", "--dirty"]).strip()
    except (processes.Failed, OSError, subprocess.SubprocessError):
        return "unknown"


def _processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def fdatasync_milliseconds(folder: pathlib.Path) -> float:
    """What every commit pays at least. On a file system in memory it is next to nothing, and so are the figures worth."""
    path = folder / "fdatasync"
    taken: list[float] = []
    with path.open("wb", buffering=0) as file:
        for _ in range(50):
            begin = time.perf_counter()
            file.write(bytes(8192))
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begin)
    path.unlink()
    return statistics.median(taken) * 1000
