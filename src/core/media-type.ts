const BY_EXTENSION: Readonly<Record<string, string>> = {
  // Text and data
  adoc: 'text/plain',
  csv: 'text/csv',
  css: 'text/css',
  htm: 'text/html',
  html: 'text/html',
  json: 'application/json',
  jsonl: 'application/jsonl',
  log: 'text/plain',
  md: 'text/markdown',
  mdx: 'text/markdown',
  rst: 'text/plain',
  toml: 'application/toml',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  // Source code
  astro: 'text/html',
  bash: 'text/x-shellscript',
  bat: 'text/plain',
  c: 'text/x-c',
  cc: 'text/x-c++',
  cfg: 'text/plain',
  cjs: 'text/javascript',
  clj: 'text/x-clojure',
  cmake: 'text/plain',
  conf: 'text/plain',
  cpp: 'text/x-c++',
  cs: 'text/x-csharp',
  csproj: 'application/xml',
  dart: 'text/x-dart',
  diff: 'text/x-diff',
  erl: 'text/x-erlang',
  ex: 'text/x-elixir',
  exs: 'text/x-elixir',
  go: 'text/x-go',
  gradle: 'text/x-groovy',
  graphql: 'application/graphql',
  h: 'text/x-c',
  hpp: 'text/x-c++',
  hs: 'text/x-haskell',
  ini: 'text/plain',
  ipynb: 'application/json',
  java: 'text/x-java',
  js: 'text/javascript',
  jsx: 'text/javascript',
  kt: 'text/x-kotlin',
  less: 'text/x-less',
  lock: 'text/plain',
  lua: 'text/x-lua',
  mjs: 'text/javascript',
  mod: 'text/plain',
  nix: 'text/plain',
  patch: 'text/x-diff',
  php: 'text/x-php',
  pl: 'text/x-perl',
  prisma: 'text/plain',
  properties: 'text/plain',
  proto: 'text/x-protobuf',
  ps1: 'text/x-powershell',
  py: 'text/x-python',
  r: 'text/x-r',
  rb: 'text/x-ruby',
  rs: 'text/x-rust',
  sass: 'text/x-sass',
  scala: 'text/x-scala',
  scss: 'text/x-scss',
  service: 'text/plain',
  sh: 'text/x-shellscript',
  sol: 'text/plain',
  sql: 'application/sql',
  sum: 'text/plain',
  svelte: 'text/x-svelte',
  swift: 'text/x-swift',
  tex: 'text/x-tex',
  tf: 'text/x-terraform',
  ts: 'text/x-typescript',
  tsx: 'text/x-typescript',
  vb: 'text/x-vb',
  vue: 'text/x-vue',
  zig: 'text/x-zig',
  // Images, documents, archives
  gif: 'image/gif',
  gz: 'application/gzip',
  ico: 'image/vnd.microsoft.icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  wasm: 'application/wasm',
  wav: 'audio/wav',
  webp: 'image/webp',
  woff2: 'font/woff2',
  zip: 'application/zip',
}

/**
 * The media type that a file's name suggests. A name without an extension (`Makefile`, `LICENSE`,
 * `.gitignore`) is text; an unknown extension says nothing.
 */
export function mediaType(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return 'text/plain'
  return byExtension(name.slice(dot + 1)) ?? 'application/octet-stream'
}

/** Whether an extension (without its dot) is one of those that we know. */
export function isKnownExtension(extension: string): boolean {
  return byExtension(extension) !== undefined
}

function byExtension(extension: string): string | undefined {
  const key = extension.toLowerCase()
  return Object.hasOwn(BY_EXTENSION, key) ? BY_EXTENSION[key] : undefined
}
