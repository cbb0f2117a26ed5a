import { expect, it } from 'vitest'
import { openAccess } from '../../src/app/access.ts'
import { gatekeeperOf } from '../../src/app/gatekeeper.ts'
import { aConductor, asked, doorsTo, post } from '../remote/world.ts'

const FEW = { N: 2 ** 4, r: 8, p: 1 }

async function world(remote: object = {}) {
  const conductor = await aConductor({ project: 'one', remote })
  const access = openAccess(conductor.workspace, { cost: FEW })
  const { addresses } = await doorsTo(conductor, { listen: '127.0.0.1:0', gatekeeper: gatekeeperOf(conductor.workspace, access) })
  const at = addresses.http ?? ''
  const state = (token?: string) => asked(at, '/v1/state', token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
  return { at, access, state }
}

it('tokens of the workspace let in, until they are revoked; anything else is told why not', async () => {
  const { access, state } = await world()
  const issued = await access.issueToken({ who: 'vera', role: 'viewer', ttl_ms: 60_000 })
  if ('problem' in issued) throw new Error(issued.problem)
  expect((await state(issued.token)).status).toBe(200)
  expect(await state()).toMatchObject({ status: 401, json: { error: { code: 'missing', message: expect.stringContaining('tutti token create') } } })
  expect(await state(`${issued.token}x`)).toMatchObject({ status: 401, json: { error: { code: 'bad_signature' } } })
  expect(await state('nonsense')).toMatchObject({ status: 401, json: { error: { code: 'malformed', message: expect.stringContaining('tutti token create') } } })
  await access.revokeToken(issued.grant.id)
  expect(await state(issued.token)).toMatchObject({ status: 401, json: { error: { code: 'revoked' } } })
  const elsewhere = await access.issueToken({ who: 'nora', role: 'admin', projects: ['two'], ttl_ms: 60_000 })
  if ('problem' in elsewhere) throw new Error(elsewhere.problem)
  expect(await state(elsewhere.token)).toMatchObject({ status: 403, json: { error: { code: 'not_allowed', message: 'a token of an admin for "two" does not allow this' } } })
})

it('users log in with their password and go on with what they get; nothing else is told of them', async () => {
  const { at, access, state } = await world()
  await access.addUser({ name: 'otto', role: 'operator', password: 'a good long password' })
  const { json } = await post(at, '/auth/login', { user: 'otto', password: 'a good long password' })
  expect(Object.keys(json)).toEqual(['access', 'refresh'])
  expect((await state(json.access.token)).status).toBe(200)
  const again = await post(at, '/auth/refresh', { refresh_token: json.refresh.token })
  expect((await state(again.json.access.token)).status).toBe(200)
  expect(await post(at, '/auth/refresh', { refresh_token: json.refresh.token })).toMatchObject({ status: 401, json: { error: { code: 'used_before', message: expect.stringContaining('log in again') } } })
  for (const password of ['wrong', 'wrong again']) expect(await post(at, '/auth/login', { user: 'otto', password })).toMatchObject({ status: 401, json: { error: { code: 'wrong_name_or_password' } } })
})

it('an address that asks too often waits', async () => {
  const { at } = await world({ requests_per_minute: 5 })
  const answers = []
  for (let count = 0; count < 8; count++) answers.push((await asked(at, '/healthz')).status)
  expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
  expect(Number((await asked(at, '/healthz')).headers['retry-after'])).toBeGreaterThan(0)
})
