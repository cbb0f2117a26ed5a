import { readFile, writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { openAccess } from '../../src/app/access.ts'
import { COST } from '../../src/access/password.ts'
import { tempDir } from '../temp-dir.ts'
import { door } from './door.ts'

const PASSWORD = 'correct horse battery'
const WRONG = { ok: false, why: 'wrong name or password' }
const MINUTE = 60_000

/** A door where ana has a password. */
async function withAna() {
  const opened = await door()
  expect(await opened.access.addUser({ name: 'ana', role: 'operator', projects: ['notes'], password: PASSWORD })).toMatchObject({ user: { name: 'ana' } })
  return opened
}

let address = 0
/** One that nobody has come from before. */
const elsewhere = () => `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address++ & 255}`

describe('a login', () => {
  it('lets in who knows the password, with what the user may do', async () => {
    const { access } = await withAna()
    const done = await access.login('ana', PASSWORD, elsewhere())
    expect(done).toMatchObject({ ok: true, tokens: { caller: { who: 'ana', role: 'operator', projects: ['notes'] } } })
    if (!done.ok) return
    const { caller, access: { token } } = done.tokens
    expect(await access.verifyToken(token)).toEqual({ ok: true, caller })
    expect(await access.tokens()).toMatchObject([{ kind: 'login', id: caller.grant, who: 'ana' }])
  })

  it.each([
    ['a wrong password', 'ana', 'correct horse batter'],
    ['no password', 'ana', ''],
    ['a password without end', 'ana', PASSWORD.repeat(100_000)],
    ['a name that nobody has', 'ben', PASSWORD],
    ['no name', '', PASSWORD],
    ['a name without end', 'ana'.repeat(100_000), PASSWORD],
    ['a name of JavaScript', '__proto__', PASSWORD],
    ['a name with another case', 'Ana', PASSWORD],
  ])('is refused in the same words: %s', async (_, name, password) => {
    const { access } = await withAna()
    expect(await access.login(name, password, elsewhere())).toEqual(WRONG)
    expect(await access.tokens()).toEqual([])
  })

  it('is refused where nobody has a password yet', async () => {
    const { access } = await door()
    expect(await access.login('ana', PASSWORD, elsewhere())).toEqual(WRONG)
  })

  it('takes a letter as the same, however the keyboard has put it together', async () => {
    const { access } = await door()
    await access.addUser({ name: 'Ren\u00e9', role: 'viewer', password: 'un caf\u00e9 cr\u00e8me' })
    expect(await access.login('Rene\u0301', 'un cafe\u0301 cre\u0300me', elsewhere())).toMatchObject({ ok: true })
  })

  it('takes as long for a name that nobody has', async () => {
    // As dear as it is outside of tests, or close to it: then all else does not count.
    const access = openAccess({ runs: await tempDir() }, { cost: { ...COST, N: COST.N / 4 } })
    await access.addUser({ name: 'ana', role: 'viewer', password: PASSWORD })
    const fastest = { ana: Infinity, ben: Infinity }
    for (let round = 0; round < 3; round++) {
      for (const name of ['ana', 'ben'] as const) {
        const begun = performance.now()
        await access.login(name, 'a wrong password', elsewhere())
        fastest[name] = Math.min(fastest[name], performance.now() - begun)
      }
    }
    expect(fastest.ben).toBeGreaterThan(fastest.ana / 3)
    expect(fastest.ana).toBeGreaterThan(fastest.ben / 3)
  })

  it('leaves the loop free while a password is tried', async () => {
    const access = openAccess({ runs: await tempDir() })
    let turns = 0
    let done = false
    const turn = () => {
      turns += 1
      if (!done) setTimeout(turn, 1)
    }
    turn()
    expect(await access.login('ana', 'a wrong password', elsewhere())).toEqual(WRONG)
    done = true
    expect(turns).toBeGreaterThan(5)
  })
})

describe('wrong passwords', () => {
  it('lock a name out, whether it exists or not, for longer each time, and not for ever', async () => {
    const { access, move } = await withAna()
    for (const name of ['ana', 'ben']) {
      for (let count = 0; count < 5; count++) expect(await access.login(name, 'wrong', elsewhere())).toEqual(WRONG)
      let wait_s = 10
      for (let round = 0; round < 9; round++) {
        // The right one is not looked at either.
        expect(await access.login(name, PASSWORD, elsewhere()), `${name} ${round}`).toEqual({ ok: false, why: 'locked out', retry_after_s: wait_s })
        move(wait_s * 1000 - 1)
        expect(await access.login(name, PASSWORD, elsewhere())).toEqual({ ok: false, why: 'locked out', retry_after_s: 1 })
        move(1)
        expect(await access.login(name, 'wrong', elsewhere())).toEqual(WRONG)
        wait_s = Math.min(900, wait_s * 2)
      }
      expect(wait_s).toBe(900)
      move(15 * MINUTE)
    }
    expect(await access.login('ana', PASSWORD, elsewhere())).toMatchObject({ ok: true })
    expect(await access.login('ana', 'wrong', elsewhere())).toEqual(WRONG)
  })

  it('are forgotten after the right one, and after some time', async () => {
    const { access, move } = await withAna()
    for (const between of [() => access.login('ana', PASSWORD, elsewhere()), () => Promise.resolve(move(61 * MINUTE))]) {
      for (let count = 0; count < 4; count++) expect(await access.login('ana', 'wrong', elsewhere())).toEqual(WRONG)
      await between()
    }
    for (let count = 0; count < 4; count++) expect(await access.login('ana', 'wrong', elsewhere())).toEqual(WRONG)
    expect(await access.login('ana', PASSWORD, elsewhere())).toMatchObject({ ok: true })
  })

  it('lock an address out, under whatever names they are tried, and the right one of somebody else does not help', async () => {
    const { access, move } = await withAna()
    for (let count = 0; count < 10; count++) {
      // A machine has a network of its own.
      for (const from of ['2001:db8::1', '2001:db8::2']) expect(await access.login(`user ${count} ${from}`, 'wrong', from)).toEqual(WRONG)
      if (count < 9) expect(await access.login('ana', PASSWORD, '2001:db8::3')).toMatchObject({ ok: true })
    }
    expect(await access.login('ana', PASSWORD, '2001:db8::4')).toEqual({ ok: false, why: 'locked out', retry_after_s: 10 })
    expect(await access.login('ana', PASSWORD, '2001:db8:0:1::4')).toMatchObject({ ok: true })
    move(10_000)
    expect(await access.login('ana', PASSWORD, '2001:db8::4')).toMatchObject({ ok: true })
  })
})

describe('1,000 wrong passwords at once', () => {
  beforeAll(() => void (address = 1 << 20))

  it('of as many names, from as many addresses: few are looked at, the others refused at once, and then the right one is let in', async () => {
    const { access } = await withAna()
    const order: string[] = []
    const tries = Array.from({ length: 1000 }, async (_, index) => {
      const done = await access.login(`user ${index}`, 'wrong', elsewhere())
      order.push(done.ok ? 'in' : done.why)
    })
    await Promise.all(tries)
    const looked = order.filter((why) => why === 'wrong name or password')
    expect(looked).toHaveLength(18)
    expect(order).toEqual([...Array<string>(982).fill('too many at once'), ...looked])
    expect(await access.login('ana', PASSWORD, elsewhere())).toMatchObject({ ok: true })
  })

  it('of one name: no more than the first few are looked at, though many wait already', async () => {
    const { access } = await withAna()
    const done = await Promise.all(Array.from({ length: 1000 }, () => access.login('ana', 'wrong', elsewhere())))
    const looked = done.filter((one) => !one.ok && one.why === 'wrong name or password')
    // Two are looked at together: the second may be one too many.
    expect([5, 6]).toContain(looked.length)
    expect(await access.login('ana', PASSWORD, elsewhere())).toMatchObject({ ok: false, why: 'locked out' })
  })

  it('one after the other from one address: all but the first few are refused without being looked at', async () => {
    const { access } = await withAna()
    const answers: string[] = []
    for (let count = 0; count < 1000; count++) {
      const done = await access.login(`user ${count}`, 'wrong', '192.0.2.1')
      answers.push(done.ok ? 'in' : done.why)
    }
    expect(answers.slice(0, 20)).toEqual(Array(20).fill('wrong name or password'))
    expect(new Set(answers.slice(20))).toEqual(new Set(['locked out']))
  })
})

describe('a user', () => {
  it.each(['short', 'nine chars', 'ten chars.', 'ⓊⓃⒾⓒⓞⓓⓔ'])('has a password of at least 10 characters: %s', async (password) => {
    const { access } = await door()
    const done = await access.addUser({ name: 'ana', role: 'viewer', password })
    if (password.length >= 10) expect(done).toMatchObject({ user: { name: 'ana' } })
    else expect(done).toEqual({ problem: `a password has 10 to 1000 characters, and this has ${password.length}` })
  })

  it('is there once, in whatever way the name is typed', async () => {
    const { access } = await door()
    await access.addUser({ name: 'Ren\u00e9', role: 'viewer', password: PASSWORD })
    expect(await access.addUser({ name: 'Rene\u0301', role: 'admin', password: PASSWORD })).toEqual({ problem: expect.stringContaining('there is a user "Ren\u00e9" already') as string })
    expect(await access.users()).toMatchObject([{ name: 'Ren\u00e9', role: 'viewer' }])
  })

  it('has one place, though many ask for it at once', async () => {
    const { access, other } = await door()
    const done = await Promise.all([access, other(), other()].map((each) => each.addUser({ name: 'ana', role: 'viewer', password: PASSWORD })))
    expect(done.filter((one) => 'user' in one)).toHaveLength(1)
    expect(await access.users()).toHaveLength(1)
  })

  it('is shown without anything to guess at', async () => {
    const { access } = await withAna()
    expect(await access.users()).toEqual([{ name: 'ana', role: 'operator', projects: ['notes'], created_at: expect.any(String) as string }])
  })

  it('whose parameters were made dear in the file does not take the memory of the machine', async () => {
    const { access, runs } = await withAna()
    const path = `${runs}/access/users.json`
    await writeFile(path, (await readFile(path, 'utf8')).replace('"N": 2', '"N": 1073741824'))
    await expect(access.login('ana', PASSWORD, elsewhere())).rejects.toThrow(/users\.json cannot be understood: entries\.0\.password\.N/)
  })
})
