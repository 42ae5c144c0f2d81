// Forms of plainchart's pages, as a browser sends them when nothing on them is touched.

// The form that has these words in it: `{ action, fields, offered }`. `offered` is all that could be ticked, by name.
export function formOf({ html, url }, words) {
  const forms = [...html.matchAll(/<form\b[^>]*>.*?<\/form>/gs)].map(([form]) => form);
  const form = forms.find((one) => one.includes(words));
  if (!form) throw new Error(`${url.pathname} has no form with ${words}`);
  const { action } = attributes(form.match(/<form\b[^>]*>/)[0]);
  const [fields, offered] = [new URLSearchParams(), new URLSearchParams()];
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const { type = "text", name, value = "", checked, disabled } = attributes(tag);
    if (type === "file" || disabled !== undefined) continue;
    const isTicked = ["checkbox", "radio"].includes(type);
    if (isTicked) offered.append(name, value);
    if (!isTicked || checked !== undefined) fields.append(name, value);
  }
  return { action: new URL(action, url), fields, offered };
}

// Text that stands in an attribute.
export function decoded(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (all, number, name) =>
    number ? String.fromCodePoint(Number(number)) : (named[name] ?? all));
}

function attributes(tag) {
  const found = [...tag.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)];
  return Object.fromEntries(found.map(([, name, value]) => [name, decoded(value ?? "")]));
}
