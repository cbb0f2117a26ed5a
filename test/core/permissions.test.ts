import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Places } from '../../src/core/path-rule.ts'
import { exactRule } from '../../src/core/permission-rule.ts'
import { ruleFor, ruleProblem, type PermissionQuestion } from '../../src/core/permissions.ts'

const wants = (tool: string, specifier?: string): PermissionQuestion => ({ kind: 'permission', tool, rule: exactRule(tool, specifier), input: '{}' })
const none = { allow: [], deny: [], ask: [] }
const allowed = (rule: string, question: PermissionQuestion, places?: Places) => ruleFor({ ...none, allow: [rule] }, question, places) === 'allow'
const denied = (rule: string, question: PermissionQuestion, places?: Places) => ruleFor({ ...none, deny: [rule] }, question, places) === 'deny'

describe('rules for what an agent may do', () => {
  it('say nothing where none means what it wants', () => {
    expect(ruleFor(none, wants('Bash', 'npm test'))).toBeUndefined()
    expect(ruleFor({ allow: ['Read'], deny: ['WebFetch'], ask: ['Edit'] }, wants('Bash', 'npm test'))).toBeUndefined()
  })

  it('may name a tool as JavaScript names what every object has', () => {
    for (const tool of ['constructor', 'toString', '__proto__']) {
      expect(denied(tool, wants('Bash', 'npm test'))).toBe(false)
      expect(denied(tool, wants(tool))).toBe(true)
    }
  })

  it('forbid before they ask, and ask before they allow', () => {
    const rules = ['Bash(npm test)']
    expect(ruleFor({ allow: rules, deny: rules, ask: rules }, wants('Bash', 'npm test'))).toBe('deny')
    expect(ruleFor({ allow: rules, deny: [], ask: ['Bash'] }, wants('Bash', 'npm test'))).toBe('ask')
    expect(ruleFor({ allow: rules, deny: [], ask: [] }, wants('Bash', 'npm test'))).toBe('allow')
  })

  it.each([
    ['Bash', 'rm -rf /', true],
    ['Bash(npm test)', 'npm test', true],
    ['Bash(npm test)', 'npm test -- --watch', false],
    ['Bash(npm test)', 'npm testing', false],
    ['Bash(npm run test:*)', 'npm run test', true],
    ['Bash(npm run test:*)', 'npm run test -- unit', true],
    ['Bash(npm run test:*)', 'npm run tests', false],
    ['Bash(git *)', 'git status', true],
    ['Bash(git *)', 'git', true],
    ['Bash(git *)', 'gitk', false],
    ['Bash(git*)', 'gitk', true],
    ['Bash(git * main)', 'git push origin main', true],
    ['Bash(git * main)', 'git push origin next', false],
    ['Bash(git commit *)', `git commit -m "a & b; it's fine"`, true],
    ['Bash(npm test && npm run lint)', 'npm test && npm run lint', true],
    ['Bash(ls \\*.ts)', 'ls *.ts', true],
    ['Bash(ls \\*.ts)', 'ls secret.ts', false],
    ['bash', 'npm test', false],
    ['Bash(npm test', 'npm test', false],
    ['Bash()', 'npm test', false],
  ])('%s allows %s: %s', (rule, command, expected) => {
    expect(allowed(rule, wants('Bash', command))).toBe(expected)
  })

  it.each([
    'npm test && rm -rf /',
    'npm test; rm x',
    'npm test | sh',
    'npm test & rm x',
    'npm test > /etc/passwd',
    'npm test < secrets',
    'npm test $(rm x)',
    'npm test "$(rm x)"',
    'npm test `rm x`',
    'npm test "`rm x`"',
    'npm test\nrm x',
    "npm test # don't\nrm x # don't",
    "npm test $'\\'; rm x '",
    'npm test \\',
    'npm test "',
    'npm test ${x:-$(rm x)}',
    'npm test <(rm x)',
  ])('no rule for its first part allows a command that does more: %s', (command) => {
    for (const rule of ['Bash(npm test:*)', 'Bash(npm test *)', 'Bash(npm*)', 'Bash(*)']) expect(allowed(rule, wants('Bash', command))).toBe(false)
    expect(allowed('Bash', wants('Bash', command))).toBe(true)
    expect(allowed(exactRule('Bash', command), wants('Bash', command))).toBe(true)
  })

  it.each([
    'rm -rf /',
    'rm',
    'rm  -rf  /',
    'ls && rm -rf /',
    'ls;rm x',
    'ls | xargs rm',
    'echo "$(ls; rm x)"',
    'echo "`ls; rm x`"',
    'X=1 sudo -u me rm x',
    'if true; then rm x; fi',
    'bash -c "cd x && rm y"',
    'find . -exec rm x ;',
    '/bin/rm x',
    '\\rm x',
    '"rm" x',
    'cat <<END\nrm x\nEND',
    "ls # don't\nrm x # don't",
    '(rm x)',
    '{ rm x; }',
  ])('a rule that forbids a command finds it in every part: %s', (command) => {
    expect(denied('Bash(rm *)', wants('Bash', command))).toBe(true)
    expect(denied('Bash(rm:*)', wants('Bash', command))).toBe(true)
  })

  it.each(['echo rm x', 'git rm x', 'echo "a; rm x"', 'rmdir x', 'npm run rm'])('a rule that forbids a command does not mean words of another: %s', (command) => {
    expect(denied('Bash(rm *)', wants('Bash', command))).toBe(false)
  })

  it('forbid all of a tool where they were mistyped, and allow nothing', () => {
    expect(denied('Bash(rm *', wants('Bash', 'ls'))).toBe(true)
    expect(denied('Bash(rm *', wants('Edit', 'a.ts'))).toBe(false)
    expect(ruleProblem('Bash(rm *')).toContain('"Bash(rm *" is no rule')
    expect(ruleProblem('Bash(rm *)')).toBeUndefined()
  })

  it.each<[string, string, string, boolean, Places?]>([
    ['Edit(src/**)', 'Edit', 'src/a/b.ts', true],
    ['Edit(src/**)', 'Write', 'src/b.ts', true],
    ['Edit(src/*)', 'Edit', 'src/a/b.ts', false],
    ['Edit(src/**)', 'Edit', 'src/../b.ts', false],
    ['Edit(/src/**)', 'Edit', './src/b.ts', true],
    ['Edit(src/)', 'Edit', 'src/b.ts', true],
    ['Edit(**)', 'Edit', '../b.ts', false],
    ['Edit(**)', 'Edit', '//etc/passwd', false],
    ['Edit(*.ts)', 'Edit', 'a/b.ts', true],
    ['Edit(*.ts)', 'Edit', '//etc/b.ts', false],
    ['Edit(.)', 'Edit', 'a', false, { cwd: '/site' }],
    ['Edit(*.ts)', 'Edit', '//site/a/b.ts', true, { cwd: '/site' }],
    ['Edit(**)', 'Edit', '//sites/b.ts', false, { cwd: '/site' }],
    ['Edit(**)', 'Edit', '../b.ts', false, { cwd: '/site' }],
    ['Edit(**)', 'Edit', 'b.ts', true, { cwd: '/s*' }],
    ['Edit(**)', 'Edit', '//site/b.ts', false, { cwd: '/s*' }],
    ['Edit(//site/src/**)', 'Edit', 'src/b.ts', true, { cwd: '/site' }],
    ['Edit(~/notes/*)', 'Edit', '//home/me/notes/a', true, { home: '/home/me' }],
    ['Read(src/**)', 'Edit', 'src/a.ts', false],
    ['Read(src/**)', 'Grep', 'src/a', true],
  ])('%s allows %s of %s: %s', (rule, tool, path, expected, places) => {
    expect(allowed(rule, wants(tool, path), places)).toBe(expected)
  })

  it.each<[string, string, Places?]>([
    ['Read(.env)', '.env'],
    ['Read(.env)', 'deep/down/.env'],
    ['Read(.env)', '//other/.env'],
    ['Read(secrets)', 'secrets/a/b'],
    ['Read(.)', 'a/b'],
    ['Read(./)', 'a/b', { cwd: '/site' }],
    ['Read(secrets/**)', 'secrets'],
    ['Read(secrets/**)', 'src/../secrets/a'],
    ['Read(~/.ssh/**)', '//home/me/.ssh/id', { home: '/home/me' }],
    ['Read(//site/secrets/**)', 'secrets/a', { cwd: '/site' }],
  ])('%s forbids to read %s', (rule, path, places) => {
    expect(denied(rule, wants('Read', path), places)).toBe(true)
    expect(denied(rule, wants('Grep', path), places)).toBe(true)
    expect(denied(rule, wants('Edit', path), places)).toBe(false)
  })

  it('mean domains, and tools of servers', () => {
    expect(allowed('WebFetch(domain:example.com)', wants('WebFetch', 'domain:example.com'))).toBe(true)
    expect(allowed('WebFetch(domain:example.com)', wants('WebFetch', 'domain:www.example.com'))).toBe(false)
    expect(allowed('WebFetch(domain:*.example.com)', wants('WebFetch', 'domain:www.example.com'))).toBe(true)
    expect(denied('WebFetch(domain:example.com)', wants('WebFetch', 'domain:www.example.com'))).toBe(true)
    expect(allowed('mcp__notes__read', wants('mcp__notes__read'))).toBe(true)
    expect(allowed('mcp__notes', wants('mcp__notes__read'))).toBe(true)
    expect(allowed('mcp__notes__get_*', wants('mcp__notes__get_one'))).toBe(true)
    expect(allowed('mcp__note', wants('mcp__notes__read'))).toBe(false)
    expect(allowed('mcp__notes__read', wants('mcp__notes__write'))).toBe(false)
  })

  describe('whatever is wanted', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abrm *\\\'"`$(){}[]<>;&|#\n \t/.:-~='.split('')), minLength: 1, maxLength: 40 })
    const words = fc.array(fc.constantFrom('npm', 'test', 'rm', '-rf', 'x', '"y z"', "'q'", '*', 'a=b'), { minLength: 1, maxLength: 5 }).map((list) => list.join(' '))
    const chain = fc.constantFrom(' && ', ';', ' | ', '|', ' & ', '\n', ' || ', ' > ', ' $(', ' `')

    it('its own rule means it, and no other use', () => {
      fc.assert(
        fc.property(text, text, (one, other) => {
          expect(allowed(exactRule('Bash', one), wants('Bash', one))).toBe(true)
          if (one.trim() !== other.trim()) expect(allowed(exactRule('Bash', one), wants('Bash', other))).toBe(false)
        }),
        { numRuns: 500 },
      )
    })

    it('a rule with a wildcard never allows a command that goes on to another', () => {
      fc.assert(fc.property(words, chain, words, (first, then, second) => {
        for (const rule of [`Bash(${first} *)`, `Bash(${first}*)`, 'Bash(*)', 'Bash(npm:*)']) expect(allowed(rule, wants('Bash', `${first}${then}${second}`))).toBe(false)
      }))
    })

    it('what is forbidden by itself is forbidden in company', () => {
      fc.assert(fc.property(words, chain, fc.constantFrom('rm', 'rm x', 'rm -rf /'), (first, then, rest) => {
        expect(denied('Bash(rm *)', wants('Bash', `${first}${then}${rest}`))).toBe(true)
        expect(denied('Bash(rm *)', wants('Bash', `${rest}${then}${first}`))).toBe(true)
      }))
    })

    it('the same rule never allows what it would not forbid', () => {
      fc.assert(
        fc.property(text, fc.constantFrom('Bash', 'Edit', 'WebFetch'), text, (specifier, tool, used) => {
          const rule = `${tool}(${specifier})`
          if (allowed(rule, wants(tool, used), { cwd: '/site', home: '/home/me' })) expect(denied(rule, wants(tool, used), { cwd: '/site', home: '/home/me' })).toBe(true)
        }),
        { numRuns: 1000 },
      )
    })

    it('one that forbids wins, and rules beside it change nothing', () => {
      const rules = fc.array(fc.oneof(fc.constantFrom('Bash', 'Bash(npm *)', 'Edit(src/**)', 'nonsense('), text.map((each) => `Bash(${each})`)), { maxLength: 4 })
      fc.assert(fc.property(rules, rules, rules, text, (allow, ask, deny, command) => {
        const question = wants('Bash', command)
        const alone = { allow: ruleFor({ ...none, allow }, question), ask: ruleFor({ ...none, ask }, question), deny: ruleFor({ ...none, deny }, question) }
        expect(ruleFor({ allow, ask, deny }, question)).toBe(alone.deny ?? alone.ask ?? alone.allow)
      }))
    })

    it('no command makes it take for ever', () => {
      for (const long of ['a'.repeat(4000), '*'.repeat(4000), '$('.repeat(2000), 'sudo '.repeat(800), 'a/'.repeat(2000), '"'.repeat(3999), 'a b '.repeat(1000), '../'.repeat(1333), '/'.repeat(4000)]) {
        const begun = performance.now()
        for (const rule of ['(* * * * * x)', `(${'a*'.repeat(20)}b)`, '(**/a/**/b/**/c)']) {
          denied(`Bash${rule}`, wants('Bash', long))
          denied(`Edit${rule}`, wants('Edit', long))
        }
        expect(performance.now() - begun).toBeLessThan(5000)
      }
    })
  })
})
