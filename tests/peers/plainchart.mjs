// plainchart's commands, in a home of their own.
import assert from "node:assert/strict";
import { begin, says } from "./processes.mjs";

export class Plainchart {
  #binary;
  #home;

  // `said` is all that any command has said.
  said = "";

  constructor(binary, home) {
    this.#binary = binary;
    this.#home = home;
  }

  // Runs a command to its end: `{ code, text }`.
  async run(...given) {
    return this.#begin(given).ended;
  }

  // Runs a command that has to succeed, and gives what it said.
  async done(...given) {
    const { code, text } = await this.run(...given);
    assert.equal(code, 0, `plainchart ${given.join(" ")}: ${text}`);
    return text;
  }

  // Begins to connect: `start` is the address that the person's browser is to open.
  async connect(given, environment) {
    const began = this.#begin(["connect", ...given], environment);
    const [start] = await says(began, /http:\/\/127\.0\.0\.1:\d+\/start/);
    return { start, ended: began.ended };
  }

  #begin(given, environment) {
    const began = begin(this.#binary, ["--home", this.#home, ...given], environment);
    const ended = began.ended.then((end) => {
      this.said += end.text;
      return end;
    });
    return { ...began, ended };
  }
}
