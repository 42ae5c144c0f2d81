// An assistant: registers, sends the person to the consent, exchanges the code and asks.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

export class Assistant {
  #origin;
  #name;
  #client;
  #redirect;
  #verifier = randomBytes(32).toString("base64url");
  #state = randomBytes(16).toString("base64url");
  #came;
  #token;

  constructor(origin, name) {
    this.#origin = origin;
    this.#name = name;
  }

  // Registers, and gives the address at which the person is asked.
  async begin() {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.#redirect = `http://127.0.0.1:${server.address().port}/callback`;
    this.#came = new Promise((resolve) => {
      server.on("request", (request, response) => {
        response.end("The assistant has what it needs.");
        if (!request.url.startsWith("/callback")) return;
        server.close();
        resolve(new URL(request.url, this.#redirect));
      });
    });
    const metadata = { client_name: this.#name, redirect_uris: [this.#redirect], token_endpoint_auth_method: "none" };
    const registered = await this.#post("/register", "application/json", JSON.stringify(metadata));
    this.#client = registered.client_id;
    const asked = new URLSearchParams({
      response_type: "code",
      client_id: this.#client,
      redirect_uri: this.#redirect,
      state: this.#state,
      code_challenge: createHash("sha256").update(this.#verifier).digest("base64url"),
      code_challenge_method: "S256",
      resource: `${this.#origin}/mcp`,
    });
    return `${this.#origin}/authorize?${asked}`;
  }

  // Takes the code that the browser has brought, and exchanges it.
  async exchange() {
    const came = await this.#came;
    assert.equal(came.searchParams.get("state"), this.#state);
    assert.equal(came.searchParams.get("iss"), this.#origin);
    const form = new URLSearchParams({
      grant_type: "authorization_code",
      client_id: this.#client,
      code: came.searchParams.get("code"),
      redirect_uri: this.#redirect,
      code_verifier: this.#verifier,
    });
    this.#token = (await this.#post("/token", "application/x-www-form-urlencoded", form.toString())).access_token;
  }

  // Asks one tool, and gives the text of the answer.
  async call(name, given) {
    const transport = new StreamableHTTPClientTransport(new URL("/mcp", this.#origin), {
      requestInit: { headers: { authorization: `Bearer ${this.#token}` } },
    });
    const client = new Client({ name: "a test", version: "1" });
    await client.connect(transport);
    const { content } = await client.callTool({ name, arguments: given });
    await client.close();
    return content.map(({ text }) => text ?? "").join("\n");
  }

  // The token opens nothing any more.
  async isCutOff() {
    const answered = await fetch(new URL("/mcp", this.#origin), {
      method: "POST",
      headers: {
        authorization: `Bearer ${this.#token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    });
    assert.equal(answered.status, 401);
  }

  async #post(path, type, body) {
    const answered = await fetch(new URL(path, this.#origin), { method: "POST", headers: { "content-type": type }, body });
    const text = await answered.text();
    assert.ok(answered.ok, `${path}: ${answered.status} ${text}`);
    return JSON.parse(text);
  }
}
