import { describe, expect, it } from 'vitest'
import { storyScreen } from '../story-screen.ts'

describe('what is looked at', () => {
  it('goes from pane to pane and back', async () => {
    const { press, store } = await storyScreen()
    const focus = () => store.glance().ui.focus
    expect(focus()).toBe('queue')
    press('tab')
    expect(focus()).toBe('log')
    press('tab', 'tab')
    expect(focus()).toBe('queue')
    press('shift+tab')
    expect(focus()).toBe('graph')
  })

  it('selects the first task that a filter shows, where it hides the selected one', async () => {
    const { press, type, store } = await storyScreen()
    const selected = () => store.glance().ui.selected
    expect(selected()).toBe('schema')
    press('/')
    type('status:failed')
    expect(selected()).toBe('screenshots')
    press('enter', 'esc')
    expect({ filter: store.glance().ui.queue.filter, selected: selected() }).toEqual({ filter: '', selected: 'screenshots' })
    press('/')
    type('s')
    expect(selected()).toBe('screenshots')
  })

  it('is hidden and shown by pane; the last one stays', async () => {
    const { press, store, told } = await storyScreen()
    const shown = () => store.glance().layout.panes.map(({ pane }) => pane)
    press('1')
    expect(shown()).toEqual(['queue', 'log'])
    press('3')
    expect(shown()).toEqual(['queue'])
    press('2')
    expect(told()).toBe('the last pane stays')
    press('1')
    expect(shown()).toEqual(['graph', 'queue'])
  })

  it('gives the whole body to one pane, and back', async () => {
    const { press, store } = await storyScreen()
    press('+')
    expect(store.glance().layout.panes).toMatchObject([{ pane: 'queue', rect: store.glance().layout.body }])
    press('esc')
    expect(store.glance().layout.panes).toHaveLength(3)
  })

  it('moves the split within bounds', async () => {
    const { press, store } = await storyScreen()
    const left = () => store.glance().layout.panes.find(({ pane }) => pane === 'queue')?.rect.width ?? 0
    const before = left()
    press('>')
    expect(left()).toBeGreaterThan(before)
    for (let i = 0; i < 30; i++) press('<')
    expect(left()).toBeGreaterThanOrEqual(24)
  })

  it('opens a page over it, and esc takes the page away', async () => {
    const { press, store } = await storyScreen()
    const pages = () => store.glance().ui.pages.map(({ page }) => page)
    press('enter')
    expect(pages()).toEqual(['task'])
    press('?')
    expect(pages()).toEqual(['task', 'help'])
    press('esc', 'esc')
    expect(pages()).toEqual([])
    press('$', '$')
    expect(pages()).toEqual([])
  })

  it('turns the parts of a page with tab', async () => {
    const { press, store } = await storyScreen()
    press('enter', 'tab')
    expect(store.glance().ui.pages).toMatchObject([{ page: 'task', tab: 'prompt' }])
  })

  it('narrows the queue while a filter is typed, and esc gives it back', async () => {
    const { press, type, store } = await storyScreen()
    const ids = () => store.glance().models.queue.ids()
    const all = ids().length
    press('/')
    type('status:failed')
    expect(ids()).toEqual(['screenshots'])
    press('esc')
    expect(ids()).toHaveLength(all)
    press('/')
    type('sch')
    press('enter')
    expect(ids()).toContain('schema')
    press('esc')
    expect(ids()).toHaveLength(all)
  })

  it('keeps a selection until that task has ended, where nobody has chosen one', async () => {
    const { store, run } = await storyScreen({ at: 20 })
    const selected = () => store.glance().ui.selected
    expect(selected()).toBe('research')
    run.goOn(36)
    expect(selected()).toBe('research')
    run.goOn(60)
    expect(selected()).toBe('architect')
  })

  it('goes on with what runs after a key that chooses no task', async () => {
    const { store, run, press } = await storyScreen({ at: 20 })
    press('v', 'tab', '+', 'esc', '?', 'esc')
    run.goOn(60)
    expect(store.glance().ui.selected).toBe('architect')
    press('j', 'k')
    run.goOn(80)
    expect(store.glance().ui.selected).toBe('architect')
  })

  it('says what it has to say for some seconds', async () => {
    const { press, store, told } = await storyScreen({ is: 'recorded' })
    press('c')
    expect(told()).toBeDefined()
    for (let second = 0; second < 10; second++) store.tick()
    expect(told()).toBeUndefined()
  })
})
