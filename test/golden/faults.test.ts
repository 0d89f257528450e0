import { expect, it } from 'vitest';
import { faultMatrix } from '../../bin/fault-matrix.ts';
import { read } from '../house/files.ts';

// Each of its runs fails the test if a check does not hold, if something is still under way at the end, or if a slot or a sidecar is not repaired.
it('docs/faults.md tells what each fault does in each step of a switch, as it is now; npm run generate brings it up to date', () => {
  expect(read('docs/faults.md')).toBe(faultMatrix());
});
