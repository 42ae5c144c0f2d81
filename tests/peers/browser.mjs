// A browser without a window: it follows redirects, keeps cookies and sends forms.
const REDIRECTS_MAX = 20;

export class Browser {
  #cookies = new Map();
  #ends;

  // `ends`: a redirect to an address that begins so is told and not followed.
  constructor(ends) {
    this.#ends = ends;
  }

  // Opens an address and gives the page at which that ends: `{ url, status, html }`.
  async open(address, form) {
    let url = new URL(address);
    let body = form;
    for (let nth = 0; nth < REDIRECTS_MAX; nth += 1) {
      const method = body ? "POST" : "GET";
      const headers = { cookie: this.#cookiesFor(url), accept: "text/html" };
      // A browser says where a form comes from; here each comes from the site that it is sent to.
      if (body) headers.origin = url.origin;
      const answered = await fetch(url, { method, body, headers, redirect: "manual" });
      this.#keep(url, answered.headers.getSetCookie());
      const next = answered.headers.get("location");
      if (next === null) return { url, status: answered.status, html: await answered.text() };
      url = new URL(next, url);
      body = undefined;
      if (this.#ends && url.href.startsWith(this.#ends)) return { url, status: answered.status, html: "" };
    }
    throw new Error(`too many redirects, the last to ${url.origin}${url.pathname}`);
  }

  // Sends the form of a page.
  async send(page, values) {
    const address = new URL(page.html.match(/<form[^>]* action="([^"]+)"/)?.[1] ?? page.url, page.url);
    return this.open(address, new URLSearchParams(values));
  }

  #keep(url, lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(";").map((part) => part.trim());
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const read = (key) => attributes.find((own) => own.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
      const path = read("path") ?? "/";
      const isOver = read("expires") !== undefined && Date.parse(read("expires")) < Date.now();
      const key = `${url.host} ${path} ${name}`;
      if (isOver) this.#cookies.delete(key);
      else this.#cookies.set(key, { host: url.host, path, pair: `${name}=${value}` });
    }
  }

  #cookiesFor(url) {
    const fits = ({ host, path }) =>
      host === url.host && (url.pathname === path || url.pathname.startsWith(path.endsWith("/") ? path : `${path}/`));
    return [...this.#cookies.values()].filter(fits).map(({ pair }) => pair).join("; ");
  }
}
