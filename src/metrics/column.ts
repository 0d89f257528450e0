/** One column of a CSV file. */
export interface Column<Name extends string = string> {
  readonly name: Name;
  /** Empty for names, states and flags. */
  readonly unit: string;
  /** What the number means and how it is computed. */
  readonly meaning: string;
}

/** One CSV file of a result folder. */
export interface CsvFile {
  readonly file: string;
  /** One row is this. */
  readonly row: string;
  readonly order: string;
  readonly columns: readonly Column[];
}

/** A column. */
export const column = <const Name extends string>(name: Name, unit: string, meaning: string): Column<Name> => ({ name, unit, meaning });
