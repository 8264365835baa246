import { answerOf } from "./answer.js";
import { h, icon } from "./dom.js";
import { toldOf } from "./service.js";
import { Suggestions } from "./suggestions.js";
import { fill } from "./words.js";

/** @import { Answer } from "../types/wire.d.ts" */
/** @import { Context } from "./context.d.ts" */

const SLOW = 3000; // milliseconds until it is said that it takes long
export const GLASS = "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm4.8 11.3L20 20";

/** The field to ask in, and what comes of it. */
export class Panel {
  form;
  input;
  results;
  /** @type {Answer | null} */
  answer = null;
  #context;
  #suggestions;
  #status = h("p", { role: "status", part: "status" });
  #body = h("div", { part: "answer" });
  #request = new AbortController();

  /**
   * @param {Context} context
   * @param {{ label: string, placeholder: string }} shown
   */
  constructor(context, { label, placeholder }) {
    const { words } = context;
    this.#context = context;
    this.input = h("input", {
      part: "input",
      role: "combobox",
      enterkeyhint: "search",
      autocomplete: "off",
      maxlength: 10000,
      dir: "auto",
      placeholder,
      "aria-label": label,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "list",
    });
    this.#suggestions = new Suggestions(this.input, context, (text) => void this.ask(text));
    this.form = h(
      "form",
      {
        role: "search",
        part: "form",
        "aria-label": label,
        submit: (/** @type {Event} */ event) => {
          event.preventDefault();
          void this.ask(this.input.value);
        },
      },
      h("div", { part: "field" }, icon(GLASS), this.input, h("button", { part: "button" }, words.ask)),
      this.#suggestions.list,
    );
    this.results = h("div", { part: "results" }, this.#status, this.#body);
  }

  /** Give up what is on its way. */
  stop() {
    this.#suggestions.close();
    this.#request.abort();
  }

  /**
   * Ask, and show what comes of it; null where nothing did, or another question came after it.
   *
   * @param {string} text
   * @returns {Promise<Answer | null>}
   */
  async ask(text) {
    const question = text.trim();
    this.stop();
    if (!question) return null;
    this.input.value = question;
    const { words, service, k } = this.#context;
    const { signal } = (this.#request = new AbortController());
    this.#reserve();
    this.#say("busy", words.looking);
    this.#body.replaceChildren(h("div", { class: "skeleton", "aria-hidden": "true" }));
    const slow = setTimeout(() => this.#say("busy", words.slow), SLOW);
    try {
      const answer = await service().ask(question, { k, related: 4, near_misses: true }, signal);
      signal.throwIfAborted();
      this.#show(answer);
      return answer;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      else if (signal === this.#request.signal) this.#clear();
      return null;
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param {Answer} answer */
  #show(answer) {
    const { words } = this.#context;
    this.answer = answer;
    const found = answer.citations.length;
    if (found) this.#say("found", fill(words.found, found));
    else {
      const why = words[/** @type {"not_covered"} */ (answer.reason ?? "")] ?? "";
      this.#say("note", h("strong", {}, words.none), ` ${why}`);
    }
    this.#body.replaceChildren(
      ...answerOf(answer, this.#context, (next) => {
        this.input.focus();
        void this.ask(next);
      }).filter((each) => each !== false),
    );
    this.#context.emit("answer", answer);
  }

  /** @param {unknown} error */
  #fail(error) {
    const { words } = this.#context;
    const told = toldOf(error);
    const { kind, retryAfter } = told;
    const patient = kind === "limit" && retryAfter === null ? words.busy : words[kind];
    this.#say("note", fill(patient, retryAfter ?? ""));
    const again = () => {
      this.input.focus();
      void this.ask(this.input.value);
    };
    const helps = kind !== "refused" && kind !== "question";
    this.#body.replaceChildren(helps ? h("button", { type: "button", part: "retry", click: again }, words.retry) : "");
    this.#context.emit("error", told);
  }

  /**
   * @param {string} state
   * @param {...(Node | string)} what
   */
  #say(state, ...what) {
    this.results.dataset["state"] = state;
    this.#status.replaceChildren(...what);
  }

  #clear() {
    this.#say("");
    this.#body.replaceChildren();
  }

  /** What stands below moves once, with the key that asked, and not again when the answer comes. */
  #reserve() {
    const { top } = this.results.getBoundingClientRect();
    this.results.style.minBlockSize = `${Math.max(0, innerHeight - top)}px`;
  }
}
