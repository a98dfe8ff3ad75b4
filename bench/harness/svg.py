"""Drawings, written by hand: readable on light and on dark paper, in whatever font the reader has."""

import textwrap
import xml.sax.saxutils

WIDTH = 960.0
MARGIN = 24.0
LINE_HEIGHT = 17.0
FONT_SIZE = 13.0

# No custom properties: what shows SVG without being a browser does not know them.
LIGHT = """
.paper { fill: #ffffff } .ink { fill: #1f2328 } .muted { fill: #59636e } .failed { fill: #c62828 }
.grid { stroke: #e1e6eb } .axis { stroke: #8c959f } .whisker { stroke: #1f2328 }
.limit { stroke: #b35900 } .missed { stroke: #c62828 }
.first { fill: #2374c6; stroke: #2374c6 } .second { fill: #b35900; stroke: #b35900 }
.third { fill: #2e7d32; stroke: #2e7d32 } .reference { fill: #a3adb8; stroke: #a3adb8 }
"""
DARK = """
.paper { fill: #0d1117 } .ink { fill: #e6edf3 } .muted { fill: #9198a1 } .failed { fill: #ff7b72 }
.grid { stroke: #262c34 } .axis { stroke: #6e7681 } .whisker { stroke: #e6edf3 }
.limit { stroke: #f0a04b } .missed { stroke: #ff7b72 }
.first { fill: #3b82d6; stroke: #3b82d6 } .second { fill: #f0883e; stroke: #f0883e }
.third { fill: #56b15c; stroke: #56b15c } .reference { fill: #646c76; stroke: #646c76 }
"""
SHAPES = """
text { font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif }
.bold { font-weight: 600 } .bar { stroke: none } .curve { fill: none; stroke-width: 2; stroke-linejoin: round }
.dashed { stroke-dasharray: 5 4 }
"""


class Drawing:
    """Elements from the top left; its height is told when all are there."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._elements: list[str] = []

    def rectangle(self, kind: str, left: float, top: float, width: float, height: float) -> None:
        self._elements.append(
            f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        )

    def line(self, kind: str, x1: float, y1: float, x2: float, y2: float, width: float = 1) -> None:
        self._elements.append(
            f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke-width="{width:g}"/>'
        )

    def curve(self, kind: str, points: list[tuple[float, float]]) -> None:
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._elements.append(f'<polyline class="{kind} curve" points="{corners}"/>')

    def dot(self, kind: str, x: float, y: float) -> None:
        self._elements.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')

    def text(self, kind: str, x: float, y: float, words: str, size: float = FONT_SIZE, anchor: str = "start") -> None:
        self._elements.append(
            f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}">{escaped(words)}</text>'
        )

    def heading(self, remarks: list[str]) -> float:
        """The title and what is to be known beside it; gives where the next may begin."""
        self.text("ink bold", MARGIN, MARGIN + 14, self._title, 19)
        y = MARGIN + 40
        for remark in remarks:
            for part in textwrap.wrap(remark, int((WIDTH - 2 * MARGIN) / width_of("x", 12))):
                self.text("muted", MARGIN, y, part, 12)
                y += LINE_HEIGHT
        return y + 4

    def written(self, height: float) -> str:
        style = f"{LIGHT}@media (prefers-color-scheme: dark) {{{DARK}}}{SHAPES}"
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:.0f}" height="{height:.0f}"'
                f' viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img">',
                f"<title>{escaped(self._title)}</title>",
                f"<style>{style}</style>",
                f'<rect class="paper" width="{WIDTH:.0f}" height="{height:.0f}"/>',
                *self._elements,
                "</svg>\n",
            ]
        )


def escaped(words: str) -> str:
    return xml.sax.saxutils.escape(words)


def width_of(words: str, size: float = FONT_SIZE) -> float:
    """At most, in the wider ones of the usual fonts: the reader's own font is unknown here."""
    return len(words) * size * 0.6
