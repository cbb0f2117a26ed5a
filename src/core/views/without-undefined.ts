/** A copy without the keys that have no value, so that they do not stand in the JSON. */
export function withoutUndefined<Of extends object>(record: Of): Of {
  const kept: Partial<Of> = {}
  for (const key in record) if (record[key] !== undefined) kept[key] = record[key]
  return kept as Of
}
