import type * as QuietModule from '../../src/serving/fluid/quiet.ts';

/** The module in whose place no service is ever quiet that is made while `isOn`: its stations integrate class by class all the time. For `vi.mock`. */
export const neverQuiet = ({ Quiet }: typeof QuietModule, isOn: () => boolean): typeof QuietModule => ({
  Quiet: class extends Quiet {
    constructor(...given: ConstructorParameters<typeof Quiet>) {
      super(...given);
      if (isOn()) Object.assign(this, { limit: -1 });
    }
  },
});
