"""The figures as a Markdown table, as a plot and as JSON: medians over the rounds, spreads, and ratios within each round."""

import dataclasses
import json
import statistics

from . import bars
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
    ratios = ratios_of(result, contestant)
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
        row.holds = all(condition.holds(row) for condition in conditions_of(row))
    return row


def ratios_of(result: Result, contestant: Contestant) -> list[float]:
    """To the contestant to which it is compared, within each round; none, if it is not."""
    if not contestant.of:
        return []
    mine, others = result.samples[contestant.name], result.samples[contestant.of]
    return [one.value / other.value for one, other in zip(mine, others, strict=True)]


def median_of(samples: list[Sample], name: str) -> float | None:
    known = [getattr(sample, name) for sample in samples if getattr(sample, name) is not None]
    return statistics.median(known) if known else None


@dataclasses.dataclass
class Condition:
    """`ratio >= 0.55` or `p99 <= 15`: a column of the row, and its limit."""

    column: str
    comparison: str
    limit: float

    def holds(self, row: Row) -> bool:
        value = getattr(row, self.column)
        return bool(value >= self.limit if self.comparison == ">=" else value <= self.limit)


def conditions_of(row: Row) -> list[Condition]:
    if not row.must_hold:
        return []
    words = [condition.split(" ") for condition in row.must_hold.split(", ")]
    return [Condition(column, comparison, float(limit)) for column, comparison, limit in words]


def files(facts: dict[str, str], results: list[Result]) -> dict[str, str]:
    """What is written, by name; the first is what is shown."""
    return {
        "results.md": markdown(facts, results),
        "results.json": as_json(facts, results),
        "results.svg": plot(facts, results),
    }


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


def plot(facts: dict[str, str], results: list[Result]) -> str:
    remarks = [
        *remarks_of(facts),
        "A bar is the median of the rounds, its whisker the lowest and the highest of them; grey is what others are compared "
        "to. The dashed line is what must hold: of a ratio, that share of the median it is compared to.",
    ]
    groups = []
    for result in results:
        title = f"{result.workload.name}: {result.workload.title}"
        remark = f"not there: {result.not_there}" if result.not_there else ""
        rows = rows_of(result)
        groups.append(bars.Group(title, [bar_of(row, rows) for row in rows], remark))
    return bars.drawn("Measured", remarks, groups)


def remarks_of(facts: dict[str, str]) -> list[str]:
    """The facts without which a plot says nothing."""
    return [f"{facts['when']}, {facts['commit']}; rounds: {facts['rounds']}", facts["processors"]]


def bar_of(row: Row, rows: list[Row]) -> bars.Bar:
    remarks = []
    if row.ratio is not None:
        remarks.append(f"{row.ratio:.2f} of {row.compared_to}")
    if row.must_hold:
        signs = row.must_hold.replace("<=", "≤").replace(">=", "≥")
        remarks.append(f"{signs}: {'yes' if row.holds else 'no'}")
    if row.refused + row.broken:
        remarks.append(f"refused {row.refused}, broken {row.broken}")
    return bars.Bar(
        name=row.contestant,
        lowest=row.lowest,
        median=row.median,
        highest=row.highest,
        label=f"{number(row.median)} {row.unit}",
        remarks=remarks,
        failed=row.holds is False,
        is_reference=any(other.compared_to == row.contestant for other in rows),
        limits=limits_of(row, rows),
    )


def limits_of(row: Row, rows: list[Row]) -> list[float]:
    """In the unit of the row's median: of other columns, such as p99, there are none."""
    reference = next((other.median for other in rows if other.contestant == row.compared_to), 0.0)
    factors = {"median": 1.0, "ratio": reference}
    return [condition.limit * factors[condition.column] for condition in conditions_of(row) if condition.column in factors]


def as_json(facts: dict[str, str], results: list[Result]) -> str:
    rows = [dataclasses.asdict(row) for result in results for row in rows_of(result)]
    missing = {result.workload.name: result.not_there for result in results if result.not_there}
    return json.dumps({"facts": facts, "rows": rows, "not_there": missing, "rounds": rounds_of(results)}, indent=1) + "\n"


def rounds_of(results: list[Result]) -> dict[str, dict[str, list[dict[str, object]]]]:
    """Every sample, by workload and contestant."""
    return {
        result.workload.name: {name: [dataclasses.asdict(sample) for sample in samples]
                               for name, samples in result.samples.items()}
        for result in results
    }  # fmt: skip
