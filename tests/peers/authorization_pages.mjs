// The pages on which a person signs in at the provider and agrees: forms, without any script.

// Answers a request for `/interaction/…`.
export async function page({ provider, accounts }, request, response) {
  const { prompt, params, grantId, session } = await provider.interactionDetails(request, response);
  const finish = (result) => provider.interactionFinished(request, response, result);
  if (request.method === "GET") {
    return show(response, prompt.name === "login" ? signIn() : agree(params));
  }
  const form = new URLSearchParams(await text(request));
  if (form.has("deny")) {
    return finish({ error: "access_denied", error_description: "the person said no" });
  }
  if (prompt.name === "login") {
    const account = accounts[form.get("name")];
    const isRight = account !== undefined && account.password === form.get("password");
    return isRight ? finish({ login: { accountId: form.get("name") } }) : show(response, signIn("That was not right."));
  }
  const known = grantId && (await provider.Grant.find(grantId));
  const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(" "));
  grant.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
  return finish({ consent: { grantId: await grant.save() } });
}

function signIn(words = "Everyone here is made up.") {
  return `<p>${words}</p><p><label>Name <input name="name" required></label></p>
    <p><label>Password <input name="password" type="password" required></label></p><button>Sign in</button>`;
}

function agree({ scope }) {
  const items = scope.split(" ").map((word) => `<li>${word.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</li>`);
  return `<p>The app asks for:</p><ul>${items.join("")}</ul><button>Allow</button>`;
}

function show(response, body) {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>A made-up portal</title>
    <h1>A made-up portal</h1><form method="post">${body}<button name="deny" value="yes" formnovalidate>Deny</button></form></html>`);
}

async function text(request) {
  let whole = "";
  for await (const piece of request) whole += piece;
  return whole;
}
