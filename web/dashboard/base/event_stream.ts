// Reads text/event-stream, as the HTML standard describes it, from the body of an answer to fetch, which unlike EventSource
// takes a key in a header.
export interface StreamedEvent {
  kind: string; // "message" unless the stream names it
  data: string;
  id: string; // of the newest event that had one
}

export interface Reader {
  event(event: StreamedEvent): void;
  position(id: string): void; // so far: a heartbeat may have one, too
  retry(milliseconds: number): void; // how long to wait before the next try
  heard(): void; // bytes came, if only a heartbeat
}

// Returns when the stream ends. `lastId` is where an earlier stream ended.
export async function readEvents(body: ReadableStream<Uint8Array>, lastId: string, reader: Reader): Promise<void> {
  const parser = eventParser(lastId, reader);
  const bytes = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await bytes.read();
    if (done) return;
    reader.heard();
    parser(decoder.decode(value, { stream: true }));
  }
}

// Returns what takes the text, in pieces that may end anywhere.
export function eventParser(lastId: string, reader: Omit<Reader, "heard">): (text: string) => void {
  let rest = "";
  let kind = "";
  let data: string[] = [];
  let id = lastId;

  function take(line: string): void {
    if (line === "") {
      reader.position(id);
      if (data.length > 0) reader.event({ kind: kind || "message", data: data.join("\n"), id });
      kind = "";
      data = [];
      return;
    }
    const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (name === "event") kind = value ?? "";
    else if (name === "data") data.push(value ?? "");
    else if (name === "id") id = value ?? "";
    else if (name === "retry" && /^\d+$/.test(value ?? "")) reader.retry(Number(value));
  }

  return (text) => {
    rest += text;
    const endsInCarriageReturn = rest.endsWith("\r"); // its line feed may still come
    const lines = (endsInCarriageReturn ? rest.slice(0, -1) : rest).split(/\r\n|\n|\r/);
    rest = lines.pop()! + (endsInCarriageReturn ? "\r" : "");
    lines.forEach(take);
  };
}
