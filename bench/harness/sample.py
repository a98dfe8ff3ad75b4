"""What one measurement gave, and who is measured: the words in which the other parts talk."""

import collections.abc
import dataclasses
import typing


@dataclasses.dataclass
class Sample:
    value: float  # in the workload's unit
    requests: int = 0
    p50: float | None = None  # milliseconds, as p95 and p99
    p95: float | None = None
    p99: float | None = None
    cpu: float | None = None  # CPU seconds of the measured program for 1,000 requests
    memory: float | None = None  # its resident megabytes afterwards
    start: float | None = None  # seconds until it was ready, where it was started for the measurement
    refused: int = 0  # answered 4xx or 5xx
    broken: int = 0  # connections that failed


@dataclasses.dataclass
class Contestant:
    """One of those that take turns within a workload. `measure` is given the seconds that it may take."""

    name: str
    measure: collections.abc.Callable[[float], Sample]
    of: str = ""  # the contestant to which it is compared; none: it is not
    holds: str = ""  # what the ratio or the value must be, such as "ratio >= 0.55, p99 <= 15"


class NotThere(Exception):
    """The service does not offer what the workload measures."""


@dataclasses.dataclass
class Workload:
    name: str
    title: str
    unit: str
    # Sets the stage, a Bench, and says who takes turns on it.
    stage: collections.abc.Callable[[typing.Any], list[Contestant]]
    rounds: int | None = None  # where it is not what the whole run has
