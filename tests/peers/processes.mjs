// Processes that this one starts: none of them outlives it, however it ends.
import { spawn } from "node:child_process";

const running = new Set();

process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const [signal, number] of [["SIGHUP", 1], ["SIGINT", 2], ["SIGTERM", 15]]) {
  process.on(signal, () => process.exit(128 + number));
}

// Starts a program: `{ output, ended }`. What it has said so far is in `output.text`.
export function begin(program, given, environment = {}) {
  const child = spawn(program, given, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const output = { text: "", isOver: false };
  const ended = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (output.text += piece));
    child.on("error", reject);
    child.on("close", (code) => {
      running.delete(child);
      output.isOver = true;
      resolve({ code, text: output.text });
    });
  });
  return { output, ended };
}

// Waits until a program has said this, and gives the match.
export async function says({ output, ended }, pattern) {
  while (!pattern.test(output.text)) {
    if (output.isOver) throw new Error(`${pattern} was not said: ${output.text}`);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  return output.text.match(pattern);
}
