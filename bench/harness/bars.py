"""Horizontal bars, one group below the other, each group with a scale of its own."""

import dataclasses

from . import svg

BAR = 14.0
ROW = 28.0  # without its remarks
REMARK = 16.0
NAMES = svg.MARGIN + 8
FIGURES = 630.0  # where the column of figures begins


@dataclasses.dataclass
class Bar:
    name: str
    lowest: float
    median: float
    highest: float
    label: str  # the median in words
    remarks: list[str] = dataclasses.field(default_factory=list)  # what it is compared to, what must hold
    failed: bool = False
    is_reference: bool = False  # others are compared to it
    limits: list[float] = dataclasses.field(default_factory=list)  # where it must begin or end


@dataclasses.dataclass
class Group:
    title: str
    bars: list[Bar]
    remark: str = ""


def drawn(title: str, remarks: list[str], groups: list[Group]) -> str:
    drawing = svg.Drawing(title)
    y = drawing.heading(remarks)
    names = [bar.name for group in groups for bar in group.bars]
    left = NAMES + max((svg.width_of(name) for name in names), default=0) + 8
    for group in groups:
        drawing.line("grid", svg.MARGIN, y, svg.WIDTH - svg.MARGIN, y)
        y += 24
        drawing.text("ink bold", svg.MARGIN, y, group.title, 14)
        y += 12
        if group.remark:
            drawing.text("muted", NAMES, y + svg.LINE_HEIGHT, group.remark)
            y += ROW
        furthest = max((max(bar.highest, *bar.limits, 0) for bar in group.bars), default=0)
        scale = (FIGURES - 24 - left) / (furthest or 1)
        for bar in group.bars:
            draw(drawing, bar, left, y, scale)
            y += ROW + len(bar.remarks) * REMARK
        y += 6
    return drawing.written(y + svg.MARGIN / 2)


def draw(drawing: svg.Drawing, bar: Bar, left: float, top: float, scale: float) -> None:
    top += 6
    middle = top + BAR / 2
    baseline = middle + 4.5
    drawing.text("ink", NAMES, baseline, bar.name)
    drawing.rectangle(f"{'reference' if bar.is_reference else 'first'} bar", left, top, bar.median * scale, BAR)
    drawing.line("axis", left, top - 4, left, top + BAR + 4)
    if bar.lowest < bar.highest:
        begin, end = left + bar.lowest * scale, left + bar.highest * scale
        drawing.line("whisker", begin, middle, end, middle, 1.5)
        for x in (begin, end):
            drawing.line("whisker", x, middle - 4, x, middle + 4, 1.5)
    for limit in bar.limits:
        x = left + limit * scale
        drawing.line(f"{'missed' if bar.failed else 'limit'} dashed", x, top - 6, x, top + BAR + 6, 2)
    drawing.text("ink bold", FIGURES, baseline, bar.label)
    for number, remark in enumerate(bar.remarks, 1):
        drawing.text("failed" if bar.failed else "muted", FIGURES, baseline + number * REMARK, remark, 12)
