/** A copy without the keys that have no value, so that they do not stand in the JSON. */
export function withoutUndefined<Of extends object>(record: Of): Of {
  // Not a copy of everything from which keys are deleted: that makes an object slow to read and to write out.
  const kept: Of = Object.create(Object.prototype)
  for (const key in record) if (record[key] !== undefined) kept[key] = record[key]
  return kept
}
