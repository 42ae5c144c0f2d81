// A way for programs in other languages to have the person do something: `{ act, given }` is posted, and what the act
// gives comes back.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const ACTS = ["allows", "shows", "disconnects"];

// The address at which the person is asked.
export async function listen(person) {
  const server = createServer(async (request, response) => {
    try {
      const { act, given } = JSON.parse(await text(request));
      if (!ACTS.includes(act)) throw new Error(`the person does not know how to do that: ${act}`);
      response.end(JSON.stringify((await person[act](...given)) ?? null));
    } catch (error) {
      response.writeHead(500).end(JSON.stringify(error.message));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}
