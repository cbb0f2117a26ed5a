import * as z from 'zod'

/** What is wrong with the address of a model server; nothing when it is fit for use. A user or a password would be shown in messages. */
export function urlProblem(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'must be an address such as http://127.0.0.1:8080'
  const { username, password } = new URL(url)
  return username === '' && password === '' ? undefined : 'must not hold a user name or a password'
}

/**
 * An address as the configuration holds it: `${NAME}` is filled in later, and is empty when NAME is not set.
 * @param whole makes a whole address of a short form
 */
export function configuredUrl(whole: (url: string) => string = (url) => url) {
  return z.string().superRefine((url, context) => {
    const problem = url === '' || url.includes('${') ? undefined : urlProblem(whole(url))
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })
}

/** The address as messages show it, without a query. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/$/, '')}`
}
