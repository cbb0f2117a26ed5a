import type { z } from '@hono/zod-openapi'

type Issue = z.core.$ZodIssue

/** What is wrong with what was sent, for whoever sent it. Of what may have several shapes it says what each of them lacks. */
export function issuesText(issues: readonly Issue[]): string {
  return issues.map(issueText).join('; ')
}

function issueText(issue: Issue): string {
  const shapes = issue.code === 'invalid_union' ? issue.errors.filter((errors) => errors.length > 0) : []
  const what = shapes.length === 0 ? issue.message : shapes.map(issuesText).join(', or ')
  return [issue.path.join('.'), what].filter((part) => part !== '').join(': ')
}
