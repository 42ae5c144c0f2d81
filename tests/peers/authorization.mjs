// The certified OpenID provider `oidc-provider` in front of a FHIR server that checks no tokens itself: PKCE is
// required, a refresh token is used once and its second use ends the grant, clients register by themselves.
import { createServer } from "node:http";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import Provider from "oidc-provider";
import { page } from "./authorization_pages.mjs";
import { proxy } from "./authorization_proxy.mjs";

const SCOPES = ["openid", "fhirUser", "offline_access", "launch/patient", "patient/*.rs"];
const DAY_S = 24 * 60 * 60;

// Starts the server. `upstream` is the address of the FHIR server, `accounts` tells of each name who signs in
// with it: `{ password, patient, user }`. What `state` holds may be changed while the server runs.
export async function start({ upstream, accounts, accessSeconds }) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const state = { accessSeconds, publishesSmart: true, forbidden: 0 };
  const provider = new Provider(issuer, configuration(issuer, accounts, state));
  const seen = watch(provider, accounts);
  const base = `${issuer}/fhir`;
  const front = { provider, accounts, upstream, base, state, configuration: describe(issuer) };
  const own = {
    fhir: (request, response) => proxy(front, request, response),
    interaction: (request, response) => page(front, request, response),
    provider: provider.callback(),
  };
  server.on("request", (request, response) => {
    const [, part] = request.url.split(/[/?]/);
    const answered = (own[part] ?? own.provider)(request, response);
    Promise.resolve(answered).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  return { issuer, base, provider, state, seen };
}

function configuration(issuer, accounts, state) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "made-here", use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    clientAuthMethods: ["none"],
    responseTypes: ["code"],
    scopes: SCOPES,
    claims: { openid: ["sub"], fhirUser: ["fhirUser"] },
    // So that the id token says who signed in, and not only the userinfo endpoint.
    conformIdTokenClaims: false,
    clockTolerance: 0,
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_context, client, token) => token.clientId === client.clientId },
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => state.accessSeconds,
      AuthorizationCode: 60,
      Grant: DAY_S,
      IdToken: 300,
      Interaction: 600,
      RefreshToken: DAY_S,
      Session: DAY_S,
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, name) => ({
      accountId: name,
      claims: () => ({ sub: name, fhirUser: `${issuer}/fhir/${accounts[name].user}` }),
    }),
  };
}

// The SMART configuration (SMART App Launch 2.2.0, "Conformance").
function describe(issuer) {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/reg`,
    revocation_endpoint: `${issuer}/token/revocation`,
    token_endpoint_auth_methods_supported: ["none"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    scopes_supported: SCOPES,
    capabilities: [
      "launch-standalone", "client-public", "sso-openid-connect", "context-standalone-patient",
      "permission-offline", "permission-patient", "permission-v2",
    ],
  };
}

// Puts the launch context into answers with tokens, and keeps what happened at the provider.
function watch(provider, accounts) {
  const seen = { given: [], used: [], secrets: [], revoked: [] };
  provider.use(async (context, next) => {
    await next();
    const { oidc } = context;
    if (oidc?.route !== "token") return;
    const { refresh_token: used, code, code_verifier: verifier } = oidc.params ?? {};
    seen.secrets.push(code, verifier, context.body.id_token);
    if (used) seen.used.push({ grant: oidc.entities.RefreshToken?.grantId, refresh: used });
    if (context.status !== 200) return;
    const account = accounts[oidc.entities.Account.accountId];
    const { access_token: access, refresh_token: refresh } = context.body;
    seen.given.push({ grant: oidc.entities.Grant.jti, client: oidc.client.clientId, access, refresh });
    if (context.body.scope.split(" ").includes("launch/patient")) {
      const fhirContext = [{ reference: account.user }];
      context.body = { ...context.body, patient: account.patient, need_patient_banner: true, fhirContext };
    }
  });
  provider.on("grant.revoked", (_context, grant) => seen.revoked.push(grant));
  provider.on("server_error", (_context, error) => console.error(error));
  return seen;
}
