// Client ID metadata documents: an https server on this machine at which assistants say who they are.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";

// `{ authority, publish }`: the file of the authority to be trusted, and what puts a document there and gives its address.
export async function begin(folder) {
  certify(folder);
  const documents = new Map();
  const server = createServer(
    { key: readFileSync(`${folder}/server.key`), cert: readFileSync(`${folder}/server.pem`) },
    ({ url }, response) => {
      response.writeHead(documents.has(url) ? 200 : 404, { "content-type": "application/json" });
      response.end(documents.get(url));
    },
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const publish = (metadata) => {
    const path = `/${documents.size + 1}/client.json`;
    const address = `https://127.0.0.1:${server.address().port}${path}`;
    documents.set(path, JSON.stringify({ client_id: address, ...metadata }));
    return address;
  };
  return { authority: `${folder}/ca.pem`, publish };
}

function certify(folder) {
  const openssl = (...given) => execFileSync("openssl", given, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=authority");
  openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1");
  writeFileSync(`${folder}/server.ext`, "subjectAltName = IP:127.0.0.1\n");
  openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
    "-extfile", "server.ext", "-days", "2", "-out", "server.pem");
}
