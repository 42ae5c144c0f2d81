// The TypeScript client v2, in both eras: `initialize`, and 2026-07-28 without a way back.
import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { check } from "./checks.mjs";
import { server } from "./server.mjs";

for (const [era, mode] of [["initialize", "legacy"], ["2026-07-28", { pin: "2026-07-28" }]]) {
  const client = new Client({ name: "peer-client-v2", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(new StdioClientTransport(server));
  const negotiated = client.getNegotiatedProtocolVersion();
  assert.equal(negotiated, era === "initialize" ? "2025-11-25" : era);
  await check(client, `TypeScript client 2.4.0 (${negotiated})`);
  await client.close();
}
