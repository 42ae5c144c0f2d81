// Real assistants over HTTP, without a window: each registers, is let in by a person on plainchart's own pages, asks, is
// shown more, renews its access, and is cut off. Any failure throws, which ends this with 1.
// usage: node clients_http.mjs PLAINCHART SCRATCH PYTHON
import { begin as beginDocuments } from "./documents.mjs";
import { Person } from "./person.mjs";
import { listen } from "./person_asked.mjs";
import { begin, says } from "./processes.mjs";
import * as inspector from "./inspector_http.mjs";
import * as python from "./python_http.mjs";
import * as typescript from "./typescript_http.mjs";

const [binary, scratch, interpreter] = process.argv.slice(2);
if (!interpreter) throw new Error("usage: node clients_http.mjs PLAINCHART SCRATCH PYTHON");

const documents = await beginDocuments(scratch);
const server = begin(binary, ["--home", `${scratch}/home`, "serve", "--http", "127.0.0.1:0"], {
  SSL_CERT_FILE: documents.authority,
});
const [invitation] = await says(server, /http:\S+\/sign-up\?invitation=\S+/);
const { origin } = new URL(invitation);
const person = new Person(origin);
await person.signsUp(invitation);
await person.uploads(["fixtures/people/adult/lakeside.json", "fixtures/people/adult/riverton.ndjson"]);

// What is asked of every one, and a value of the fixtures with its citation.
const labs = {
  tool: "get_labs",
  arguments: { query: "hba1c" },
  known: /2026-10-06\|8\.1\|high\|\[L\d{6}\]/,
  withheld: /no lab result can be seen here, whether there is one or not/,
};
const asked = await listen(person);
const place = { origin, person, asked, documents, labs, scratch, interpreter };
const rows = [];
for (const { conversations, converse } of [inspector, python, typescript]) {
  for (const conversation of conversations) rows.push(await converse(conversation, place));
}
console.table(rows);
process.exit(0);
