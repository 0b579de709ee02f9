import type { Scenario, Settings } from '../harness/scenario.ts';
import { faultScenarios } from './faults.ts';
import { framingScenarios } from './framing.ts';
import { memoryScenarios } from './memory.ts';
import { stdioScenarios } from './stdio.ts';

/** Everything that is measured, in the order in which it is printed. A new transport adds its file here. */
export function scenarios(settings: Settings): readonly Scenario[] {
  return [
    ...stdioScenarios(settings),
    ...memoryScenarios(settings),
    ...framingScenarios(settings),
    ...faultScenarios(settings),
  ];
}
