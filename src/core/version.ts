declare const TUTTI_VERSION: string | undefined

/** This program's version; the build puts it in from package.json. */
export const VERSION: string = typeof TUTTI_VERSION === 'string' ? TUTTI_VERSION : '0.0.0-source'
