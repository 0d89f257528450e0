/** The fields, frozen; writing to one throws even from code that is not strict, where a frozen object would ignore it. */
export function readOnly<T extends object>(fields: T): Readonly<T> {
  const object = {};
  for (const [key, value] of Object.entries(fields) as [string, unknown][])
    Object.defineProperty(object, key, { get: () => value, set: refuse, enumerable: true });
  return Object.freeze(object) as T;
}

/** What is to be called where something read-only is written to. */
export function refuse(): never {
  throw new TypeError('Cannot assign to a read only property');
}
