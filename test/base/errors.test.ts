import { describe, expect, it } from 'vitest';
import { InvariantError, assert, defined, unreachable } from '../../src/base/assert.ts';
import { InputError, OutputError, PluginError } from '../../src/base/errors.ts';

describe('errors', () => {
  it.each([
    ['InputError', new InputError('x')],
    ['PluginError', new PluginError('x')],
    ['OutputError', new OutputError('x')],
    ['InvariantError', new InvariantError('x')],
  ])('%s goes by its own name', (name, error) => {
    expect([error.name, error.message]).toEqual([name, 'x']);
  });

  it("count a plug-in's mistake as the user's, and our own as nobody else's", () => {
    expect(new PluginError('x')).toBeInstanceOf(InputError);
    expect(new InvariantError('x')).not.toBeInstanceOf(InputError);
    expect(new OutputError('x')).not.toBeInstanceOf(InputError);
  });
});

describe('promises of our own code', () => {
  it('let a true condition pass and stop at a false one', () => {
    expect(() => assert(true, 'never said')).not.toThrow();
    expect(() => assert(false, 'time went back')).toThrow(new InvariantError('time went back'));
  });

  it('name what is missing, and take 0, false and the empty text as present', () => {
    expect(() => defined(undefined, 'app pay')).toThrow(new InvariantError('app pay is missing'));
    expect([defined(0, 'x'), defined(false, 'x'), defined('', 'x'), defined(null, 'x')]).toEqual([0, false, '', null]);
  });

  it('show the value that no case of a closed switch took', () => {
    expect(() => unreachable({ kind: 'new' } as never)).toThrow(new InvariantError('unreachable: {"kind":"new"}'));
  });
});
