import type { Capabilities } from '../capabilities.ts';
import { JULY_2026, MARCH_2025, NOVEMBER_2024, NOVEMBER_2025, JUNE_2025 } from './revisions.ts';

/** Who says it, and whether an answer is due. */
export type Direction = 'client-request' | 'server-request' | 'client-notification' | 'server-notification';

/** What the protocol says of a method in one direction. Extensions describe theirs with the same type. */
export interface MethodTraits {
  /** The first and, unless it is still known, the last revision of which this holds. */
  readonly since: string;
  readonly until?: string;
  /** What must be declared by the side that offers the feature: who receives a request, who sends a notification. */
  readonly requires?: Capabilities;
  /** Its result carries `ttlMs` and `cacheScope` from 2026-07-28 on. */
  readonly cacheable?: true;
  /** Its params take a `cursor`. */
  readonly paginated?: true;
  /** Its result may be `input_required` from 2026-07-28 on. */
  readonly mayRequireInput?: true;
  /** The param that names what the request is about, which a binding may repeat in its envelope. */
  readonly nameParam?: 'name' | 'uri' | 'taskId';
}

/** What holds of a method in a revision; `undefined` when the revision does not have it in this direction. */
export function findMethod(revision: string, direction: Direction, method: string): MethodTraits | undefined {
  return METHODS[direction]
    .get(method)
    ?.find(({ since, until }) => since <= revision && (until === undefined || revision <= until));
}

const always = { since: NOVEMBER_2024 };
const legacyOnly = { since: NOVEMBER_2024, until: NOVEMBER_2025 };
const modernOnly = { since: JULY_2026 };
const novemberOnly = { since: NOVEMBER_2025, until: NOVEMBER_2025 };

const taskRequests: [string, MethodTraits[]][] = [
  ['tasks/get', [{ ...novemberOnly, requires: { tasks: {} }, nameParam: 'taskId' }]],
  ['tasks/result', [{ ...novemberOnly, requires: { tasks: {} }, nameParam: 'taskId' }]],
  ['tasks/list', [{ ...novemberOnly, requires: { tasks: { list: {} } }, paginated: true }]],
  ['tasks/cancel', [{ ...novemberOnly, requires: { tasks: { cancel: {} } }, nameParam: 'taskId' }]],
];

const list = { ...always, cacheable: true, paginated: true } as const;
const tools = { requires: { tools: {} } };
const prompts = { requires: { prompts: {} } };
const resources = { requires: { resources: {} } };
const watched = { requires: { resources: { subscribe: true } } };

const METHODS: Readonly<Record<Direction, ReadonlyMap<string, readonly MethodTraits[]>>> = {
  'client-request': new Map<string, MethodTraits[]>([
    ['initialize', [legacyOnly]],
    ['ping', [legacyOnly]],
    ['server/discover', [{ ...modernOnly, cacheable: true }]],
    ['tools/list', [{ ...list, ...tools }]],
    ['tools/call', [{ ...always, ...tools, mayRequireInput: true, nameParam: 'name' }]],
    ['prompts/list', [{ ...list, ...prompts }]],
    ['prompts/get', [{ ...always, ...prompts, mayRequireInput: true, nameParam: 'name' }]],
    ['resources/list', [{ ...list, ...resources }]],
    ['resources/templates/list', [{ ...list, ...resources }]],
    [
      'resources/read',
      [{ ...always, ...resources, cacheable: true, mayRequireInput: true, nameParam: 'uri' }],
    ],
    ['resources/subscribe', [{ ...legacyOnly, ...watched }]],
    ['resources/unsubscribe', [{ ...legacyOnly, ...watched }]],
    ['subscriptions/listen', [modernOnly]],
    // The first revision has completion without a capability for it.
    [
      'completion/complete',
      [
        { since: NOVEMBER_2024, until: NOVEMBER_2024 },
        { since: MARCH_2025, requires: { completions: {} } },
      ],
    ],
    ['logging/setLevel', [{ ...legacyOnly, requires: { logging: {} } }]],
    ...taskRequests,
  ]),
  'server-request': new Map<string, MethodTraits[]>([
    ['ping', [legacyOnly]],
    ['elicitation/create', [{ since: JUNE_2025, until: NOVEMBER_2025, requires: { elicitation: {} } }]],
    ['sampling/createMessage', [{ ...legacyOnly, requires: { sampling: {} } }]],
    ['roots/list', [{ ...legacyOnly, requires: { roots: {} } }]],
    ...taskRequests,
  ]),
  'client-notification': new Map<string, MethodTraits[]>([
    ['notifications/initialized', [legacyOnly]],
    ['notifications/cancelled', [always]],
    ['notifications/progress', [legacyOnly]],
    ['notifications/roots/list_changed', [{ ...legacyOnly, requires: { roots: { listChanged: true } } }]],
    ['notifications/tasks/status', [novemberOnly]],
  ]),
  'server-notification': new Map<string, MethodTraits[]>([
    ['notifications/cancelled', [always]],
    ['notifications/progress', [always]],
    ['notifications/message', [{ ...always, requires: { logging: {} } }]],
    ['notifications/tools/list_changed', [{ ...always, requires: { tools: { listChanged: true } } }]],
    ['notifications/prompts/list_changed', [{ ...always, requires: { prompts: { listChanged: true } } }]],
    ['notifications/resources/list_changed', [{ ...always, requires: { resources: { listChanged: true } } }]],
    ['notifications/resources/updated', [{ ...always, ...watched }]],
    ['notifications/subscriptions/acknowledged', [modernOnly]],
    ['notifications/elicitation/complete', [novemberOnly]],
    ['notifications/tasks/status', [novemberOnly]],
  ]),
};
