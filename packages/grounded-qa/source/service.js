/** @import { Answer, FailureDetail, FailureKind, Suggestion } from "../types/wire.d.ts" */

const PATIENCE = 30_000; // milliseconds until a silent service counts as not reached

/** Why there is no answer. */
export class Failure extends Error {
  /**
   * @param {FailureKind} kind
   * @param {number} status
   * @param {string} detail
   * @param {number | null} retryAfter
   */
  constructor(kind, status = 0, detail = "", retryAfter = null) {
    super(detail);
    /** @type {FailureDetail} */
    this.told = { kind, status, detail, retryAfter };
  }
}

/**
 * @param {unknown} error
 * @returns {FailureDetail}
 */
export function toldOf(error) {
  return (error instanceof Failure ? error : new Failure("failed", 0, String(error))).told;
}

/** @type {Record<number, FailureKind>} */
const KINDS = { 401: "refused", 403: "refused", 413: "question", 422: "question", 429: "limit", 503: "busy" };

/** A groundedqa service, or one collection of it. */
export class Service {
  #base;
  #key;

  /**
   * @param {string} base
   * @param {string | null} collection
   * @param {string | null} key
   */
  constructor(base, collection, key) {
    const path = collection ? `v1/collections/${encodeURIComponent(collection)}/` : "v1/";
    this.#base = new URL(path, base);
    this.#key = key;
  }

  /**
   * @param {string} question
   * @param {{ k: number, related: number, near_misses: boolean }} wanted
   * @param {AbortSignal} signal
   * @returns {Promise<Answer>}
   */
  ask(question, wanted, signal) {
    return this.#json("ask", signal, { question, ...wanted });
  }

  /**
   * @param {string} typed
   * @param {AbortSignal} signal
   * @returns {Promise<Suggestion[]>}
   */
  async suggest(typed, signal) {
    return (await this.#json(`suggest?k=6&q=${encodeURIComponent(typed)}`, signal)).suggestions;
  }

  /**
   * @param {string} answer_id
   * @param {string} citation_id
   * @param {boolean} helpful
   */
  async feedback(answer_id, citation_id, helpful) {
    await this.#send("feedback", null, { answer_id, citation_id, helpful });
  }

  /**
   * @param {string} path
   * @param {AbortSignal} signal
   * @param {object} [body]
   */
  async #json(path, signal, body) {
    const response = await this.#send(path, signal, body);
    try {
      return await response.json();
    } catch {
      signal.throwIfAborted();
      throw new Failure("failed", response.status, "the answer is no JSON");
    }
  }

  /**
   * @param {string} path
   * @param {AbortSignal | null} signal
   * @param {object} [body]
   * @returns {Promise<Response>}
   */
  async #send(path, signal, body) {
    /** @type {Record<string, string>} */
    const headers = {};
    if (this.#key) headers["Authorization"] = `Bearer ${this.#key}`;
    if (body) headers["Content-Type"] = "application/json";
    const patience = AbortSignal.timeout(PATIENCE);
    const response = await fetch(new URL(path, this.#base), {
      method: body ? "POST" : "GET",
      headers,
      body: body ? JSON.stringify(body) : null,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    }).catch((error) => {
      signal?.throwIfAborted();
      throw new Failure("offline", 0, String(error));
    });
    if (response.ok) return response;
    const { status } = response;
    const problem = await response.json().catch(() => ({}));
    const wait = parseInt(response.headers.get("Retry-After") ?? "");
    throw new Failure(KINDS[status] ?? "failed", status, String(problem.detail ?? ""), wait >= 0 ? wait : null);
  }
}
