declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** A moment: integer µs since the scenario's start. */
export type Time = Branded<number, 'Time'>;
/** A difference of moments: integer µs. */
export type Duration = Branded<number, 'Duration'>;
export type AppName = Branded<string, 'AppName'>;
export type GroupName = Branded<string, 'GroupName'>;
export type ZoneName = Branded<string, 'ZoneName'>;
export type OperationId = Branded<number, 'OperationId'>;

export const time = (microseconds: number): Time => microseconds as Time;
export const duration = (microseconds: number): Duration => microseconds as Duration;
export const appName = (name: string): AppName => name as AppName;
export const groupName = (name: string): GroupName => name as GroupName;
export const zoneName = (name: string): ZoneName => name as ZoneName;
export const operationId = (index: number): OperationId => index as OperationId;

export const microsecondsPerSecond = 1e6;
/** µs → s. */
export const inSeconds = (t: Time | Duration): number => t / microsecondsPerSecond;
/** s → the nearest whole µs, halves up. */
export const fromSeconds = (seconds: number): Duration => duration(Math.round(seconds * microsecondsPerSecond));
/** `t` later by `d`. */
export const after = (t: Time, d: Duration): Time => time(t + d);
/** 1 GiB in bytes. */
export const gibibyte = 1024 * 1024 * 1024;
