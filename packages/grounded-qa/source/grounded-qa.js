import { GroundedQA } from "./element.js";

// A page may have it twice: in its own bundle, and by the tag.
if (!customElements.get("grounded-qa")) customElements.define("grounded-qa", GroundedQA);

export { GroundedQA };
