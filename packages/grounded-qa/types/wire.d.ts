/** What the service sends, as `/openapi.json` describes it: what of it the element reads. */

export interface CitedDocument {
  id: string;
  title: string;
  url: string | null;
  publisher: string | null;
  kind: string;
  licence: string | null;
  published: string | null;
  language: string | null;
}

export interface Attribution {
  /** All of it in one line that can be pasted. */
  text: string;
  author: string | null;
  author_url: string | null;
  publisher: string | null;
  licence: string | null;
  licence_url: string | null;
}

export interface Place {
  document: CitedDocument;
  link: string;
}

/** A passage, word for word, and where it stands. */
export interface Citation {
  quote: string;
  best_sentence: { text: string } | null;
  citation_id: string;
  document: CitedDocument;
  section: string[];
  author: string | null;
  role: string | null;
  credential: string | null;
  page: string | null;
  link: string;
  attribution: Attribution;
  also_at: Place[];
  pinned: boolean;
}

export interface Related {
  question: string;
  url: string | null;
}

export interface Answer {
  question: string;
  decision: "answered" | "abstained";
  reason: string | null;
  citations: Citation[];
  near_misses: Citation[];
  related: Related[];
  /** Whether quotes are cut, and there is more behind each link. */
  preview?: boolean;
  /** What feedback names; where it is missing, no feedback is asked for. */
  answer_id?: string | null;
}

export interface Suggestion {
  text: string;
}

export type FailureKind = "offline" | "limit" | "busy" | "refused" | "question" | "failed";

export interface FailureDetail {
  kind: FailureKind;
  /** The HTTP status; 0 where no answer came. */
  status: number;
  /** What the service said of it, for whoever runs the page. */
  detail: string;
  /** Seconds, where the service told them. */
  retryAfter: number | null;
}

export interface SelectDetail {
  kind: "citation" | "suggestion" | "related";
  text: string;
  /** The address that opens; null for a question that is asked here. */
  url: string | null;
}

declare global {
  interface HTMLElementEventMap {
    "grounded-qa-answer": CustomEvent<Answer>;
    "grounded-qa-select": CustomEvent<SelectDetail>;
    "grounded-qa-error": CustomEvent<FailureDetail>;
  }
}
