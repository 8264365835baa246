/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Value */

/**
 * An element. What it says is only ever text: nothing here reads HTML.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, Value>} [values] attributes; a function listens to the event of that name
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, values = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value != null && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * A drawing of one stroke, which a screen reader passes over.
 *
 * @param {string} path
 */
export function icon(path) {
  const [svg, line] = [drawn("svg"), drawn("path")];
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** @param {string} name */
const drawn = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

/**
 * An address of the web; null for any other: a document may name `javascript:`.
 *
 * @param {string | null} address
 * @param {string} [base]
 */
export function web(address, base) {
  try {
    const url = new URL(address ?? "", base);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
