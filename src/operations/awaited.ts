import { defined } from '../base/assert.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import type { Operation } from './operation.ts';
import type { World } from './world.ts';

interface Waiting {
  readonly operation: Operation;
  readonly units: Set<Pod | Slot>;
  /** Whether its order has been given in full: before, it cannot be done. */
  ordered: boolean;
}

/** What `scale` and `reserve` wait for: an operation is done when every pod or slot is as it was asked to be. A newer order for the same takes over what is left. */
export class Awaited {
  readonly #world: World;
  readonly #waiting = new Map<number, Waiting>();

  constructor(world: World) {
    this.#world = world;
  }

  /** `older`: the last operation for the same pods or slots, over or not. */
  begin(operation: Operation, older: Operation | undefined): void {
    this.#waiting.set(operation.id, { operation, units: new Set(), ordered: false });
    const left = older && this.#waiting.get(older.id);
    if (!left) return;
    for (const unit of left.units) this.add(operation, unit);
    older.notes.set('superseded', `superseded by operation ${String(operation.id)}`);
    this.#end(older, 'superseded');
  }

  /** The operation waits for one more. */
  add(operation: Operation, unit: Pod | Slot): void {
    const { units } = defined(this.#waiting.get(operation.id), 'operation');
    if (units.has(unit)) return;
    unit.operation = operation.id;
    units.add(unit);
    operation.requested++;
  }

  /** The order has been given in full. */
  ordered(operation: Operation): void {
    const waiting = defined(this.#waiting.get(operation.id), 'operation');
    waiting.ordered = true;
    if (waiting.units.size === 0) this.#end(operation, 'done');
  }

  /** What is waited for was given up and made anew. */
  replace(unit: Pod | Slot, anew: Pod | Slot): void {
    const units = this.#waiting.get(unit.operation ?? -1)?.units;
    if (units?.delete(unit) !== true) return;
    anew.operation = unit.operation;
    units.add(anew);
  }

  /** The pod or slot is as it was asked to be. */
  done(unit: Pod | Slot): void {
    const waiting = this.#waiting.get(unit.operation ?? -1);
    if (waiting?.units.delete(unit) !== true) return;
    waiting.operation.done++;
    if (waiting.ordered && waiting.units.size === 0) this.#end(waiting.operation, 'done');
  }

  #end(operation: Operation, state: 'done' | 'superseded'): void {
    this.#waiting.delete(operation.id);
    operation.state = state;
    operation.ended = this.#world.now();
    this.#world.emit({ kind: 'operation', operation });
  }
}
