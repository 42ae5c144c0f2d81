"""The Python SDK client, in both eras: the handshake, and 2026-07-28 found by asking."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import jsonschema
from mcp import Client, StdioServerParameters
from mcp.types import PromptReference

EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text())


async def converse(binary: str, home: str, mode: str, version: str) -> None:
    """One conversation over standard input and output."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("PLAINCHART_")}
    server = StdioServerParameters(command=binary, args=["--home", home, "serve"], env=ours)
    async with Client(server, mode=mode) as client:
        expect(client.protocol_version == version, f"negotiated {client.protocol_version}, not {version}")
        seen = await check(client)
    print(f"Python SDK 2.3.0 ({version}): {seen['tools']} tools, {seen['calls']} calls: as expected")


async def check(client: Client) -> dict[str, int]:
    """Every check of one conversation. A failed one raises, which ends the peer with 1."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    expect(sorted(tools) == sorted(EXPECTED["tools"]), "other tools than expected")
    for call in EXPECTED["calls"]:
        await check_call(client, tools[call["tool"]], call)
    for call in EXPECTED["refusals"]:
        refused = await client.call_tool(call["tool"], call["arguments"])
        expect(refused.is_error, f"{call['tool']} answers what it should refuse")
    await check_prompts(client)
    contents = (await client.read_resource(EXPECTED["resource"])).contents
    expect("Coverage" in contents[0].text, "the summary resource has no coverage")
    return {"tools": len(tools), "calls": len(EXPECTED["calls"])}


async def check_prompts(client: Client) -> None:
    """The prompts, one of them with what a person adds, and what completes it."""
    prompts = [prompt.name for prompt in (await client.list_prompts()).prompts]
    expect(prompts == EXPECTED["prompts"], "other prompts than expected")
    asked = EXPECTED["prompt"]
    text = (await client.get_prompt(asked["name"], asked["arguments"])).messages[0].content.text
    for words in asked["says"]:
        expect(words in text, f"{asked['name']} does not say {words}")
    wanted = EXPECTED["completion"]
    reference = PromptReference(type="ref/prompt", name=wanted["prompt"])
    offered = (await client.complete(reference, wanted["argument"])).completion.values
    expect(any(wanted["offers"] in value.lower() for value in offered), f"{wanted['offers']} is not offered")


async def check_call(client: Client, tool, call: dict) -> None:
    """One call: words, a citation, and typed content that is what the schema says."""
    result = await client.call_tool(tool.name, call["arguments"])
    text = result.content[0].text
    expect(not result.is_error, f"{tool.name}: {text}")
    for words in call["says"]:
        expect(words in text.lower(), f"{tool.name} does not say {words}")
    expect(re.search(r"\[[A-Z]\d{6}\]", text), f"{tool.name} cites nothing")
    jsonschema.validate(result.structured_content, tool.output_schema)
    if call["is_list"]:
        expect(len(result.structured_content["items"]) > 0, f"{tool.name} lists nothing")


def expect(is_so: object, otherwise: str) -> None:
    """An assertion that `python -O` keeps."""
    if not is_so:
        raise SystemExit(f"Python SDK: {otherwise}")


if __name__ == "__main__":
    given_binary, given_home = sys.argv[1:]
    asyncio.run(converse(given_binary, given_home, "legacy", "2025-11-25"))
    asyncio.run(converse(given_binary, given_home, "auto", "2026-07-28"))
