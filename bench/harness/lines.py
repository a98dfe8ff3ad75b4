"""Lines over a logarithmic axis: several panels in one drawing, two beside each other."""

import dataclasses
import math

from . import svg

PANEL_WIDTH = (svg.WIDTH - 2 * svg.MARGIN) / 2
PANEL_HEIGHT = 276.0
TICKS_WIDTH = 64.0  # left of the lines
NAMES = 30.0  # from the last point to a name
GAP = 14.0  # between a name and the panel beside it
TOP, BOTTOM = 44.0, 52.0  # above and below them
SMALL = 12.0
APART = 14.0  # the names at the ends of lines, at least


@dataclasses.dataclass
class Point:
    at: float
    lowest: float
    median: float
    highest: float


@dataclasses.dataclass
class Line:
    name: str
    kind: str  # a class of svg's style: "first", "second", "third" or "reference"
    points: list[Point]


@dataclasses.dataclass
class Panel:
    title: str
    lines: list[Line]
    logarithmic: bool = False  # upwards too


@dataclasses.dataclass
class End:
    """Where a line's name is written."""

    y: float
    line: Line


def drawn(title: str, remarks: list[str], axis: str, panels: list[Panel]) -> str:
    drawing = svg.Drawing(title)
    top = drawing.heading(remarks)
    names = [line.name for panel in panels for line in panel.lines]
    names_width = NAMES + max((svg.width_of(name, SMALL) for name in names), default=0)
    for number, panel in enumerate(panels):
        row, column = divmod(number, 2)
        draw(drawing, panel, axis, svg.MARGIN + column * PANEL_WIDTH, top + row * PANEL_HEIGHT, names_width)
    return drawing.written(top + math.ceil(len(panels) / 2) * PANEL_HEIGHT + svg.MARGIN / 2)


def draw(drawing: svg.Drawing, panel: Panel, axis: str, left: float, top: float, names_width: float) -> None:
    drawing.text("ink bold", left, top + 22, panel.title, 14)
    points = [point for line in panel.lines for point in line.points]
    begin, end = left + TICKS_WIDTH, left + PANEL_WIDTH - names_width - GAP
    high, low = top + TOP, top + PANEL_HEIGHT - BOTTOM
    ticks = logarithmic_ticks(points) if panel.logarithmic else linear_ticks(points)

    def up(value: float) -> float:
        if panel.logarithmic:
            return low - share(math.log(max(value, ticks[0])), math.log(ticks[0]), math.log(ticks[-1])) * (low - high)
        return low - share(value, ticks[0], ticks[-1]) * (low - high)

    places = sorted({point.at for point in points})

    def along(at: float) -> float:
        return begin + share(math.log(at), math.log(places[0]), math.log(places[-1])) * (end - begin)

    for tick in ticks:
        drawing.line("axis" if tick == ticks[0] else "grid", begin - 8, up(tick), end + 8, up(tick))
        drawing.text("muted", begin - 14, up(tick) + 4, written(tick), SMALL, "end")
    for place in places:
        drawing.line("axis", along(place), low, along(place), low + 5)
        drawing.text("muted", along(place), low + 19, written(place), SMALL, "middle")
    drawing.text("muted", (begin + end) / 2, low + 37, axis, SMALL, "middle")

    ends: list[End] = []
    # References first: what is measured is drawn over them.
    for line in sorted(panel.lines, key=lambda line: line.kind != "reference"):
        drawing.curve(classes_of(line), [(along(point.at), up(point.median)) for point in line.points])
        for point in line.points:
            drawing.line(line.kind, along(point.at), up(point.lowest), along(point.at), up(point.highest), 1.2)
            drawing.dot(line.kind, along(point.at), up(point.median))
        ends.append(End(up(line.points[-1].median), line))
    for name in spread(ends, low):
        drawing.line(classes_of(name.line), end + NAMES - 18, name.y, end + NAMES - 6, name.y, 2)
        drawing.text("ink", end + NAMES, name.y + 4, name.line.name, SMALL)


def classes_of(line: Line) -> str:
    return f"{line.kind} dashed" if line.kind == "reference" else line.kind


def share(value: float, lowest: float, highest: float) -> float:
    return (value - lowest) / (highest - lowest) if highest > lowest else 0.5


def spread(ends: list[End], lowest: float) -> list[End]:
    """The same from above to below, moved apart where the names would cover each other."""
    placed: list[End] = []
    for end in sorted(ends, key=lambda end: end.y):
        placed.append(End(max(end.y, placed[-1].y + APART) if placed else end.y, end.line))
    # Not below the axis either: from below, each pushes the one above it.
    for end in reversed(placed):
        end.y = min(end.y, lowest)
        lowest = end.y - APART
    return placed


def linear_ticks(points: list[Point]) -> list[float]:
    """From 0 in four to six steps of 1, 2 or 5 times a power of ten."""
    highest = max(point.highest for point in points) or 1.0
    power = 10.0 ** math.floor(math.log10(highest / 5))
    step = next(step * power for step in (1, 2, 5, 10) if highest / (step * power) <= 5.5)
    return [number * step for number in range(math.ceil(highest / step) + 1)]


def logarithmic_ticks(points: list[Point]) -> list[float]:
    """1, 2 and 5 times the powers of ten, from below the lowest to above the highest; of many, the powers alone."""
    lowest = min(point.lowest for point in points)
    highest = max(point.highest for point in points)
    powers = range(math.floor(math.log10(lowest)), math.ceil(math.log10(highest)) + 1)
    steps = (1, 2, 5) if len(powers) <= 3 else (1,)
    ticks = [step * 10.0**power for power in powers for step in steps]
    first = max(number for number, tick in enumerate(ticks) if tick <= lowest * 1.000001)
    last = min(number for number, tick in enumerate(ticks) if tick >= highest * 0.999999)
    return ticks[first : max(last, first + 1) + 1]


def written(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.3g}"
