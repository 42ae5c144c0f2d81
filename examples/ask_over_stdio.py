"""An assistant in twenty lines: starts plainchart, lists its tools, asks one question, prints the answer.

    pip install mcp==2.3.0
    python examples/ask_over_stdio.py plainchart            # your own record
    python examples/ask_over_stdio.py PROGRAM --home DIR    # a program and a store of your choice
"""

import asyncio
import os
import sys

from mcp import Client, StdioServerParameters


async def main(program: str, *options: str) -> None:
    # The SDK hands on only a few variables by itself; the key may be in another one.
    ours = {name: value for name, value in os.environ.items() if name.startswith("PLAINCHART_")}
    server = StdioServerParameters(command=program, args=[*options, "serve"], env=ours)
    async with Client(server) as client:
        print(client.instructions, "\n")
        for tool in (await client.list_tools()).tools:
            print(f"  {tool.name}: {tool.title}")
        answer = await client.call_tool("get_labs", {"query": "hba1c"})
        print("\n" + answer.content[0].text)
        if answer.structured_content:
            print(f"\ntyped: {answer.structured_content['shown']} of {answer.structured_content['total']} rows")


if __name__ == "__main__":
    asyncio.run(main(*(sys.argv[1:] or ["plainchart"])))
