import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { Figure, Remark } from './figure.ts'
import { isSameKind, Machine } from './machine.ts'

/** What one run of the bench found. */
export const Report = z.strictObject({
  v: z.literal(1),
  /** When it began (ISO 8601, UTC). */
  at: z.iso.datetime(),
  commit: z.string(),
  /** There was more in the folder than the commit. */
  dirty: z.boolean(),
  /** A first look: fewer rounds. */
  quick: z.boolean(),
  machine: Machine,
  /** How many processes wanted a core when it began, for each core: from 1 on, others were at work. */
  busy: z.number(),
  rows: z.array(z.strictObject({ name: z.string(), about: z.string(), baseline: z.string(), lines: z.array(z.discriminatedUnion('is', [Figure, Remark])) })),
})
export type Report = z.infer<typeof Report>

const RESULTS = new URL('results/', import.meta.url).pathname

/** Writes a report to where earlier ones lie. Rows that it lacks stay as one of the same day and commit found them. @returns its path */
export async function writeReport(report: Report, folder = RESULTS): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${report.at.slice(0, 10)}-${report.commit}${report.dirty ? '-dirty' : ''}${report.quick ? '-quick' : ''}.json`)
  const earlier = await readReport(path).catch(() => undefined)
  const rows = new Map([...(earlier?.rows ?? []), ...report.rows].map((row) => [row.name, row]))
  await writeFile(path, `${JSON.stringify({ ...report, rows: [...rows.values()] }, null, 1)}\n`)
  return path
}

/** Throws where the file is no report. */
export async function readReport(path: string): Promise<Report> {
  return Report.parse(JSON.parse(await readFile(path, 'utf8')))
}

/** All that lie in a folder, newest first. */
export async function reportsIn(folder = RESULTS): Promise<Report[]> {
  const names = await readdir(folder).catch(() => [])
  const reports = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => readReport(join(folder, name))))
  return reports.sort((a, b) => b.at.localeCompare(a.at))
}

/** The newest earlier one of a machine of the same kind. */
export function newestOfKind(reports: readonly Report[], { at, machine }: Report): Report | undefined {
  return reports.toSorted((a, b) => b.at.localeCompare(a.at)).find((each) => each.at < at && isSameKind(each.machine, machine))
}
