// The MCP Inspector's command line over HTTP: each command is a process of its own, and what it was allowed lies in a
// folder in between.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expected } from "./checks.mjs";
import { metadata, revoke } from "./permission.mjs";
import { begin, says } from "./processes.mjs";

const LAUNCHER = fileURLToPath(
  new URL("node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js", import.meta.url));
// What it calls itself where it registers.
const NAME = "MCP Inspector";
const NEEDS_PERMISSION = 3;

export const conversations = [
  { era: "initialize", mode: "legacy", registration: "dynamic" },
  { era: "2026-07-28", mode: "modern", registration: "document" },
];

export async function converse({ era, mode, registration }, { origin, person, documents, labs, scratch }) {
  const folder = `${scratch}/inspector-${mode}`;
  mkdirSync(folder);
  const callback = `http://127.0.0.1:${await freePort()}/oauth/callback`;
  const document = registration === "document" ? ["--client-metadata-url", documents.publish(metadata(NAME, callback))] : [];
  const to = ["--server-url", `${origin}/mcp`, "--transport", "http", "--protocol-era", mode, "--callback-url", callback];
  // It asks for permission only where it could open a browser: this one opens nothing.
  const environment = {
    MCP_STORAGE_DIR: folder, MCP_INSPECTOR_SECRET_STORE: "file", MCP_AUTO_OPEN_ENABLED: "true", BROWSER: "true",
    DISPLAY: "", WAYLAND_DISPLAY: "",
  };
  const inspect = (...given) =>
    begin(process.execPath, [LAUNCHER, "--cli", ...to, ...document, "--format", "json", ...given], environment);
  const asks = async () => {
    const { code, text } = await inspect("--stored-auth-only", "--method", "tools/call", "--tool-name", labs.tool,
      "--tool-args-json", JSON.stringify(labs.arguments)).ended;
    return code === 0 ? result(text).content[0].text : code;
  };

  const first = inspect("--method", "tools/list", "--strict");
  const [, address] = await says(first, /Please navigate to: (\S+)/);
  assert.equal(new URL(address).searchParams.get("client_id").startsWith("https:"), registration === "document");
  await fetch(await person.allows(address, { without: ["labs"] }));
  const { code, text } = await first.ended;
  assert.equal(code, 0, text);
  const { tools } = result(text);
  assert.deepEqual(tools.map(({ name }) => name).sort(), [...expected.tools].sort());

  assert.match(await asks(), labs.withheld);
  await person.shows(NAME);
  assert.match(await asks(), labs.known);
  const before = kept(folder);
  await revoke(origin, before.client, before.access);
  assert.match(await asks(), labs.known);
  assert.notEqual(kept(folder).access, before.access);
  await person.disconnects(NAME);
  assert.equal(await asks(), NEEDS_PERMISSION);
  return { client: "Inspector 2.12.0", era, registration, tools: tools.length, calls: 3, renewal: "at a 401" };
}

// Among what it says there is one line of JSON that is the answer.
function result(text) {
  return JSON.parse(text.split("\n").find((line) => line.startsWith('{"result"'))).result;
}

// Its id and its access token.
function kept(folder) {
  const { servers } = JSON.parse(readFileSync(`${folder}/oauth.json`, "utf8"));
  const [{ byIssuer }] = Object.values(servers);
  const [{ clientInformation }] = Object.values(byIssuer);
  const { secrets } = JSON.parse(readFileSync(`${folder}/secrets.json`, "utf8"));
  const [, tokens] = Object.entries(secrets).find(([name]) => name.includes(":tokens:"));
  return { client: clientInformation.client_id, access: JSON.parse(tokens).access_token };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
