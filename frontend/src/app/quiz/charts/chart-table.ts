/** The numbers of a chart, for those who would rather read them. */
export interface ChartTable {
  /** What the rows are, then what each column of values is. */
  readonly head: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly string[] }[];
}
