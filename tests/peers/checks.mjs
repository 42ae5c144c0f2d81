// What every TypeScript client checks of a running server. Any failure throws, which ends the peer with 1.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

export const expected = JSON.parse(readFileSync(new URL("expected.json", import.meta.url), "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });

export async function check(client, name) {
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((tool) => tool.name).sort(), [...expected.tools].sort());
  tools.forEach(checkTool);
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  for (const call of expected.calls) {
    await checkCall(client, byName.get(call.tool), call);
  }
  for (const { tool, arguments: given } of expected.refusals) {
    const refused = await client.callTool({ name: tool, arguments: given });
    assert.equal(refused.isError, true, `${tool} answers what it should refuse`);
    assert.ok(textOf(refused).length > 20, `${tool} does not say what to do`);
  }
  const { contents } = await client.readResource({ uri: expected.resource });
  assert.match(contents[0].text, /Coverage/);
  await checkPrompts(client);
  console.log(`${name}: ${tools.length} tools, ${expected.calls.length} calls: as expected`);
  return { tools: tools.length, calls: expected.calls.length };
}

async function checkPrompts(client) {
  const { prompts } = await client.listPrompts();
  assert.deepEqual(prompts.map((prompt) => prompt.name), expected.prompts);
  const { name, arguments: given, says } = expected.prompt;
  const { messages } = await client.getPrompt({ name, arguments: given });
  says.forEach((words) => assert.ok(messages[0].content.text.includes(words), `${name} does not say ${words}`));
  const { prompt, argument, offers } = expected.completion;
  const { completion } = await client.complete({ ref: { type: "ref/prompt", name: prompt }, argument });
  assert.ok(completion.values.some((value) => value.toLowerCase().includes(offers)), `${offers} is not offered`);
}

function checkTool(tool) {
  const { title, readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tool.annotations;
  assert.ok(tool.title || title, `${tool.name} has no title`);
  const stays = !expected.going_out.includes(tool.name);
  assert.deepEqual(
    { readOnlyHint, destructiveHint, idempotentHint, openWorldHint },
    { readOnlyHint: stays, destructiveHint: false, idempotentHint: stays, openWorldHint: !stays },
    tool.name,
  );
  assert.ok(tool.outputSchema, `${tool.name} has no output schema`);
  const schemas = JSON.stringify([tool.inputSchema, tool.outputSchema]);
  assert.doesNotMatch(schemas, /"\$ref"|"\$defs"|"type":\[/, `the schemas of ${tool.name} are not flat`);
}

async function checkCall(client, tool, { arguments: given, says, is_list: isList }) {
  const result = await client.callTool({ name: tool.name, arguments: given });
  const text = textOf(result);
  assert.ok(!result.isError, `${tool.name}: ${text}`);
  for (const words of says) {
    assert.ok(text.toLowerCase().includes(words), `${tool.name} does not say ${words}`);
  }
  assert.match(text, /\[[A-Z]\d{6}\]/, `${tool.name} cites nothing`);
  const conforms = ajv.compile(tool.outputSchema);
  assert.ok(conforms(result.structuredContent), `${tool.name}: ${ajv.errorsText(conforms.errors)}`);
  if (isList) {
    const { items, shown, total } = result.structuredContent;
    assert.ok(items.length > 0 && shown <= total, `${tool.name} lists nothing`);
  }
}

export function textOf(result) {
  assert.equal(result.content.length, 1);
  assert.equal(result.content[0].type, "text");
  return result.content[0].text;
}
