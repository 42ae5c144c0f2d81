// By hand, without plainchart: that the provider refuses whoever leaves PKCE out or has the wrong verifier.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Browser } from "./browser.mjs";

const REDIRECT = "http://127.0.0.1:9/callback";

export async function pkceIsRequired({ issuer }, account) {
  const client = await register(issuer);
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const without = await authorize(issuer, client, {}, account);
  assert.equal(without.searchParams.get("error"), "invalid_request");
  assert.match(without.searchParams.get("error_description"), /PKCE/);
  const asked = { code_challenge: challenge, code_challenge_method: "S256" };
  const exchange = async (given) => {
    const code = (await authorize(issuer, client, asked, account)).searchParams.get("code");
    assert.ok(code, "the provider gave no code");
    return post(`${issuer}/token`, { grant_type: "authorization_code", code, client_id: client, redirect_uri: REDIRECT, ...given });
  };
  const wrong = await exchange({ code_verifier: randomBytes(32).toString("base64url") });
  assert.deepEqual([wrong.status, wrong.body.error], [400, "invalid_grant"]);
  const missing = await exchange({});
  assert.equal(missing.status, 400);
  // What was refused was refused for the verifier: with the right one the same request is answered.
  const right = await exchange({ code_verifier: verifier });
  assert.equal(right.status, 200);
  assert.ok(right.body.access_token);
}

// Posts a form, and gives status and body.
export async function post(address, form) {
  const answered = await fetch(address, { method: "POST", body: new URLSearchParams(form) });
  const text = await answered.text();
  return { status: answered.status, body: text ? JSON.parse(text) : {} };
}

async function register(issuer) {
  const metadata = {
    client_name: "by hand", application_type: "native", redirect_uris: [REDIRECT], token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"], response_types: ["code"],
  };
  const headers = { "content-type": "application/json" };
  const answered = await fetch(`${issuer}/reg`, { method: "POST", headers, body: JSON.stringify(metadata) });
  assert.equal(answered.status, 201);
  return (await answered.json()).client_id;
}

// Where a sign-in ends that was begun by hand.
async function authorize(issuer, client, asked, { name, password }) {
  const browser = new Browser(REDIRECT);
  const query = new URLSearchParams({ response_type: "code", client_id: client, redirect_uri: REDIRECT, scope: "openid", ...asked });
  const page = await browser.open(`${issuer}/auth?${query}`);
  if (page.url.href.startsWith(REDIRECT)) return page.url;
  const agreed = await browser.send(page, { name, password });
  return (await browser.send(agreed, {})).url;
}
