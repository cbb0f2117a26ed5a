/** What somebody elsewhere can be told of. A session is a run in the hands of one conductor. */
export const NOTIFIABLE = ['session_start', 'task_start', 'task_complete', 'task_failed', 'question', 'session_complete'] as const
export type Notifiable = (typeof NOTIFIABLE)[number]
