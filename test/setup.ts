import fc from 'fast-check'

// What lands is decided by the same cases every time (.ci/run gives a seed); whoever works here tries others with each run.
const { PROPERTY_SEED } = process.env

fc.configureGlobal({
  // Who says `maxLength: 30` means lists of up to thirty; without this they hold ten at most.
  defaultSizeToMaxWhenMaxSpecified: true,
  ...(PROPERTY_SEED === undefined ? {} : { seed: Number(PROPERTY_SEED) }),
})
