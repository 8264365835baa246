import { follow, heading } from "./answer.js";
import { h, web } from "./dom.js";
import { toldOf } from "./service.js";

/** @import { Context } from "./context.d.ts" */

const MOST = 5;

/**
 * Fill a section with the site's own questions that are nearest to one; it is hidden without any.
 *
 * @param {HTMLElement} section
 * @param {string} question
 * @param {Context} context
 * @param {AbortSignal} signal
 */
export async function fillRelated(section, question, context, signal) {
  const { words, page } = context;
  try {
    const wanted = { k: 1, related: MOST + 1, near_misses: false };
    const { related } = await context.service().ask(question.slice(0, 1000), wanted, signal);
    const here = location.href.split("#")[0];
    const links = related
      .filter((each) => each.url !== here && each.question.toLowerCase() !== question.toLowerCase())
      .slice(0, MOST)
      .map(({ question: text, url }) => {
        const address = web(url) ?? `${page}?q=${encodeURIComponent(text)}`;
        return h("li", {}, follow(context, { kind: "related", text }, address, { dir: "auto" }, text));
      });
    section.replaceChildren(heading(context, words.related), h("ul", {}, ...links));
    section.hidden = links.length === 0;
  } catch (error) {
    if (signal.aborted) return;
    section.hidden = true;
    context.emit("error", toldOf(error));
  }
}
