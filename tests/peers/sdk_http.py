"""The Python SDK client over HTTP, in both eras: asks for permission, is let in, renews its access, and is cut off.

usage: sdk_http.py ORIGIN PERSON LABS NAME MODE [DOCUMENT]: PERSON is where the person is asked to do things, LABS what is
asked and answered, DOCUMENT the address at which this client says who it is. The last line is what was seen, as JSON.
"""

import asyncio
import json
import logging
import re
import sys
import urllib.request
from urllib.parse import parse_qs, urlparse

import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientMetadata
from sdk import check, expect

REDIRECT = "http://127.0.0.1:33418/callback"
# What follows when an access has ended: it is refused, and looks where it could ask again.
CUT_OFF = [
    "/mcp 401",
    "/.well-known/oauth-protected-resource/mcp 200",
    "/.well-known/oauth-authorization-server 200",
]


class AsksAgain(Exception):
    """It wants to send the person to the consent once more."""


class Kept:
    """What was allowed, in memory."""

    tokens = None
    client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


class Assistant:
    """A client that sends the person to the consent; what the browser brings back is handed over to it."""

    def __init__(self, origin: str, person: str, name: str, document: str | None) -> None:
        self.origin, self.person, self.kept, self.seen = origin, person, Kept(), []
        self.asked = None
        metadata = OAuthClientMetadata(
            client_name=name, redirect_uris=[REDIRECT], token_endpoint_auth_method="none"
        )
        self.auth = OAuthClientProvider(
            f"{origin}/mcp", metadata, self.kept, self.redirected, self.called_back, client_metadata_url=document
        )

    async def redirected(self, address: str) -> None:
        if self.asked:
            raise AsksAgain
        asked = parse_qs(urlparse(address).query)
        expect(asked["code_challenge_method"] == ["S256"], "there is no PKCE")
        expect(asked["resource"] == [f"{self.origin}/mcp"], f"another resource is asked for: {asked['resource']}")
        self.asked = address

    async def called_back(self) -> AuthorizationCodeResult:
        answer = await self.asks_person("allows", self.asked, {"without": ["labs"]})
        came = {name: values[0] for name, values in parse_qs(urlparse(answer).query).items()}
        return AuthorizationCodeResult(code=came["code"], state=came["state"], iss=came["iss"])

    async def asks_person(self, act: str, *given: object) -> str:
        body = json.dumps({"act": act, "given": given}).encode()
        request = urllib.request.Request(self.person, body, {"content-type": "application/json"})
        return json.load(await asyncio.to_thread(urllib.request.urlopen, request))

    async def remembers(self, response: httpx2.Response) -> None:
        self.seen.append(f"{response.request.url.path} {response.status_code}")

    def http(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(auth=self.auth, event_hooks={"response": [self.remembers]}, timeout=60)


async def converse(origin: str, person: str, labs: dict, name: str, mode: str, document: str | None) -> None:
    """The whole way. A failed check raises, which ends the peer with 1."""
    assistant = Assistant(origin, person, name, document)
    try:
        async with assistant.http() as http:
            transport = streamable_http_client(f"{origin}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                await ask_until_the_end(assistant, client, name, labs)
    # It leaves the conversation by this.
    except* AsksAgain:
        pass
    expect(assistant.seen == CUT_OFF, f"after the end it is not refused: {assistant.seen}")


async def ask_until_the_end(assistant: Assistant, client: Client, name: str, labs: dict) -> None:
    """Asks for the labs as what may be seen changes, and once more when nothing may."""

    async def asks(words: str) -> None:
        text = (await client.call_tool(labs["tool"], labs["arguments"])).content[0].text
        expect(re.search(words, text), f"it is not said: {words}")

    await asks(labs["withheld"])
    await assistant.asks_person("shows", name)
    await asks(labs["known"])
    seen = await check(client)
    before = assistant.kept.tokens.access_token
    # This SDK renews by the clock, and after a 401 it asks the person: so its hour is over.
    assistant.auth.context.token_expiry_time = 1
    await asks(labs["known"])
    expect(assistant.kept.tokens.access_token != before, "the access was not renewed")
    seen["calls"] += 3
    print(json.dumps({"era": client.protocol_version, **seen, "renewal": "by the clock"}))
    await assistant.asks_person("disconnects", name)
    assistant.seen.clear()
    await asks(labs["known"])


if __name__ == "__main__":
    # It logs each error that it hands on, too.
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    its_origin, its_person, its_labs, its_name, its_mode, *its_document = sys.argv[1:]
    told = json.loads(its_labs)
    asyncio.run(converse(its_origin, its_person, told, its_name, its_mode, next(iter(its_document), None)))
