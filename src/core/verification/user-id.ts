/** What may name a person: one rule for codes, passkeys and push, since all of them go to the provider as one name. */
import type { FieldProblem } from '../field-problem.ts';

const maxUserIdLength = 128;
/** No blank at either end: one provider cuts it off and another does not, and two people would be one. */
const userIdForm = /^(?! )[\p{L}\p{M}\p{N}\p{P}\p{S} ]+(?<! )$/u;

/** 1 to 128 printable characters, with no blank at either end. The rule that is broken: FORM. */
export function userIdProblems(userId: string | undefined): FieldProblem[] {
  if (userId !== undefined && userId.length <= maxUserIdLength && userIdForm.test(userId)) return [];
  const message = `Give 1 to ${maxUserIdLength} printable characters, with no blank at either end.`;
  return [{ path: ['input', 'userId'], rule: 'FORM', message }];
}
