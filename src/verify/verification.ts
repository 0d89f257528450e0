import type { Claim } from './claim.ts';
import type { ClaimGroup, Effort } from './group.ts';

/** A claim and the group it belongs to. */
export interface ClaimRow extends Claim {
  readonly group: string;
}

/** Tries the claims of the groups one after another; `tried` hears of each when it is done. */
export function verification(
  groups: readonly ClaimGroup[],
  effort: Effort,
  tried: (row: ClaimRow) => void = () => undefined,
): readonly ClaimRow[] {
  const rows: ClaimRow[] = [];
  for (const { name, claims } of groups)
    for (const claim of claims(effort)) {
      const row = { group: name, ...claim };
      rows.push(row);
      tried(row);
    }
  return rows;
}

/** The rows as JSON, with the command that makes them again. A field that does not apply is left out. */
export function verificationJson(rows: readonly ClaimRow[], made: Effort & { readonly version: string }): string {
  const { version, quick, seed } = made;
  return `${JSON.stringify({ tool: 'fenshi', version, quick, seed, claims: rows }, undefined, 2)}\n`;
}
