// A device's id: where it is too long for its place, its head gives way and its end stays.
import { html, type TemplateResult } from "lit-html";

const wholeUpTo = 14; // characters that have room everywhere

export function idParts(id: string): [string, string] {
  const characters = [...id];
  if (characters.length <= wholeUpTo) return [id, ""];
  const tail = Math.min(10, Math.max(5, Math.floor(characters.length / 4)));
  return [characters.slice(0, -tail).join(""), characters.slice(-tail).join("")];
}

export function idText(id: string): TemplateResult {
  const [head, tail] = idParts(id);
  return tail === "" ? html`<span>${head}</span>` : html`<span>${head}</span><span>${tail}</span>`;
}
