/** Takes out the keys that have no value, so that they do not stand in the JSON. */
export function withoutUndefined<Of extends object>(record: Of): Of {
  for (const key of Object.keys(record)) if (Reflect.get(record, key) === undefined) Reflect.deleteProperty(record, key)
  return record
}
