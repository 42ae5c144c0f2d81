// People who sign in at the operator's own identity provider, in a real browser without any script: the first
// administrator, an assistant's first answer, a second person, somebody who may not come in, a proof of who one is
// before an account is deleted, answers that are forged or used again. Any failure throws, which ends this with 1.
// usage: node identity.mjs PLAINCHART SCRATCH CHROMIUM PICTURES
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { chromium } from "playwright-core";
import { start } from "./identity_provider.mjs";
import { begin, says } from "./processes.mjs";
import { Assistant } from "./web_assistant.mjs";
import { Looks } from "./web_looks.mjs";
import { addsAPerson, uploads, consents } from "./web_steps.mjs";

const [binary, scratch, executablePath, pictures] = process.argv.slice(2);
if (!pictures) throw new Error("usage: node identity.mjs PLAINCHART SCRATCH CHROMIUM PICTURES");
mkdirSync(pictures, { recursive: true });
const began = Date.now();
const told = (words) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${words}`);

const accounts = { maria: { password: "words of maria" }, ben: { password: "words of ben" } };
const identity = await start({ accounts });
const host = new URL(identity.issuer).host;
const http = `127.0.0.1:${await freePort()}`;
const origin = `http://${http}`;
identity.knows(origin);
const server = begin(
  binary,
  ["--home", `${scratch}/identity`, "serve", "--http", http, "--identity-provider", identity.issuer],
  { PLAINCHART_IDENTITY_CLIENT_ID: identity.client.id, PLAINCHART_IDENTITY_CLIENT_SECRET: identity.client.secret },
);
const [invitation] = await says(server, /http:\S+\/sign-up\?invitation=\S+/);

// Nobody but us is on these pages; as root Chromium starts only without its sandbox.
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const maria = await somebody();
const looks = new Looks(maria, await browser.newPage(), pictures);

// Without an account and an invitation nobody comes in.
await maria.goto(origin);
await signsIn(maria, "maria");
await maria.getByRole("alert").getByText("needs an invitation").waitFor();
await looks.at("not-invited");
told("who is not invited does not come in");

// The first administrator. The provider still knows her.
await maria.goto(invitation);
await looks.at("invited");
await maria.getByRole("button", { name: `Go on to ${host}` }).click();
await maria.getByRole("heading", { name: "Welcome" }).waitFor();
await maria.getByText("maria@example.org").waitFor();
told("the first administrator has an account");

const place = { page: maria, looks, origin };
await addsAPerson(place);
await uploads(place, ["fixtures/people/adult/lakeside.json"]);
await maria.getByRole("button", { name: "Sign out" }).click();
await maria.getByRole("heading", { name: "You are signed out" }).waitFor();
await looks.at("signed-out");
assert.equal((await maria.request.get(`${origin}/settings`, { maxRedirects: 0 })).status(), 303, "the session has ended");
told("signed out");

// An assistant sends her to the consent: through the provider, which knows her still.
const assistant = new Assistant(origin, "Claude");
await consents(place, await assistant.begin());
await assistant.exchange();
assert.match(await assistant.call("get_labs", { query: "hba1c" }), /HbA1c|Hemoglobin A1c/i);
told("an assistant had its first answer");

// Nothing of passwords is there.
await maria.goto(`${origin}/settings`);
await maria.getByText(host).waitFor();
await looks.at("settings");
assert.equal(await maria.getByRole("link", { name: /password|passkey|codes/i }).count(), 0);
for (const path of ["/recover", "/settings/password", "/settings/passkeys", "/settings/codes"]) {
  assert.equal((await maria.goto(origin + path)).status(), 404, path);
}
const posted = await maria.request.post(`${origin}/sign-in`, { headers: { origin }, form: { name: "a", password: "b" } });
assert.equal(posted.status(), 405, "a password opens nothing");

// Another person, by an invitation, is another account. What an administrator may do asks who she is, once more.
identity.seen.authorized.length = 0;
await maria.goto(`${origin}/settings/accounts`);
if (identity.seen.authorized.length > 0) await signsIn(maria, "maria");
await maria.getByRole("button", { name: "Make an invitation" }).click();
const second = await maria.locator(".code").innerText();
await looks.at("accounts");
assert.equal(await maria.getByRole("button", { name: /recovery/i }).count(), 0);
const ben = await somebody();
await ben.goto(second);
await ben.getByRole("button", { name: `Go on to ${host}` }).click();
await signsIn(ben, "ben");
await ben.getByRole("heading", { name: "Welcome" }).waitFor();
await ben.getByText("ben@example.org").waitFor();
assert.equal((await ben.goto(`${origin}/settings/accounts`)).status(), 404, "he looks after no accounts");
told("a second person has an account of his own");

// An answer that was used, one for another browser, and one that nobody asked for.
const [used, other] = [await returned(ben, "ben"), await unused(ben)];
for (const [page, address, words] of [
  [ben, used, "used twice"],
  [maria, other, "in another browser"],
  [ben, `${origin}/sign-in/return?state=made-up&code=x&iss=${identity.issuer}`, "that nobody asked for"],
]) {
  assert.equal((await page.goto(address)).status(), 400, `an answer ${words}`);
}
const foreign = new URL(await unused(ben));
foreign.searchParams.set("iss", "https://evil.example");
assert.equal((await ben.goto(foreign.href)).status(), 400, "an answer of another server");
await ben.getByRole("alert").getByText("did not come from").waitFor();
await looks.at("after-forged-answers");
told("answers that are forged, used again or of another browser sign nobody in");

// Before an account is deleted, he shows who he is: it is not enough that the provider knows him.
await ben.goto(`${origin}/sign-in`);
await ben.getByRole("heading", { name: "Welcome" }).waitFor();
identity.seen.authorized.length = 0;
await ben.goto(`${origin}/sign-in/again?next=/settings/delete`);
const [asked] = identity.seen.authorized;
assert.deepEqual([asked.get("prompt"), asked.get("max_age"), asked.get("code_challenge_method")], ["login", "0", "S256"]);
await signsIn(ben, "ben");
await ben.getByLabel(/Type delete/).fill("delete");
await ben.getByRole("button", { name: "Delete everything" }).click();
await ben.getByRole("heading", { name: "Your account is deleted" }).waitFor();
told("who deletes an account has signed in anew");

// A locked account stays out, and the words say so.
const locked = begin(binary, ["--home", `${scratch}/identity`, "accounts", "lock", "maria@example.org"]);
assert.equal((await locked.ended).code, 0, locked.output.text);
await maria.goto(origin);
await maria.getByRole("alert").getByText("locked").waitFor();
told("a locked account stays out");
assert.doesNotMatch(server.output.text, /maria|ben@|words of|code=/, "nothing personal is logged");
looks.finish();
await browser.close();
process.exit(0);

async function somebody() {
  const context = await browser.newContext({ javaScriptEnabled: false });
  return context.newPage();
}

// At the provider: the name, the password, and the yes that is asked for once.
async function signsIn(page, name) {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(accounts[name].password);
  await page.getByRole("button", { name: "Sign in" }).click();
  const allow = page.getByRole("button", { name: "Allow" });
  if ((await allow.count()) > 0) await allow.click();
}

// Signs out and in again, and gives the address with which the provider sent the browser back.
async function returned(page) {
  const came = page.waitForRequest((request) => request.url().startsWith(`${origin}/sign-in/return?`));
  await signsOut(page);
  await page.goto(`${origin}/sign-in`);
  return (await came).url();
}

// The same, with an address that never arrives.
async function unused(page) {
  await signsOut(page);
  let address = `${origin}/sign-in`;
  while (!address.startsWith(`${origin}/sign-in/return?`)) {
    const answered = await page.request.get(address, { maxRedirects: 0 });
    assert.equal(answered.status(), 303, address);
    address = new URL(answered.headers().location, address).href;
  }
  return address;
}

async function signsOut(page) {
  await page.goto(`${origin}/settings`);
  const out = page.getByRole("button", { name: "Sign out", exact: true });
  if ((await out.count()) > 0) await out.click();
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
