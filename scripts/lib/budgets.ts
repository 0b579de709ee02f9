/** How many values each entry point of a package may export at most. Types are free. */
const budgets: Readonly<Record<string, number>> = {
  protocol: 40,
  transport: 15,
  session: 40,
  'server-fast': 12,
  'client-group': 12,
  auth: 25,
};

/** The budget of an entry's label, or undefined for a catalogue, which has none. */
export function exportBudget(label: string): number | undefined {
  const [name = ''] = label.split('.');
  if (label.endsWith('.schemas')) return undefined;
  return budgets[name] ?? (name.startsWith('transport-') ? 8 : 12);
}
