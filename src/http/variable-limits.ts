/** What the variables of one operation may hold, whatever their types: long lists, deep values, many of them. */
import { VARIABLE_LIMITS as LIMITS } from './limits.ts';

/** Why they are too much; undefined where they are not. Written without recursion, since JSON may be deeper than a stack. */
export function refuseVariables(variables: unknown): string | undefined {
  const open: { value: unknown; depth: number }[] = [{ value: variables, depth: 0 }];
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > LIMITS.depth) return 'The variables are nested too deeply.';
    if (Array.isArray(value) && value.length > LIMITS.listItems) return 'A list in the variables is too long.';
    const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
    values += parts.length;
    if (values > LIMITS.values) return 'The variables have too many values.';
    for (const part of parts) open.push({ value: part, depth: depth + 1 });
  }
  return undefined;
}
