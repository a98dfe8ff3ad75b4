// The lines of one chart, by uPlot, over a drawing of what stands behind them. All charts of a page share one crosshair.
import uPlot from "uplot";
import { theme } from "../../base/theme.js";
import type { TimeSpan } from "../times.js";
import type { Series } from "./series.js";
import type { Scale } from "./ticks.js";

export interface PaneLook {
  line: string; // CSS variables
  band: string;
}

export interface Pane {
  show(window: TimeSpan, scale: Scale, series: Series): void;
  point(index: number | null): void; // puts the crosshair there
  close(): void;
}

const crosshair = "history";

// `place`: an element of the chart's size. `look`: null for no lines, only the crosshair. `pointed`: the crosshair stands at this point of the series.
export function openPane(place: HTMLElement, look: PaneLook | null, pointed: (index: number | null) => void): Pane {
  let window: TimeSpan = { from: 0, to: 1 };
  let scale: Scale = { low: 0, high: 1, step: 1 };
  const plot = new uPlot(optionsOf(), [[], [], [], []], place);

  function optionsOf(): uPlot.Options {
    return {
      ...sizeOf(place),
      padding: [0, 0, 0, 0],
      legend: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { range: () => [window.from / 1000, window.to / 1000] },
        y: { range: () => [scale.low, scale.high] },
      },
      series: look === null ? [{}, edge, edge, edge] : [{}, edge, edge, lineOf(look)],
      bands: look === null ? [] : [{ series: [2, 1], fill: () => colour(look.band) }],
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { show: false },
        sync: { key: crosshair, scales: ["x", null] },
      },
      hooks: { setCursor: [({ cursor }) => pointed(cursor.idx ?? null)] },
    };
  }

  const resized = new ResizeObserver(() => plot.setSize(sizeOf(place)));
  resized.observe(place);
  const stopWatching = theme.watch(() => plot.redraw(false));
  return {
    show(nextWindow, nextScale, { times, min, max, mean }) {
      window = nextWindow;
      scale = nextScale;
      plot.setData([times, min, max, mean]);
    },
    point(index) {
      const time = index === null ? undefined : plot.data[0][index];
      plot.setCursor({ left: time === undefined ? -10 : plot.valToPos(time, "x"), top: 0 });
    },
    close() {
      resized.disconnect();
      stopWatching();
      plot.destroy();
    },
  };
}

const edge: uPlot.Series = { points: { show: false } };

function lineOf({ line }: PaneLook): uPlot.Series {
  const stroke = (): string => colour(line);
  return { width: 1.5, stroke, points: { show: false, filter: lonelyPoints, size: 3, stroke, fill: stroke } };
}

// A point between two gaps has no line to be seen by.
function lonelyPoints(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isThere = (index: number): boolean => values[index] != null;
  return [...values.keys()].filter((index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1));
}

const sizeOf = (place: HTMLElement): { width: number; height: number } =>
  ({ width: Math.max(1, place.clientWidth), height: Math.max(1, place.clientHeight) });

const colour = (variable: string): string => getComputedStyle(document.documentElement).getPropertyValue(variable);
