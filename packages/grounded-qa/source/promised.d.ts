// What the package's types promise is what the class has: else this is a type error.
import type { GroundedQA as Promised } from "../types/element.d.ts";
import type { GroundedQA } from "./element.js";

type Holds<T extends true> = T;
export type Kept = Holds<GroundedQA extends Promised ? true : false>;
