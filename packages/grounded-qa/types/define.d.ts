export { GroundedQA } from "./element.js";
