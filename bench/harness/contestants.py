"""How the programs of a workload take turns: which is compared to which."""

from . import load, nginx, service
from .bench import Bench
from .sample import Contestant, Sample

FLEET = 10_000  # devices, where a workload says nothing else


def against(bench: Bench, reference: Contestant, holds: str, contestants: list[Contestant]) -> list[Contestant]:
    """The service against the reference; of two binaries, the second against the first."""
    contestants[0].of, contestants[0].holds = reference.name, holds
    return [reference, *one_after_the_other(bench, contestants)]


def one_after_the_other(bench: Bench, contestants: list[Contestant]) -> list[Contestant]:
    if len(bench.binaries) == 2:
        contestants[1].of = contestants[0].name
    return contestants


def by_wrk(name: str, program: service.Service | nginx.Nginx, path: str, script: str, connections: int, *words: str,
           each: int = 1) -> Contestant:  # fmt: skip
    def measure(seconds: float) -> Sample:
        return load.wrk(program, program.url + path, script, connections, seconds, *words, each=each)

    return Contestant(name, measure)
