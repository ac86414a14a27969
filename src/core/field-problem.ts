/** One thing wrong with the input. `path` begins at the argument, for example `['input', 'to']`. */
export interface FieldProblem {
  readonly path: readonly string[];
  /** Stable, upper snake case, for example `NOT_A_KOREAN_MOBILE`. */
  readonly rule: string;
  readonly message: string;
}
