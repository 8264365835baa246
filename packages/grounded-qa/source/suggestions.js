import { h } from "./dom.js";

/** @import { Context } from "./context.d.ts" */

const PAUSE = 150; // milliseconds of no typing until suggestions are asked for
const SHORTEST = 2;

/** Suggestions below a text field, as the ARIA practice for a combobox has them. */
export class Suggestions {
  list;
  #input;
  #context;
  #choose;
  #active = -1;
  #timer = 0;
  #request = new AbortController();

  /**
   * @param {HTMLInputElement} input
   * @param {Context} context
   * @param {(text: string) => void} choose
   */
  constructor(input, context, choose) {
    this.#input = input;
    this.#context = context;
    this.#choose = choose;
    this.list = h("ul", {
      id: "list",
      role: "listbox",
      part: "list",
      hidden: true,
      "aria-label": context.words.suggestions,
      // The field keeps the focus while an option is pressed.
      pointerdown: (/** @type {Event} */ event) => event.preventDefault(),
    });
    input.addEventListener("input", () => this.#later());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.close());
  }

  /** Close the list, and forget what was asked for. */
  close() {
    clearTimeout(this.#timer);
    this.#request.abort();
    this.#show([]);
  }

  #later() {
    clearTimeout(this.#timer);
    this.#request.abort();
    const typed = this.#input.value.trim();
    if (typed.length < SHORTEST) return this.#show([]);
    this.#timer = window.setTimeout(() => this.#fetch(typed), PAUSE);
  }

  /** @param {string} typed */
  async #fetch(typed) {
    const { signal } = (this.#request = new AbortController());
    try {
      const found = await this.#context.service().suggest(typed, signal);
      if (!signal.aborted) this.#show(found.map(({ text }) => text));
    } catch {
      // The question can be asked without them.
      if (!signal.aborted) this.#show([]);
    }
  }

  /** @param {string[]} texts */
  #show(texts) {
    this.list.replaceChildren(
      ...texts.map((text, at) =>
        h(
          "li",
          {
            id: `o${at}`,
            role: "option",
            part: "option",
            dir: "auto",
            "aria-selected": "false",
            click: () => this.#take(text),
          },
          text,
        ),
      ),
    );
    this.list.hidden = texts.length === 0;
    this.#input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.#move(-1);
  }

  /** @param {number} to */
  #move(to) {
    this.#active = to;
    const options = [...this.list.children];
    for (const [at, option] of options.entries())
      option.setAttribute("aria-selected", String(at === to));
    const active = options[to];
    if (active) {
      this.#input.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }

  /** @param {string} text */
  #take(text) {
    this.close();
    if (this.#context.emit("select", { kind: "suggestion", text, url: null })) this.#choose(text);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { length } = this.list.children;
    // While a word is put together (Japanese, say) keys belong to that.
    if (!length || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = this.list.children[this.#active]?.textContent;
    if (step) {
      // One place more than there are options: the field itself.
      this.#move(((this.#active + 1 + step + length + 1) % (length + 1)) - 1);
    } else if (event.key === "Enter" && chosen) this.#take(chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}
