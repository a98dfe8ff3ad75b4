"""The figures as a Markdown table and as JSON: medians over the rounds, spreads, and ratios within each round."""

import dataclasses
import json
import re
import statistics

from .bench import Result
from .sample import Contestant, Sample

HEADINGS = ["workload", "measured", "median", "spread", "ratio", "spread", "p50", "p95", "p99", "CPU s/1,000", "RSS MB",
            "must hold"]  # fmt: skip


@dataclasses.dataclass
class Row:
    workload: str
    contestant: str
    unit: str
    median: float
    lowest: float
    highest: float
    compared_to: str
    ratio: float | None  # median of the rounds' ratios
    lowest_ratio: float | None
    highest_ratio: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    cpu: float | None
    memory: float | None
    refused: int
    broken: int
    must_hold: str
    holds: bool | None


def rows_of(result: Result) -> list[Row]:
    return [row_of(result, contestant) for contestant in result.contestants]


def row_of(result: Result, contestant: Contestant) -> Row:
    samples = result.samples[contestant.name]
    values = [sample.value for sample in samples]
    ratios: list[float] = []
    if contestant.of:
        ratios = [mine.value / other.value for mine, other in zip(samples, result.samples[contestant.of], strict=True)]
    row = Row(
        workload=result.workload.name,
        contestant=contestant.name,
        unit=result.workload.unit,
        median=statistics.median(values),
        lowest=min(values),
        highest=max(values),
        compared_to=contestant.of,
        ratio=statistics.median(ratios) if ratios else None,
        lowest_ratio=min(ratios, default=None),
        highest_ratio=max(ratios, default=None),
        p50=median_of(samples, "p50"),
        p95=median_of(samples, "p95"),
        p99=median_of(samples, "p99"),
        cpu=median_of(samples, "cpu"),
        memory=median_of(samples, "memory"),
        refused=sum(sample.refused for sample in samples),
        broken=sum(sample.broken for sample in samples),
        must_hold=contestant.holds,
        holds=None,
    )
    if contestant.holds:
        row.holds = all(condition_holds(condition, row) for condition in contestant.holds.split(", "))
    return row


def median_of(samples: list[Sample], name: str) -> float | None:
    known = [getattr(sample, name) for sample in samples if getattr(sample, name) is not None]
    return statistics.median(known) if known else None


def condition_holds(condition: str, row: Row) -> bool:
    """`ratio >= 0.55` or `p99 <= 15`: a column of the row, and its limit."""
    column, comparison, limit = re.fullmatch(r"(\w+) (<=|>=) ([\d.]+)", condition).groups()  # type: ignore[union-attr]
    value = getattr(row, column)
    return bool(value >= float(limit) if comparison == ">=" else value <= float(limit))


def markdown(facts: dict[str, str], results: list[Result]) -> str:
    lines = ["# Measured", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    lines += ["", "| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS)]
    for result in results:
        if result.not_there:
            lines.append(f"| {result.workload.name} | not there: {result.not_there} |" + " |" * (len(HEADINGS) - 2))
        for row in rows_of(result):
            lines.append("| " + " | ".join(cells_of(row)) + " |")
    return "\n".join(lines) + "\n"


def cells_of(row: Row) -> list[str]:
    measured = row.contestant + (f" (refused {row.refused}, broken {row.broken})" if row.refused + row.broken else "")
    verdict = {None: "", True: ": yes", False: ": **no**"}[row.holds]
    return [
        row.workload,
        measured,
        f"{number(row.median)} {row.unit}",
        f"{number(row.lowest)}–{number(row.highest)}",
        f"{row.ratio:.2f} of {row.compared_to}" if row.ratio is not None else "",
        f"{row.lowest_ratio:.2f}–{row.highest_ratio:.2f}" if row.ratio is not None else "",
        *(number(value) for value in (row.p50, row.p95, row.p99)),
        f"{row.cpu:.4f}" if row.cpu is not None else "",
        number(row.memory),
        row.must_hold + verdict,
    ]


def number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def as_json(facts: dict[str, str], results: list[Result]) -> str:
    rows = [dataclasses.asdict(row) for result in results for row in rows_of(result)]
    rounds = {
        result.workload.name: {name: [dataclasses.asdict(sample) for sample in samples]
                               for name, samples in result.samples.items()}
        for result in results
    }  # fmt: skip
    missing = {result.workload.name: result.not_there for result in results if result.not_there}
    return json.dumps({"facts": facts, "rows": rows, "not_there": missing, "rounds": rounds}, indent=1) + "\n"
