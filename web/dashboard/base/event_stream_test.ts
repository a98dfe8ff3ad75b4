import { test } from "node:test";
import assert from "node:assert/strict";
import { eventParser, type StreamedEvent } from "./event_stream.js";

const stream = ":\n\nretry: 1500\nid: 7\nevent: overview\ndata: {\"a\":1}\n\ndata: one\r\ndata:two\r\n\r\nevent: reset\ndata\n\nevent: nothing\nid: 8\n\nid: 9\ndata: end\r\r";
const expected: StreamedEvent[] = [
  { kind: "overview", data: '{"a":1}', id: "7" }, { kind: "message", data: "one\ntwo", id: "7" },
  { kind: "reset", data: "", id: "7" }, { kind: "message", data: "end", id: "9" },
];

test("a stream is read alike wherever its pieces end", () => {
  for (let size = 1; size < stream.length; ++size) {
    const events: StreamedEvent[] = [];
    const retries: number[] = [];
    const positions = new Set<string>();
    const parse = eventParser("5", { event: (event) => events.push(event), retry: (wait) => retries.push(wait),
      position: (id) => positions.add(id) });
    for (let at = 0; at < stream.length; at += size) parse(stream.slice(at, at + size));
    parse("\n");
    assert.deepEqual(events, expected, `pieces of ${size}`);
    assert.deepEqual(retries, [1_500]);
    assert.deepEqual([...positions], ["5", "7", "8", "9"]);
  }
});
