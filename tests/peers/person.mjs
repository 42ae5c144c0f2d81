// A person with a browser without a window or any script: makes an account, brings a record, and says what
// assistants may see.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { Browser } from "./browser.mjs";
import { decoded, formOf } from "./forms.mjs";

export class Person {
  #browser = new Browser();
  #origin;

  constructor(origin) {
    this.#origin = origin;
  }

  async signsUp(invitation) {
    const page = await this.#browser.open(invitation);
    await this.#sends(page, 'action="/sign-up"', { name: "maria@example.org", password: "four made-up words in a row" });
    await this.#sends(await this.#opens("/"), 'action="/settings/people"', { label: "Maria", relation: "own" });
  }

  async uploads(files) {
    const { action, fields } = formOf(await this.#opens("/sources"), 'action="/sources/upload"');
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    for (const file of files) form.append("files", new Blob([await readFile(file)]), basename(file));
    const page = await this.#browser.open(action, form);
    assert.match(page.html, /entries added/);
  }

  // Lets an assistant see all categories but some, and gives the address to which the browser is sent.
  async allows(address, { without = [] } = {}) {
    const page = await this.#browser.open(address);
    assert.match(page.html, /Who asks/, `no consent is asked for: ${page.status}`);
    const { offered } = formOf(page, 'action="/authorize"');
    const category = offered.getAll("category").filter((name) => !without.includes(name));
    const rests = await this.#sends(page, 'action="/authorize"', { category, answer: "allow" });
    return new URL(decoded(rests.html.match(/http-equiv="refresh" content="0; url=([^"]+)"/)[1]));
  }

  // Lets an assistant see everything from its next question on.
  async shows(name) {
    const [, path] = (await this.#opens("/assistants")).html.match(
      new RegExp(`href="([^"]+)" aria-label="Change what ${escaped(name)} may see"`));
    const page = await this.#opens(decoded(path));
    const { offered } = formOf(page, 'name="category"');
    const changed = await this.#sends(page, 'name="category"', { category: offered.getAll("category") });
    assert.match(changed.html, /It holds from the next question on/);
  }

  async disconnects(name) {
    const page = await this.#sends(await this.#opens("/assistants"), `aria-label="Disconnect ${name}"`, {});
    assert.match(page.html, /It is disconnected/);
  }

  #opens(path) {
    return this.#browser.open(new URL(path, this.#origin));
  }

  // Sends the form with these words in it, filled in so.
  async #sends(page, words, filled) {
    const { action, fields } = formOf(page, words);
    for (const [name, values] of Object.entries(filled)) {
      fields.delete(name);
      [values].flat().forEach((value) => fields.append(name, value));
    }
    const answered = await this.#browser.open(action, fields);
    assert.equal(answered.status, 200, `${action.pathname} answers ${answered.status}`);
    return answered;
  }
}

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
