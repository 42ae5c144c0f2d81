// The steps of connect.mjs: what a person does, and what then has to be so on both sides.
import assert from "node:assert/strict";
import { chmodSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Browser } from "./browser.mjs";
import { post } from "./pkce.mjs";

const CLINIC = "Made-up Clinic";
const CITED = /\[L\d{6}\]/;

// A person who says no at the portal.
export async function deniedLeavesNothing({ portal, plainchart }) {
  const { start, ended } = await plainchart.connect(["--no-browser", portal.base]);
  const browser = new Browser();
  const end = await browser.send(await browser.open(start), { deny: "yes" });
  assert.match(end.html, /did not grant access/);
  const { code, text } = await ended;
  assert.notEqual(code, 0);
  assert.match(text, /access_denied/);
  assert.equal(portal.seen.given.length, 0);
  assert.doesNotMatch(await plainchart.done("connect", "--list"), /connected/);
}

export async function signsInAndFetches(place, account) {
  const { portal, plainchart } = place;
  const { text, given } = await signsIn(place, ["--source", CLINIC, portal.base], account);
  assert.match(text, /Everything that was asked for was granted/);
  assert.doesNotMatch(text, /act for somebody else/);
  await isWhole(place, text);
  const client = await portal.provider.Client.find(given.client);
  assert.deepEqual([client.applicationType, client.clientAuthMethod], ["native", "none"]);
  const labs = await plainchart.done("call", "get_labs");
  assert.match(labs, CITED);
  assert.ok(labs.includes(CLINIC));
  return given;
}

// Waits until the provider itself no longer takes the access token.
export async function isOver({ portal }, { access }) {
  while (await portal.provider.AccessToken.find(access)) await sleep(100);
}

// Fetches with tokens that have to be renewed first, in several processes at once.
export async function refreshes(place, { grant, refresh }, processes) {
  const { portal, plainchart } = place;
  const before = portal.seen.given.length;
  const ends = await Promise.all(Array.from({ length: processes }, () => plainchart.run("refresh", CLINIC)));
  const done = ends.filter(({ code }) => code === 0);
  assert.ok(done.length > 0, ends[0].text);
  for (const { code, text } of ends) {
    if (code !== 0) assert.match(text, /another plainchart is fetching from this portal just now/);
  }
  for (const { text } of done) {
    assert.match(text, /^0 new, [1-9]\d* unchanged, 0 changed/m);
    await isWhole(place, text);
  }
  assert.equal(portal.seen.given.length, before + 1, "the access was renewed more than once");
  const renewed = portal.seen.given.at(-1);
  assert.equal(renewed.grant, grant);
  assert.notEqual(renewed.refresh, refresh, "the refresh token was not rotated");
  return renewed;
}

export async function reuseEndsTheGrant({ portal, plainchart }, old, live) {
  const form = { grant_type: "refresh_token", refresh_token: old.refresh, client_id: old.client };
  const reused = await post(`${portal.issuer}/token`, form);
  assert.deepEqual([reused.status, reused.body.error], [400, "invalid_grant"]);
  await isRevoked(portal, live);
  const { code, text } = await plainchart.run("refresh", CLINIC);
  assert.notEqual(code, 0);
  assert.match(text, /the sign-in at this portal has ended/);
  assert.match(text, /sign in once more: plainchart connect/);
  assert.match(await plainchart.done("sources", "list"), /sign in again/);
  assert.match(await plainchart.done("call", "get_labs"), CITED, "what was fetched stays");
}

// By the name of the source, where the server publishes only metadata by RFC 8414.
export async function signsInAgain(place, account) {
  place.portal.state.publishesSmart = false;
  const { text, given } = await signsIn(place, [CLINIC], account);
  // Only the id token says who signed in.
  assert.ok(text.includes(`act for somebody else there (${account.user})`), text);
  assert.doesNotMatch(await place.plainchart.done("sources", "list"), /sign in again/);
  return given;
}

// A connection that stands is signed in to once more.
export async function givesTheOldAccessBack(place, old, account) {
  assert.ok(await place.portal.provider.RefreshToken.find(old.refresh));
  const { given } = await signsIn(place, [CLINIC], account);
  await isRevoked(place.portal, old);
  return given;
}

export async function removes({ portal, plainchart }, live) {
  assert.ok(await portal.provider.Grant.find(live.grant));
  const text = await plainchart.done("sources", "remove", CLINIC, "--with-entries");
  assert.match(text, /its access was given back/);
  assert.match(text, /^[1-9]\d* entries went with it/m);
  await isRevoked(portal, live);
  assert.ok(!(await plainchart.done("sources", "list")).includes(CLINIC));
  const { text: labs } = await plainchart.run("call", "get_labs");
  assert.doesNotMatch(labs, CITED);
}

// The browser that plainchart opens by itself, and what it is told.
export async function opensABrowser({ portal, plainchart, scratch }, withBrowser) {
  const [opener, opened] = [join(scratch, "opener.sh"), join(scratch, "opened")];
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$@" >>'${opened}'\n`);
  chmodSync(opener, 0o755);
  const { start, ended } = await plainchart.connect([portal.base], { BROWSER: opener });
  assert.match(await withBrowser(start), /You are signed in/);
  const { code, text } = await ended;
  assert.equal(code, 0, text);
  assert.equal(readFileSync(opened, "utf8"), `${start}\n`, "an argument holds more than the address of /start");
}

// That no token, code or verifier stands anywhere as it is.
export function nothingIsInClear({ seen }, folder, said) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const all = [said, ...files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1"))];
  const tokens = seen.given.flatMap(({ access, refresh }) => [access, refresh]);
  const secrets = [...tokens, ...seen.secrets].filter(Boolean);
  assert.ok(secrets.length > 20 && files.length > 4);
  for (const secret of secrets) assert.ok(!all.some((text) => text.includes(secret)), "a secret stands in clear");
}

// Signs in as a browser would: what plainchart said, and what the provider gave.
async function signsIn({ portal, plainchart }, wanted, { name, password }) {
  const before = portal.seen.given.length;
  const { start, ended } = await plainchart.connect(["--no-browser", ...wanted]);
  const browser = new Browser();
  const agreement = await browser.send(await browser.open(start), { name, password });
  assert.match(agreement.html, /offline_access/, "the provider does not ask for access that lasts");
  assert.match((await browser.send(agreement, {})).html, /You are signed in/);
  const { code, text } = await ended;
  assert.equal(code, 0, text);
  assert.equal(portal.seen.given.length, before + 1, "one code, one exchange");
  const given = portal.seen.given.at(-1);
  assert.ok(given.refresh, "no refresh token was given");
  return { text, given };
}

// That everything was fetched but types that the FHIR server does not have.
async function isWhole({ portal, plainchart }, report) {
  assert.match(report, / 0 in part, 0 failed/);
  const refused = (await plainchart.done("sources", "show", CLINIC)).match(/^  refused .*/gm) ?? [];
  assert.deepEqual(refused.filter((line) => !line.endsWith(": this portal does not offer it")), []);
  assert.equal(portal.state.forbidden, 0, "it asked for what is not the patient's");
}

// That the provider has revoked a grant, and takes none of its tokens.
async function isRevoked({ provider, seen, base }, { grant, access, refresh }) {
  assert.ok(seen.revoked.includes(grant), "the grant was not revoked");
  const found = [provider.Grant.find(grant), provider.RefreshToken.find(refresh), provider.AccessToken.find(access)];
  assert.deepEqual(await Promise.all(found), [undefined, undefined, undefined]);
  const headers = { authorization: `Bearer ${access}` };
  assert.equal((await fetch(`${base}/Observation?patient=anybody`, { headers })).status, 401);
}
