import { expect, it } from 'vitest';
import { startScreen, withScreen } from '../../bin/readme-screen.ts';
import { read } from '../house/files.ts';

it('the README shows what npm start prints; npm run generate brings it up to date', async () => {
  const readme = read('README.md');
  expect(readme).toBe(withScreen(readme, await startScreen()));
  expect(withScreen(readme, 'a\n')).not.toBe(readme); // there is a block to compare
});
