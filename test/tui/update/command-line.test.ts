import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/tui/commands.ts'
import { storyScreen } from '../story-screen.ts'

describe('the command line', () => {
  it('does what the key does', async () => {
    const { type, press, run } = await storyScreen()
    type(':approve schema')
    press('enter')
    expect(run.sent).toMatchObject([{ type: 'approve', task: 'schema', by: 'a person', door: 'screen' }])
  })

  it('completes commands, and what stands behind them', async () => {
    const { type, press, store } = await storyScreen()
    const text = () => {
      const { prompt } = store.glance().ui
      return prompt?.ask === 'command' ? prompt.text : undefined
    }
    type(':appr')
    press('tab')
    expect(text()).toBe('approve ')
    type('sch')
    press('tab')
    expect(text()).toBe('approve schema')
  })

  it('completes as far as all that it could mean agrees', async () => {
    const { type, press, store } = await storyScreen()
    type(':ret')
    press('tab')
    expect(store.glance().ui.prompt).toMatchObject({ text: 'retry' })
  })

  it('names what was probably meant', async () => {
    const { type, press, told } = await storyScreen()
    type(':aprove schema')
    press('enter')
    expect(told()).toBe('there is no command "aprove"; did you mean "approve"?')
  })

  it('says what takes nothing behind it', async () => {
    const { type, press, told } = await storyScreen()
    type(':zoom queue')
    press('enter')
    expect(told()).toBe('"zoom" takes nothing behind it')
  })

  it('knows each command that has a key, by its name', async () => {
    const { type, press, told } = await storyScreen()
    for (const { command } of COMMANDS) {
      type(`:${command}`)
      press('enter')
      expect(told() ?? '').not.toContain('there is no command')
      press('esc', 'esc')
    }
  })

  it('is edited like a line of a shell', async () => {
    const { type, press, store } = await storyScreen()
    const text = () => store.glance().ui.prompt
    type(':approve schema')
    press('ctrl+w')
    expect(text()).toMatchObject({ text: 'approve ' })
    press('backspace')
    expect(text()).toMatchObject({ text: 'approve' })
    press('ctrl+u')
    expect(text()).toMatchObject({ text: '' })
    press('backspace')
    expect(text()).toBeUndefined()
  })

  it('takes a text that is pasted as one line', async () => {
    const { type, store } = await storyScreen()
    type(':go ')
    store.press({ paste: 'sche\nma' })
    expect(store.glance().ui.prompt).toMatchObject({ text: 'go sche ma' })
  })
})
