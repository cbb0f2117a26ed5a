import fc from 'fast-check'

// Who says `maxLength: 30` means lists of up to thirty; without this they hold ten at most.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true })
