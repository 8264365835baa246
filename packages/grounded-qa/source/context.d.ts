import type { Answer, FailureDetail, SelectDetail } from "../types/wire.d.ts";
import type { Service } from "./service.js";
import type { Words } from "./words.js";

/** What the parts of one element share. */
export interface Context {
  words: Words;
  /** The language that dates are written in. */
  language: string;
  /** How many passages at most. */
  k: number;
  /** The level of an answer's headings. */
  level: number;
  /** The address that links of the service are relative to. */
  base: string;
  /** The service's own page to ask at. */
  page: string;
  service(): Service;
  /** Tell the page; false: it has taken care of it. */
  emit(name: "select", detail: SelectDetail): boolean;
  emit(name: "answer", detail: Answer): boolean;
  emit(name: "error", detail: FailureDetail): boolean;
}
