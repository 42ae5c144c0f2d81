// The Python SDK over HTTP: `sdk_http.py` converses, and reaches the person through person_asked.mjs.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { metadata } from "./permission.mjs";
import { begin } from "./processes.mjs";

const PROGRAM = fileURLToPath(new URL("sdk_http.py", import.meta.url));

export const conversations = [
  { era: "2025-11-25", mode: "legacy", registration: "dynamic" },
  { era: "2026-07-28", mode: "auto", registration: "document" },
];

export async function converse({ era, mode, registration }, { origin, asked, documents, labs, interpreter }) {
  const name = `Python SDK 2.3.0 by ${registration}, ${era}`;
  const { known, withheld } = labs;
  const wanted = JSON.stringify({ ...labs, known: known.source, withheld: withheld.source });
  const document = registration === "document" ? [documents.publish(metadata(name))] : [];
  const { code, text } = await begin(interpreter, [PROGRAM, origin, asked, wanted, name, mode, ...document]).ended;
  assert.equal(code, 0, text);
  const seen = JSON.parse(text.trim().split("\n").at(-1));
  assert.equal(seen.era, era);
  return { client: "Python SDK 2.3.0", registration, ...seen };
}
