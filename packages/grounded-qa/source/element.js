import { h, icon } from "./dom.js";
import { GLASS, Panel } from "./panel.js";
import { fillRelated } from "./related.js";
import { Service } from "./service.js";
import css from "./style.css";
import { wordsOf } from "./words.js";

/** @import { Answer } from "../types/wire.d.ts" */
/** @import { Context } from "./context.d.ts" */
/** @import { Words } from "./words.js" */

const CROSS = "M6 6l12 12M18 6L6 18";
const MAC = /mac|ip/i.test(navigator.platform);
/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * A language as dates are written in; English where a page has named it wrongly, such as `en_US`.
 *
 * @param {string} tag
 */
function localeOf(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    return "en";
  }
}

/**
 * Asks a groundedqa service, and shows the passages that answer, word for word.
 *
 * @fires grounded-qa-answer
 * @fires grounded-qa-select
 * @fires grounded-qa-error
 */
export class GroundedQA extends HTMLElement {
  static observedAttributes = ["mode", "lang", "src", "label", "placeholder", "question"];

  #root = this.attachShadow({ mode: "open" });
  /** What ends with this stay in the page: listeners outside, requests on their way. */
  #stay = new AbortController();
  /** @type {Panel | null} */
  #panel = null;
  /** @type {HTMLDialogElement | null} */
  #dialog = null;
  #build = 0;

  /** The question that stands in the field. */
  get question() {
    return this.#panel?.input.value ?? "";
  }

  set question(text) {
    if (this.#panel) this.#panel.input.value = text;
  }

  /** The last answer; null before the first. */
  get answer() {
    return this.#panel?.answer ?? null;
  }

  /** Whether the dialog is open. */
  get isOpen() {
    return this.#dialog?.open ?? false;
  }

  /**
   * Ask, as if it had been typed; null where no answer came.
   *
   * @param {string} question
   * @returns {Promise<Answer | null>}
   */
  async ask(question) {
    this.open();
    return (await this.#panel?.ask(question)) ?? null;
  }

  /** Open the dialog, in that mode. */
  open() {
    if (!this.#dialog || this.#dialog.open) return;
    this.#dialog.showModal();
    this.#panel?.input.focus();
  }

  /** Close the dialog, in that mode. */
  close() {
    this.#dialog?.close();
  }

  /** @override */
  focus() {
    const opener = /** @type {HTMLElement | null} */ (this.#root.querySelector("[part=opener]"));
    (opener ?? this.#panel?.input)?.focus();
  }

  connectedCallback() {
    this.#stay = new AbortController();
    document.addEventListener("keydown", (event) => this.#key(event), { signal: this.#stay.signal });
    if (!this.#root.firstChild) void this.#start();
  }

  disconnectedCallback() {
    this.#stay.abort();
    this.#panel?.stop();
    // What was begun and not finished begins anew when it is back.
    if (this.#mode === "related" || !this.#root.firstChild) this.#root.replaceChildren();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#root.firstChild) void this.#start();
  }

  get #mode() {
    return this.getAttribute("mode") ?? "inline";
  }

  /** The service's address, with a slash at its end: by default where this script came from. */
  get #base() {
    const given = this.getAttribute("src");
    const base = given ? new URL(given, document.baseURI) : new URL("..", import.meta.url);
    return base.href.replace(/\/?$/, "/");
  }

  async #start() {
    const build = ++this.#build;
    const near = /** @type {HTMLElement | null} */ (this.closest("[lang]"));
    const language = localeOf(near?.lang ?? "");
    const base = this.#base;
    const words = wordsOf(language, base);
    // Nothing is awaited where nothing must be: English is there at the first paint.
    const ready = words instanceof Promise ? await words : words;
    if (build === this.#build && this.isConnected) this.#show(this.#contextOf(ready, language, base));
  }

  /**
   * @param {Words} words
   * @param {string} language
   * @param {string} base
   * @returns {Context}
   */
  #contextOf(words, language, base) {
    const number = (/** @type {string} */ name, /** @type {number} */ other) =>
      parseInt(this.getAttribute(name) ?? "") || other;
    const collection = this.getAttribute("collection");
    return {
      words,
      language,
      base,
      page: base + (collection ? `collections/${encodeURIComponent(collection)}/` : ""),
      k: number("k", 3),
      level: number("level", 2),
      service: () => new Service(base, this.getAttribute("collection"), this.getAttribute("key")),
      emit: (name, detail) =>
        this.dispatchEvent(
          new CustomEvent(`grounded-qa-${name}`, { detail, bubbles: true, composed: true, cancelable: true }),
        ),
    };
  }

  /** @param {Context} context */
  #show(context) {
    const { words } = context;
    this.#panel?.stop();
    this.#panel = this.#dialog = null;
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(css);
    this.#root.adoptedStyleSheets = [sheet];
    const box = h("div", { part: "root", dir: words.dir });
    if (this.#mode === "related") {
      const section = h("section", { part: "related", "aria-label": words.related });
      const question = this.getAttribute("question") ?? document.querySelector("h1")?.textContent ?? document.title;
      void fillRelated(section, question.trim(), context, this.#stay.signal);
      box.append(section);
    } else this.#panelIn(box, context);
    this.#root.replaceChildren(box);
    this.#takeOver();
  }

  /**
   * @param {HTMLElement} box
   * @param {Context} context
   */
  #panelIn(box, context) {
    const { words } = context;
    const plain = this.querySelector("input");
    const label = this.getAttribute("label") ?? plain?.getAttribute("aria-label") ?? words.label;
    const placeholder = this.getAttribute("placeholder") ?? (plain?.placeholder || words.placeholder);
    const panel = (this.#panel = new Panel(context, { label, placeholder }));
    if (this.#mode !== "dialog") {
      box.append(panel.form, panel.results);
      return;
    }
    const shut = h(
      "button",
      { type: "button", part: "close", "aria-label": words.close, click: () => this.close() },
      icon(CROSS),
    );
    const dialog = (this.#dialog = h(
      "dialog",
      {
        part: "dialog",
        "aria-label": label,
        close: () => panel.stop(),
        // A click on the dialog itself, and on nothing in it, is one beside what it shows.
        click: (/** @type {Event} */ event) => event.target === dialog && dialog.close(),
      },
      h("div", { class: "sheet" }, h("div", { class: "head" }, panel.form, shut), panel.results),
    ));
    const key = this.#shortcut.toUpperCase();
    const opener = h(
      "button",
      {
        type: "button",
        part: "opener",
        "aria-haspopup": "dialog",
        "aria-keyshortcuts": key && `${MAC ? "Meta" : "Control"}+${key}`,
        click: () => this.open(),
      },
      icon(GLASS),
      h("span", {}, label),
      key && h("kbd", { "aria-hidden": "true" }, `${MAC ? "⌘" : "Ctrl"} ${key}`),
    );
    box.append(opener, dialog);
  }

  /** What was typed into the plain form before this stood in its place goes on here. */
  #takeOver() {
    const plain = this.querySelector("input");
    if (!plain || !this.#panel) return;
    this.question = plain.value;
    if (document.activeElement === plain) this.focus();
  }

  /** The key that opens the dialog together with Ctrl or ⌘; alone it could be set off by speech. */
  get #shortcut() {
    return (this.getAttribute("shortcut") ?? "k").toLowerCase();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    const meant = (ctrlKey || metaKey) && !shiftKey && !altKey && key.toLowerCase() === this.#shortcut;
    if (!this.#dialog || !meant || event.defaultPrevented) return;
    event.preventDefault();
    if (this.isOpen) this.close();
    else this.open();
  }
}
