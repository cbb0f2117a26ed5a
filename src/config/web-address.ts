/**
 * Whether a text is an address of the web. A name and a password in it would go into logs of whatever lies on the way,
 * and are refused.
 */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}
