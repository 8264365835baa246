import type { Answer } from "./wire.d.ts";

export type { Answer, Citation, FailureDetail, SelectDetail } from "./wire.d.ts";

/** The class of `<grounded-qa>`; importing it defines nothing. */
export declare class GroundedQA extends HTMLElement {
  /** The question that stands in the field. */
  question: string;
  /** The last answer; null before the first. */
  readonly answer: Answer | null;
  /** Whether the dialog is open. */
  readonly isOpen: boolean;
  /** Ask, as if it had been typed; null where no answer came. */
  ask(question: string): Promise<Answer | null>;
  open(): void;
  close(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "grounded-qa": GroundedQA;
  }
}
