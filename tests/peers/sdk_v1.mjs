// The TypeScript SDK v1, which speaks the era of `initialize`.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { check } from "./checks.mjs";
import { server } from "./server.mjs";

const client = new Client({ name: "peer-sdk-v1", version: "1" });
await client.connect(new StdioClientTransport(server));
await check(client, "TypeScript SDK 1.32.2 (initialize)");
await client.close();
