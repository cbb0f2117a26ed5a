import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { workspaceSecret } from '../../src/access/secret.ts'
import { accessFolder } from '../../src/access/folder.ts'
import { openAccess } from '../../src/app/access.ts'
import { tempDir } from '../temp-dir.ts'
import { door } from './door.ts'

const HOUR = 3_600_000

describe('a token', () => {
  it('lets in whom it was made for, with what it allows', async () => {
    const { access, token } = await door()
    const { token: all, id } = await token({ who: 'ana', role: 'admin' })
    expect(await access.verifyToken(all)).toEqual({ ok: true, caller: { who: 'ana', role: 'admin', grant: id } })
    const { token: limited } = await token({ who: 'ben', role: 'viewer', projects: ['notes', 'shop'] })
    expect(await access.verifyToken(limited)).toMatchObject({ ok: true, caller: { who: 'ben', role: 'viewer', projects: ['notes', 'shop'] } })
  })

  it('is missing, or no token at all', async () => {
    const { access, token } = await door()
    await token()
    for (const text of [undefined, '']) expect(await access.verifyToken(text)).toEqual({ ok: false, why: 'missing' })
    for (const text of ['x', '..', 'a.b.c', 'Bearer x', '\u0000', `${'x'.repeat(20_000)}.y.z`]) expect(await access.verifyToken(text), text.slice(0, 20)).toEqual({ ok: false, why: 'malformed' })
  })

  it('holds until its time, and not longer', async () => {
    const { access, token, move } = await door()
    const { token: text } = await token({ ttl_ms: HOUR })
    move(HOUR - 1000)
    expect(await access.verifyToken(text)).toMatchObject({ ok: true })
    move(10_000)
    expect(await access.verifyToken(text)).toEqual({ ok: false, why: 'expired' })
  })

  it('whose claims were changed is refused, and so is one with another signature', async () => {
    const { access, token } = await door()
    const { token: text } = await token({ role: 'viewer' })
    const [head = '', body = '', signature = ''] = text.split('.')
    const claims = JSON.stringify({ ...decodeJwt(text), role: 'admin' })
    expect(await access.verifyToken([head, Buffer.from(claims).toString('base64url'), signature].join('.'))).toEqual({ ok: false, why: 'bad signature' })
    const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    expect(await access.verifyToken([head, body, other].join('.'))).toEqual({ ok: false, why: 'bad signature' })
    expect(await access.verifyToken([head, body, ''].join('.'))).toMatchObject({ ok: false })
  })

  it('of another workspace lets nobody in', async () => {
    const [here, there] = [await door(), await door()]
    expect(await here.access.verifyToken((await there.token()).token)).toEqual({ ok: false, why: 'bad signature' })
  })

  it('that is signed in no way, or in another than ours, is refused even where the secret is right', async () => {
    const { access, token, sign } = await door()
    const { token: text } = await token()
    const claims = decodeJwt(text)
    expect(await access.verifyToken(await sign(claims))).toMatchObject({ ok: true })
    for (const alg of ['HS384', 'HS512']) expect(await access.verifyToken(await sign(claims, alg)), alg).toEqual({ ok: false, why: 'bad signature' })
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const alg of ['none', 'None', 'NONE', 'RS256', 'ES256']) {
      for (const signature of ['', text.split('.')[2]]) {
        expect(await access.verifyToken([part({ alg, typ: 'JWT' }), part(claims), signature].join('.')), alg).toMatchObject({ ok: false })
      }
    }
  })

  it.each(['sub', 'role', 'kind', 'jti', 'iat', 'exp'])('that does not say "%s" is none, though it is signed', async (key) => {
    const { access, token, sign } = await door()
    const claims = decodeJwt((await token()).token)
    expect(await access.verifyToken(await sign({ ...claims, [key]: undefined }))).toEqual({ ok: false, why: 'malformed' })
  })

  it.each([{ role: 'owner' }, { projects: [] }, { projects: 'notes' }, { sub: 'a\u001b[31m' }, { kind: 'refresh' }])('that says %j is none, though it is signed', async (more) => {
    const { access, token, sign } = await door()
    const claims = decodeJwt((await token()).token)
    expect(await access.verifyToken(await sign({ ...claims, ...more }))).toEqual({ ok: false, why: 'malformed' })
  })

  it.each([
    ['who', { who: 'a\nb' }, 'a name has 1 to 64 characters'],
    ['projects', { projects: [''] }, 'a project has a name'],
    ['ttl', { ttl_ms: 0 }, 'for more than no time'],
    ['ttl', { ttl_ms: 1e15 }, 'at most 3650 days'],
    ['ttl', { ttl_ms: Number.NaN }, 'for more than no time'],
  ])('cannot be made with any %s', async (_, wrong, message) => {
    const { access } = await door()
    expect(await access.issueToken({ who: 'ana', role: 'viewer', ttl_ms: HOUR, ...wrong })).toEqual({ problem: expect.stringContaining(message) as string })
  })
})

describe('a revoked token', () => {
  it('lets nobody in from then on, by its id or the beginning of it', async () => {
    const { access, token } = await door()
    const [one, two] = [await token(), await token()]
    expect(await access.revokeToken(one.id)).toMatchObject({ result: 'revoked', grant: { id: one.id } })
    expect(await access.verifyToken(one.token)).toEqual({ ok: false, why: 'revoked' })
    expect(await access.verifyToken(two.token)).toMatchObject({ ok: true })
    expect(await access.revokeToken(two.id.slice(0, 15))).toMatchObject({ result: 'revoked' })
    expect(await access.verifyToken(two.token)).toEqual({ ok: false, why: 'revoked' })
    expect(await access.revokeToken(one.id)).toMatchObject({ result: 'revoked before' })
  })

  it('is not guessed at', async () => {
    const { access, token } = await door()
    // 17 ids of hexadecimal digits: two begin alike.
    const ids: string[] = []
    for (let count = 0; count < 17; count++) ids.push((await token()).id)
    const digit = [...new Set(ids.map((id) => id.charAt(0)))].find((first) => ids.filter((id) => id.startsWith(first)).length > 1) ?? ''
    expect(await access.revokeToken(digit)).toEqual({ result: 'ambiguous', ids: ids.filter((id) => id.startsWith(digit)) })
    for (const none of ['', 'xyz']) expect(await access.revokeToken(none)).toEqual({ result: 'unknown' })
    expect((await access.tokens()).filter(({ revoked_at }) => revoked_at !== null)).toEqual([])
  })

  it('is known to another process within a second, which does not read the file for each token', async () => {
    const { access, token, other, move } = await door()
    const { token: text, id } = await token()
    const server = other()
    expect(await server.verifyToken(text)).toMatchObject({ ok: true })
    await access.revokeToken(id)
    move(999)
    expect(await server.verifyToken(text)).toMatchObject({ ok: true })
    move(1)
    expect(await server.verifyToken(text)).toEqual({ ok: false, why: 'revoked' })
  })

  it('stays revoked until it would have expired, and is forgotten then', async () => {
    const { access, token, move, runs } = await door()
    const { id } = await token({ ttl_ms: HOUR })
    await access.revokeToken(id)
    await token({ ttl_ms: 3 * HOUR })
    expect(await access.tokens()).toHaveLength(2)
    move(HOUR + 1000)
    expect(await access.tokens()).toHaveLength(1)
    await token({ ttl_ms: 3 * HOUR })
    expect(await readFile(join(runs, 'access', 'tokens.json'), 'utf8')).not.toContain(id)
  })

  it('does not become good again when the list is lost', async () => {
    const { access, token, runs, move } = await door()
    const [one, two] = [await token(), await token()]
    await access.revokeToken(one.id)
    await rm(join(runs, 'access', 'tokens.json'))
    move(1000)
    for (const { token: text } of [one, two]) expect(await access.verifyToken(text)).toEqual({ ok: false, why: 'revoked' })
  })
})

describe('what is kept', () => {
  it('a token that another process has just made is good at once', async () => {
    const { access, token, other } = await door()
    const server = other()
    expect(await server.verifyToken((await token()).token)).toMatchObject({ ok: true })
    const { token: second } = await token()
    expect(await server.verifyToken(second)).toMatchObject({ ok: true })
    expect(await access.verifyToken(second)).toMatchObject({ ok: true })
  })

  it('many who write at once lose nothing of each other', async () => {
    const { access, other } = await door()
    const made = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => (index % 3 === 0 ? access : other()).issueToken({ who: `user ${index}`, role: 'viewer', ttl_ms: HOUR })),
    )
    expect((await access.tokens()).map(({ id }) => id).sort()).toEqual(made.map((one) => ('grant' in one ? one.grant.id : 'none')).sort())
  })

  it.runIf(process.platform !== 'win32')('only its owner can read it', async () => {
    const { access, token, runs } = await door()
    await token()
    await access.addUser({ name: 'ana', role: 'viewer', password: 'a long password' })
    const mode = async (path: string) => ((await stat(join(runs, 'access', path))).mode & 0o777).toString(8)
    expect(await mode('.')).toBe('700')
    for (const file of ['secret', 'tokens.json', 'users.json']) expect(await mode(file), file).toBe('600')
    expect(((await stat(runs)).mode & 0o777).toString(8)).not.toBe('700')
  })

  it('neither the secret nor a token stands in the lists, and the secret does not print itself', async () => {
    const { token, runs } = await door()
    const { token: text } = await token()
    const secret = (await readFile(join(runs, 'access', 'secret'), 'utf8')).trim()
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    const list = await readFile(join(runs, 'access', 'tokens.json'), 'utf8')
    for (const hidden of [secret, text, text.split('.')[2] ?? '']) expect(list).not.toContain(hidden)
    const key = await workspaceSecret(accessFolder(runs))()
    const bytes = Buffer.from(secret, 'base64url')
    for (const shown of [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key)]) {
      expect(shown).not.toContain(secret)
      expect(shown).not.toContain(bytes.toString('hex').slice(0, 8))
    }
  })

  it('nothing is made by looking', async () => {
    const runs = join(await tempDir(), 'runs')
    const access = openAccess({ runs })
    expect([await access.tokens(), await access.users()]).toEqual([[], []])
    await expect(stat(runs)).rejects.toThrow('ENOENT')
  })

  it.runIf(process.platform !== 'win32')('a secret that others can read is not used, and it is said what to do', async () => {
    const { token, runs, other } = await door()
    const { token: text } = await token()
    const path = join(runs, 'access', 'secret')
    await chmod(path, 0o640)
    const server = other()
    await expect(server.verifyToken(text)).rejects.toThrow(/secret can be read by other users \(mode 0640\): chmod 600 it/)
    await chmod(path, 0o600)
    expect(await server.verifyToken(text)).toMatchObject({ ok: true })
  })

  it.each(['', 'abc', 'x'.repeat(44), `${'A'.repeat(42)}B`])('a secret that is none (%j) is not used', async (text) => {
    const { token, runs, other } = await door()
    const { token: good } = await token()
    await writeFile(join(runs, 'access', 'secret'), text)
    await expect(other().verifyToken(good)).rejects.toThrow(/secret does not hold 32 bytes in base64url: delete it/)
  })

  it.each(['{"v":1,"entr', '[]', '{"v":2,"entries":[]}', '{"v":1,"entries":[{"id":"x"}]}'])('nobody is let in by a list that cannot be understood: %s', async (text) => {
    const { token, runs, other } = await door()
    const { token: good } = await token()
    const path = join(runs, 'access', 'tokens.json')
    await writeFile(path, text)
    const server = other()
    await expect(server.verifyToken(good)).rejects.toThrow(/tokens\.json cannot be understood: .*Mend it, or delete it/)
    await expect(server.issueToken({ who: 'ana', role: 'viewer', ttl_ms: HOUR })).rejects.toThrow('cannot be understood')
    expect(await readFile(path, 'utf8')).toBe(text)
  })
})
