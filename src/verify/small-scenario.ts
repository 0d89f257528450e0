import { decodeScenario } from '../scenario/decode.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { strategies } from '../strategies/registry.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** A scenario as it could stand in a file. */
export type Written = Mapping & { readonly apps: Readonly<Record<string, Mapping>> };

/** The least: one app at a level rate, one node. */
const least: Written = {
  name: 'small',
  start: '2019-11-11T00:00:00+08:00',
  horizon: '10m',
  cluster: { nodes: 1, node: { cpu: 24, memory: '64G' } },
  apps: { app: { service: { time: '10ms' }, traffic: { constant: '100/s' } } },
  strategies: { 'static-peak': { utilisation: '75%' } },
};

/** Decodes a scenario, as from a file whose text is the JSON of `written`: JSON is YAML. */
export const decoded = (written: Written = least): Scenario =>
  decodeScenario({ file: 'small.yaml', text: JSON.stringify(written, undefined, 1) }, { strategies }).scenario;
