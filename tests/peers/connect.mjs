// The whole path of `plainchart connect` against a real authorization server. Any failure throws, which ends
// this with 1. usage: node connect.mjs PLAINCHART RECORDS_STORE SCRATCH CHROMIUM SCREENSHOT
import assert from "node:assert/strict";
import { start } from "./authorization.mjs";
import * as steps from "./connect_steps.mjs";
import { inChromium } from "./chromium.mjs";
import { Plainchart } from "./plainchart.mjs";
import { pkceIsRequired } from "./pkce.mjs";
import { begin, says } from "./processes.mjs";

const [binary, recordsStore, scratch, chromium, screenshot] = process.argv.slice(2);
if (!screenshot) {
  throw new Error("usage: node connect.mjs PLAINCHART RECORDS_STORE SCRATCH CHROMIUM SCREENSHOT");
}
// Long enough for one fetch, short enough to be waited for.
const ACCESS_S = 12;
// One of the people of fixtures/people, and a parent who signs in for them.
const patient = "theo-okafor-lind";
const theo = { name: "theo", password: "a made-up password", patient, user: `Patient/${patient}` };
const parent = { ...theo, name: "nneka", user: "RelatedPerson/nneka-okafor" };

const began = Date.now();
function told(words) {
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${words}`);
}

// The FHIR server checks no tokens: that is left to the provider in front of it.
const store = begin(recordsStore, ["--open", "--vendor", "records", "--port", "0"]);
const [, upstream] = await says(store, /plainchart connect (http:\S+)/);
const accounts = { [theo.name]: theo, [parent.name]: parent };
const portal = await start({ upstream, accounts, accessSeconds: ACCESS_S });
const plainchart = new Plainchart(binary, `${scratch}/connected`);
const other = new Plainchart(binary, `${scratch}/in-chromium`);
const place = { portal, plainchart };

await steps.deniedLeavesNothing(place);
const first = await steps.signsInAndFetches(place, theo);
told("registered, signed in, fetched, answered");

// While the access ends by itself.
const withChromium = (address) => inChromium(chromium, address, theo, screenshot);
await Promise.all([
  steps.opensABrowser({ portal, plainchart: other, scratch }, withChromium).then(() => told("signed in with Chromium")),
  pkceIsRequired(portal, theo).then(() => told("without PKCE, or with another verifier, the provider gives nothing")),
  steps.isOver(place, first),
]);
const second = await steps.refreshes(place, first, 1);
told("the access had ended and was renewed");
await steps.isOver(place, second);
const third = await steps.refreshes(place, second, 3);
told("and once more, by three processes at once");
const used = portal.seen.used.filter(({ grant }) => grant === first.grant);
assert.deepEqual(used.map(({ refresh }) => refresh), [first.refresh, second.refresh], "each is used once, in their order");

await steps.reuseEndsTheGrant(place, first, third);
told("an old refresh token was used by hand: the grant is ended, and plainchart says to sign in again");
const fourth = await steps.signsInAgain(place, parent);
told("signed in again by name, as a parent, at a server known by RFC 8414 alone");
const fifth = await steps.givesTheOldAccessBack(place, fourth, theo);
told("signed in once more: what was given before is revoked");
await steps.removes(place, fifth);
told("removed: the entries are gone, and the provider has revoked the grant");
steps.nothingIsInClear(portal, scratch, plainchart.said + other.said);
told("no token, code or verifier stands in clear on the disk or in what was said");
process.exit(0);
