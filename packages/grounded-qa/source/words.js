/** The element's own words in English; other languages are one file each, fetched when needed. */
export const ENGLISH = {
  dir: "ltr",
  label: "Ask this site",
  placeholder: "Ask a question",
  ask: "Ask",
  close: "Close",
  suggestions: "Suggestions",
  looking: "Looking…",
  slow: "Still looking. The connection is slow.",
  found: "Passages found: {n}",
  pinned: "Chosen by this site",
  page: "page {n}",
  open: "Read it in the page",
  copy: "Copy citation",
  copied: "Copied",
  also: "Also at",
  related: "Related questions",
  helpful: "Helpful?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you",
  none: "This site does not hold the answer.",
  not_covered: "Try other words, or a narrower question.",
  unknown_words: "None of its pages has a word of your question: check the spelling.",
  empty_corpus: "It has no pages yet.",
  nearest: "Nearest pages",
  nearby: "These came nearest. They are not an answer to your question.",
  preview: "A preview: there is more in the page.",
  offline: "The search can’t be reached. Your question is still here.",
  limit: "That was a lot of questions. Try again in {n} seconds.",
  busy: "The search is busy. Try again in a moment.",
  refused: "The search takes no questions from this page.",
  question: "This question can’t be read. Try a shorter one.",
  failed: "Something went wrong.",
  retry: "Try again",
};

/** @typedef {typeof ENGLISH} Words */

const LANGUAGES = ["ar", "de", "es", "fr"];

/**
 * The words of a language; English where it has none, or they can't be had.
 *
 * They are data and not a script, so that a tag that is pinned by its digest runs no other code.
 *
 * @param {string} language a tag such as `de-AT`
 * @param {string} base the service's address
 * @returns {Promise<Words> | Words}
 */
export function wordsOf(language, base) {
  const name = language.toLowerCase().split("-")[0] ?? "";
  if (!LANGUAGES.includes(name)) return ENGLISH;
  return fetch(new URL(`widget/${name}.json`, base), { credentials: "omit" })
    .then((response) => (response.ok ? response.json() : {}))
    .then((words) => ({ ...ENGLISH, ...words }))
    .catch(() => ENGLISH);
}

/**
 * @param {string} text
 * @param {string | number} n
 */
export const fill = (text, n) => text.replace("{n}", String(n));
