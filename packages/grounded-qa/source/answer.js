import { h, web } from "./dom.js";
import { fill } from "./words.js";

/** @import { Answer, Citation, CitedDocument, SelectDetail } from "../types/wire.d.ts" */
/** @import { Context } from "./context.d.ts" */
/** @import { Child } from "./dom.js" */

const MOST_PLACES = 5;

/**
 * What an answer, or an abstention, shows below its first line.
 *
 * @param {Answer} answer
 * @param {Context} context
 * @param {(question: string) => void} ask
 */
export function answerOf(answer, context, ask) {
  const { words } = context;
  const near = answer.near_misses.filter(
    ({ document }, at, all) => all.findIndex((other) => other.document.id === document.id) === at,
  );
  const asked = answer.question.toLowerCase();
  const related = answer.related.filter(({ question }) => question.toLowerCase() !== asked);
  return [
    ...answer.citations.map((citation) => passage(citation, answer, context)),
    near.length > 0 &&
      h(
        "section",
        { part: "near", "aria-label": words.nearest },
        heading(context, words.nearest),
        h("p", { class: "soft" }, words.nearby),
        ...near.map((citation) => nearest(citation, context)),
      ),
    related.length > 0 &&
      h(
        "section",
        { part: "related", "aria-label": words.related },
        heading(context, words.related),
        h(
          "ul",
          {},
          ...related.map(({ question }) =>
            h(
              "li",
              {},
              h(
                "button",
                {
                  type: "button",
                  dir: "auto",
                  click: () =>
                    context.emit("select", { kind: "related", text: question, url: null }) && ask(question),
                },
                question,
              ),
            ),
          ),
        ),
      ),
  ];
}

/**
 * @param {Context} context
 * @param {...Child} children
 */
export function heading(context, ...children) {
  return h(/** @type {"h3"} */ (`h${context.level}`), { part: "heading" }, ...children);
}

/**
 * A link that tells the page of it first.
 *
 * @param {Context} context
 * @param {Omit<SelectDetail, "url">} what
 * @param {string | null} url
 * @param {Record<string, string | null>} [values]
 * @param {...Child} children
 */
export function follow(context, what, url, values, ...children) {
  return h(
    "a",
    {
      href: url,
      ...values,
      click: (/** @type {MouseEvent} */ event) => {
        // A new tab or window is the browser's: no router of a page could open it.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        if (!context.emit("select", { ...what, url })) event.preventDefault();
      },
    },
    ...children,
  );
}

/**
 * @param {Citation} citation
 * @param {Answer} answer
 * @param {Context} context
 */
function passage(citation, answer, context) {
  const { words, base } = context;
  const { also_at } = citation;
  const owed = citation.attribution;
  const url = web(citation.link, base);
  const what = /** @type {const} */ ({ kind: "citation", text: citation.document.title });
  return h(
    "article",
    { part: "citation", "aria-label": citation.document.title },
    citation.pinned && h("p", { part: "pinned" }, words.pinned),
    title(citation, context),
    citation.quote && quote(citation),
    line(
      "",
      owed.author && linked(owed.author, owed.author_url, "author"),
      citation.role && bdi(citation.role),
      citation.credential && bdi(citation.credential),
    ),
    line(
      "",
      citation.page && fill(words.page, citation.page),
      day(citation.document, context),
      owed.publisher && owed.publisher !== owed.author && bdi(owed.publisher),
      owed.licence && linked(owed.licence, owed.licence_url),
    ),
    also_at.length > 0 &&
      line(
        `${words.also} `,
        ...also_at.slice(0, MOST_PLACES).map(({ document, link }) =>
          follow(
            context,
            { kind: "citation", text: document.title },
            web(link, base),
            language(document),
            document.title,
          ),
        ),
        also_at.length > MOST_PLACES && `+${also_at.length - MOST_PLACES}`,
      ),
    answer.preview && h("p", { part: "preview" }, words.preview),
    h(
      "div",
      { part: "actions" },
      follow(context, what, url, { part: "open" }, words.open),
      ...copying(`${owed.text} ${url ?? ""}`.trim(), words),
      answer.answer_id && voting(answer.answer_id, citation.citation_id, context),
    ),
  );
}

/**
 * @param {Citation} citation
 * @param {Context} context
 */
function nearest(citation, context) {
  const best = citation.best_sentence?.text ?? citation.quote;
  return h(
    "article",
    { part: "near-miss", "aria-label": citation.document.title },
    title(citation, context),
    best && h("blockquote", { part: "quote", ...language(citation.document) }, best),
  );
}

/**
 * @param {Citation} citation
 * @param {Context} context
 */
function title({ document, link, section }, context) {
  const what = /** @type {const} */ ({ kind: "citation", text: document.title });
  const address = web(link, context.base);
  return h(
    "div",
    { part: "title" },
    heading(context, follow(context, what, address, language(document), document.title)),
    document.kind !== "qa" &&
      section.length > 0 &&
      h("p", { part: "section", class: "soft", dir: "auto" }, section.join(" › ")),
  );
}

/**
 * The quote with its best sentence marked: found by its words, for the service counts code points
 * and JavaScript UTF-16 units.
 *
 * @param {Citation} citation
 */
function quote({ quote: words, best_sentence, document }) {
  const best = best_sentence?.text ?? "";
  const at = best ? words.indexOf(best) : -1;
  const parts =
    at < 0
      ? [words]
      : [words.slice(0, at), h("mark", { part: "mark" }, best), words.slice(at + best.length)];
  return h("blockquote", { part: "quote", ...language(document) }, ...parts);
}

/**
 * @param {CitedDocument} document
 * @returns {{ lang: string | null, dir: string }}
 */
function language(document) {
  return { lang: document.language, dir: "auto" };
}

/**
 * One line of what is known, parted by dots: they stand outside the pieces, which may run the other
 * way; nothing where nothing is known.
 *
 * @param {string} before
 * @param {...Child} pieces
 */
function line(before, ...pieces) {
  const known = pieces.filter(Boolean).flatMap((piece, at) => (at ? [" · ", piece] : [piece]));
  return known.length > 0 && h("p", { part: "source", class: "soft" }, before, ...known);
}

/** @param {string} text */
function bdi(text) {
  return h("bdi", {}, text);
}

/**
 * @param {string} name
 * @param {string | null} address
 * @param {string} [part]
 */
function linked(name, address, part) {
  const url = web(address);
  return url ? h("a", { href: url, part }, bdi(name)) : h("bdi", { part }, name);
}

/**
 * @param {CitedDocument} document
 * @param {Context} context
 */
function day({ published }, { language }) {
  const date = new Date(published ?? "");
  if (!published || isNaN(+date)) return null;
  const shown = date.toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" });
  return h("time", { datetime: published }, shown);
}

/**
 * @param {string} text
 * @param {Context["words"]} words
 */
function copying(text, words) {
  const button = h("button", { type: "button", part: "copy", click: copy }, words.copy);
  const said = h("span", { role: "status", class: "soft" });
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = words.copied;
    } catch {
      // Without a clipboard (no https, or not allowed) the line stands there to be copied by hand.
      const field = h("input", { readonly: true, value: text, "aria-label": words.copy });
      said.replaceChildren(field);
      field.select();
    }
  }
  return [button, said];
}

/**
 * @param {string} answer
 * @param {string} citation
 * @param {Context} context
 */
function voting(answer, citation, { words, service }) {
  const said = h("span", { role: "status", class: "soft" });
  const buttons = [true, false].map((helpful) =>
    h("button", { type: "button", "aria-pressed": "false", click: () => vote(helpful) }, helpful ? words.yes : words.no),
  );
  /** @param {boolean} helpful */
  async function vote(helpful) {
    try {
      await service().feedback(answer, citation, helpful);
      for (const [at, button] of buttons.entries())
        button.setAttribute("aria-pressed", String((at === 0) === helpful));
      said.textContent = words.thanks;
    } catch {
      said.textContent = words.failed;
    }
  }
  return h(
    "span",
    { role: "group", part: "feedback", "aria-label": words.helpful },
    h("span", { class: "soft" }, words.helpful),
    ...buttons,
    said,
  );
}
