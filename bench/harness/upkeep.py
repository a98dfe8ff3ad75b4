"""The 99th percentile of 10,000 POST/s while the history is quiet, while a full tail is merged, and while a day is compacted."""

import datetime
import functools

from . import fleet, load, processes, service
from .bench import Bench, Binary
from .contestants import FLEET
from .sample import Contestant, Sample
from .updates import FIXED_RATE

MINUTES = 200  # with a report of each device: what is compacted
MERGED = 100_000  # devices whose updates fill the tail: a merge of fewer ends too soon


def beside_upkeep(bench: Bench, store: str) -> list[Contestant]:
    binary = bench.binaries[-1]
    to_compact = many_segments(bench, binary, store)
    calm = Contestant("calm", functools.partial(calm_turn, bench, bench.service(binary, bench.database(store))))
    merging = functools.partial(merging_turn, bench, bench.service(binary, bench.database(store)))
    compacting = functools.partial(compacting_turn, bench, binary, to_compact)
    beside = [Contestant("beside a merge", merging), Contestant("beside compaction", compacting)]
    for contestant in beside:
        contestant.of, contestant.holds = calm.name, "ratio <= 1.5"
    return [calm, *beside]


def upkeep_postgres(bench: Bench) -> list[Contestant]:
    return beside_upkeep(bench, "postgres")


def upkeep_sqlite(bench: Bench) -> list[Contestant]:
    return beside_upkeep(bench, "sqlite")


def many_segments(bench: Bench, binary: Binary, store: str) -> str:
    """The URL of a new database in which yesterday has a segment for every few reports of a device."""
    database_url = bench.database(store)
    with service.Service(binary.path, database_url, bench.folder, fleet.MERGING) as program:
        service.post_batches(program.url, yesterday())
    return database_url


def yesterday() -> fleet.Lines:
    midnight = fleet.now().replace(hour=0, minute=0, second=0, microsecond=0) - datetime.timedelta(days=1)
    return (
        fleet.report(device, midnight + datetime.timedelta(minutes=minute, microseconds=device))
        for minute in range(MINUTES)
        for device in range(FLEET)
    )


def posted(bench: Bench, program: service.Service, seconds: float) -> Sample:
    return load.open_loop(program, program.port, "/status", FIXED_RATE, seconds, FLEET, bench.folder)


def calm_turn(bench: Bench, program: service.Service, seconds: float) -> Sample:
    merges = merges_of(program)
    sample = posted(bench, program, seconds)
    if merges_of(program) != merges:
        raise processes.Failed("a merge ended in the calm: shorter turns, or fewer rounds")
    return sample


def merging_turn(bench: Bench, program: service.Service, seconds: float) -> Sample:
    """The merge begins before the turn and ends after it, or the turn does not count."""
    merges = merges_of(program)
    service.post_batches(program.url, until_tail_is_full(program))
    sample = posted(bench, program, seconds)
    if merges_of(program) != merges:
        raise processes.Failed("the merge ended before the turn: shorter turns")
    processes.wait_until(lambda: merges_of(program) > merges, "the merge has ended", patience=600)
    return sample


def until_tail_is_full(program: service.Service) -> fleet.Lines:
    piece = 50_000  # reports between two looks
    for number, line in enumerate(fleet.updates(MERGED, 100 * piece)):
        if number % piece == 0:
            figures = service.metrics(program.url)
            if figures["ubiety_tail_bytes"] > figures["ubiety_tail_limit_bytes"]:
                return
        yield line
    raise processes.Failed("the tail did not fill")


def compacting_turn(bench: Bench, binary: Binary, database_url: str, seconds: float) -> Sample:
    """Goes on where the turn before ended."""
    with service.Service(binary.path, database_url, bench.folder, {}) as program:
        processes.wait_until(
            lambda: service.metrics(program.url)["ubiety_compacted_segments_total"] > 0, "the compaction has begun"
        )
        sample = posted(bench, program, seconds)
        if service.metrics(program.url)["ubiety_compaction_backlog"] == 0:
            raise processes.Failed("the compaction ended before the turn: shorter turns, or fewer rounds")
    return sample


def merges_of(program: service.Service) -> float:
    return service.metrics(program.url)["ubiety_merge_duration_seconds_count"]
