// The FHIR server as the world sees it: asked only with a live access token of the provider, for its own patient.

// Answers a request below `/fhir`.
export async function proxy({ provider, accounts, upstream, base, state, configuration }, request, response) {
  const url = new URL(request.url, base);
  const path = url.pathname.slice("/fhir".length);
  if (path === "/.well-known/smart-configuration") {
    return state.publishesSmart ? send(response, 200, configuration) : send(response, 404, { error: "not_found" });
  }
  if (path.startsWith("/.well-known/")) return send(response, 404, { error: "not_found" });
  if (path !== "/metadata") {
    const token = request.headers.authorization?.match(/^Bearer (.+)$/)?.[1];
    const found = token && (await provider.AccessToken.find(token));
    if (!found) {
      response.setHeader("www-authenticate", 'Bearer error="invalid_token"');
      return send(response, 401, outcome("login"));
    }
    const patient = accounts[found.accountId].patient;
    const mayRead = found.scope.split(" ").includes("patient/*.rs");
    if (!mayRead || !isOf(patient, path, url.searchParams)) {
      state.forbidden += 1;
      return send(response, 403, outcome("forbidden"));
    }
  }
  const { accept = "*/*", authorization = "" } = request.headers;
  const answered = await fetch(`${upstream}${path}${url.search}`, { headers: { accept, authorization } });
  const body = (await answered.text()).replaceAll(upstream, base);
  response.writeHead(answered.status, { "content-type": answered.headers.get("content-type") ?? "text/plain" });
  response.end(body);
}

// Whether a request stays with the patient of its token.
function isOf(patient, path, query) {
  const named = [query.get("patient"), query.get("subject"), path.match(/^\/Patient\/([^/]+)$/)?.[1]];
  if (path === "/Patient") named.push(query.get("_id") ?? "nobody");
  return named.every((name) => name == null || name.replace(/^Patient\//, "") === patient);
}

function outcome(code) {
  return { resourceType: "OperationOutcome", issue: [{ severity: "error", code }] };
}

function send(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
