// What a page looks like, and what axe-core finds on it.
import axe from "axe-core";

// As a person meets them: what is on the screen, and how large it is.
const WAYS = [
  ["light", { width: 1100, height: 800 }, "light"],
  ["dark", { width: 1100, height: 800 }, "dark"],
  ["phone", { width: 375, height: 700 }, "light"],
];
const SERIOUS = ["serious", "critical"];

// No script runs on the pages themselves. What is to be measured is copied into a page of its own, on which axe-core may.
export class Looks {
  #page;
  #copy;
  #folder;
  #found = [];
  #number;

  // `after`: how many pages were looked at before.
  constructor(page, copy, folder, after = 0) {
    this.#page = page;
    this.#copy = copy;
    this.#folder = folder;
    this.#number = after;
  }

  get number() {
    return this.#number;
  }

  // Where the next picture goes, without its ending.
  next(name) {
    this.#number += 1;
    return `${this.#folder}/${String(this.#number).padStart(2, "0")}-${name}`;
  }

  // Takes pictures of the present page and checks it.
  async at(name) {
    const picture = this.next(name);
    for (const [way, size, colorScheme] of WAYS) {
      await this.#page.setViewportSize(size);
      await this.#page.emulateMedia({ colorScheme });
      await this.#page.screenshot({ path: `${picture}-${way}.png`, fullPage: true });
      await this.#copy.setViewportSize(size);
      await this.#copy.emulateMedia({ colorScheme });
      await this.#check(`${name}, ${way}`);
    }
    await this.#page.setViewportSize(WAYS[0][1]);
    await this.#page.emulateMedia({ colorScheme: "light" });
  }

  // Fails where anything serious was found.
  finish() {
    if (this.#found.length > 0) throw new Error(`axe-core found:\n${this.#found.join("\n")}`);
  }

  async #check(where) {
    // From here on the addresses of style sheet and icon are ours.
    await this.#copy.goto(new URL("/style.css", this.#page.url()).href);
    const html = (await this.#page.content()).replaceAll(/<script.*?<\/script>/g, "");
    await this.#copy.setContent(html, { waitUntil: "load" });
    await this.#copy.evaluate(axe.source);
    const { violations } = await this.#copy.evaluate(() => globalThis.axe.run());
    for (const { id, impact, nodes } of violations) {
      const line = `${where}: ${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`;
      if (SERIOUS.includes(impact)) this.#found.push(line);
      else console.log(`         ${line}`);
    }
    const overflow = await this.#copy.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) this.#found.push(`${where}: ${overflow} px wider than the screen`);
    const small = await this.#copy.evaluate(() =>
      [...document.querySelectorAll("button, .button, .places a, summary")]
        .filter((own) => own.offsetHeight > 0 && own.offsetHeight < 44)
        .map((own) => own.outerHTML.slice(0, 80)),
    );
    if (small.length > 0) this.#found.push(`${where}: too small to touch: ${small.join(" | ")}`);
  }
}
