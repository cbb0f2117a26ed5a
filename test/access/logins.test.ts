import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Access } from '../../src/app/access.ts'
import { door } from './door.ts'

const PASSWORD = 'correct horse battery'
const MINUTE = 60_000
const HOUR = 60 * MINUTE

async function loginOf(access: Access) {
  const done = await access.login('ana', PASSWORD, '192.0.2.1')
  if (!done.ok) throw new Error(done.why)
  return done.tokens
}

/** A door where ana has just logged in. */
async function withLogin() {
  const opened = await door()
  await opened.access.addUser({ name: 'ana', role: 'operator', password: PASSWORD })
  return { ...opened, tokens: await loginOf(opened.access) }
}

async function renewedBy(access: Access, token: string) {
  const done = await access.refresh(token)
  if (!done.ok) throw new Error(done.why)
  return done.tokens
}

describe('a login', () => {
  it('has a token for a quarter of an hour, and one to go on with for half a day', async () => {
    const { access, tokens, move, now } = await withLogin()
    expect(Date.parse(tokens.access.expires_at) - now()).toBeCloseTo(15 * MINUTE, -4)
    expect(Date.parse(tokens.refresh.expires_at) - now()).toBeCloseTo(12 * HOUR, -4)
    move(14 * MINUTE)
    expect(await access.verifyToken(tokens.access.token)).toMatchObject({ ok: true })
    move(2 * MINUTE)
    expect(await access.verifyToken(tokens.access.token)).toEqual({ ok: false, why: 'expired' })
    const next = await renewedBy(access, tokens.refresh.token)
    expect(await access.verifyToken(next.access.token)).toMatchObject({ ok: true, caller: { who: 'ana', role: 'operator', grant: tokens.caller.grant } })
    move(12 * HOUR + 10_000)
    expect(await access.refresh(next.refresh.token)).toEqual({ ok: false, why: 'expired' })
  })

  it('goes on as long as it is used', async () => {
    const { access, tokens, move } = await withLogin()
    let { token } = tokens.refresh
    for (let count = 0; count < 5; count++) {
      move(11 * HOUR)
      const next = await renewedBy(access, token)
      expect(await access.verifyToken(next.access.token)).toMatchObject({ ok: true })
      token = next.refresh.token
    }
    expect(await access.tokens()).toHaveLength(1)
  })

  it('ends, with all its tokens, when a refresh token is used that was used before', async () => {
    const { access, other, tokens } = await withLogin()
    const stranger = await renewedBy(other(), tokens.refresh.token)
    expect(await access.refresh(tokens.refresh.token)).toEqual({ ok: false, why: 'used before' })
    expect(await access.refresh(stranger.refresh.token)).toEqual({ ok: false, why: 'revoked' })
    expect(await access.refresh(tokens.refresh.token)).toEqual({ ok: false, why: 'revoked' })
    for (const { token } of [tokens.access, stranger.access]) expect(await access.verifyToken(token)).toEqual({ ok: false, why: 'revoked' })
    // Nobody else's.
    expect(await access.verifyToken((await loginOf(access)).access.token)).toMatchObject({ ok: true })
  })

  it('gives one pair only to two who come at once', async () => {
    const { access, other, tokens } = await withLogin()
    const done = await Promise.all([access, other()].map((each) => each.refresh(tokens.refresh.token)))
    expect(done.filter(({ ok }) => ok)).toHaveLength(1)
    expect(done.filter((one) => !one.ok && one.why === 'used before')).toHaveLength(1)
  })

  it('is not gone on with by anything but its refresh token', async () => {
    const { access, tokens, token, sign } = await withLogin()
    for (const text of [undefined, '']) expect(await access.refresh(text)).toEqual({ ok: false, why: 'missing' })
    for (const text of ['x', tokens.access.token, (await token()).token]) expect(await access.refresh(text)).toEqual({ ok: false, why: 'malformed' })
    expect(await access.refresh(`${tokens.refresh.token.slice(0, -4)}AAAA`)).toEqual({ ok: false, why: 'bad signature' })
    expect(await access.refresh(await sign({ ...decodeJwt(tokens.refresh.token), grant: undefined }))).toEqual({ ok: false, why: 'malformed' })
    expect(await access.refresh(await sign({ ...decodeJwt(tokens.refresh.token), grant: 'unknown' }))).toEqual({ ok: false, why: 'revoked' })
    expect(await access.refresh(tokens.refresh.token)).toMatchObject({ ok: true })
  })

  it('has a refresh token that lets nobody in by itself', async () => {
    const { access, tokens } = await withLogin()
    expect(await access.verifyToken(tokens.refresh.token)).toEqual({ ok: false, why: 'malformed' })
  })

  it('can be revoked as a token can', async () => {
    const { access, other, tokens, move } = await withLogin()
    const server = other()
    expect(await server.verifyToken(tokens.access.token)).toMatchObject({ ok: true })
    expect(await access.revokeToken(tokens.caller.grant)).toMatchObject({ result: 'revoked', grant: { kind: 'login' } })
    move(1000)
    expect(await server.verifyToken(tokens.access.token)).toEqual({ ok: false, why: 'revoked' })
    expect(await server.refresh(tokens.refresh.token)).toEqual({ ok: false, why: 'revoked' })
  })

  it('ends when its user is removed, and does not come back with another of the same name', async () => {
    const { access, other, tokens, move } = await withLogin()
    const { token } = tokens.access
    expect(await other().removeUser('ana')).toBe(1)
    expect(await access.refresh(tokens.refresh.token)).toEqual({ ok: false, why: 'revoked' })
    await access.addUser({ name: 'ana', role: 'admin', password: 'another password' })
    expect(await access.refresh(tokens.refresh.token)).toEqual({ ok: false, why: 'revoked' })
    move(1000)
    expect(await access.verifyToken(token)).toEqual({ ok: false, why: 'revoked' })
    expect(await access.login('ana', PASSWORD, '192.0.2.1')).toMatchObject({ ok: false })
    expect(await access.removeUser('ben')).toBeUndefined()
  })

  it('makes way when somebody opens one after the other', async () => {
    const { access, tokens } = await withLogin()
    const last = await Array.from({ length: 20 }).reduce<Promise<typeof tokens>>(async (before) => before.then(() => loginOf(access)), Promise.resolve(tokens))
    expect(await access.tokens()).toHaveLength(20)
    expect(await access.verifyToken(tokens.access.token)).toEqual({ ok: false, why: 'revoked' })
    expect(await access.verifyToken(last.access.token)).toMatchObject({ ok: true })
  })
})
