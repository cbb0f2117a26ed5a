import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAccess } from '../../src/app/access.ts'
import { NO_PTY, startInPty } from '../pty/terminal.ts'
import { handTime } from '../access/door.ts'
import { testWorkspace } from './workspace.ts'

const PASSWORD = 'correct horse battery'

/** A workspace, and what a server in it knows of who may come in. */
async function withServer() {
  const workspace = await testWorkspace()
  const { now, move } = handTime()
  return { ...workspace, move, server: openAccess({ runs: join(workspace.dir, 'runs') }, { now }) }
}

describe('tutti token', () => {
  it('create prints the token alone, and says beside it until when it holds', async () => {
    const { tutti, server } = await withServer()
    const { code, stdout, stderr } = await tutti(['token', 'create', '--role', 'operator', '--project', 'notes', '--project', 'shop', '--name', 'Ana', '--ttl', '30m'])
    expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 1 })
    const verified = await server.verifyToken(stdout)
    expect(verified).toEqual({ ok: true, caller: { who: 'Ana', role: 'operator', projects: ['notes', 'shop'], grant: expect.any(String) as string } })
    const id = verified.ok ? verified.caller.grant : ''
    const [grant] = await server.tokens()
    expect(Date.parse(grant?.expires_at ?? '') - Date.parse(grant?.issued_at ?? '')).toBe(30 * 60_000)
    const until = grant?.expires_at.replace('T', ' ').replace('.000Z', ' UTC')
    expect(stderr).toBe(`token ${id} of Ana (operator, in notes, shop), holds until ${until}; to end it before: tutti token revoke ${id}`)
  })

  it('create --json prints all of it, and says nothing beside that', async () => {
    const { tutti, server } = await withServer()
    const { stdout, stderr } = await tutti(['token', 'create', '--role', 'viewer', '--name', 'ben', '--json'])
    const made = JSON.parse(stdout) as { token: string; id: string; expires_at: string; issued_at: string }
    expect(made).toMatchObject({ kind: 'token', who: 'ben', role: 'viewer', projects: null, revoked_at: null })
    expect(Date.parse(made.expires_at) - Date.parse(made.issued_at)).toBe(12 * 3_600_000)
    expect(stderr).toBe('')
    expect(await server.verifyToken(made.token)).toMatchObject({ ok: true, caller: { grant: made.id } })
  })

  it('many processes that need the secret at the same moment make one, and none loses the token of another', async () => {
    const { tutti, server } = await withServer()
    const made = await Promise.all(Array.from({ length: 5 }, (_, index) => tutti(['token', 'create', '--role', 'viewer', '--name', `user ${index}`])))
    for (const [index, { stdout }] of made.entries()) expect(await server.verifyToken(stdout)).toMatchObject({ ok: true, caller: { who: `user ${index}` } })
    expect(await server.tokens()).toHaveLength(5)
  })

  it('revoke ends it for a server that runs, within a second', async () => {
    const { tutti, server, move } = await withServer()
    const { stdout: token } = await tutti(['token', 'create', '--role', 'admin', '--name', 'ana'])
    const verified = await server.verifyToken(token)
    const id = verified.ok ? verified.caller.grant : ''
    expect(await tutti(['token', 'revoke', id.slice(0, 8)])).toMatchObject({ code: 0, stdout: `revoked: token ${id} of ana (admin)`, stderr: '' })
    move(1000)
    expect(await server.verifyToken(token)).toEqual({ ok: false, why: 'revoked' })
    expect(await tutti(['token', 'revoke', id])).toMatchObject({ code: 0, stdout: expect.stringContaining('was revoked already') as string })
  })

  it('list shows what holds, and no token', async () => {
    const { tutti } = await withServer()
    expect((await tutti(['token', 'list'])).stdout).toContain('to make one: tutti token create')
    expect((await tutti(['token', 'list', '--json'])).stdout).toBe('[]')
    const { stdout: token } = await tutti(['token', 'create', '--role', 'viewer', '--project', 'notes', '--name', 'ana'])
    const { stdout } = await tutti(['token', 'list'])
    expect(stdout).toMatch(/^id +who +kind +role +projects +issued +holds until\n[0-9a-f]{16} +ana +token +viewer +notes +20\S+ \S+ UTC +20\S+ \S+ UTC$/)
    const json = (await tutti(['token', 'list', '--json'])).stdout
    expect(JSON.parse(json)).toMatchObject([{ kind: 'token', who: 'ana', role: 'viewer', projects: ['notes'], revoked_at: null }])
    for (const shown of [stdout, json]) expect(shown).not.toContain(token.split('.')[2])
  })

  it('says what is wrong, and makes nothing then', async () => {
    const { tutti, list } = await withServer()
    for (const [args, said] of [
      [['create'], "required option '--role <role>' not specified"],
      [['create', '--role', 'owner'], 'Allowed choices are viewer, operator, admin'],
      [['create', '--role', 'viewer', '--ttl', 'soon'], 'such as 30m, 12h or 7d'],
      [['create', '--role', 'viewer', '--ttl', '4000d'], 'for at most 3650 days'],
      [['create', '--role', 'viewer', '--name', ' '], 'a name has 1 to 64 characters'],
      [['create', '--role', 'viewer', '--project', ''], 'a project has a name'],
    ] as const) {
      expect(await tutti(['token', ...args]), args.join(' ')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) as string })
    }
    expect(await list('runs')).toEqual([])
    expect(await tutti(['token', 'revoke', 'abc'])).toMatchObject({ code: 2, stderr: 'error: there is no token or login "abc" that still holds; those that do: tutti token list' })
  })
})

describe('tutti user', () => {
  it('lets somebody log in, with the first line of stdin as the password', async () => {
    const { tutti, server } = await withServer()
    const added = await tutti(['user', 'add', 'ana', '--role', 'operator', '--project', 'notes'], { input: `${PASSWORD}\r\nmore\n` })
    expect(added).toEqual({ code: 0, stdout: 'ana may log in (operator, in notes)', stderr: '' })
    expect(await server.login('ana', PASSWORD, '192.0.2.1')).toMatchObject({ ok: true, tokens: { caller: { role: 'operator', projects: ['notes'] } } })
    const { stdout } = await tutti(['user', 'list'])
    expect(stdout).toMatch(/^name +role +projects +since\nana +operator +notes +20\S+ \S+ UTC$/)
    const json = (await tutti(['user', 'list', '--json'])).stdout
    expect(JSON.parse(json)).toEqual([{ name: 'ana', role: 'operator', projects: ['notes'], created_at: expect.any(String) as string }])
  })

  it('remove ends what they came in by', async () => {
    const { tutti, server, move } = await withServer()
    await tutti(['user', 'add', 'ana', '--role', 'viewer'], { input: PASSWORD })
    const done = await server.login('ana', PASSWORD, '192.0.2.1')
    expect(await tutti(['user', 'remove', 'ana'])).toEqual({ code: 0, stdout: 'ana may log in no more; revoked with it: 1 token or login', stderr: '' })
    move(1000)
    expect(await server.verifyToken(done.ok ? done.tokens.access.token : '')).toEqual({ ok: false, why: 'revoked' })
    expect(await server.login('ana', PASSWORD, '192.0.2.1')).toMatchObject({ ok: false, why: 'wrong name or password' })
    expect((await tutti(['user', 'list'])).stdout).toContain('nobody may log in')
    expect(await tutti(['user', 'remove', 'ana'])).toMatchObject({ code: 2, stderr: 'error: there is no user "ana"; those that there are: tutti user list' })
  })

  it('says what is wrong, and adds nobody then', async () => {
    const { tutti, server } = await withServer()
    const add = async (args: string[], input: string) => (await tutti(['user', 'add', ...args], { input })).stderr
    expect(await add(['ana', '--role', 'viewer'], 'too short\n')).toBe('error: a password has 10 to 1000 characters, and this has 9')
    expect(await tutti(['user', 'add', 'ana', '--role', 'viewer'])).toMatchObject({ code: 2, stderr: expect.stringContaining('this has 0') as string })
    expect(await add(['a\u001b[31mna', '--role', 'viewer'], PASSWORD)).toContain('none of them a control character')
    expect(await add(['ana'], PASSWORD)).toContain('--role')
    expect(await server.users()).toEqual([])
    await add(['ana', '--role', 'viewer'], PASSWORD)
    expect(await add(['ana', '--role', 'admin'], PASSWORD)).toContain('there is a user "ana" already: remove it first')
    expect(await server.users()).toMatchObject([{ name: 'ana', role: 'viewer' }])
  })

  describe.skipIf(NO_PTY !== undefined)('on a terminal', () => {
    const addIn = (cwd: string) => startInPty([process.execPath, resolve('dist/main.js'), 'user', 'add', 'ana', '--role', 'viewer'], { cwd })
    const asks = (text: string) => (screen: string[]) => screen.some((line) => line.startsWith(text))

    it('asks for the password twice, and shows nothing of it', async () => {
      const { dir, server } = await withServer()
      const terminal = addIn(dir)
      await terminal.until(asks('password of ana:'))
      terminal.keys(`${PASSWORD}\r`)
      await terminal.until(asks('once more:'))
      terminal.keys(`${PASSWORD}\r`)
      const screen = await terminal.until(asks('ana may log in'))
      expect(await terminal.exit()).toMatchObject({ code: 0 })
      expect(screen.map((line) => line.trimEnd()).filter((line) => line !== '')).toEqual(['password of ana:', 'once more:', 'ana may log in (viewer)'])
      expect(await server.login('ana', PASSWORD, '192.0.2.1')).toMatchObject({ ok: true })
    })

    it('adds nobody when the two differ', async () => {
      const { dir, server } = await withServer()
      const terminal = addIn(dir)
      await terminal.until(asks('password of ana:'))
      terminal.keys(`${PASSWORD}\r`)
      await terminal.until(asks('once more:'))
      terminal.keys(`${PASSWORD}!\r`)
      await terminal.until(asks('error: the two were not the same'))
      expect(await terminal.exit()).toMatchObject({ code: 2 })
      expect(await server.users()).toEqual([])
    })

    it.each([
      ['Ctrl-C', '\u0003'],
      ['Ctrl-D', '\u0004'],
    ])('can be left by %s', async (_, key) => {
      const { dir, server } = await withServer()
      const terminal = addIn(dir)
      await terminal.until(asks('password of ana:'))
      terminal.keys(`half a word`)
      terminal.keys(key === '\u0004' ? `\u0015${key}` : key)
      expect(await terminal.exit()).toMatchObject({ code: 130 })
      expect(await server.users()).toEqual([])
    })
  })
})
