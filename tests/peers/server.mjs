// How the peers start plainchart: `node PEER.mjs BINARY HOME`, with the key in the environment.
const [binary, home] = process.argv.slice(2);
if (!binary || !home) {
  throw new Error("usage: node PEER.mjs BINARY HOME");
}

// The SDKs hand on only a few variables by themselves.
const ours = Object.entries(process.env).filter(([name]) => name.startsWith("PLAINCHART_"));

export const server = {
  command: binary,
  args: ["--home", home, "serve"],
  env: { PATH: process.env.PATH, HOME: process.env.HOME, ...Object.fromEntries(ours) },
};
