// The pages in a real browser, without any script on them: from making an account to an assistant's first answer, to
// narrowing, disconnecting and deleting; then what only a script can do. Each page is looked at in light, in dark and on
// a phone, and checked with axe-core. Any failure throws, which ends this with 1.
// usage: node web.mjs PLAINCHART RECORDS_STORE SCRATCH CHROMIUM PICTURES
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { start } from "./authorization.mjs";
import { begin, says } from "./processes.mjs";
import { Assistant } from "./web_assistant.mjs";
import { Looks } from "./web_looks.mjs";
import { scriptsWork } from "./web_scripts.mjs";
import * as steps from "./web_steps.mjs";

const [binary, recordsStore, scratch, executablePath, pictures] = process.argv.slice(2);
if (!pictures) throw new Error("usage: node web.mjs PLAINCHART RECORDS_STORE SCRATCH CHROMIUM PICTURES");
mkdirSync(pictures, { recursive: true });

const began = Date.now();
const told = (words) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${words}`);

// A portal with a real authorization server, listed by the operator.
const patient = "theo-okafor-lind";
const nneka = { name: "nneka", password: "a made-up password", patient, user: "RelatedPerson/nneka-okafor" };
const store = begin(recordsStore, ["--open", "--vendor", "records", "--port", "0"]);
const [, upstream] = await says(store, /plainchart connect (http:\S+)/);
const portal = await start({ upstream, accounts: { [nneka.name]: nneka }, accessSeconds: 600 });
const listed = begin(binary, ["--home", `${scratch}/web`, "portals", "add", "Made-up Children's Clinic", portal.base]);
assert.equal((await listed.ended).code, 0);

const server = begin(binary, ["--home", `${scratch}/web`, "serve", "--http", "127.0.0.1:0"]);
const [invitation] = await says(server, /http:\S+\/sign-up\?invitation=\S+/);
const origin = new URL(invitation).origin;

// Nobody but us is on these pages; as root Chromium starts only without its sandbox.
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const context = await browser.newContext({ javaScriptEnabled: false });
const page = await context.newPage();
const foreign = [];
page.on("request", (request) => {
  const url = new URL(request.url());
  if (![origin, portal.issuer].includes(url.origin) && !url.pathname.startsWith("/callback")) foreign.push(url.origin);
});
const looks = new Looks(page, await browser.newPage(), pictures);
const place = { page, looks, origin };
const assistant = new Assistant(origin, "Claude <b>test</b>");

await steps.signsUp(place, invitation);
told("signed up by invitation");
await steps.addsAPerson(place);
await steps.uploads(place, ["fixtures/people/adult/lakeside.json", "fixtures/people/adult/riverton.ndjson"]);
told("a record was uploaded");
await steps.consents(place, await assistant.begin());
await assistant.exchange();
const answer = await assistant.call("get_labs", { query: "hba1c" });
assert.match(answer, /HbA1c|Hemoglobin A1c/i, "the first answer");
assert.match(await assistant.call("get_medications", {}), /withheld/i, "what was not chosen is withheld");
told("consented, and the assistant had its first answer");
await steps.narrows(place);
assert.match(await assistant.call("get_labs", { query: "hba1c" }), /withheld/i, "narrowing holds at the next call");
told("narrowed");
await steps.looksAtActivity(place);
await steps.disconnects(place);
await assistant.isCutOff();
told("disconnected: the next call is refused");
await steps.connects(place, nneka);
told("a portal was connected for a child, and read");
await steps.keepsCodes(place);
await steps.looksAtTheRest(place);
await steps.isGuarded(place);
told("headers, forged forms, foreign paths");
await steps.deletes(place);
told("deleted: nobody can sign in any more");
assert.deepEqual(foreign, [], "nothing is asked of another site");
looks.finish();
await scriptsWork({ binary, scratch, browser, pictures, after: looks.number });
told("with scripts: the progress of an upload, and a passkey");
await browser.close();
process.exit(0);
