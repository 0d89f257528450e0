/** An app whose pods come and go. */
export interface PodDemand {
  /** Of a pod, millicores. */
  readonly size: number;
  readonly least: number;
  /** Pods that serve all of a step. */
  readonly all: (step: number) => number;
  /** Price of what is lost in a step with so many pods; convex. */
  readonly loss: (step: number, pods: number) => number;
  /** Steps from the order to the pod that serves. */
  readonly lead: number;
}

export interface PodProblem {
  readonly apps: readonly PodDemand[];
  readonly steps: number;
  /** Price of a millicore that is held for a step; 0 where the most is paid for all of the time. */
  readonly held: number;
  /** Price of a millicore that is there at any time; 0 where it is paid while it is held. */
  readonly owned: number;
  readonly created: number;
}

export interface PodPlan {
  readonly cost: number;
  /** Most that may be reserved at a time, millicores. */
  readonly room: number;
  /** Pods that are wanted, by app and step. */
  readonly wanted: readonly (readonly number[])[];
}

/** Sizes of the room that are tried: so many over all of them, and again about the best. */
const tries = 40;
/** Prices of a millicore at which it is known what the apps would do without. */
const prices = 24;

/**
 * A cheap plan of pods that are made and deleted as they are needed. In a step an app has the pods that are worth their cores, ordered a lead before, and keeps idle ones where to make
 * them anew would cost more; where cores are paid for all of the time, for nothing, as long as nobody else needs the room. Of the sizes of the room that are tried the plan is that
 * with the one in which all costs least. Where room is short, cores get a price, which rises until what is worth more fits (Lagrange).
 */
export function podPlan(problem: PodProblem): PodPlan {
  const { apps, steps, owned, held, created } = problem;
  const dearest = Math.max(0, ...apps.map(({ size, least, loss, all }) => Math.max(...Array.from({ length: steps }, (_, k) => (all(k) > least ? loss(k, least) - loss(k, least + 1) : 0))) / size)); // prettier-ignore
  /** Pods by price, app and step. */
  const atPrice = Array.from({ length: owned === 0 ? 1 : prices + 1 }, (_, i) =>
    apps.map((app) => Array.from({ length: steps }, (_, k) => needOf(app, k, held + (dearest * i) / prices))),
  );
  const [needed = []] = atPrice;
  const early = needed.map((pods, a) => ahead(pods, (apps[a] as PodDemand).lead));
  const kept = apps.map(({ size, lead }, a) =>
    keptOf(early[a] as readonly number[], size * held === 0 ? Infinity : created / (size * held) + lead),
  );
  const sizeOf = (pods: readonly (readonly number[])[], k: number): number =>
    apps.reduce((sum, { size }, a) => sum + size * (pods[a]?.[k] as number), 0);
  const most = Math.max(...Array.from({ length: steps }, (_, k) => sizeOf(kept, k)));

  const inRoom = (room: number): PodPlan => {
    /** Raises pods in a step towards those of `to`, as far as there is room. */
    const fill = (pods: readonly number[][], to: readonly (readonly number[])[], k: number): void => {
      let left = room - sizeOf(pods, k);
      apps.forEach(({ size }, a) => {
        const list = pods[a] as number[];
        const more = Math.max(0, Math.min((to[a]?.[k] as number) - (list[k] as number), Math.floor(left / size)));
        list[k] = (list[k] as number) + more;
        left -= more * size;
      });
    };
    const served = apps.map(() => new Array<number>(steps).fill(0));
    for (let k = 0; k < steps; k++) {
      const priced = atPrice.find((pods) => sizeOf(pods, k) <= room) ?? apps.map(({ least }) => new Array<number>(steps).fill(least));
      served.forEach((list, a) => {
        list[k] = priced[a]?.[k] as number;
      });
      fill(served, needed, k);
    }
    const wanted = served.map((list) => [...list]);
    const soon = served.map((list, a) => ahead(list, (apps[a] as PodDemand).lead));
    for (let k = 0; k < steps; k++) {
      fill(wanted, soon, k);
      fill(wanted, kept, k);
    }
    return { room, wanted, cost: costOf(problem, wanted) };
  };
  if (owned === 0) return inRoom(most);
  const least = apps.reduce((sum, app) => sum + app.size * app.least, 0);
  const tried = (low: number, high: number): readonly PodPlan[] =>
    Array.from({ length: tries }, (_, i) => inRoom(low + ((high - low) * (i + 1)) / tries));
  const cheapest = (plans: readonly PodPlan[]): PodPlan => plans.reduce((best, plan) => (plan.cost < best.cost ? plan : best));
  const rough = cheapest(tried(least, most));
  const by = (most - least) / tries;
  return cheapest([rough, ...tried(Math.max(least, rough.room - by), Math.min(most, rough.room + by))]);
}

/** Pods that save more than their cores cost in the step. */
function needOf({ size, least, all, loss }: PodDemand, step: number, held: number): number {
  let [low, high] = [least, Math.max(least, all(step))];
  // A pod more saves ever less.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (loss(step, middle) - loss(step, middle + 1) > size * held) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The most of each step and the `lead` after it. */
const ahead = (pods: readonly number[], lead: number): readonly number[] => pods.map((_, k) => Math.max(...pods.slice(k, k + lead + 1)));

/** What is wanted where nothing that is needed again within `patience` steps is given up: every gap of so many steps at most is filled. Before the start there is all one could want, for nothing. */
function keptOf(pods: readonly number[], patience: number): readonly number[] {
  const steps = Math.floor(Math.min(patience, pods.length));
  const spread = Array.from({ length: pods.length + steps }, (_, i) => (i < steps ? Infinity : Math.max(...pods.slice(i - steps, i + 1))));
  return pods.map((_, k) => Math.min(...spread.slice(k, k + steps + 1)));
}

function costOf({ apps, steps, held, owned, created }: PodProblem, wanted: readonly (readonly number[])[]): number {
  let [cost, most] = [0, 0];
  for (let k = 0; k < steps; k++) {
    let reserved = 0;
    apps.forEach(({ size, lead, loss }, a) => {
      const pods = wanted[a] as readonly number[];
      const now = pods[k] as number;
      reserved += size * now;
      cost += loss(k, Math.min(...pods.slice(Math.max(0, k - lead), k + 1))) + created * Math.max(0, now - (pods[k - 1] ?? now));
    });
    cost += reserved * held;
    most = Math.max(most, reserved);
  }
  return cost + most * owned;
}
