// An operator's identity provider: the certified `oidc-provider`, at which plainchart is registered with a secret.
import { createServer } from "node:http";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import Provider from "oidc-provider";
import { page } from "./authorization_pages.mjs";

// Starts the provider. `accounts` tells of each name who signs in with it: `{ password }`. It is told later where its
// client is: `knows(origin)`.
export async function start({ accounts }) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const client = { id: "plainchart", secret: randomBytes(32).toString("base64url") };
  const seen = { authorized: [] };
  let callback;
  const knows = (origin) => {
    const provider = new Provider(issuer, configuration(accounts, client, origin));
    provider.on("server_error", (_context, error) => console.error(error));
    const answer = provider.callback();
    callback = (request, response) => {
      if (request.url.startsWith("/interaction/")) return page({ provider, accounts }, request, response);
      if (request.url.startsWith("/auth?")) seen.authorized.push(new URL(request.url, issuer).searchParams);
      return answer(request, response);
    };
  };
  server.on("request", (request, response) => {
    Promise.resolve(callback(request, response)).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  return { issuer, client, knows, seen };
}

function configuration(accounts, { id, secret }, origin) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "made-here", use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    clients: [
      {
        client_id: id,
        client_secret: secret,
        redirect_uris: [`${origin}/sign-in/return`],
        response_types: ["code"],
        grant_types: ["authorization_code"],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email"] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 600, Session: 3600 },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, name) =>
      accounts[name] && { accountId: name, claims: () => ({ sub: name, preferred_username: `${name}@example.org` }) },
  };
}
