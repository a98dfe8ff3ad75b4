"""Batches of a fleet's updates to ubietyd and its peers in turns, and the disk that the updates take afterwards."""

import collections.abc
import dataclasses
import datetime
import functools
import os

from . import load, processes
from .bench import Bench
from .contestants import FLEET
from .peers import BYTES_IN_TAIL, DAYS, InfluxDB, Peer, Ubiety, VictoriaMetrics
from .sample import Contestant, NotThere, Sample, Workload

BATCH = 1000  # reports in one request
CONNECTIONS = 8
DEFAULT_TAIL_MEMORY = 64 * 1024 * 1024
LEAST_RATE = 50_000  # updates/s, at which a turn still has a merge

HOLDS = {
    "ubietyd, PostgreSQL": {"batches": "ratio >= 1.2", "disk_flushed": "median <= 25", "disk_compacted": "median <= 14"},
    "ubietyd, SQLite": {"batches": "ratio >= 1.2", "disk_flushed": "median <= 12", "disk_compacted": "median <= 8"},
}


@dataclasses.dataclass
class PeerSample(Sample):
    merges: int | None = None  # within the measurement


def tail_memory(seconds: float) -> int:
    """The default, unless a turn is too short for a merge of so much."""
    return min(DEFAULT_TAIL_MEMORY, round(seconds * LEAST_RATE) * BYTES_IN_TAIL)


class Comparison:
    """Its workloads follow each other: the disk is measured with what the batches have left there."""

    def __init__(self) -> None:
        self.peers: list[Peer] = []
        self.missing: dict[str, str] = {}  # why, by name
        midnight = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
        self._start = int(midnight.timestamp()) - DAYS * 86_400

    def workloads(self) -> list[Workload]:
        disk = "the disk that an update takes, "
        return [
            Workload("batches", "batches of 1,000", "updates/s", self._batches),
            Workload("disk_flushed", disk + "when all are flushed or merged", "bytes", self._flushed, rounds=1),
            Workload("disk_compacted", disk + "when compaction is over", "bytes", self._compacted, rounds=1),
        ]

    def _batches(self, bench: Bench) -> list[Contestant]:
        memory = tail_memory(bench.options.seconds)
        for make in (InfluxDB, VictoriaMetrics):
            try:
                self.peers.append(make(bench))
            except NotThere as reason:
                self.missing[make.name] = str(reason)
        self.peers += [Ubiety(bench, bench.binaries[0], store, memory) for store in ("postgres", "sqlite")]
        return self._contestants("batches", self._turn)

    def _contestants(self, workload: str, measure: collections.abc.Callable[[Peer, float], Sample]) -> list[Contestant]:
        if not self.peers:
            raise NotThere("the workload batches has not run")
        reference = InfluxDB.name
        contestants = [Contestant(peer.name, functools.partial(measure, peer)) for peer in self.peers]
        for contestant in contestants:
            if reference not in self.missing and contestant.name != reference:
                contestant.of = reference
            holds = HOLDS.get(contestant.name, {}).get(workload, "")
            contestant.holds = holds if contestant.of or "ratio" not in holds else ""
        return contestants

    def _turn(self, peer: Peer, seconds: float) -> PeerSample:
        with peer.running() as measured:
            self._load(peer, measured, seconds * load.WARM_UP)
            merged = peer.merges()
            sample = self._load(peer, measured, seconds)
            merges = peer.merges()
        os.sync()  # what the disk has still to write would cost the next one
        sample.merges = merges - merged if merges is not None and merged is not None else None
        return sample

    def _load(self, peer: Peer, measured: processes.Measured, seconds: float) -> PeerSample:
        words = [peer.format, peer.path, *map(str, (FLEET, BATCH, self._start, peer.minutes))]
        sample = load.warm_wrk(measured, peer.url, "post_fleet", CONNECTIONS, seconds, *words, each=BATCH)
        # wrk makes one request before the first, and has one in each connection when its time is over.
        peer.minutes += -(-(sample.requests + CONNECTIONS + 1) * BATCH // FLEET)
        peer.acknowledged += (sample.requests - sample.refused) * BATCH
        if peer.minutes > DAYS * 24 * 60:
            raise processes.Failed(f"{peer.name} took {DAYS} days of reports: fewer rounds, or shorter ones")
        return PeerSample(**dataclasses.asdict(sample))

    def _flushed(self, _: Bench) -> list[Contestant]:
        def measure(peer: Peer, _: float) -> Sample:
            peer.flush()
            if peer.stored < peer.acknowledged:
                raise processes.Failed(f"{peer.name} acknowledged {peer.acknowledged:,} updates and has {peer.stored:,}")
            return bytes_an_update(peer)

        return self._contestants("disk_flushed", measure)

    def _compacted(self, _: Bench) -> list[Contestant]:
        def measure(peer: Peer, _: float) -> Sample:
            peer.compact()
            return bytes_an_update(peer)

        return self._contestants("disk_compacted", measure)


def bytes_an_update(peer: Peer) -> Sample:
    return Sample(value=(peer.bytes_on_disk() - peer.bytes_when_empty) / peer.stored)
