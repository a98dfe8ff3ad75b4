"""What grew, as Markdown tables, as plots and as JSON. A panel of a plot is a column of a table for each of its lines."""

import dataclasses
import json
import statistics

from . import lines, report
from .bench import Result
from .growth import ASKING, POSTING, Point
from .sample import Contestant


@dataclasses.dataclass(frozen=True)
class Source:
    """Where the points of a line come from."""

    name: str
    workload: str
    series: str = "ubietyd"
    kind: str = "first"


@dataclasses.dataclass(frozen=True)
class Panel:
    title: str
    column: str  # of a sample, or "ratio"
    sources: list[Source]
    logarithmic: bool = False


@dataclasses.dataclass(frozen=True)
class Figure:
    name: str
    title: str
    axis: str
    remark: str
    panels: list[Panel]


STORES = [Source("PostgreSQL", "devices_post_postgres"), Source("SQLite", "devices_post_sqlite", kind="second")]
RATIOS = [
    Source("PostgreSQL", "connections_post_postgres"),
    Source("SQLite", "connections_post_sqlite", kind="second"),
    Source("GET", "connections_get", kind="third"),
]


def beside_nginx(workload: str) -> list[Source]:
    return [Source("ubietyd", workload), Source("nginx", workload, "nginx", "reference")]


FIGURES = [
    Figure(
        "growth_devices",
        "How cost grows with the devices",
        "devices in the store",
        f"POST with {POSTING} connections, GET with {ASKING}; for each point the service is started, measured and ended.",
        [
            Panel("durable POST, requests/s", "value", STORES),
            Panel("CPU of a durable POST, s for 1,000", "cpu", STORES),
            Panel("p99 of a durable POST, ms", "p99", STORES),
            Panel("GET of the latest status, requests/s", "value", [Source("ubietyd", "devices_get")]),
            Panel("resident memory after the POSTs, MB", "memory", STORES),
            Panel("start, s", "start", STORES),
        ],
    ),
    Figure(
        "growth_connections",
        "How cost grows with the connections",
        "connections",
        "With 10,000 devices; nginx answers a constant, and has its turns beside the service's.",
        [
            Panel("durable POST on PostgreSQL, requests/s", "value", beside_nginx("connections_post_postgres")),
            Panel("p99 on PostgreSQL, ms", "p99", beside_nginx("connections_post_postgres"), logarithmic=True),
            Panel("durable POST on SQLite, requests/s", "value", beside_nginx("connections_post_sqlite")),
            Panel("p99 on SQLite, ms", "p99", beside_nginx("connections_post_sqlite"), logarithmic=True),
            Panel("GET of the latest status, requests/s", "value", beside_nginx("connections_get")),
            Panel("rates as a share of nginx's", "ratio", RATIOS),
        ],
    ),
]


Drawn = tuple[Figure, list[lines.Panel]]


def files(facts: dict[str, str], results: list[Result]) -> dict[str, str]:
    """What is written, by name; the first is what is shown."""
    drawn = [(figure, panels_of(figure, results)) for figure in FIGURES]
    drawn = [(figure, panels) for figure, panels in drawn if panels]
    written = {"growth.md": markdown(facts, drawn, results), "growth.json": as_json(facts, drawn, results)}
    for figure, panels in drawn:
        remarks = [*report.remarks_of(facts), f"{figure.remark} Points are the rounds' medians, with lowest and highest."]
        written[f"{figure.name}.svg"] = lines.drawn(figure.title, remarks, figure.axis, panels)
    return written


def panels_of(figure: Figure, results: list[Result]) -> list[lines.Panel]:
    """Those of which something was measured."""
    named = {result.workload.name: result for result in results}
    panels = []
    for panel in figure.panels:
        measured = [
            lines.Line(source.name, source.kind, points_of(named[source.workload], source.series, panel.column))
            for source in panel.sources
            if source.workload in named
        ]
        if measured:
            panels.append(lines.Panel(panel.title, measured, panel.logarithmic))
    return panels


def points_of(result: Result, series: str, column: str) -> list[lines.Point]:
    points = []
    for contestant in result.contestants:
        if isinstance(contestant, Point) and contestant.series == series:
            values = values_of(result, contestant, column)
            points.append(lines.Point(contestant.at, min(values), statistics.median(values), max(values)))
    return points


def values_of(result: Result, contestant: Contestant, column: str) -> list[float]:
    """Of the rounds."""
    if column == "ratio":
        return report.ratios_of(result, contestant)
    return [getattr(sample, column) for sample in result.samples[contestant.name]]


def markdown(facts: dict[str, str], drawn: list[Drawn], results: list[Result]) -> str:
    text = ["# Growth", "", *(f"- {name}: {value}" for name, value in facts.items())]
    for figure, panels in drawn:
        text += ["", f"## {figure.title}", "", figure.remark, "", f"![{figure.title}]({figure.name}.svg)"]
        for number in range(0, len(panels), 2):
            text += ["", *table(figure.axis, panels[number : number + 2])]
    remarks = refused(results)
    if remarks:
        text += ["", "## Refused or broken", "", *remarks]
    return "\n".join(text) + "\n"


def table(axis: str, panels: list[lines.Panel]) -> list[str]:
    """Two panels, as in a row of the plot, one place of the axis a row."""
    measured = [(f"{panel.title}: {line.name}", line) for panel in panels for line in panel.lines]
    headings = [axis, *(heading for heading, _ in measured)]
    rows = ["| " + " | ".join(headings) + " |", "|" + " ---: |" * len(headings)]
    for place in sorted({point.at for _, line in measured for point in line.points}):
        cells = ["".join(cell_of(point) for point in line.points if point.at == place) for _, line in measured]
        rows.append("| " + " | ".join([f"{place:,.0f}", *cells]) + " |")
    return rows


def cell_of(point: lines.Point) -> str:
    median = number(point.median)
    return median if point.lowest == point.highest else f"{median} ({number(point.lowest)}–{number(point.highest)})"


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def refused(results: list[Result]) -> list[str]:
    rows = [row for result in results for row in report.rows_of(result) if row.refused + row.broken]
    return [f"- {row.workload}, {row.contestant}: refused {row.refused}, broken {row.broken}" for row in rows]


def as_json(facts: dict[str, str], drawn: list[Drawn], results: list[Result]) -> str:
    figures = [
        {"title": figure.title, "axis": figure.axis, "panels": [dataclasses.asdict(panel) for panel in panels]}
        for figure, panels in drawn
    ]
    return json.dumps({"facts": facts, "figures": figures, "rounds": report.rounds_of(results)}, indent=1) + "\n"
