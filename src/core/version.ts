declare const TUTTI_VERSION: string | undefined

/** This program's version; the build puts it in from package.json. */
export const VERSION: string = typeof TUTTI_VERSION === 'string' ? TUTTI_VERSION : '0.0.0-source'

/** Whether this is the built program, with its packages inside, and not its source. */
export const IS_BUNDLED = typeof TUTTI_VERSION === 'string'
