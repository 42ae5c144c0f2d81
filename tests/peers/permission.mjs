// What a TypeScript client keeps of its permission: in memory, for one conversation. Both SDKs ask for the same.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

// Nobody listens there: the answer is handed over as the browser would bring it.
const REDIRECT = "http://127.0.0.1:33418/callback";

export const metadata = (name, redirect = REDIRECT) => ({
  client_name: name,
  redirect_uris: [redirect],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
});

export class Permission {
  redirectUrl = REDIRECT;
  // The address to which the person was to be sent last.
  address;
  #client;
  #tokens;
  #verifier;
  #state;
  #discovered;

  // `document`: the address at which this client says who it is, if it does.
  constructor(name, document) {
    this.clientMetadata = metadata(name);
    this.clientMetadataUrl = document;
  }

  state() {
    this.#state = randomBytes(16).toString("base64url");
    return this.#state;
  }
  isOurs(answer) {
    return answer.href.startsWith(`${REDIRECT}?`) && answer.searchParams.get("state") === this.#state;
  }
  clientInformation() {
    return this.#client;
  }
  saveClientInformation(client) {
    this.#client = client;
  }
  tokens() {
    return this.#tokens;
  }
  saveTokens(tokens) {
    this.#tokens = tokens;
  }
  redirectToAuthorization(address) {
    this.address = address;
  }
  saveCodeVerifier(verifier) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  discoveryState() {
    return this.#discovered;
  }
  saveDiscoveryState(discovered) {
    this.#discovered = discovered;
  }
  invalidateCredentials(what) {
    if (["all", "tokens"].includes(what)) this.#tokens = undefined;
    if (["all", "client"].includes(what)) this.#client = undefined;
  }
}

// Gives back an access token alone (RFC 7009, 2.1).
export async function revoke(origin, client, token) {
  const body = new URLSearchParams({ client_id: client, token });
  const { status } = await fetch(`${origin}/revoke`, { method: "POST", body });
  assert.equal(status, 200);
}
