// Both TypeScript SDKs over HTTP, each by its own way to permission: the challenge, the metadata, registration or a
// document, PKCE, `resource`, tokens and their refresh.
import assert from "node:assert/strict";
import * as v2 from "@modelcontextprotocol/client";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { check, textOf } from "./checks.mjs";
import { metadata, Permission, revoke } from "./permission.mjs";

const SDK_V1 = {
  name: "TypeScript SDK 1.32.2", Client, Transport: StreamableHTTPClientTransport, Unauthorized: UnauthorizedError,
  finish: (transport, answer) => transport.finishAuth(answer.searchParams.get("code")),
  era: (_, transport) => transport.protocolVersion,
};
const CLIENT_V2 = {
  name: "TypeScript client 2.4.0", Client: v2.Client, Transport: v2.StreamableHTTPClientTransport,
  Unauthorized: v2.UnauthorizedError,
  finish: (transport, answer) => transport.finishAuth(answer.searchParams),
  era: (client) => client.getNegotiatedProtocolVersion(),
};

export const conversations = [
  { sdk: SDK_V1, era: "2025-11-25", registration: "dynamic" },
  { sdk: SDK_V1, era: "2025-11-25", registration: "document" },
  { sdk: CLIENT_V2, era: "2025-11-25", registration: "dynamic", mode: "legacy" },
  { sdk: CLIENT_V2, era: "2026-07-28", registration: "document", mode: "auto" },
];

export async function converse({ sdk, era, registration, mode }, { origin, person, documents, labs }) {
  const name = `${sdk.name} by ${registration}, ${era}`;
  const document = registration === "document" ? documents.publish(metadata(name)) : undefined;
  const permission = new Permission(name, document);
  const answers = [];
  const dial = () => new sdk.Transport(new URL("/mcp", origin), {
    authProvider: permission,
    fetch: async (address, given) => {
      const answer = await fetch(address, given);
      answers.push(`${new URL(address).pathname} ${answer.status}`);
      return answer;
    },
  });
  const begin = () => new sdk.Client({ name, version: "1" }, mode && { versionNegotiation: { mode } });

  // Without permission it is sent to the person, who lets it see all but the labs.
  const first = dial();
  await assert.rejects(begin().connect(first), sdk.Unauthorized);
  await sdk.finish(first, await letIn(permission, person, origin));
  assert.equal(answers.includes("/register 201"), registration === "dynamic");

  const transport = dial();
  const client = begin();
  await client.connect(transport);
  assert.equal(sdk.era(client, transport), era);
  const asks = async () => textOf(await client.callTool({ name: labs.tool, arguments: labs.arguments }));
  assert.match(await asks(), labs.withheld);
  await person.shows(name);
  assert.match(await asks(), labs.known);
  const { tools, calls } = await check(client, name);

  // Its access ends; it notices at its next call, and renews it by itself.
  const { access_token: before } = permission.tokens();
  await revoke(origin, permission.clientInformation().client_id, before);
  answers.length = 0;
  assert.match(await asks(), labs.known);
  assert.deepEqual(answers, ["/mcp 401", "/token 200", "/mcp 200"]);
  assert.notEqual(permission.tokens().access_token, before);

  await person.disconnects(name);
  answers.length = 0;
  await assert.rejects(asks(), sdk.Unauthorized);
  assert.deepEqual(answers.slice(0, 2), ["/mcp 401", "/token 400"], "the refresh token opens nothing either");
  await client.close();
  return { client: sdk.name, era, registration, tools, calls: calls + 3, renewal: "at a 401" };
}

// The person says yes to what the client asks, and the answer is one that it may take.
async function letIn(permission, person, origin) {
  const { searchParams: asked } = permission.address;
  assert.equal(asked.get("code_challenge_method"), "S256");
  assert.equal(asked.get("resource"), `${origin}/mcp`);
  const answer = await person.allows(permission.address, { without: ["labs"] });
  assert.ok(permission.isOurs(answer));
  assert.equal(answer.searchParams.get("iss"), origin);
  return answer;
}
